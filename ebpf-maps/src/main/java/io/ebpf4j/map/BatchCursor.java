// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.sys.BatchCall;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.Objects;

/**
 * Walks over the elements of a map in batches, each read by one system call (Linux 5.6; where
 * kernel or type cannot, by two calls for each element).
 *
 * <p>
 *
 * {@snippet :
 * BatchCursor<Integer, Long> batches = counts.lookupBatch(1000);
 * while (batches.next()) {
 *     for (int i = 0; i < batches.count(); i++) {
 *         System.out.println(batches.key(i) + " " + batches.value(i));
 *     }
 * }
 * }
 *
 * <p>What is missed or comes twice while others change the map is said at {@link
 * BpfMap#iterator()}. Instances are for use by one thread at a time.
 *
 * @param <K> type of keys
 * @param <V> type of values
 */
public final class BatchCursor<K, V> {
    private static final int TARGET_BYTES = 1 << 16;
    private static final int MOST = 4096;

    /** What a hash map may hold more than its most entries: a few for each CPU. */
    private static final int SPARE = 1024;

    private final BpfMap<K, V> map;
    private final BpfCommand command;
    private final Operations operations;
    private final Codec<K> keys;
    private final Codec<V> values;
    private final int keySize;
    private final int valueSize;
    private final long most;
    private final long keysOffset;

    /** Where a batch begins behind a key, that key must be there: what is emptied always begins. */
    private final boolean removesItsPlace;

    private MemorySegment memory;
    private long address;
    private long valuesOffset;
    private int capacity;
    private int count;
    private long handedOut;
    private long setbacks;
    private boolean begun;
    private boolean ended;
    private final boolean eager;
    private ElementCursor single;

    private BatchCursor(BpfMap<K, V> map, BpfCommand command, int capacity, boolean eager) {
        this.map = map;
        this.command = command;
        this.operations = map.operations();
        this.eager = eager;
        this.removesItsPlace =
                command == BpfCommand.MAP_LOOKUP_AND_DELETE_BATCH
                        && operations.order() == Operations.Order.KEYS;
        this.keys = map.keys();
        this.values = map.values();
        this.keySize = keys.size();
        this.valueSize = values.size();
        this.most = map.handle().shape().mostElements();
        this.keysOffset = Scratch.align(Math.max(keySize, Long.BYTES));
        reserve((int) Math.max(1, Math.min(capacity, most + 1)));
    }

    /** Walks over a map in batches of so many elements. */
    static <K, V> BatchCursor<K, V> of(BpfMap<K, V> map, int size) {
        return new BatchCursor<>(map, BpfCommand.MAP_LOOKUP_BATCH, checked(size), true);
    }

    /** Empties a map in batches of so many elements. */
    static <K, V> BatchCursor<K, V> draining(BpfMap<K, V> map, int size) {
        return new BatchCursor<>(map, BpfCommand.MAP_LOOKUP_AND_DELETE_BATCH, checked(size), true);
    }

    /**
     * Walks over a map for an iterator: by batches of the size that is cheapest, or else element by
     * element, not ahead of the caller.
     */
    static <K, V> BatchCursor<K, V> iterating(BpfMap<K, V> map) {
        return new BatchCursor<>(map, BpfCommand.MAP_LOOKUP_BATCH, cheapest(map), false);
    }

    /** Returns how many elements a batch best has. */
    static int cheapest(BpfMap<?, ?> map) {
        int bytes = Math.max(1, map.keys().size() + map.values().size());
        return Math.clamp(TARGET_BYTES / bytes, 16, MOST);
    }

    private static int checked(int size) {
        if (size < 1) {
            throw new IllegalArgumentException("a batch of " + size + " elements");
        }
        return size;
    }

    private void reserve(int elements) {
        MemorySegment before = memory;
        long values = keysOffset + Scratch.align((long) elements * keySize);
        memory = Arena.ofAuto().allocate(values + (long) elements * valueSize, Long.BYTES);
        address = memory.address();
        valuesOffset = values;
        capacity = elements;
        if (before != null) {
            MemorySegment.copy(before, 0, memory, 0, keysOffset);
        }
    }

    /**
     * Reads the next batch, in place of the one before.
     *
     * @return false after the last; else there is at least one element. A batch may have fewer
     *     elements than was asked for, and more are read where a bucket of a hash map has more,
     *     since the kernel hands out whole buckets
     * @throws BpfException if the kernel refuses
     * @throws IllegalStateException if the map is closed
     */
    public boolean next() {
        count = 0;
        while (!ended && count == 0) {
            if (single != null) {
                readSingly();
            } else if (map.handle().batches().mayHave(command)) {
                readBatch();
            } else {
                single = new ElementCursor(map);
            }
        }
        return count > 0;
    }

