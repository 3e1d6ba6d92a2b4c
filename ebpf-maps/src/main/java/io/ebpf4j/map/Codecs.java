// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Array;
import java.net.InetAddress;
import java.nio.ByteOrder;
import java.time.Duration;
import java.time.Instant;

/**
 * Makes codecs from shapes, and holds those of text, addresses, enums, times and arrays.
 *
 * <p>They are records because the JIT compiler trusts the fields of records to be constant, so that
 * a codec which is bound into a record's decoder is inlined with its sizes.
 */
final class Codecs {
    private Codecs() {}

    /**
     * Returns a codec.
     *
     * @param shape the shape of the type
     * @param type the type; what the codec takes and returns
     * @param name what messages call the value
     */
    @SuppressWarnings("unchecked") // a shape is made from the class it is used with
    static <T> Codec<T> of(Shape shape, Class<T> type, String name) {
        assert shape.javaType() == Shapes.unboxed(type);
        return (Codec<T>) of(shape, name);
    }

    /** Returns a codec that reaches no further than its size, whoever wrote it. */
    static <T> Codec<T> bounded(Codec<T> codec) {
        return codec.getClass().getPackage().equals(Codecs.class.getPackage())
                ? codec
                : new Bounded<>(codec, codec.size());
    }

    static Codec<?> of(Shape shape, String name) {
        if (shape instanceof Shape.Structure s) {
            return new RecordCodec(s);
        }
        if (shape instanceof Shape.Integral i) {
            return NumberCodecs.of(i, name);
        }
        if (shape instanceof Shape.Floating f) {
            return new NumberCodecs.Floating(f.javaType(), f.size());
        }
        if (shape instanceof Shape.Text t) {
            return new Text(t.size(), name);
        }
        if (shape instanceof Shape.Raw r) {
            return r.javaType() == byte[].class
                    ? new Bytes(r.size(), name)
                    : new Segment(r.size(), name);
        }
        if (shape instanceof Shape.Address a) {
            return new Address(a.javaType() == InetAddress.class, a.size(), name);
        }
        if (shape instanceof Shape.Constant c) {
            return new Constant(Constants.of(c), c.size(), c.signed(), name);
        }
        if (shape instanceof Shape.Network n) {
            return new NumberCodecs.Network(n.javaType(), NumberCodecs.Numeral.of(n), name);
        }
        if (shape instanceof Shape.Bits b) {
            return new Bits(Constants.of(b.constant()), b.shift(), b.bits(), b.signed(), name);
        }
        if (shape instanceof Shape.Time t) {
            return t.javaType() == Duration.class ? new Span(name) : new Time(t.toWall(), name);
        }
        if (shape instanceof Shape.Variant v) {
            return UnionCodec.of(v, name);
        }
        if (shape instanceof Shape.Rest r) {
            return RestCodec.of(r, name);
        }
        return array((Shape.Sequence) shape, name);
    }

    private static Codec<?> array(Shape.Sequence q, String name) {
        Class<?> element = q.javaType().getComponentType();
        ValueLayout bulk = bulkLayout(q.element());
        if (bulk != null) {
            return new Primitives(element, bulk, q.count(), q.size(), name);
        }
        return element.isPrimitive()
                ? new Numbers(
                        element, NumberCodecs.Numeral.of(q.element()), q.count(), q.size(), name)
                : new Sequence(element, of(q.element(), name), q.count(), q.size(), name);
    }

    /** Returns the layout with which a whole array can be copied at once, or null. */
    private static ValueLayout bulkLayout(Shape element) {
        Shape.Integral number =
                element instanceof Shape.Network n
                        ? n.number()
                        : element instanceof Shape.Integral i ? i : null;
        if (number != null && number.narrow()) {
            return null;
        }
        ValueLayout layout = bulkLayout(element.javaType());
        return layout != null && element instanceof Shape.Network
                ? layout.withOrder(ByteOrder.BIG_ENDIAN)
                : layout;
    }

    /** Returns the layout of a primitive type's arrays; null for booleans. */
    static ValueLayout bulkLayout(Class<?> type) {
        if (type == byte.class) {
            return ValueLayout.JAVA_BYTE;
        }
        if (type == long.class) {
            return ValueLayout.JAVA_LONG_UNALIGNED;
        }
        if (type == int.class) {
            return ValueLayout.JAVA_INT_UNALIGNED;
        }
        if (type == short.class) {
            return ValueLayout.JAVA_SHORT_UNALIGNED;
        }
        if (type == char.class) {
            return ValueLayout.JAVA_CHAR_UNALIGNED;
        }
        if (type == double.class) {
            return ValueLayout.JAVA_DOUBLE_UNALIGNED;
        }
        return type == float.class ? ValueLayout.JAVA_FLOAT_UNALIGNED : null;
    }

