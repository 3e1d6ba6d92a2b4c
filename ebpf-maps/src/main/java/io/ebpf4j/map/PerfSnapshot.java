// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * A copy of what is new in an overwritable ring, to be handed out from the oldest record to the
 * newest.
 *
 * <p>The kernel writes such a ring from its end to its beginning, so that the newest record is
 * found at {@code data_head} and the older ones behind it, as far as they are whole. The copy is
 * made while the kernel pauses, which is short; the consumer runs when it writes again.
 */
final class PerfSnapshot {
    private static final int HEADER = 8;

    private final PerfRing ring;
    private final MemorySegment copy;
    private final MemorySegment view;
    private int[] records = new int[64];
    private int left;
    private volatile long taken;

    PerfSnapshot(PerfRing ring) {
        this.ring = ring;
        this.copy = Arena.ofAuto().allocate(ring.size(), Long.BYTES);
        this.view = copy.asReadOnly();
    }

    /**
     * Copies the records that were written since the last time.
     *
     * @return bytes that were overwritten before
     */
    long take() {
        long before = ring.position;
        long written;
        long bytes;
        ring.pause(true);
        try {
            written = ring.head();
            bytes = Math.min(before - written, ring.size());
            int begin = (int) (written & ring.size() - 1);
            long first = Math.min(bytes, ring.size() - begin);
            MemorySegment.copy(Memory.ALL, ring.data() + begin, copy, 0, first);
            MemorySegment.copy(Memory.ALL, ring.data(), copy, first, bytes - first);
        } finally {
            ring.pause(false);
        }
        ring.position = written;
        taken = written;
        return before - written - index(bytes);
    }

    /** Notes where the records are, and returns the bytes of those that are whole. */
    private int index(long bytes) {
        left = 0;
        int at = 0;
        while (at + HEADER <= bytes) {
            int size = size(at);
            if (size < HEADER || at + size > bytes) {
                break;
            }
            if (left == records.length) {
                records = Arrays.copyOf(records, 2 * left);
            }
            records[left++] = at;
            at += size;
        }
        return at;
    }

    private int size(int at) {
        return Short.toUnsignedInt(copy.get(ValueLayout.JAVA_SHORT, at + 6));
    }

    /** Returns how many records were not handed out yet. */
    int left() {
        return left;
    }

    /** Returns where the next record begins in {@link #memory}. */
    int next() {
        return records[--left];
    }

    MemorySegment memory() {
        return copy;
    }

    /** Returns {@link #memory} as consumers see it. */
    MemorySegment view() {
        return view;
    }

    /** Returns how much was written since the last copy. From any thread. */
    long available(long written) {
        return Math.min(taken - written, ring.size());
    }
}
