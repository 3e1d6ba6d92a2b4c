// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Fills a ring by the kernel's protocol (kernel/bpf/ringbuf.c) in memory that is mapped once: the
 * second copy of the data is kept by writing every byte twice before the header is committed.
 */
final class Producer {
    private static final int BUSY = 1 << 31;
    private static final int DISCARD = 1 << 30;
    private static final int HEADER = 8;
    private static final int PAGE = 64;

    private final MemorySegment consumer;
    private final MemorySegment producer;
    private final MemorySegment data;
    private final int size;

    Producer(Arena arena, int size) {
        this.size = size;
        this.consumer = arena.allocate(64, 64);
        MemorySegment shared = arena.allocate(PAGE + 2L * size, 64);
        this.producer = shared.asSlice(0, PAGE);
        this.data = shared.asSlice(PAGE);
    }

    <T> Ring<T> reader(RecordDecoder<T> decoder) {
        return mapping().reader("events", decoder);
    }

    RingMapping mapping() {
        return new RingMapping(null, consumer.address(), producer.address(), PAGE, size);
    }

    long position() {
        return (long) Memory.LONG.getAcquire(producer, 0L);
    }

    long consumed() {
        return (long) Memory.LONG.getAcquire(consumer, 0L);
    }

    void submit(int... bytes) {
        byte[] record = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            record[i] = (byte) bytes[i];
        }
        submit(record);
    }

    void submit(byte[] record) {
        long at = reserve(record.length);
        for (int i = 0; i < record.length; i++) {
            put(at + HEADER + i, record[i]);
        }
        commit(at);
    }

    /** Returns the position of a new busy record. */
    long reserve(int length) {
        long at = tryReserve(length);
        if (at < 0) {
            throw new IllegalStateException("full");
        }
        return at;
    }

    /** Returns the position of a new busy record, or -1 when the ring is full. */
    long tryReserve(int length) {
        long at = position();
        long next = at + (length + HEADER + 7L & -8L);
        if (next - consumed() > size - 1) {
            return -1;
        }
        header(at, length | BUSY);
        Memory.LONG.setRelease(producer, 0L, next);
        return at;
    }

    void fill(long at, long sequence, long checksum, int filler) {
        putLong(at + HEADER, sequence);
        putLong(at + HEADER + 8, checksum);
        putLong(at + HEADER + 16, filler);
    }

    void commit(long at) {
        header(at, (int) Memory.INT.get(data, at & size - 1) & ~BUSY);
    }

    void discard(long at) {
        header(at, (int) Memory.INT.get(data, at & size - 1) & ~BUSY | DISCARD);
    }

    void corruptLength(long at, int length) {
        header(at, length);
    }

    void corruptPosition(long position) {
        Memory.LONG.setRelease(producer, 0L, position);
    }

    private void header(long at, int value) {
        long offset = at & size - 1;
        Memory.INT.setRelease(data, offset + size, value);
        Memory.INT.setRelease(data, offset, value);
    }

    private void put(long at, byte value) {
        long offset = at & size - 1;
        data.set(ValueLayout.JAVA_BYTE, offset, value);
        data.set(ValueLayout.JAVA_BYTE, offset + size, value);
    }

    private void putLong(long at, long value) {
        long offset = at & size - 1;
        data.set(ValueLayout.JAVA_LONG, offset, value);
        data.set(ValueLayout.JAVA_LONG, offset + size, value);
    }
}
