// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says that the last component of an event takes all that follows the others, as C's flexible array
 * member does: {@code struct event { __u32 length; char data[]; }} is {@code record Event(int
 * length, @FlexibleArray byte[] data)}.
 *
 * <p>The component is a {@code byte[]}, a {@code MemorySegment}, a {@code String}, which ends at
 * its first NUL, or an array; elements that an event holds only in part are left out. Records of
 * perf buffers are padded: up to 7 bytes follow what the program wrote. May be left out where BTF
 * is known. Keys and values of maps have a fixed size and no such component.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface FlexibleArray {}
