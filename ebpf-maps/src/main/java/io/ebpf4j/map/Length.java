// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says how many elements the C array behind an array component has: {@code __u32 slots[32]} is
 * {@code @Length(32) int[] slots}.
 *
 * <p>On a {@code byte[]}, {@link java.lang.foreign.MemorySegment} or {@link java.net.InetAddress}
 * component it counts bytes. Arrays of arrays have a length for each dimension, the outermost
 * first: {@code __u32 slots[4][32]} is {@code @Length({4, 32}) int[][] slots}. An array that is
 * written must have exactly this length. May be left out where the map's BTF is known.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Length {
    /**
     * The length of the C array, or of each dimension.
     *
     * @return elements, 1 or more
     */
    int[] value();
}
