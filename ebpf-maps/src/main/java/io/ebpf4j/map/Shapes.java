// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.RecordComponent;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Lays Java types out as a C compiler would, from nothing but the Java types and their annotations.
 */
final class Shapes {
    /** The length of text, bytes or an array that nothing told. */
    static final int UNKNOWN = -1;

    private Shapes() {}

    /**
     * Lays out a type.
     *
     * @param type the Java type
     * @param annotations where its length annotations are, or null
     * @param length bytes of text or bytes that carry no annotation, or {@link #UNKNOWN}
     * @param where what the type is, for messages
     */
    static Shape of(Class<?> type, AnnotatedElement annotations, int length, String where) {
        Class<?> kind = unboxed(type);
        if (kind.isPrimitive() && kind != void.class) {
            return ordered(number(kind, annotations, where), annotations, where);
        }
        checkOrder(type, annotations, where);
        if (type == String.class) {
            return new Shape.Text(
                    required(length(annotations, Chars.class), length, where, "@Chars(n)"));
        }
        if (type == byte[].class || type == MemorySegment.class) {
            return new Shape.Raw(
                    type, required(length(annotations, Length.class), length, where, "@Length(n)"));
        }
        if (type == Inet4Address.class || type == Inet6Address.class) {
            return new Shape.Address(type, type == Inet4Address.class ? 4 : 16);
        }
        if (type == Duration.class || type == Instant.class) {
            return Shape.Time.of(type);
        }
        if (type.isEnum()) {
            return new Shape.Constant(type, Integer.BYTES, false, List.of());
        }
        if (type.isRecord()) {
            return structure(type, where);
        }
        if (type.isArray()) {
            Shape element = of(type.getComponentType(), annotations, UNKNOWN, where);
            return new Shape.Sequence(
                    type,
                    element,
                    required(length(annotations, Length.class), UNKNOWN, where, "@Length(n)"));
        }
        throw unsupported(type, where);
    }

    /** Explains which types there are. */
    static BpfException unsupported(Class<?> type, String where) {
        return new BpfException(
                where
                        + " has type "
                        + type.getTypeName()
                        + ", which has no layout; use a number, boolean, String, byte[],"
                        + " MemorySegment, an enum, Inet4Address, Inet6Address, Duration, Instant,"
                        + " a record of these, or an array of these");
    }

    /** Refuses {@link BigEndian} where nothing is a number. */
    static void checkOrder(Class<?> type, AnnotatedElement annotations, String where) {
        boolean marked = annotations != null && annotations.isAnnotationPresent(BigEndian.class);
        if (marked && !type.isArray()) {
            throw notAnInteger(type, where);
        }
    }

    private static BpfException notAnInteger(Class<?> type, String where) {
        return new BpfException(where + ": @BigEndian is for integers, not for " + type);
    }

    /** Puts a number into network byte order if {@link BigEndian} says so. */
    static Shape ordered(Shape number, AnnotatedElement annotations, String where) {
        if (annotations == null || !annotations.isAnnotationPresent(BigEndian.class)) {
            return number;
        }
        if (number instanceof Shape.Integral i && i.javaType() != boolean.class) {
            return new Shape.Network(i);
        }
        throw notAnInteger(number.javaType(), where);
    }

    private static Shape number(Class<?> kind, AnnotatedElement annotations, String where) {
        if (kind == float.class || kind == double.class) {
            return new Shape.Floating(kind);
        }
        int size = primitiveSize(kind);
        Unsigned unsigned = annotations == null ? null : annotations.getAnnotation(Unsigned.class);
        if (unsigned == null) {
            return new Shape.Integral(kind, size, false);
        }
        int narrow = unsigned.value();
        if (narrow >= size || (narrow != 1 && narrow != 2 && narrow != 4) || kind == char.class) {
            throw new BpfException(
                    where
                            + ": @Unsigned("
                            + narrow
                            + ") must be 1, 2 or 4 and less than the "
                            + size
                            + " bytes of "
                            + kind);
        }
        return new Shape.Integral(kind, narrow, true);
    }

    private static Shape structure(Class<?> type, String where) {
        List<Shape.Field> fields = new ArrayList<>();
        int end = 0;
        int alignment = 1;
        for (RecordComponent c : type.getRecordComponents()) {
            String inner = where + ", component " + c.getName() + " of " + type.getSimpleName();
            Shape shape = of(c.getType(), c, UNKNOWN, inner);
            int offset = align(end, shape.alignment());
            fields.add(new Shape.Field(c, shape, offset));
            end = Math.addExact(offset, shape.size());
            alignment = Math.max(alignment, shape.alignment());
        }
        if (fields.isEmpty()) {
            throw new BpfException(where + ": record " + type.getName() + " has no components");
        }
        return new Shape.Structure(type, List.copyOf(fields), align(end, alignment), alignment);
    }

    /** Returns the value of {@link Chars} or {@link Length}, or {@link #UNKNOWN}. */
    static int length(AnnotatedElement annotations, Class<?> which) {
        if (annotations == null) {
            return UNKNOWN;
        }
        if (which == Chars.class) {
            Chars chars = annotations.getAnnotation(Chars.class);
            return chars == null ? UNKNOWN : chars.value();
        }
        Length length = annotations.getAnnotation(Length.class);
        return length == null ? UNKNOWN : length.value();
    }

    private static int required(int annotated, int given, String where, String annotation) {
        int length = annotated != UNKNOWN ? annotated : given;
        if (length == UNKNOWN) {
            throw new BpfException(where + " has no length; annotate it with " + annotation);
        }
        if (length <= 0) {
            throw new BpfException(where + " has length " + length + ", but the least is 1");
        }
        return length;
    }

    static int align(int offset, int alignment) {
        return Math.addExact(offset, alignment - 1) & -alignment;
    }

    static int primitiveSize(Class<?> primitive) {
        if (primitive == long.class || primitive == double.class) {
            return Long.BYTES;
        }
        if (primitive == int.class || primitive == float.class) {
            return Integer.BYTES;
        }
        return primitive == short.class || primitive == char.class ? Short.BYTES : Byte.BYTES;
    }

    /** Returns the primitive type behind a box, and every other type as it is. */
    static Class<?> unboxed(Class<?> type) {
        return java.lang.invoke.MethodType.methodType(type).unwrap().returnType();
    }
}
