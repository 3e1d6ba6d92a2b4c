// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.function.Consumer;

/**
 * The consumer's side of a ring buffer in shared memory (Documentation/bpf/ringbuf.rst,
 * kernel/bpf/ringbuf.c).
 *
 * <pre>
 *   consumer page      producer page      data               data again
 *   | position | … |   | position | … |   | size bytes     | the same bytes |
 *
 *   0                       4                    8
 *   | length  D B           | page offset        | length bytes, rounded up to 8   |   a record, B = bit 31, D = bit 30
 * </pre>
 *
 * <p>Positions count bytes and never wrap; a position's place is {@code position & (size - 1)}. A
 * producer reserves a record by writing its header with the busy bit and then storing the producer
 * position with release; it commits by exchanging the header for one without the busy bit. So the
 * consumer loads the producer position with acquire, then the header with acquire, then the record.
 * It gives space back by storing the consumer position with release, once for {@value #BATCH}
 * records: the kernel reads it when it reserves, and each store costs both sides a cache miss.
 *
 * <p>For one thread at a time; {@link #stop} may come from any.
 *
 * @param <T> what records are decoded to
 */
final class Ring<T> {
    /** Most records between two stores of the consumer position. */
    static final int BATCH = 64;

    private static final int BUSY = 1 << 31;
    private static final int DISCARD = 1 << 30;
    private static final int HEADER = 8;

    private final String name;
    private final long consumer;
    private final long producer;
    private final long data;
    private final long mask;
    private final RecordDecoder<T> decoder;
    private final MemorySegment window;
    private long position;
    private volatile boolean stopped;

    /**
     * Creates a reader that goes on where the last one stopped.
     *
     * @param name the map, for messages
     * @param consumer address of the consumer position
     * @param producer address of the producer position
     * @param data address of the data, mapped twice in a row
     * @param size bytes of the data, a power of 2
     * @param window the data, twice in a row, as raw consumers see it
     * @param decoder decodes records
     */
    Ring(
            String name,
            long consumer,
            long producer,
            long data,
            long size,
            MemorySegment window,
            RecordDecoder<T> decoder) {
        this.name = name;
        this.consumer = consumer;
        this.producer = producer;
        this.data = data;
        this.mask = size - 1;
        this.window = window;
        this.decoder = decoder;
        this.position = (long) Memory.LONG.getAcquire(Memory.ALL, consumer);
    }

    /**
     * Hands out the records that are complete, up to the first that is not; those that are reserved
     * after the call began are left for the next call, so that a fast producer cannot hold the
     * caller forever.
     *
     * @param most most records to hand out
     * @param typed what takes decoded records, or null
     * @param raw what takes records as they are, if {@code typed} is null
     * @return how many were handed out
     */
    int drain(int most, Consumer<? super T> typed, RingBuffer.RawConsumer raw) {
        long end = (long) Memory.LONG.getAcquire(Memory.ALL, producer);
        long published = position;
        int handed = 0;
        int unpublished = 0;
        try {
            while (position < end && handed < most && !stopped) {
                long at = position & mask;
                int header = (int) Memory.INT.getAcquire(Memory.ALL, data + at);
                if ((header & BUSY) != 0) {
                    break;
                }
                int length = header & ~(BUSY | DISCARD);
                long next = position + (length + HEADER + 7L & -8L);
                if (next > end) {
                    throw torn(length, end);
                }
                // before the consumer runs: a record counts as consumed even if its consumer throws
                position = next;
                if ((header & DISCARD) == 0) {
                    handed++;
                    if (typed != null) {
                        typed.accept(decoder.decode(data + at + HEADER, length));
                    } else {
                        raw.accept(window, at + HEADER, length);
                    }
                }
                if (++unpublished == BATCH) {
                    Memory.LONG.setRelease(Memory.ALL, consumer, position);
                    published = position;
                    unpublished = 0;
                }
            }
        } finally {
            if (position != published) {
                Memory.LONG.setRelease(Memory.ALL, consumer, position);
            }
        }
        return handed;
    }

    /**
     * Says whether {@link #drain} would find a complete record. To be asked before waiting: the
     * fence keeps the store of the consumer position before the loads. Without it both sides could
     * miss the other's step: a producer that commits a record sends no wake-up when it does not see
     * that the consumer has caught up (bpf_ringbuf_commit).
     */
    boolean ready() {
        VarHandle.fullFence();
        long end = (long) Memory.LONG.getAcquire(Memory.ALL, producer);
        return position < end
                && ((int) Memory.INT.getAcquire(Memory.ALL, data + (position & mask)) & BUSY) == 0;
    }

    /** Ends a drain after the current record. */
    void stop() {
        stopped = true;
    }

    private BpfException torn(int length, long end) {
        return new BpfException(
                "ring buffer "
                        + name
                        + " is corrupt: a record of "
                        + length
                        + " bytes at position "
                        + position
                        + " reaches past the producer's position "
                        + end);
    }
}
