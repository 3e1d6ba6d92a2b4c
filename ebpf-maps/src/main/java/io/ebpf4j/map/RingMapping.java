// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.sys.Failure;
import io.ebpf4j.sys.NativeSystemCalls;
import io.ebpf4j.sys.SystemCalls;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The pages of a ring buffer in memory: the consumer's, the producer's and the data twice. Writable
 * is the consumer's page, or, where programs are the consumers, all but that.
 */
final class RingMapping implements AutoCloseable {
    private static final int READ_WRITE = Memory.PROT_READ | Memory.PROT_WRITE;

    private final SystemCalls calls;
    private final long consumer;
    private final long producer;
    private final long page;
    private final long size;
    private final Arena arena;
    private final MemorySegment consumerPage;
    private final MemorySegment producerPage;

    /** Describes memory that is mapped: the data follow {@code page} bytes behind the producer. */
    RingMapping(SystemCalls calls, long consumer, long producer, long page, long size) {
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
     * Maps a ring buffer that programs write.
     *
     * @param calls the system calls
     * @param fd the map
     * @param name its name, for messages
     * @param size bytes of its data
     * @return the mapping; nothing is left mapped on failure
     */
    static RingMapping map(SystemCalls calls, int fd, String name, long size) {
        return map(calls, fd, "ring buffer " + name, size, READ_WRITE, Memory.PROT_READ);
    }

    /**
     * Maps a ring buffer that programs read.
     *
     * @param calls the system calls
     * @param fd the map
     * @param name its name, for messages
     * @param size bytes of its data
     * @return the mapping; nothing is left mapped on failure
     */
    static RingMapping mapWritable(SystemCalls calls, int fd, String name, long size) {
        return map(calls, fd, "user ring buffer " + name, size, Memory.PROT_READ, READ_WRITE);
    }

    private static RingMapping map(
            SystemCalls calls, int fd, String what, long size, int ofConsumer, int ofProducer) {
        long page = Memory.pageSize();
        long consumer = calls.mmap(0, page, ofConsumer, Memory.MAP_SHARED, fd, 0);
        if (consumer < 0) {
            throw Failure.of("mmap", (int) -consumer, "cannot map the consumer page of " + what);
        }
        long producer = calls.mmap(0, page + 2 * size, ofProducer, Memory.MAP_SHARED, fd, page);
        if (producer < 0) {
            calls.munmap(consumer, page);
            throw Failure.of("mmap", (int) -producer, "cannot map the data of " + what);
        }
        return new RingMapping(calls, consumer, producer, page, size);
    }

    /** Returns a reader of the records. */
    <T> Ring<T> reader(String name, RecordDecoder<T> decoder) {
        return new Ring<>(name, this, window(arena), decoder);
    }

    /** Returns a reader of the records of a ring buffer in overwrite mode. */
    <T> OverwriteRing<T> overwriteReader(String name, RecordDecoder<T> decoder) {
        return new OverwriteRing<>(name, this, decoder);
    }

    /** Returns records to be held for a time. */
    RecordBatch batch(Turn reader, Ring<?> ring, Ring.Extent extent) {
        Arena held = Arena.ofConfined();
        return new RecordBatch(reader, ring, extent, held, window(held), size);
    }

    /** Returns the data, twice in a row, to be written. */
    MemorySegment writable() {
        return slice(data(), 2 * size, arena);
    }

    /** Returns writable memory at an address of the data. */
    static MemorySegment slice(long address, long bytes, Arena whileOpen) {
        return NativeSystemCalls.segment(address, bytes, whileOpen, null);
    }

    private MemorySegment window(Arena whileOpen) {
        return slice(data(), 2 * size, whileOpen).asReadOnly();
    }

    /** Returns the address of the consumer position. */
    long consumer() {
        return consumer;
    }

    /** Returns the address of the producer position; two more positions follow. */
    long producer() {
        return producer;
    }

    /** Returns the address of the data, which is there twice in a row. */
    long data() {
        return producer + page;
    }

    /** Returns the bytes of the data, a power of 2. */
    long size() {
        return size;
    }

    /** Returns the bytes between consumer and producer; 0 once closed. From any thread. */
    long available() {
        return behind(consumerPosition());
    }

    /** Returns the bytes from a position to the producer's; 0 once closed. From any thread. */
    long behind(long position) {
        return Math.max(0, producerPosition() - position);
    }

    /** Returns how far the producers are; 0 once closed. From any thread. */
    long producerPosition() {
        return load(producerPage, 0);
    }

    /** Returns how far the consumer is; 0 once closed. From any thread. */
    long consumerPosition() {
        return load(consumerPage, 0);
    }

    /** Returns how far the oldest records were overwritten; 0 once closed. From any thread. */
    long overwritePosition() {
        return load(producerPage, OverwriteRing.OVERWRITE_POSITION);
    }

    private static long load(MemorySegment page, long offset) {
        try {
            return (long) Memory.LONG.getAcquire(page, offset);
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
