// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Encodes records of a user ring buffer, whose lengths may differ. */
abstract sealed class RecordEncoder<T> {

    /** Returns the bytes of a record. */
    abstract int length(T value);

    /** Writes a record to an address. */
    abstract void encode(T value, long address);

    /** Returns the encoder of a class: whole records for bytes, else by the class's codec. */
    @SuppressWarnings("unchecked") // the classes are compared
    static <T> RecordEncoder<T> of(MapShape map, Class<T> type) {
        return type == byte[].class ? (RecordEncoder<T>) new Bytes() : of(map.recordCodec(type));
    }

    /** Returns the encoder that a codec makes. */
    @SuppressWarnings("unchecked") // the codec of a class takes instances of it
    static <T> RecordEncoder<T> of(Codec<T> codec) {
        return codec instanceof RecordCodec r && r.flexible()
                ? (RecordEncoder<T>) new Flexible(r)
                : new Fixed<>(codec);
    }

    private static final class Bytes extends RecordEncoder<byte[]> {
        @Override
        int length(byte[] value) {
            return value.length;
        }

        @Override
        void encode(byte[] value, long address) {
            MemorySegment.copy(value, 0, Memory.ALL, ValueLayout.JAVA_BYTE, address, value.length);
        }
    }

    /** Records of one layout. */
    private static final class Fixed<T> extends RecordEncoder<T> {
        private final Codec<T> codec;

        Fixed(Codec<T> codec) {
            this.codec = codec;
        }

        @Override
        int length(T value) {
            return codec.size();
        }

        @Override
        void encode(T value, long address) {
            codec.encode(value, Memory.ALL, address);
        }
    }

    /** Records that end with a flexible array. */
    private static final class Flexible extends RecordEncoder<Object> {
        private final RecordCodec codec;

        Flexible(RecordCodec codec) {
            this.codec = codec;
        }

        @Override
        int length(Object value) {
            return Math.toIntExact(codec.length(value));
        }

        @Override
        void encode(Object value, long address) {
            codec.encode(value, Memory.ALL, address);
        }
    }
}
