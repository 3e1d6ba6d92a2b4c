// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Array;
import java.nio.charset.StandardCharsets;

/** What an event has behind its other components: decoded to the end of the segment. */
abstract sealed class RestCodec implements Codec<Object> {

    static RestCodec of(Shape.Rest rest, String name) {
        Class<?> type = rest.javaType();
        if (type == String.class) {
            return new Text();
        }
        return type == byte[].class || type == MemorySegment.class
                ? new Bytes(type)
                : new Elements(type.getComponentType(), rest.element(), name);
    }

    @Override
    public final int size() {
        return 0;
    }

    /** Returns the bytes that a value takes. */
    abstract long length(Object value);

    static final class Text extends RestCodec {
        @Override
        public Object decode(MemorySegment s, long offset) {
            return Leaves.getText(Math.toIntExact(s.byteSize() - offset), s, offset);
        }

        @Override
        public void encode(Object value, MemorySegment s, long offset) {
            byte[] bytes = bytes(value);
            MemorySegment.copy(bytes, 0, s, ValueLayout.JAVA_BYTE, offset, bytes.length);
        }

        @Override
        long length(Object value) {
            return bytes(value).length;
        }

        private static byte[] bytes(Object value) {
            return ((String) value).getBytes(StandardCharsets.UTF_8);
        }
    }

    static final class Bytes extends RestCodec {
        private final Class<?> type;

        Bytes(Class<?> type) {
            this.type = type;
        }

        @Override
        public Object decode(MemorySegment s, long offset) {
            byte[] bytes = Leaves.getBytes(Math.toIntExact(s.byteSize() - offset), s, offset);
            return type == byte[].class ? bytes : MemorySegment.ofArray(bytes);
        }

        @Override
        public void encode(Object value, MemorySegment s, long offset) {
            MemorySegment bytes = segment(value);
            MemorySegment.copy(bytes, 0, s, offset, bytes.byteSize());
        }

        @Override
        long length(Object value) {
            return segment(value).byteSize();
        }

        private static MemorySegment segment(Object value) {
            return value instanceof byte[] b ? MemorySegment.ofArray(b) : (MemorySegment) value;
        }
    }

    static final class Elements extends RestCodec {
        private final Class<?> element;
        private final Shape shape;
        private final String name;

        Elements(Class<?> element, Shape shape, String name) {
            this.element = element;
            this.shape = shape;
            this.name = name;
        }

        /** The codec of an array of one event's length. */
        @SuppressWarnings("unchecked") // it is made for the component's type
        private Codec<Object> array(int count) {
            return (Codec<Object>)
                    Codecs.of(new Shape.Sequence(element.arrayType(), shape, count), name);
        }

        @Override
        public Object decode(MemorySegment s, long offset) {
            return array(Math.toIntExact((s.byteSize() - offset) / shape.size())).decode(s, offset);
        }

        @Override
        public void encode(Object value, MemorySegment s, long offset) {
            array(Array.getLength(value)).encode(value, s, offset);
        }

        @Override
        long length(Object value) {
            return (long) Array.getLength(value) * shape.size();
        }
    }
}
