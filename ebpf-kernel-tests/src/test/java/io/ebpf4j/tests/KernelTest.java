// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a class of tests that talk to the running kernel.
 *
 * <p>Its tests are skipped, with the reason, where the process may not use {@code bpf()} or where a
 * feature that {@link Requires} names is missing; after each of them {@link KernelExtension} looks
 * for what they left behind.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Tag("kernel")
@ExtendWith(KernelExtension.class)
public @interface KernelTest {}
