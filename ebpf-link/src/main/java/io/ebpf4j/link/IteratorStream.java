// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.Failure;
import io.ebpf4j.sys.FileDescriptor;
import io.ebpf4j.sys.SystemCalls;

import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/** One run of an iterator, read as bytes. It gives its descriptor back at the end. */
final class IteratorStream extends InputStream {
    /** The kernel collects what programs write in eight pages, so one read gives no more. */
    private static final int BUFFER_BYTES = 1 << 15;

    /**
     * The kernel says EAGAIN after a million objects without a word (before which it may not sleep)
     * and when the program returned 1 for an object, which is then offered again.
     */
    private static final int MAX_SILENCES = 1024;

    private final SystemCalls calls;
    private final FileDescriptor output;
    private final MemorySegment buffer = Arena.ofAuto().allocate(BUFFER_BYTES);
    private int position;
    private int limit;
    private boolean ended;

    /** Takes ownership of the descriptor. */
    IteratorStream(SystemCalls calls, FileDescriptor output) {
        this.calls = calls;
        this.output = output;
    }

    @Override
    public int read() {
        return fill() ? buffer.get(ValueLayout.JAVA_BYTE, position++) & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, into.length);
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, limit - position);
        MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, position, into, offset, count);
        position += count;
        return count;
    }

    @Override
    public int available() {
        return limit - position;
    }

    /** Sees to it that there is a byte to hand out, or returns false at the end. */
    private boolean fill() {
        if (position < limit) {
            return true;
        }
        if (ended) {
            return false;
        }
        int fd = output.acquire();
        long result;
        try {
            result = readSome(fd);
        } finally {
            output.release();
        }
        if (result < 0) {
            throw failure((int) -result);
        }
        position = 0;
        limit = (int) result;
        if (limit == 0) {
            ended = true;
            output.close();
        }
        return limit > 0;
    }

    private long readSome(int fd) {
        long result = -Errno.EAGAIN;
        for (int i = 0;
                i < MAX_SILENCES && (result == -Errno.EAGAIN || result == -Errno.EINTR);
                i++) {
            result = calls.read(fd, buffer);
        }
        return result;
    }

    private BpfException failure(int errno) {
        String reason =
                switch (errno) {
                    case Errno.E2BIG ->
                            " (for one object the program writes more than the kernel's buffer of"
                                    + " eight pages holds)";
                    case Errno.EAGAIN ->
                            " (the program returns 1, which asks for the same object again, each"
                                    + " time)";
                    default -> "";
                };
        return Failure.of("read", errno, "cannot read the " + output + reason);
    }

    @Override
    public void close() {
        output.close();
        limit = position;
    }
}
