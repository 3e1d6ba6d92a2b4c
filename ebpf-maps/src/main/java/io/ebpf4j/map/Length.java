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
 * <p>On a {@code byte[]} or {@link java.lang.foreign.MemorySegment} component it counts bytes. An
 * array that is written must have exactly this length. May be left out where the map's BTF is
 * known.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Length {
    /**
     * The length of the C array.
     *
     * @return elements, 1 or more
     */
    int value();
}
