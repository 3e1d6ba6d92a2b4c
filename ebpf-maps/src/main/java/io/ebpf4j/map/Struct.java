// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a class whose instances are filled again and again, so that reading allocates nothing.
 *
 * <pre>{@code
 * @Struct({"time", "pid", "comm"})
 * final class Event {
 *     long time;
 *     int pid;
 *     final byte[] comm = new byte[16];
 * }
 * }</pre>
 *
 * <p>Its fields are the members of the C struct, with the annotations of record components; static
 * and transient ones are not. Numbers, booleans and enums are fields that are not final. What has
 * parts is final and made by the constructor, which takes no arguments: arrays of primitives, whose
 * length is that of C, and other classes of this kind. Text is a {@code byte[]}, times are {@code
 * long}s.
 *
 * <p>Readers of ring and perf buffers hand out one instance over and over: it holds the event until
 * the consumer returns, or the next one is taken from an iterator. {@link BpfMap#get(Object,
 * Object)} fills an instance of the caller's.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Struct {
    /**
     * The fields' names in the order of the C struct, from which their offsets follow. May be left
     * out where the map's BTF is known, which finds members by name.
     *
     * @return names of all fields, or none
     */
    String[] value() default {};
}
