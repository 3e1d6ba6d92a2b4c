// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import java.util.List;

/**
 * How a Java type lies in memory: the common ground of the layout check, the decoder and the
 * encoder.
 *
 * <p>A shape says everything that is needed to read and write; it knows nothing of BTF.
 */
sealed interface Shape {

    /** Returns the bytes taken. */
    int size();

    /** Returns the natural alignment in bytes, a power of 2. */
    int alignment();

    /** Returns the Java type, a primitive one for numbers. */
    Class<?> javaType();

    /**
     * An integer, a character or a boolean.
     *
     * @param javaType byte, short, char, int, long or boolean
     * @param size bytes in memory: those of the Java type, or fewer
     * @param unsigned whether narrower bytes are extended with zeros; without meaning at the full
     *     size
     */
    record Integral(Class<?> javaType, int size, boolean unsigned) implements Shape {
        @Override
        public int alignment() {
            return size;
        }

        boolean narrow() {
            return size < Shapes.primitiveSize(javaType);
        }
    }

    /**
     * A floating-point number.
     *
     * @param javaType float or double
     */
    record Floating(Class<?> javaType) implements Shape {
        @Override
        public int size() {
            return Shapes.primitiveSize(javaType);
        }

        @Override
        public int alignment() {
            return size();
        }
    }

    /**
     * UTF-8 text padded with NULs.
     *
     * @param size bytes
     */
    record Text(int size) implements Shape {
        @Override
        public int alignment() {
            return 1;
        }

        @Override
        public Class<?> javaType() {
            return String.class;
        }
    }

    /**
     * Bytes as they are.
     *
     * @param javaType {@code byte[]} or {@code MemorySegment}
     * @param size bytes
     */
    record Raw(Class<?> javaType, int size) implements Shape {
        @Override
        public int alignment() {
            return 1;
        }
    }

    /**
     * An IP address in network byte order.
     *
     * @param javaType {@code Inet4Address} or {@code Inet6Address}
     * @param size 4 or 16
     */
    record Address(Class<?> javaType, int size) implements Shape {
        @Override
        public int alignment() {
            return 4;
        }
    }

    /**
     * An integer of fixed byte order: big-endian.
     *
     * @param number its type and size
     */
    record Network(Integral number) implements Shape {
        @Override
        public int size() {
            return number.size();
        }

        @Override
        public int alignment() {
            return number.alignment();
        }

        @Override
        public Class<?> javaType() {
            return number.javaType();
        }
    }

    /**
     * A bitfield, which shares its bytes with others.
     *
     * @param javaType byte, short, char, int, long, boolean, or the enum of {@code constant}
     * @param shift bits of the first byte before it: its low ones, or its high ones on big-endian
     *     machines
     * @param bits 1 to 64
     * @param signed whether the highest bit is a sign
     * @param constant what numbers the constants of an enum have, else null
     */
    record Bits(Class<?> javaType, int shift, int bits, boolean signed, Constant constant)
            implements Shape {
        @Override
        public int size() {
            return (shift + bits + Byte.SIZE - 1) / Byte.SIZE;
        }

        @Override
        public int alignment() {
            return 1;
        }
    }

    /**
     * A span of nanoseconds, or a time as nanoseconds of a clock of the kernel, in 8 bytes.
     *
     * @param javaType {@code Duration} or {@code Instant}
     * @param toWall what to add to get nanoseconds since 1970; here, so that what was read is
     *     written as it was
     */
    record Time(Class<?> javaType, long toWall) implements Shape {
        @Override
        public int size() {
            return Long.BYTES;
        }

        @Override
        public int alignment() {
            return Long.BYTES;
        }
    }

    /**
     * A union, of which a number before it tells what it holds.
     *
     * @param javaType a sealed interface
     * @param tag the number: an {@link Integral}, a {@link Network} or a {@link Constant}
     * @param distance bytes from the number's start to the union's
     * @param cases what it may hold
     * @param size bytes
     * @param alignment bytes
     */
    record Variant(
            Class<?> javaType,
            Shape tag,
            int distance,
            List<Alternative> cases,
            int size,
            int alignment)
            implements Shape {}

    /**
     * What a union may hold.
     *
     * @param structure a record
     * @param values the numbers that tell; none for all that no other one has
     */
    record Alternative(Structure structure, List<Long> values) {}

    /**
     * What follows the other components of an event.
     *
     * @param javaType {@code byte[]}, {@code MemorySegment}, {@code String} or an array
     * @param element what is repeated; a byte for all but arrays
     */
    record Rest(Class<?> javaType, Shape element) implements Shape {
        @Override
        public int size() {
            return 0;
        }

        @Override
        public int alignment() {
            return element.alignment();
        }
    }

    /**
     * A constant of a Java enum.
     *
     * @param javaType the enum
     * @param size 1, 2, 4 or 8
     * @param signed whether fewer than 8 bytes hold a sign
     * @param values what each constant is in C; empty if it is its ordinal
     */
    record Constant(Class<?> javaType, int size, boolean signed, List<Long> values)
            implements Shape {
        @Override
        public int alignment() {
            return size;
        }
    }

    /**
     * An array of fixed length.
     *
     * @param javaType the array type
     * @param element the elements' shape
     * @param count number of elements
     */
    record Sequence(Class<?> javaType, Shape element, int count) implements Shape {
        @Override
        public int size() {
            return Math.multiplyExact(element.size(), count);
        }

        @Override
        public int alignment() {
            return element.alignment();
        }
    }

    /**
     * A record, or a {@link Struct} class.
     *
     * @param javaType the class
     * @param fields the components in order
     * @param size bytes with all padding, without what a {@link Rest} holds
     * @param alignment bytes
     */
    record Structure(Class<?> javaType, List<Field> fields, int size, int alignment)
            implements Shape {

        /** Returns whether some bytes belong to no component, here or further in. */
        boolean padded() {
            int covered = 0;
            for (Field f : fields) {
                // the bits beside a bitfield must be zero before it is written, and a union's bytes
                // behind a short case
                if (f.shape() instanceof Bits
                        || f.shape() instanceof Variant
                        || (f.shape() instanceof Structure s && s.padded())) {
                    return true;
                }
                covered += f.shape().size();
            }
            return covered < size;
        }

        /** Returns the last component if it takes what follows the others, or null. */
        Field rest() {
            Field last = fields.isEmpty() ? null : fields.get(fields.size() - 1);
            return last != null && last.shape() instanceof Rest ? last : null;
        }

        /** Returns the bytes before a {@link Rest}; all if there is none. */
        int least() {
            Field rest = rest();
            return rest == null ? size : rest.offset();
        }
    }

    /**
     * A component of a record, or a field of a class, and where it lies.
     *
     * @param slot the component
     * @param shape its shape
     * @param offset bytes from the start of the record
     */
    record Field(Slot slot, Shape shape, int offset) {}
}