    /** A codec of the user's, which gets to see no more than its bytes. */
    private record Bounded<T>(Codec<T> codec, int size) implements Codec<T> {
        @Override
        public T decode(MemorySegment s, long offset) {
            return codec.decode(s.asSlice(offset, size), 0);
        }

        @Override
        public void encode(T value, MemorySegment s, long offset) {
            codec.encode(value, s.asSlice(offset, size), 0);
        }
    }

    /** Text padded with NULs. */
    record Text(int size, String name) implements Codec<String> {
        @Override
        public String decode(MemorySegment s, long offset) {
            return Leaves.getText(size, s, offset);
        }

        @Override
        public void encode(String value, MemorySegment s, long offset) {
            Leaves.putText(size, name, value, s, offset);
        }
    }

    /** A byte array. */
    record Bytes(int size, String name) implements Codec<byte[]>, Filling {
        @Override
        public byte[] decode(MemorySegment s, long offset) {
            return Leaves.getBytes(size, s, offset);
        }

        @Override
        public void fill(Object array, MemorySegment s, long offset) {
            MemorySegment.copy(s, ValueLayout.JAVA_BYTE, offset, array, 0, size);
        }

        @Override
        public void encode(byte[] value, MemorySegment s, long offset) {
            checkLength(value.length, size, name, "bytes");
            MemorySegment.copy(value, 0, s, ValueLayout.JAVA_BYTE, offset, size);
        }
    }

    /** A memory segment; decoded onto the heap. */
    record Segment(int size, String name) implements Codec<MemorySegment> {
        @Override
        public MemorySegment decode(MemorySegment s, long offset) {
            return MemorySegment.ofArray(Leaves.getBytes(size, s, offset));
        }

        @Override
        public void encode(MemorySegment value, MemorySegment s, long offset) {
            checkLength(value.byteSize(), size, name, "bytes");
            MemorySegment.copy(value, 0, s, offset, size);
        }
    }

    /**
     * An IP address. Where both versions may be, 16 bytes hold one of version 4 as {@code
     * ::ffff:a.b.c.d} (RFC 4291, section 2.5.5.2).
     */
    record Address(boolean both, int size, String name) implements Codec<InetAddress> {
        private static final int MAPPED = 12;

        @Override
        public InetAddress decode(MemorySegment s, long offset) {
            return both && size == 16 && isMapped(s, offset)
                    ? Leaves.getAddress(4, s, offset + MAPPED)
                    : Leaves.getAddress(size, s, offset);
        }

        private static boolean isMapped(MemorySegment s, long offset) {
            return Leaves.getLong(0, s, offset) == 0
                    && Leaves.getNetwork(0, Integer.BYTES, true, s, offset + Long.BYTES) == 0xffff;
        }

        @Override
        public void encode(InetAddress value, MemorySegment s, long offset) {
            byte[] bytes = value.getAddress();
            long to = offset;
            if (both && bytes.length < size) {
                Leaves.putLong(0, 0, s, offset);
                Leaves.putNetwork(0, Integer.BYTES, true, name, 0xffff, s, offset + Long.BYTES);
                to += MAPPED;
            } else {
                checkLength(bytes.length, size, name, "bytes");
            }
            MemorySegment.copy(bytes, 0, s, ValueLayout.JAVA_BYTE, to, bytes.length);
        }
    }

    /** A constant of an enum. */
    record Constant(Constants constants, int size, boolean signed, String name)
            implements Codec<Enum<?>> {
        @Override
        public Enum<?> decode(MemorySegment s, long offset) {
            return constants.of(Leaves.getNarrow(0, size, !signed, s, offset), name);
        }

        @Override
        public void encode(Enum<?> value, MemorySegment s, long offset) {
            Leaves.putNarrow(0, size, !signed, name, constants.number(value), s, offset);
        }
    }

    /** A constant of an enum in a bitfield. */
    record Bits(Constants constants, int shift, int bits, boolean signed, String name)
            implements Codec<Enum<?>> {
        @Override
        public int size() {
            return (shift + bits + Byte.SIZE - 1) / Byte.SIZE;
        }

        @Override
        public Enum<?> decode(MemorySegment s, long offset) {
            return constants.of(Leaves.getBits(0, shift, bits, signed, s, offset), name);
        }

        @Override
        public void encode(Enum<?> value, MemorySegment s, long offset) {
            Leaves.putBits(0, shift, bits, signed, name, constants.number(value), s, offset);
        }
    }

