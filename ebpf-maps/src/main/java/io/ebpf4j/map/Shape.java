// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import java.lang.reflect.RecordComponent;
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
     * A constant of a Java enum, stored as its ordinal.
     *
     * @param javaType the enum
     * @param size 1, 2, 4 or 8
     */
    record Constant(Class<?> javaType, int size) implements Shape {
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
     * A record.
     *
     * @param javaType the record class
     * @param fields the components in order
     * @param size bytes with all padding
     * @param alignment bytes
     */
    record Structure(Class<?> javaType, List<Field> fields, int size, int alignment)
            implements Shape {

        /** Returns whether some bytes belong to no component, here or further in. */
        boolean padded() {
            int covered = 0;
            for (Field f : fields) {
                if (f.shape() instanceof Structure s && s.padded()) {
                    return true;
                }
                covered += f.shape().size();
            }
            return covered < size;
        }
    }

    /**
     * A component of a record and where it lies.
     *
     * @param component the component
     * @param shape its shape
     * @param offset bytes from the start of the record
     */
    record Field(RecordComponent component, Shape shape, int offset) {}
}
