// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says that the C member behind an integer, boolean or enum component is a bitfield: {@code __u32
 * version:4, length:28} is {@code @Bitfield(4) int version, @Bitfield(28) int length}.
 *
 * <p>Without BTF, bitfields that follow each other share the bytes of their Java type, of an enum 4
 * bytes, and one that does not fit in what is left begins at the next: as compilers for Linux do
 * that follow the System V ABI. Boolean components share single bytes. A bitfield is unsigned
 * unless {@link #signed} says otherwise. With BTF, whose offsets count, the annotation may be left
 * out.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.FIELD})
public @interface Bitfield {
    /**
     * The width.
     *
     * @return bits: 1 or more, and no more than the component's type has
     */
    int value();

    /**
     * Whether the highest bit is a sign.
     *
     * @return true for a signed type in C
     */
    boolean signed() default false;
}
