// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

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
