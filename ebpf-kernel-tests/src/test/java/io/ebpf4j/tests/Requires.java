// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names what a {@link KernelTest} class, or one test method of it, needs of the machine.
 *
 * <p>What a class requires and what its method requires are both required. The first requirement
 * that is missing is the reason of the skip.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface Requires {

    /**
     * Names features.
     *
     * @return the features needed
     */
    Requirement[] value() default {};

    /**
     * Names the oldest kernel that has what no {@link Requirement} can ask for.
     *
     * @return {@code "5.15"} or the like, or the empty string for any
     */
    String kernel() default "";
}
