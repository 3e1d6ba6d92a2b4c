// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.kernel;

import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.SystemCalls;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the files in which the kernel describes itself, through the same seam as every other call.
 */
final class KernelFiles {
    private static final int CHUNK = 1 << 16;

    private final SystemCalls calls;

    KernelFiles(SystemCalls calls) {
        this.calls = calls;
    }

    /** Returns a file's bytes, or null when it cannot be opened or read. */
    byte[] read(String path) {
        long fd = calls.open(path, 0, 0);
        if (fd < 0) {
            return null;
        }
        try (Arena arena = Arena.ofConfined()) {
            return drain((int) fd, arena.allocate(CHUNK));
        } finally {
            calls.close((int) fd);
        }
    }

    private byte[] drain(int fd, MemorySegment chunk) {
        byte[] bytes = new byte[0];
        int length = 0;
        while (true) {
            long count = calls.read(fd, chunk);
            if (count == -Errno.EINTR) {
                continue;
            }
            if (count < 0) {
                return null;
            }
            if (count == 0) {
                return bytes.length == length ? bytes : Arrays.copyOf(bytes, length);
            }
            if (length + (int) count > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(length + (int) count, length * 2));
            }
            chunk.asByteBuffer().get(bytes, length, (int) count);
            length += (int) count;
        }
    }

    /**
     * Returns a file's text without white space around it, or the empty string when it cannot be
     * read.
     */
    String text(String path) {
        byte[] bytes = read(path);
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8).strip();
    }
}
