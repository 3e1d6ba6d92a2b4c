// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Memory that records are copied to, which grows as they do. For one thread at a time. */
final class Scrap {
    private static final int LEAST = 4096;

    private MemorySegment memory = Arena.ofAuto().allocate(LEAST, Long.BYTES);
    private MemorySegment view = memory.asReadOnly();

    /** Copies bytes from an address to the beginning. */
    void take(long from, long bytes) {
        room(bytes);
        MemorySegment.copy(Memory.ALL, from, memory, 0, bytes);
    }

    /** Copies bytes from two addresses, one after the other. */
    void take(long from, long bytes, long then, long more) {
        room(bytes + more);
        MemorySegment.copy(Memory.ALL, from, memory, 0, bytes);
        MemorySegment.copy(Memory.ALL, then, memory, bytes, more);
    }

    private void room(long bytes) {
        if (bytes > memory.byteSize()) {
            memory = Arena.ofAuto().allocate(Long.highestOneBit(bytes) << 1, Long.BYTES);
            view = memory.asReadOnly();
        }
    }

    /** Returns what consumers may see. */
    MemorySegment memory() {
        return view;
    }

    long address() {
        return memory.address();
    }
}
