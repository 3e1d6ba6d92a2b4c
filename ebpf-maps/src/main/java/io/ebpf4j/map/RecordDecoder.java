// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;

import java.lang.foreign.MemorySegment;

/** Decodes the records of a ring or perf buffer, whose lengths may differ. */
abstract sealed class RecordDecoder<T> {

    /**
     * Decodes a record.
     *
     * @param address where it is
     * @param length its bytes
     */
    abstract T decode(long address, int length);

    /**
     * Returns the decoder of a class: whole records for bytes, segments and text, else by the
     * class's codec.
     *
     * @param map the map
     * @param source what the records are read from, such as {@code ring buffer events}
     * @param type the class
     */
    @SuppressWarnings("unchecked") // the classes are compared
    static <T> RecordDecoder<T> of(MapShape map, String source, Class<T> type) {
        if (type == byte[].class) {
            return (RecordDecoder<T>) new Bytes();
        }
        if (type == MemorySegment.class) {
            return (RecordDecoder<T>) new Segments();
        }
        if (type == String.class) {
            return (RecordDecoder<T>) new Text();
        }
        return new Fixed<>(source, type.getSimpleName(), map.recordCodec(type));
    }

    /** Copies of whole records. */
    private static final class Bytes extends RecordDecoder<byte[]> {
        @Override
        byte[] decode(long address, int length) {
            return Leaves.getBytes(length, Memory.ALL, address);
        }
    }

    /** Copies of whole records, on the heap. */
    private static final class Segments extends RecordDecoder<MemorySegment> {
        @Override
        MemorySegment decode(long address, int length) {
            return MemorySegment.ofArray(Leaves.getBytes(length, Memory.ALL, address));
        }
    }

    /** Text that ends with the record or at its first NUL. */
    private static final class Text extends RecordDecoder<String> {
        @Override
        String decode(long address, int length) {
            return Leaves.getText(length, Memory.ALL, address);
        }
    }

    /** Records that begin with a value of fixed layout. */
    static final class Fixed<T> extends RecordDecoder<T> {
        private final String source;
        private final String type;
        private final Codec<T> codec;
        private final int size;

        Fixed(String source, String type, Codec<T> codec) {
            this.source = source;
            this.type = type;
            this.codec = codec;
            this.size = codec.size();
        }

        @Override
        T decode(long address, int length) {
            if (length < size) {
                throw new BpfException(
                        "a record of "
                                + source
                                + " has "
                                + length
                                + " bytes, but "
                                + type
                                + " needs "
                                + size);
            }
            return codec.decode(Memory.ALL, address);
        }
    }
}
