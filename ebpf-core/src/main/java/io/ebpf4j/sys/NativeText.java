// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Copies between Java and native memory for cold calls, through buffers rather than var handles.
 */
public final class NativeText {
    private NativeText() {}

    /**
     * Copies a string with a NUL behind it.
     *
     * @param arena what the copy lives in
     * @param text the string
     * @return the copy in UTF-8
     */
    public static MemorySegment string(Arena arena, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        MemorySegment copy = arena.allocate(bytes.length + 1L);
        copy.asByteBuffer().put(bytes);
        return copy;
    }

    /**
     * Copies bytes.
     *
     * @param arena what the copy lives in
     * @param bytes the bytes
     * @return the copy, aligned to 8 bytes; {@link MemorySegment#NULL} when there are none
     */
    public static MemorySegment bytes(Arena arena, byte[] bytes) {
        if (bytes.length == 0) {
            return MemorySegment.NULL;
        }
        MemorySegment copy = arena.allocate(bytes.length, Long.BYTES);
        copy.asByteBuffer().put(bytes);
        return copy;
    }

    /**
     * Copies strings, each with a NUL behind it.
     *
     * @param arena what the copies live in
     * @param texts the strings
     * @return an array of pointers to the copies in UTF-8
     */
    public static MemorySegment strings(Arena arena, List<String> texts) {
        byte[][] encoded = new byte[texts.size()][];
        long size = (long) Long.BYTES * encoded.length;
        for (int i = 0; i < encoded.length; i++) {
            encoded[i] = texts.get(i).getBytes(StandardCharsets.UTF_8);
            size += encoded[i].length + 1;
        }
        MemorySegment memory = arena.allocate(size, Long.BYTES);
        ByteBuffer copies = buffer(memory);
        int at = Long.BYTES * encoded.length;
        for (int i = 0; i < encoded.length; i++) {
            copies.putLong(Long.BYTES * i, memory.address() + at).put(at, encoded[i]);
            at += encoded[i].length + 1;
        }
        return memory;
    }

    /**
     * Copies numbers.
     *
     * @param arena what the copy lives in
     * @param values the numbers
     * @return the copy; {@link MemorySegment#NULL} when there are none
     */
    public static MemorySegment ints(Arena arena, int[] values) {
        if (values.length == 0) {
            return MemorySegment.NULL;
        }
        MemorySegment copy = arena.allocate((long) Integer.BYTES * values.length, Integer.BYTES);
        buffer(copy).asIntBuffer().put(values);
        return copy;
    }

    /**
     * Copies numbers.
     *
     * @param arena what the copy lives in
     * @param values the numbers
     * @return the copy; {@link MemorySegment#NULL} when there are none
     */
    public static MemorySegment longs(Arena arena, long[] values) {
        if (values.length == 0) {
            return MemorySegment.NULL;
        }
        MemorySegment copy = arena.allocate((long) Long.BYTES * values.length, Long.BYTES);
        buffer(copy).asLongBuffer().put(values);
        return copy;
    }

    /**
     * Views memory as a buffer in the machine's byte order.
     *
     * @param memory at most 2 GiB
     * @return a view
     */
    public static ByteBuffer buffer(MemorySegment memory) {
        return memory.asByteBuffer().order(ByteOrder.nativeOrder());
    }

    /**
     * Reads a char array up to its NUL.
     *
     * @param buffer the bytes
     * @param offset where the array begins
     * @param capacity its length
     * @return the text
     */
    public static String string(ByteBuffer buffer, int offset, int capacity) {
        int length = 0;
        while (length < capacity && buffer.get(offset + length) != 0) {
            length++;
        }
        byte[] bytes = new byte[length];
        buffer.get(offset, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
