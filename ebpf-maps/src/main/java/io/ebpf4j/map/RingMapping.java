// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.sys.Failure;
import io.ebpf4j.sys.NativeSystemCalls;
import io.ebpf4j.sys.SystemCalls;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The pages of a ring buffer in memory: the consumer's writable, the producer's and the data twice
 * read-only.
 */
final class RingMapping implements AutoCloseable {
    private final SystemCalls calls;
    private final long consumer;
    private final long producer;
    private final long page;
    private final long size;
    private final Arena arena;
    private final MemorySegment consumerPage;
    private final MemorySegment producerPage;

    private RingMapping(SystemCalls calls, long consumer, long producer, long page, long size) {
        this.calls = calls;
        this.consumer = consumer;
        this.producer = producer;
        this.page = page;
        this.size = size;
        this.arena = Arena.ofShared();
        this.consumerPage = NativeSystemCalls.segment(consumer, page, arena, null);
        this.producerPage = NativeSystemCalls.segment(producer, page, arena, null);
    }

    /**
     * Maps a ring buffer.
     *
     * @param calls the system calls
     * @param fd the map
     * @param name its name, for messages
     * @param size bytes of its data
     * @return the mapping; nothing is left mapped on failure
     */
    static RingMapping map(SystemCalls calls, int fd, String name, long size) {
        long page = Memory.pageSize();
        long consumer =
                calls.mmap(0, page, Memory.PROT_READ | Memory.PROT_WRITE, Memory.MAP_SHARED, fd, 0);
        if (consumer < 0) {
            throw Failure.of(
                    "mmap", (int) -consumer, "cannot map the consumer page of ring buffer " + name);
        }
        long producer =
                calls.mmap(0, page + 2 * size, Memory.PROT_READ, Memory.MAP_SHARED, fd, page);
        if (producer < 0) {
            calls.munmap(consumer, page);
            throw Failure.of("mmap", (int) -producer, "cannot map the data of ring buffer " + name);
        }
        return new RingMapping(calls, consumer, producer, page, size);
    }

    /** Returns a reader of the records. */
    <T> Ring<T> reader(String name, RecordDecoder<T> decoder) {
        long data = producer + page;
        MemorySegment window = NativeSystemCalls.segment(data, 2 * size, arena, null).asReadOnly();
        return new Ring<>(name, consumer, producer, data, size, window, decoder);
    }

    /** Returns the bytes between consumer and producer; 0 once closed. From any thread. */
    long available() {
        try {
            long behind = (long) Memory.LONG.getAcquire(consumerPage, 0L);
            return (long) Memory.LONG.getAcquire(producerPage, 0L) - behind;
        } catch (IllegalStateException closed) {
            return 0;
        }
    }

    /** Ends all access through segments, then unmaps. */
    @Override
    public void close() {
        arena.close();
        calls.munmap(producer, page + 2 * size);
        calls.munmap(consumer, page);
    }
}
