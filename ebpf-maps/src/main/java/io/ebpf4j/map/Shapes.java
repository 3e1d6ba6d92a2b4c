// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;

import java.lang.foreign.MemorySegment;
import java.net.Inet4Address;
import java.net.InetAddress;
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

    private static final Shape.Integral BYTE = new Shape.Integral(byte.class, Byte.BYTES, false);

    private final Times times = new Times();

    private Shapes() {}

    /**
     * Lays out a type.
     *
     * @param type the Java type
     * @param length bytes of text, bytes or an address, or {@link #UNKNOWN}
     * @param where what the type is, for messages
     */
    static Shape of(Class<?> type, int length, String where) {
        Shapes shapes = new Shapes();
        return isStructure(type)
                ? shapes.structure(type, where, true)
                : shapes.shape(Slot.whole(type), length, where);
    }

    /** Says whether a type is laid out member by member. */
    static boolean isStructure(Class<?> type) {
        return type.isRecord() || Structs.is(type);
    }

    private Shape shape(Slot slot, int length, String where) {
        String misplaced = slot.misplaced();
        if (!misplaced.isEmpty()) {
            throw new BpfException(where + ": " + misplaced);
        }
        Class<?> type = slot.type();
        Class<?> kind = unboxed(type);
        if (kind.isPrimitive() && kind != void.class) {
            return ordered(number(kind, slot, where), slot);
        }
        if (type == String.class) {
            return new Shape.Text(required(slot.chars(), length, where, "@Chars(n)"));
        }
        if (type == byte[].class || type == MemorySegment.class) {
            return new Shape.Raw(type, required(slot.length(), length, where, "@Length(n)"));
        }
        if (InetAddress.class.isAssignableFrom(type)) {
            return address(type, slot, length, where);
        }
        if (type == Duration.class || type == Instant.class) {
            return time(slot, times);
        }
        if (type.isEnum()) {
            return new Shape.Constant(type, Integer.BYTES, false, List.of());
        }
        if (isStructure(type)) {
            return structure(type, where, false);
        }
        if (type.isArray()) {
            Shape element = shape(slot.element(), UNKNOWN, where);
            return new Shape.Sequence(
                    type, element, required(slot.length(), UNKNOWN, where, "@Length(n)"));
        }
        throw unsupported(type, where);
    }

    /** Returns the shape of a time, or of a span of it. */
    static Shape time(Slot slot, Times times) {
        Ktime clock = slot.get(Ktime.class);
        return new Shape.Time(
                slot.type(),
                slot.type() == Instant.class
                        ? times.toWall(clock == null ? Ktime.Clock.MONOTONIC : clock.value())
                        : 0);
    }

    private static Shape address(Class<?> type, Slot slot, int length, String where) {
        int size =
                type == InetAddress.class
                        ? required(slot.length(), length, where, "@Length(4) or @Length(16)")
                        : addressSize(type);
        if (!isAddress(type, size)) {
            throw new BpfException(where + " has " + size + " bytes, but an address has 4 or 16");
        }
        return new Shape.Address(type, size);
    }

    /** Says whether so many bytes can be an address. */
    static boolean isAddress(Class<?> type, int size) {
        return type == InetAddress.class ? size == 4 || size == 16 : size == addressSize(type);
    }

    /** Returns the size of an address of one version. */
    static int addressSize(Class<?> type) {
        return type == Inet4Address.class ? 4 : 16;
    }

    /** Explains which types there are. */
    static BpfException unsupported(Class<?> type, String where) {
        return new BpfException(
                where
                        + " has type "
                        + type.getTypeName()
                        + ", which has no layout; use a number, boolean, String, byte[],"
                        + " MemorySegment, an enum, InetAddress, Duration, Instant, a record of"
                        + " these, a sealed interface of records, or an array of these");
    }

    /** Puts a number into network byte order if {@link BigEndian} says so. */
    static Shape ordered(Shape number, Slot slot) {
        return slot.has(BigEndian.class) && number instanceof Shape.Integral i
                ? new Shape.Network(i)
                : number;
    }

    private static Shape number(Class<?> kind, Slot slot, String where) {
        if (kind == float.class || kind == double.class) {
            return new Shape.Floating(kind);
        }
        int size = primitiveSize(kind);
        Unsigned unsigned = slot.get(Unsigned.class);
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

    private Shape structure(Class<?> type, String where, boolean outermost) {
        List<Slot> slots = type.isRecord() ? Slot.components(type) : Structs.ordered(type, where);
        Layout layout = new Layout();
        for (int i = 0; i < slots.size(); i++) {
            Slot slot = slots.get(i);
            String inner = where + ", component " + slot.name() + " of " + type.getSimpleName();
            if (slot.has(Bitfield.class)) {
                layout.addBits(slot, inner);
            } else if (Cases.is(slot.type())) {
                union(layout, slot, inner);
            } else if (slot.has(FlexibleArray.class)) {
                if (!outermost || i != slots.size() - 1) {
                    throw new BpfException(
                            inner + " is no flexible array: that is the last one of an event");
                }
                layout.add(slot, rest(slot, inner));
            } else {
                layout.add(slot, shape(slot, UNKNOWN, inner));
            }
        }
        if (slots.isEmpty()) {
            throw new BpfException(where + ": " + type.getName() + " has no components");
        }
        return layout.structure(type);
    }

    private void union(Layout layout, Slot slot, String where) {
        Cases cases = Cases.of(slot, where);
        List<Shape.Alternative> alternatives = new ArrayList<>();
        int size = 0;
        int alignment = 1;
        for (Cases.One one : cases.all()) {
            Shape.Structure s = (Shape.Structure) structure(one.type(), where, false);
            alternatives.add(new Shape.Alternative(s, one.values()));
            size = Math.max(size, s.size());
            alignment = Math.max(alignment, s.alignment());
        }
        Cases.Tag tag = cases.tag(layout.fields);
        layout.add(
                slot,
                new Shape.Variant(
                        slot.type(),
                        tag.shape(),
                        layout.next(alignment) - tag.offset(),
                        List.copyOf(alternatives),
                        align(size, alignment),
                        alignment));
    }

    private Shape.Rest rest(Slot slot, String where) {
        Class<?> type = slot.type();
        boolean bytes = type == byte[].class || type == MemorySegment.class || type == String.class;
        if (!bytes && !type.isArray()) {
            throw notFlexible(where, type);
        }
        return new Shape.Rest(type, bytes ? BYTE : shape(slot.flexibleElement(), UNKNOWN, where));
    }

    /** Returns the shape of a flexible array whose elements have one, or of bytes and text. */
    static Shape.Rest rest(Class<?> type, Shape element) {
        return new Shape.Rest(type, element == null ? BYTE : element);
    }

    static BpfException notFlexible(String where, Class<?> type) {
        return new BpfException(
                where
                        + " has type "
                        + type.getTypeName()
                        + ", but a flexible array is a byte[], a MemorySegment, a String or an"
                        + " array");
    }

    /** Members in the order and at the places that a C compiler gives them. */
    private static final class Layout {
        private final List<Shape.Field> fields = new ArrayList<>();
        private int end;
        private int bits;
        private int alignment = 1;

        /** Returns where the next member of an alignment begins. */
        int next(int aligned) {
            return align(end, aligned);
        }

        void add(Slot slot, Shape shape) {
            int offset = next(shape.alignment());
            fields.add(new Shape.Field(slot, shape, offset));
            end = Math.addExact(offset, shape.size());
            bits = Math.multiplyExact(end, Byte.SIZE);
            alignment = Math.max(alignment, shape.alignment());
        }

        /** Puts a bitfield behind the one before it, unless it would leave its unit. */
        void addBits(Slot slot, String where) {
            int unit = BitfieldCheck.unit(slot.type()) * Byte.SIZE;
            Bitfield bitfield = slot.get(Bitfield.class);
            int width = bitfield.value();
            String problem = BitfieldCheck.problem(slot, width);
            if (!problem.isEmpty() || width < 1) {
                throw new BpfException(
                        where
                                + ": @Bitfield("
                                + width
                                + ") "
                                + (problem.isEmpty() ? "has no bits" : problem));
            }
            int from = bits / unit == (bits + width - 1) / unit ? bits : align(bits, unit);
            Shape.Constant constant =
                    slot.type().isEnum()
                            ? new Shape.Constant(
                                    slot.type(), Integer.BYTES, bitfield.signed(), List.of())
                            : null;
            fields.add(
                    new Shape.Field(
                            slot,
                            BitfieldCheck.shape(
                                    slot.type(),
                                    from % Byte.SIZE,
                                    width,
                                    bitfield.signed(),
                                    constant),
                            from / Byte.SIZE));
            bits = from + width;
            end = (bits + Byte.SIZE - 1) / Byte.SIZE;
            alignment = Math.max(alignment, unit / Byte.SIZE);
        }

        Shape.Structure structure(Class<?> type) {
            return new Shape.Structure(type, List.copyOf(fields), align(end, alignment), alignment);
        }
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