    private void readBatch() {
        BatchCall.Outcome outcome = issue();
        int errno = (int) -outcome.result();
        switch (errno) {
            case 0 -> {
                accept(outcome.count());
                ended |= outcome.count() == 0;
            }
            case Errno.ENOENT -> {
                accept(outcome.count());
                ended |= !removesItsPlace || outcome.count() == 0;
            }
            case Errno.ENOSPC -> grow();
            // keys that vanish while they are read, or a table that is resized meanwhile
            case Errno.EINTR, Errno.EAGAIN -> {
                accept(Math.min(outcome.count(), capacity));
                ended |= ++setbacks > most;
            }
            default -> {
                if (begun || !map.handle().batches().refuses(command, errno, map.flags())) {
                    throw map.failure(command, errno);
                }
                single = new ElementCursor(map);
            }
        }
    }

    private BatchCall.Outcome issue() {
        long at = address;
        int fd = map.handle().descriptor().acquire();
        try {
            return map.bpf()
                    .mapBatch(
                            command,
                            new BatchCall(
                                    fd,
                                    begun && !removesItsPlace ? at : 0,
                                    at,
                                    at + keysOffset,
                                    at + valuesOffset,
                                    capacity,
                                    map.flags()));
        } finally {
            map.handle().descriptor().release();
        }
    }

    /** Takes what was read; a walk by keys may have begun again, and is bounded. */
    private void accept(int read) {
        count = read;
        begun |= read > 0;
        if (operations.order() != Operations.Order.BUCKETS) {
            count = (int) Math.min(read, most - handedOut);
            ended |= handedOut + count >= most;
        }
        handedOut += count;
    }

    /** Makes room for the bucket that did not fit. */
    private void grow() {
        if (capacity >= most + SPARE) {
            throw map.failure(command, Errno.ENOSPC);
        }
        reserve((int) Math.min(2L * capacity, most + SPARE));
    }

    private void readSingly() {
        int wanted = eager ? capacity : 1;
        boolean drain = command == BpfCommand.MAP_LOOKUP_AND_DELETE_BATCH;
        while (count < wanted && single.advance(true)) {
            long key = keysOffset + (long) count * keySize;
            MemorySegment read = single.memory();
            MemorySegment.copy(read, single.keyOffset(), memory, key, keySize);
            MemorySegment.copy(
                    read,
                    single.valueOffset(),
                    memory,
                    valuesOffset + (long) count * valueSize,
                    valueSize);
            // what somebody else has removed is theirs
            if (!drain || map.deleteAt(address + key)) {
                count++;
            }
        }
        ended = count < wanted;
    }

    /**
     * Returns how many elements the batch has.
     *
     * @return 0 before the first {@link #next} and after the last
     */
    public int count() {
        return count;
    }

    /**
     * Decodes a key of the batch.
     *
     * @param index 0 to {@link #count} - 1
     * @return the key
     * @throws IndexOutOfBoundsException if there is no such element
     * @throws BpfException if the bytes are no value of the type
     */
    public K key(int index) {
        Objects.checkIndex(index, count);
        try {
            return keys.decode(Memory.ALL, address + keysOffset + (long) index * keySize);
        } finally {
            Reference.reachabilityFence(memory);
        }
    }

    /**
     * Decodes a value of the batch.
     *
     * @param index 0 to {@link #count} - 1
     * @return the value it had when the batch was read
     * @throws IndexOutOfBoundsException if there is no such element
     * @throws BpfException if the bytes are no value of the type
     */
    public V value(int index) {
        Objects.checkIndex(index, count);
        try {
            return values.decode(Memory.ALL, address + valuesOffset + (long) index * valueSize);
        } finally {
            Reference.reachabilityFence(memory);
        }
    }

    /**
     * Returns the keys' bytes in place.
     *
     * @return the keys of the batch, each {@link MapHandle#keySize} bytes, one behind the other
     *     without padding; overwritten by {@link #next}
     */
    public MemorySegment keyBytes() {
        return memory.asSlice(keysOffset, (long) count * keySize).asReadOnly();
    }

    /**
     * Returns the values' bytes in place.
     *
     * @return the values of the batch, each {@link MapHandle#valueSize} bytes, one behind the other
     *     without padding; of per-CPU maps one for each possible CPU, each rounded up to 8 bytes.
     *     Overwritten by {@link #next}
     */
    public MemorySegment valueBytes() {
        return memory.asSlice(valuesOffset, (long) count * valueSize).asReadOnly();
    }
}
