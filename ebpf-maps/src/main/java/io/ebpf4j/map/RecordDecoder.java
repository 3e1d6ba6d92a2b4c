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
        return of(source, type.getSimpleName(), map.recordCodec(type));
    }

    /**
     * Returns the decoder that a codec makes.
     *
     * @param source what the records are read from
     * @param type what needs them so long, for messages
     */
    @SuppressWarnings("unchecked") // the codec of a class makes instances of it
    static <T> RecordDecoder<T> of(String source, String type, Codec<T> codec) {
        if (codec instanceof RecordCodec r && r.flexible()) {
            return (RecordDecoder<T>) new Flexible(source, type, r);
        }
        return codec instanceof RecordCodec r && r.fills()
                ? (RecordDecoder<T>) new Reused(source, type, r)
                : new Fixed<>(source, type, codec);
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
    private static final class Fixed<T> extends RecordDecoder<T> {
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
                throw tooShort(source, length, type, size);
            }
            return codec.decode(Memory.ALL, address);
        }
    }

    /** Records that end with what is left of them. */
    private static final class Flexible extends RecordDecoder<Object> {
        private final String source;
        private final String type;
        private final RecordCodec codec;

        Flexible(String source, String type, RecordCodec codec) {
            this.source = source;
            this.type = type;
            this.codec = codec;
        }

        @Override
        Object decode(long address, int length) {
            if (length < codec.least()) {
                throw tooShort(source, length, type, codec.least());
            }
            return codec.decode(Memory.ALL.asSlice(address, length), 0);
        }
    }

    /** Records that are read into one instance, over and over. */
    private static final class Reused extends RecordDecoder<Object> {
        private final String source;
        private final String type;
        private final RecordCodec codec;
        private final Object target;

        Reused(String source, String type, RecordCodec codec) {
            this.source = source;
            this.type = type;
            this.codec = codec;
            this.target = codec.make();
        }

        @Override
        Object decode(long address, int length) {
            if (length < codec.size()) {
                throw tooShort(source, length, type, codec.size());
            }
            codec.fill(target, Memory.ALL, address);
            return target;
        }
    }

    private static BpfException tooShort(String source, int length, String type, int needed) {
        return new BpfException(
                "a record of "
                        + source
                        + " has "
                        + length
                        + " bytes, but "
                        + type
                        + " needs "
                        + needed);
    }
}
