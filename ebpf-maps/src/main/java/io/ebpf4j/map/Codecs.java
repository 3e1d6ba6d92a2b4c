// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Array;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;

/**
 * Makes codecs from shapes, and holds those of everything but records.
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

    static Codec<?> of(Shape shape, String name) {
        if (shape instanceof Shape.Structure s) {
            return new RecordCodec(s);
        }
        if (shape instanceof Shape.Integral i) {
            return new Whole(
                    i.javaType(), i.size(), i.unsigned() || i.javaType() == char.class, name);
        }
        if (shape instanceof Shape.Floating f) {
            return new Floating(f.javaType(), f.size());
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
            return new Address(a.size(), name);
        }
        if (shape instanceof Shape.Constant c) {
            return new Constant(Constants.of(c), c.size(), c.signed(), name);
        }
        if (shape instanceof Shape.Network n) {
            return new Network(n.number(), name);
        }
        if (shape instanceof Shape.Bits b) {
            return new Bits(Constants.of(b.constant()), b.shift(), b.bits(), b.signed(), name);
        }
        if (shape instanceof Shape.Time t) {
            return t.javaType() == Duration.class ? new Span(name) : new Time(t.toWall(), name);
        }
        Shape.Sequence q = (Shape.Sequence) shape;
        ValueLayout bulk = bulkLayout(q.element());
        return bulk != null
                ? new Primitives(q.javaType().getComponentType(), bulk, q.count(), q.size(), name)
                : new Sequence(
                        q.javaType().getComponentType(),
                        of(q.element(), name),
                        q.count(),
                        q.size(),
                        name);
    }

    /** Returns the layout with which a whole array can be copied at once, or null. */
    private static ValueLayout bulkLayout(Shape element) {
        if (element instanceof Shape.Network
                || (element instanceof Shape.Integral i && i.narrow())) {
            return null;
        }
        Class<?> type = element.javaType();
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

    /** An integer, character or boolean. */
    record Whole(Class<?> type, int size, boolean unsigned, String name) implements Codec<Object> {
        @Override
        public Object decode(MemorySegment s, long offset) {
            long value = Leaves.getNarrow(0, size, unsigned, s, offset);
            if (type == long.class) {
                return value;
            }
            if (type == int.class) {
                return (int) value;
            }
            if (type == short.class) {
                return (short) value;
            }
            if (type == char.class) {
                return (char) value;
            }
            return type == boolean.class ? (Object) (value != 0) : (Object) (byte) value;
        }

        @Override
        public void encode(Object value, MemorySegment s, long offset) {
            long number;
            if (value instanceof Boolean b) {
                number = b ? 1 : 0;
            } else if (value instanceof Character c) {
                number = c;
            } else {
                number = ((Number) value).longValue();
            }
            Leaves.putNarrow(0, size, unsigned, name, number, s, offset);
        }
    }

    /** A floating-point number. */
    record Floating(Class<?> type, int size) implements Codec<Object> {
        @Override
        public Object decode(MemorySegment s, long offset) {
            return type == float.class
                    ? (Object) Leaves.getFloat(0, s, offset)
                    : Leaves.getDouble(0, s, offset);
        }

        @Override
        public void encode(Object value, MemorySegment s, long offset) {
            if (type == float.class) {
                Leaves.putFloat(0, (Float) value, s, offset);
            } else {
                Leaves.putDouble(0, (Double) value, s, offset);
            }
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
    record Bytes(int size, String name) implements Codec<byte[]> {
        @Override
        public byte[] decode(MemorySegment s, long offset) {
            return Leaves.getBytes(size, s, offset);
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

    /** An IP address. */
    record Address(int size, String name) implements Codec<InetAddress> {
        @Override
        public InetAddress decode(MemorySegment s, long offset) {
            return Leaves.getAddress(size, s, offset);
        }

        @Override
        public void encode(InetAddress value, MemorySegment s, long offset) {
            byte[] bytes = value.getAddress();
            checkLength(bytes.length, size, name, "bytes");
            MemorySegment.copy(bytes, 0, s, ValueLayout.JAVA_BYTE, offset, size);
        }
    }

    /** A big-endian integer. */
    record Network(Shape.Integral number, String name) implements Codec<Object> {
        @Override
        public int size() {
            return number.size();
        }

        @Override
        public Object decode(MemorySegment s, long offset) {
            long value = Leaves.getNetwork(0, number.size(), number.unsigned(), s, offset);
            Class<?> type = number.javaType();
            if (type == long.class) {
                return value;
            }
            if (type == int.class) {
                return (int) value;
            }
            if (type == short.class) {
                return (short) value;
            }
            return type == char.class ? (Object) (char) value : (Object) (byte) value;
        }

        @Override
        public void encode(Object value, MemorySegment s, long offset) {
            boolean character = value instanceof Character;
            long wide = character ? (Character) value : ((Number) value).longValue();
            boolean unsigned = character || (number.narrow() && number.unsigned());
            Leaves.putNetwork(0, number.size(), unsigned, name, wide, s, offset);
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
            Leaves.putLong(0, Clock.nanos(value, name), s, offset);
        }
    }

    /** Nanoseconds of the monotonic clock. */
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
            Leaves.putLong(0, Clock.nanos(sinceEpoch, name) - toWall, s, offset);
        }
    }

    /** An array of primitives as wide in memory as in Java. */
    record Primitives(Class<?> element, ValueLayout layout, int count, int size, String name)
            implements Codec<Object> {
        @Override
        public Object decode(MemorySegment s, long offset) {
            Object array = Array.newInstance(element, count);
            MemorySegment.copy(s, layout, offset, array, 0, count);
            return array;
        }

        @Override
        public void encode(Object value, MemorySegment s, long offset) {
            checkLength(Array.getLength(value), count, name, "elements");
            MemorySegment.copy(value, 0, s, layout, offset, count);
        }
    }

    /** An array of anything else. */
    record Sequence(Class<?> type, Codec<?> element, int count, int size, String name)
            implements Codec<Object> {
        @Override
        public Object decode(MemorySegment s, long offset) {
            Object array = Array.newInstance(type, count);
            for (int i = 0; i < count; i++) {
                Array.set(array, i, element.decode(s, offset + (long) i * element.size()));
            }
            return array;
        }

        @Override
        @SuppressWarnings(
                "unchecked") // the element's codec was made from the array's component type
        public void encode(Object value, MemorySegment s, long offset) {
            checkLength(Array.getLength(value), count, name, "elements");
            Codec<Object> codec = (Codec<Object>) element;
            for (int i = 0; i < count; i++) {
                codec.encode(Array.get(value, i), s, offset + (long) i * codec.size());
            }
        }
    }

    private static void checkLength(long length, int expected, String name, String unit) {
        if (length != expected) {
            throw new BpfException(
                    name + " has " + length + " " + unit + ", but must have exactly " + expected);
        }
    }
}
