// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says that the C member behind an integer component, or the elements of an array of integers, are
 * in network byte order: {@code __be16 port} is {@code @BigEndian char port}, or {@code @BigEndian
 * int port} where the map's BTF is known.
 *
 * <p>The component holds the number, in the machine's order. On other components than integers it
 * is an error.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.FIELD})
public @interface BigEndian {}
