// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import java.lang.foreign.MemorySegment;

/** The codecs of single numbers; they are records as those of {@link Codecs} are. */
final class NumberCodecs {
    private NumberCodecs() {}

    static Codec<?> of(Shape.Integral i, String name) {
        if (i.javaType() == int.class && i.size() == Integer.BYTES) {
            return new Int();
        }
        return i.javaType() == long.class
                ? number(i.size(), i.unsigned(), name)
                : new Whole(
                        i.javaType(), i.size(), i.unsigned() || i.javaType() == char.class, name);
    }

    /** Returns the codec of an integer that is a {@code long} in Java. */
    static Numeric number(int size, boolean unsigned, String name) {
        return size == Long.BYTES ? new Long64() : new Whole(long.class, size, unsigned, name);
    }

    /**
     * How an integer lies in memory.
     *
     * @param size bytes
     * @param unsigned whether it is extended with zeros
     * @param network whether it is big-endian
     */
    record Numeral(int size, boolean unsigned, boolean network) {
        static Numeral of(Shape shape) {
            Shape.Integral i =
                    shape instanceof Shape.Network n ? n.number() : (Shape.Integral) shape;
            // at full width the sign bit is a bit as any other
            boolean unsigned = i.narrow() ? i.unsigned() : i.javaType() == char.class;
            return new Numeral(i.size(), unsigned, shape instanceof Shape.Network);
        }

        long get(MemorySegment s, long offset) {
            return network
                    ? Leaves.getNetwork(0, size, unsigned, s, offset)
                    : Leaves.getNarrow(0, size, unsigned, s, offset);
        }

        void put(String name, long value, MemorySegment s, long offset) {
            if (network) {
                Leaves.putNetwork(0, size, unsigned, name, value, s, offset);
            } else {
                Leaves.putNarrow(0, size, unsigned, name, value, s, offset);
            }
        }
    }

    /** What a {@code long} can be read from and written to without a box. */
    sealed interface Numeric extends Codec<Object> {
        long get(MemorySegment s, long offset);

        void put(long value, MemorySegment s, long offset);
    }

    /** An integer, character or boolean. */
    record Whole(Class<?> type, int size, boolean unsigned, String name) implements Numeric {
        @Override
        public long get(MemorySegment s, long offset) {
            return Leaves.getNarrow(0, size, unsigned, s, offset);
        }

        @Override
        public void put(long value, MemorySegment s, long offset) {
            Leaves.putNarrow(0, size, unsigned, name, value, s, offset);
        }

        @Override
        public Object decode(MemorySegment s, long offset) {
            return boxed(type, get(s, offset));
        }

        @Override
        public void encode(Object value, MemorySegment s, long offset) {
            put(unboxed(value), s, offset);
        }
    }

    /** A {@link Whole} of type {@code int} and 4 bytes: small enough to be inlined everywhere. */
    record Int() implements Codec<Integer> {
        @Override
        public int size() {
            return Integer.BYTES;
        }

        @Override
        public Integer decode(MemorySegment s, long offset) {
            return Leaves.getInt(0, s, offset);
        }

        @Override
        public void encode(Integer value, MemorySegment s, long offset) {
            Leaves.putInt(0, value, s, offset);
        }
    }

    /** The same of type {@code long} and 8 bytes. */
    record Long64() implements Numeric {
        @Override
        public int size() {
            return Long.BYTES;
        }

        @Override
        public long get(MemorySegment s, long offset) {
            return Leaves.getLong(0, s, offset);
        }

        @Override
        public void put(long value, MemorySegment s, long offset) {
            Leaves.putLong(0, value, s, offset);
        }

        @Override
        public Object decode(MemorySegment s, long offset) {
            return get(s, offset);
        }

        @Override
        public void encode(Object value, MemorySegment s, long offset) {
            put((Long) value, s, offset);
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

    /** A big-endian integer. */
    record Network(Class<?> type, Numeral number, String name) implements Codec<Object> {
        @Override
        public int size() {
            return number.size();
        }

        @Override
        public Object decode(MemorySegment s, long offset) {
            return boxed(type, number.get(s, offset));
        }

        @Override
        public void encode(Object value, MemorySegment s, long offset) {
            number.put(name, unboxed(value), s, offset);
        }
    }

    private static Object boxed(Class<?> type, long value) {
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

    private static long unboxed(Object value) {
        if (value instanceof Boolean b) {
            return b ? 1 : 0;
        }
        return value instanceof Character c ? c : ((Number) value).longValue();
    }
}