    /** Nanoseconds. */
    record Span(String name) implements Codec<Duration> {
        @Override
        public int size() {
            return Long.BYTES;
        }

        @Override
        public Duration decode(MemorySegment s, long offset) {
            return Duration.ofNanos(Leaves.getLong(0, s, offset));
        }

        @Override
        public void encode(Duration value, MemorySegment s, long offset) {
            Leaves.putLong(0, Times.nanos(value, name), s, offset);
        }
    }

    /** Nanoseconds of a clock of the kernel. */
    record Time(long toWall, String name) implements Codec<Instant> {
        @Override
        public int size() {
            return Long.BYTES;
        }

        @Override
        public Instant decode(MemorySegment s, long offset) {
            // the sum has nanoseconds since 1970, which 64 bits hold until 2262
            return Instant.ofEpochSecond(0, Leaves.getLong(0, s, offset) + toWall);
        }

        @Override
        public void encode(Instant value, MemorySegment s, long offset) {
            Duration sinceEpoch = Duration.between(Instant.EPOCH, value);
            Leaves.putLong(0, Times.nanos(sinceEpoch, name) - toWall, s, offset);
        }
    }

    /** A codec of arrays that can fill one of the caller's. */
    interface Filling {
        /** Reads the elements into an array of their number. */
        void fill(Object array, MemorySegment s, long offset);
    }

    /** An array of primitives as wide in memory as in Java. */
    record Primitives(Class<?> element, ValueLayout layout, int count, int size, String name)
            implements Codec<Object>, Filling {
        @Override
        public Object decode(MemorySegment s, long offset) {
            Object array = Array.newInstance(element, count);
            fill(array, s, offset);
            return array;
        }

        @Override
        public void fill(Object array, MemorySegment s, long offset) {
            MemorySegment.copy(s, layout, offset, array, 0, count);
        }

        @Override
        public void encode(Object value, MemorySegment s, long offset) {
            checkLength(Array.getLength(value), count, name, "elements");
            MemorySegment.copy(value, 0, s, layout, offset, count);
        }
    }

    /** An array of integers that are narrower in memory, or of booleans. */
    record Numbers(Class<?> element, NumberCodecs.Numeral number, int count, int size, String name)
            implements Codec<Object>, Filling {
        @Override
        public Object decode(MemorySegment s, long offset) {
            Object array = Array.newInstance(element, count);
            fill(array, s, offset);
            return array;
        }

        @Override
        public void fill(Object array, MemorySegment s, long offset) {
            for (int i = 0; i < count; i++) {
                long value = number.get(s, offset + (long) i * number.size());
                if (array instanceof long[] a) {
                    a[i] = value;
                } else if (array instanceof int[] a) {
                    a[i] = (int) value;
                } else if (array instanceof short[] a) {
                    a[i] = (short) value;
                } else if (array instanceof char[] a) {
                    a[i] = (char) value;
                } else {
                    ((boolean[]) array)[i] = value != 0;
                }
            }
        }

        @Override
        public void encode(Object value, MemorySegment s, long offset) {
            checkLength(Array.getLength(value), count, name, "elements");
            for (int i = 0; i < count; i++) {
                number.put(name, at(value, i), s, offset + (long) i * number.size());
            }
        }

        private static long at(Object array, int i) {
            if (array instanceof long[] a) {
                return a[i];
            }
            if (array instanceof int[] a) {
                return a[i];
            }
            if (array instanceof short[] a) {
                return a[i];
            }
            if (array instanceof char[] a) {
                return a[i];
            }
            return ((boolean[]) array)[i] ? 1 : 0;
        }
    }

    /** An array of anything else. */
    record Sequence(Class<?> type, Codec<?> element, int count, int size, String name)
            implements Codec<Object[]> {
        @Override
        public Object[] decode(MemorySegment s, long offset) {
            Object[] array = (Object[]) Array.newInstance(type, count);
            for (int i = 0; i < count; i++) {
                array[i] = element.decode(s, offset + (long) i * element.size());
            }
            return array;
        }

        @Override
        @SuppressWarnings(
                "unchecked") // the element's codec was made from the array's component type
        public void encode(Object[] value, MemorySegment s, long offset) {
            checkLength(value.length, count, name, "elements");
            Codec<Object> codec = (Codec<Object>) element;
            for (int i = 0; i < count; i++) {
                codec.encode(value[i], s, offset + (long) i * codec.size());
            }
        }
    }

    static void checkLength(long length, int expected, String name, String unit) {
        if (length != expected) {
            throw new BpfException(
                    name + " has " + length + " " + unit + ", but must have exactly " + expected);
        }
    }
}
