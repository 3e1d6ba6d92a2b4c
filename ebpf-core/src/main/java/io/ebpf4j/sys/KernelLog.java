// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A buffer for what the verifier or the BTF check says, and how much it had to say. */
public final class KernelLog {
    private static final int MAX_TEXT_BYTES = Integer.MAX_VALUE - 16;

    private final MemorySegment buffer;
    private final int level;
    private int needed;

    /**
     * Allocates an empty log.
     *
     * @param arena what the buffer lives in
     * @param bytes its size
     * @param level {@code BPF_LOG_*}: 1 for the failing path, 2 for every instruction, 4 for
     *     statistics
     */
    public KernelLog(Arena arena, int bytes, int level) {
        this.buffer = arena.allocate(bytes);
        this.level = level;
    }

    /**
     * Returns the text up to its NUL.
     *
     * @return what the kernel wrote
     */
    public String text() {
        ByteBuffer bytes = buffer.asByteBuffer();
        int limit = (int) Math.min(buffer.byteSize(), MAX_TEXT_BYTES);
        int end = 0;
        while (end < limit && bytes.get(end) != 0) {
            end++;
        }
        byte[] text = new byte[end];
        bytes.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    /**
     * Returns how many bytes the whole log takes.
     *
     * @return bytes with the final NUL; 0 before Linux 6.4, which does not say ({@code
     *     log_true_size})
     */
    public int needed() {
        return needed;
    }

    void needed(int bytes) {
        this.needed = bytes;
    }

    int level() {
        return level;
    }

    MemorySegment buffer() {
        return buffer;
    }
}
