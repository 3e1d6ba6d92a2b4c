// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says for which values of its {@link Discriminator} a union holds a record.
 *
 * <p>One record of a union may have no values, {@code @Case({})}: it takes all that the others do
 * not name.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Case {
    /**
     * The values, as the discriminator holds them in memory: for an enum the numbers of C.
     *
     * @return numbers; none for the rest
     */
    long[] value();

    /**
     * The member of the C union that the record stands for.
     *
     * @return its name; empty for the record's own, with a small first letter or in snake case
     */
    String member() default "";
}
