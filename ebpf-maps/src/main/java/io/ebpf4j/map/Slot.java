// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import java.lang.annotation.Annotation;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.RecordComponent;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A place for a value in Java: a component of a record, a field of a {@link Struct} class, an
 * element of an array in one of them, or a whole key, value or event.
 *
 * @param name what messages call it; empty for a whole
 * @param type its type
 * @param source what carries its annotations; null for a whole
 * @param dimension how many arrays it is in
 * @param made the length of the array that the constructor of a {@link Struct} class made, or
 *     {@link Shapes#UNKNOWN}
 */
record Slot(String name, Class<?> type, AnnotatedElement source, int dimension, int made) {

    /** Returns the place of a whole key, value or event. */
    static Slot whole(Class<?> type) {
        return new Slot("", type, null, 0, Shapes.UNKNOWN);
    }

    /** Returns the components of a record. */
    static List<Slot> components(Class<?> type) {
        List<Slot> slots = new ArrayList<>();
        for (RecordComponent c : type.getRecordComponents()) {
            slots.add(new Slot(c.getName(), c.getType(), c, 0, Shapes.UNKNOWN));
        }
        return slots;
    }

    /** Returns the place of the elements. */
    Slot element() {
        return new Slot(name, type.getComponentType(), source, dimension + 1, Shapes.UNKNOWN);
    }

    /** Returns the place of the elements of an array whose length nothing says. */
    Slot flexibleElement() {
        return new Slot(name, type.getComponentType(), source, 0, Shapes.UNKNOWN);
    }

    /** Says whether an annotation is there. */
    boolean has(Class<? extends Annotation> annotation) {
        return source != null && source.isAnnotationPresent(annotation);
    }

    /** Returns an annotation, or null. */
    <A extends Annotation> A get(Class<A> annotation) {
        return source == null ? null : source.getAnnotation(annotation);
    }

    /** Returns what {@link Chars} says, or {@link Shapes#UNKNOWN}. */
    int chars() {
        Chars chars = get(Chars.class);
        return chars == null ? Shapes.UNKNOWN : chars.value();
    }

    /** Returns what {@link Length} says about this dimension, or {@link Shapes#UNKNOWN}. */
    int length() {
        if (made != Shapes.UNKNOWN) {
            return made;
        }
        Length length = get(Length.class);
        return length == null || length.value().length <= dimension
                ? Shapes.UNKNOWN
                : length.value()[dimension];
    }

    /**
     * Says which annotation means nothing here.
     *
     * @return the problem; empty if there is none
     */
    String misplaced() {
        Class<?> base = type;
        int dimensions = 0;
        while (base.isArray()) {
            base = base.getComponentType();
            dimensions++;
        }
        Class<?> kind = Shapes.unboxed(base);
        boolean integer =
                kind.isPrimitive()
                        && kind != void.class
                        && kind != boolean.class
                        && kind != float.class
                        && kind != double.class;
        if (has(BigEndian.class) && !(integer && !(dimensions > 0 && kind == byte.class))) {
            return "@BigEndian is for integers, not for " + type.getSimpleName();
        }
        if (has(Ktime.class) && base != Instant.class) {
            return "@Ktime is for Instant, not for " + type.getSimpleName();
        }
        if (has(Discriminator.class) && !type.isSealed()) {
            return "@Discriminator is for sealed interfaces, not for " + type.getSimpleName();
        }
        int lengths = has(Length.class) ? get(Length.class).value().length : 0;
        boolean counted = base == MemorySegment.class || base == InetAddress.class;
        int most = dimension + dimensions + (counted ? 1 : 0);
        return lengths > most
                ? "@Length has " + lengths + " lengths for " + most + " dimensions"
                : "";
    }
}
