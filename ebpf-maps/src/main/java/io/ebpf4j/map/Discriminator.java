// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says which component tells what a C union holds. The annotated component has a sealed interface
 * as its type, whose records are the union's members, each with a {@link Case}:
 *
 * <pre>{@code
 * // struct event { __u32 kind; union { struct opened opened; struct closed closed; }; };
 * record Event(int kind, @Discriminator("kind") Body body) {}
 *
 * sealed interface Body {}
 * @Case(1) record Opened(long inode, @Chars(16) String name) implements Body {}
 * @Case(2) record Closed(long inode) implements Body {}
 * }</pre>
 *
 * <p>With BTF, a record stands for the union's member that {@link Case#member} or its own name
 * tells; the union may be a member of the component's name, or an anonymous one. Without BTF, the
 * union is as large as its largest record. Reading a discriminator that no record has is an error,
 * unless one of them takes {@linkplain Case the rest}. Writing checks that the discriminator is one
 * of the record's, and fills the rest of the union with zeros.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Discriminator {
    /**
     * The component that tells: an integer or an enum that comes before the union in the same
     * record, or in a record of it as {@code header.kind}.
     *
     * @return its name, or names with dots between them
     */
    String value();
}
