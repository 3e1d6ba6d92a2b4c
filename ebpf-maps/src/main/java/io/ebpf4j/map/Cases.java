// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a component of a union's kind may hold.
 *
 * @param where what the component is, for messages
 * @param path its {@link Discriminator}
 * @param all the records
 */
record Cases(String where, String path, List<One> all) {

    /**
     * One of them.
     *
     * @param type the record
     * @param values when the union holds it
     * @param member the member of the C union; empty if the record's name says it
     */
    record One(Class<?> type, List<Long> values, String member) {
        /** Returns the name of the member, as that of a component. */
        String memberName() {
            String name = type.getSimpleName();
            return member.isEmpty()
                    ? Character.toLowerCase(name.charAt(0)) + name.substring(1)
                    : member;
        }
    }

    /**
     * Where the discriminator is.
     *
     * @param shape its shape
     * @param offset bytes from the start of the record around the union
     */
    record Tag(Shape shape, int offset) {}

    /** Says whether a type stands for a union. */
    static boolean is(Class<?> type) {
        return type.isInterface() && type.isSealed();
    }

    /**
     * Reads the annotations.
     *
     * @throws BpfException if they do not tell one record for each value
     */
    static Cases of(Slot slot, String where) {
        Discriminator by = slot.get(Discriminator.class);
        if (by == null) {
            throw new BpfException(
                    where
                            + " is a union; say with @Discriminator which component tells what it"
                            + " holds");
        }
        List<One> all = new ArrayList<>();
        Set<Long> known = new HashSet<>();
        boolean rest = false;
        for (Class<?> type : slot.type().getPermittedSubclasses()) {
            Case c = type.getAnnotation(Case.class);
            if (c == null || !type.isRecord()) {
                throw new BpfException(
                        where + ": " + type.getName() + " must be a record that has a @Case");
            }
            List<Long> values = new ArrayList<>();
            for (long value : c.value()) {
                if (!known.add(value)) {
                    throw new BpfException(where + " has two records for @Case(" + value + ")");
                }
                values.add(value);
            }
            if (values.isEmpty() && rest) {
                throw new BpfException(where + " has two records for the rest, @Case({})");
            }
            rest |= values.isEmpty();
            all.add(new One(type, List.copyOf(values), c.member()));
        }
        return new Cases(where, by.value(), List.copyOf(all));
    }

    /**
     * Finds the discriminator among the components before the union.
     *
     * @throws BpfException if it is not there, or no integer or enum
     */
    Tag tag(List<Shape.Field> before) {
        List<Shape.Field> fields = before;
        Shape.Field found = null;
        int offset = 0;
        for (String name : path.split("\\.", -1)) {
            found = null;
            for (Shape.Field f : fields) {
                if (f.slot().name().equals(name)) {
                    found = f;
                }
            }
            if (found == null) {
                throw new BpfException(
                        where
                                + ": there is no component "
                                + path
                                + " before it, which @Discriminator names");
            }
            offset += found.offset();
            fields = found.shape() instanceof Shape.Structure s ? s.fields() : List.of();
        }
        Shape shape = found.shape();
        boolean number =
                shape instanceof Shape.Integral i && i.javaType() != boolean.class
                        || shape instanceof Shape.Network
                        || shape instanceof Shape.Constant;
        if (!number) {
            throw new BpfException(
                    where + ": its discriminator " + path + " is neither an integer nor an enum");
        }
        return new Tag(shape, offset);
    }
}
