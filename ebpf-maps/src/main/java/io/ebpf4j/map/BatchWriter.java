// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.sys.BatchCall;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Collects keys and values and writes, or removes, them together.
 *
 * <p>The kernel deals with them in order and stops at the first that fails (kernel/bpf/syscall.c,
 * generic_map_update_batch, generic_map_delete_batch).
 */
final class BatchWriter<K, V> {
    private final BpfMap<K, V> map;
    private final BpfCommand command;
    private final MemorySegment memory;
    private final int keySize;
    private final int valueSize;
    private final long valuesOffset;
    private final int capacity;
    private int count;
    private int done;

    private BatchWriter(BpfMap<K, V> map, BpfCommand command, int capacity) {
        this.map = map;
        this.command = command;
        this.keySize = map.keys().size();
        this.valueSize = command == BpfCommand.MAP_UPDATE_BATCH ? map.values().size() : 0;
        this.capacity = capacity;
        this.valuesOffset = Scratch.align((long) capacity * keySize);
        this.memory =
                Arena.ofAuto().allocate(valuesOffset + (long) capacity * valueSize, Long.BYTES);
    }

    static <K, V> BatchWriter<K, V> updating(BpfMap<K, V> map, int expected) {
        return new BatchWriter<>(map, BpfCommand.MAP_UPDATE_BATCH, size(map, expected));
    }

    static <K, V> BatchWriter<K, V> deleting(BpfMap<K, V> map, int expected) {
        return new BatchWriter<>(map, BpfCommand.MAP_DELETE_BATCH, size(map, expected));
    }

    private static int size(BpfMap<?, ?> map, int expected) {
        return Math.max(1, Math.min(expected, BatchCursor.cheapest(map)));
    }

    void put(K key, V value) {
        map.keys().encode(key, memory, keyOffset(count));
        map.values().encode(value, memory, valueOffset(count));
        added();
    }

    void delete(K key) {
        map.keys().encode(key, memory, keyOffset(count));
        added();
    }

    private void added() {
        if (++count == capacity) {
            flush();
        }
    }

    /** Writes or removes what was collected, and returns how many elements were so far. */
    int flush() {
        int next = 0;
        while (next < count) {
            next += map.handle().batches().mayHave(command) ? flushBatch(next) : flushSingle(next);
        }
        count = 0;
        return done;
    }

    /** Returns how many elements were dealt with, 0 if the kernel knows no batches. */
    private int flushBatch(int from) {
        int rest = count - from;
        BatchCall.Outcome outcome = issue(from, rest);
        int errno = (int) -outcome.result();
        if (errno == 0) {
            done += rest;
            return rest;
        }
        // the count is left as it was by errors of the whole call
        int passed = outcome.count() >= rest || outcome.count() < 0 ? 0 : outcome.count();
        done += passed;
        if (errno == Errno.ENOENT && command == BpfCommand.MAP_DELETE_BATCH) {
            return passed + 1;
        }
        if (passed == 0 && map.handle().batches().refuses(command, errno, map.flags())) {
            return flushSingle(from);
        }
        throw stopped(errno);
    }

    private BatchCall.Outcome issue(int from, int rest) {
        long at = memory.address();
        int fd = map.handle().descriptor().acquire();
        try {
            return map.bpf()
                    .mapBatch(
                            command,
                            new BatchCall(
                                    fd,
                                    0,
                                    0,
                                    at + keyOffset(from),
                                    valueSize == 0 ? 0 : at + valueOffset(from),
                                    rest,
                                    command == BpfCommand.MAP_UPDATE_BATCH ? map.flags() : 0));
        } finally {
            map.handle().descriptor().release();
        }
    }

    private int flushSingle(int index) {
        long key = memory.address() + keyOffset(index);
        if (command == BpfCommand.MAP_DELETE_BATCH) {
            done += map.deleteAt(key) ? 1 : 0;
            return 1;
        }
        long result = map.storeAt(key, memory.address() + valueOffset(index), UpdateFlag.ANY);
        if (result < 0) {
            throw stopped((int) -result);
        }
        done++;
        return 1;
    }

    private BpfException stopped(int errno) {
        BpfCommand element =
                command == BpfCommand.MAP_UPDATE_BATCH
                        ? BpfCommand.MAP_UPDATE_ELEM
                        : BpfCommand.MAP_DELETE_ELEM;
        BpfException cause = map.failure(element, errno);
        if (done == 0) {
            return cause;
        }
        return new BpfException(
                cause.getMessage() + "; " + done + " elements were dealt with before it",
                command.kernelName(),
                errno);
    }

    private long keyOffset(int index) {
        return (long) index * keySize;
    }

    private long valueOffset(int index) {
        return valuesOffset + (long) index * valueSize;
    }
}
