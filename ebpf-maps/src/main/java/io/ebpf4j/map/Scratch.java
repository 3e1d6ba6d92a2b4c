// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A thread's memory for a key and a value on their way to and from the kernel.
 *
 * <p>A codec may call code of the user (an accessor, a constructor) that uses a map again; the
 * inner use then gets memory of its own.
 */
final class Scratch {
    private static final int LEAST = 1024;
    private static final ThreadLocal<Scratch> LOCAL =
            new ThreadLocal<>() {
                @Override
                protected Scratch initialValue() {
                    return new Scratch();
                }
            };

    private MemorySegment memory = Arena.ofAuto().allocate(LEAST, Long.BYTES);
    private boolean used;

    private Scratch() {}

    /**
     * Returns memory of at least so many bytes, aligned to 8, until {@link #release}; its content
     * is rubbish.
     */
    static Scratch acquire(long bytes) {
        Scratch scratch = LOCAL.get();
        if (scratch.used) {
            scratch = new Scratch();
        }
        if (bytes > scratch.memory.byteSize()) {
            scratch.memory =
                    Arena.ofAuto()
                            .allocate(Math.max(bytes, 2 * scratch.memory.byteSize()), Long.BYTES);
        }
        scratch.used = true;
        return scratch;
    }

    MemorySegment memory() {
        return memory;
    }

    long address() {
        return memory.address();
    }

    void release() {
        used = false;
    }

    /** Rounds up to 8 bytes. */
    static long align(long bytes) {
        return bytes + 7 & -8;
    }
}
