// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;
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
 * <p>A reader on the producers' heels costs them more than their records do: each look at the
 * positions takes the cache line from them, and one that commits the record at the consumer
 * position sends a wake-up (bpf_ringbuf_commit). So while records come in a stream, a reader that
 * caught up lets the producers get ahead for {@value #PAUSE_NANOS} ns, looks for the next record
 * for a few of these pauses before it waits, and gives the last record back only then.
 *
 * @param <T> what records are decoded to
 */
final class Ring<T> extends Source<T> {
    /** Most records between two stores of the consumer position. */
    static final int BATCH = 64;

    static final int BUSY = 1 << 31;
    static final int DISCARD = 1 << 30;
    static final int HEADER = 8;

    /** How long the producers of a stream may get ahead. */
    static final long PAUSE_NANOS = 2_500;

    /** How often the next record of a stream is looked for before waiting. */
    private static final int LOOKS = 4;

    private final String name;
    private final long consumer;
    private final long producer;
    private final long data;
    private final long mask;
    private final RecordDecoder<T> decoder;
    private final MemorySegment window;
    private final RingMapping mapping;

    /** Up to where records were handed out; written by the reader, read by any thread. */
    private final AtomicLong position;

    /** Records since the last wait; {@link #BATCH} of them are a stream. */
    private int streak;

    /** Whether the last drain of a stream was a short one. */
    private boolean caughtUp;

    /**
     * Creates a reader that goes on where the last one stopped.
     *
     * @param name the map, for messages
     * @param mapping where the memory is
     * @param window the data, twice in a row, as raw consumers see it
     * @param decoder decodes records
     */
    Ring(String name, RingMapping mapping, MemorySegment window, RecordDecoder<T> decoder) {
        this.name = name;
        this.mapping = mapping;
        this.consumer = mapping.consumer();
        this.producer = mapping.producer();
        this.data = mapping.data();
        this.mask = mapping.size() - 1;
        this.window = window;
        this.decoder = decoder;
        this.position = new AtomicLong(mapping.consumerPosition());
    }

    /** The records of a batch: the bytes from one position to another, with their headers. */
    record Extent(long begin, long end, int records, int discarded, long bytes) {}

    /** Returns the bytes of a record with its header, rounded up. */
    static int extent(int length) {
        return length + HEADER + 7 & -8;
    }

    static int length(int header) {
        return header & ~(BUSY | DISCARD);
    }

    @Override
    int drain(int most, Consumer<? super T> typed, EventReader.RawConsumer raw) {
        // fields would be read again after each acquire
        MemorySegment memory = this.window;
        long start = this.data;
        long at = position.getPlain();
        long produced = (long) Memory.LONG.getAcquire(Memory.ALL, producer) - at;
        if (produced > mask + 1) {
            throw overfull(at, produced);
        }
        // the data are there twice in a row, so what was produced lies in a row
        long place = start + (at & mask);
        long end = place + produced;
        int handed = 0;
        int room;
        int passed;
        do {
            room = Math.min(BATCH, most - handed);
            passed = 0;
            int discarded = 0;
            long bytes = 0;
            long begin = place;
            int last = 0;
            int streakBefore = streak;
            try {
                while (passed < room && place < end && !stopped()) {
                    int header = (int) Memory.INT.getAcquire(Memory.ALL, place);
                    if (header < 0) { // BUSY
                        break;
                    }
                    boolean discard = header >= DISCARD;
                    int length = discard ? header - DISCARD : header;
                    int extent = extent(length);
                    long next = place + extent;
                    if (next > end) {
                        throw torn(at + place - begin, length, at + end - begin);
                    }
                    long offset = place - start + HEADER;
                    // before the consumer runs: a record counts as consumed even if it throws
                    last = extent;
                    place = next;
                    passed++;
                    if (discard) {
                        discarded++;
                    } else {
                        bytes += length;
                        if (typed != null) {
                            typed.accept(decoder.decode(start + offset, length));
                        } else {
                            raw.accept(memory, offset, length);
                        }
                    }
                }
            } finally {
                handed += passed - discarded;
                if (passed != 0) {
                    at += place - begin;
                    streak = Math.min(BATCH, streakBefore + passed);
                    giveBack(streak < BATCH ? at : inStream(at, last));
                    count(at, passed - discarded, bytes, discarded);
                }
                caughtUp = handed < BATCH && handed < most;
            }
        } while (passed == room && handed < most);
        return handed;
    }

    /** Leaves the last record out, unless producers would miss its room. */
    private long inStream(long at, int last) {
        return last > mask >>> 4 ? at : at - last;
    }

    /** Gives the room before a position back to the producers. */
    private void giveBack(long to) {
        Memory.LONG.setRelease(Memory.ALL, consumer, to);
    }

    /** Counts what was read up to a position. */
    private void count(long to, int records, long bytes, int discarded) {
        position.setRelease(to);
        tally.read(records, bytes, discarded);
    }

    /**
     * Finds the complete records that are next, without taking them.
     *
     * @param most most records
     */
    Extent extentOf(int most) {
        long end = (long) Memory.LONG.getAcquire(Memory.ALL, producer);
        long begin = position.getPlain();
        long at = begin;
        int records = 0;
        int discarded = 0;
        long bytes = 0;
        while (at < end && records < most && !stopped()) {
            int header = (int) Memory.INT.getAcquire(Memory.ALL, data + (at & mask));
            if (header < 0) { // BUSY
                break;
            }
            int length = length(header);
            if (at + extent(length) > end) {
                throw torn(at, length, end);
            }
            at += extent(length);
            if (header == length) {
                records++;
                bytes += length;
            } else {
                discarded++;
            }
        }
        return new Extent(begin, at, records, discarded, bytes);
    }

    /** Gives back what {@link #extentOf} found last. */
    void release(Extent found) {
        if (found.end() != found.begin()) {
            giveBack(found.end());
            count(found.end(), found.records(), found.bytes(), found.discarded());
        }
    }

    /**
     * Says whether {@link #drain} would find a complete record; in a stream, looks for a while. The
     * fence keeps the store of the consumer position before the loads. Without it both sides could
     * miss the other's step: a producer that commits a record sends no wake-up when it does not see
     * that the consumer has caught up (bpf_ringbuf_commit).
     */
    @Override
    boolean ready() {
        if (streak == BATCH) {
            if (follows()) {
                return true;
            }
            streak = 0;
        }
        settle();
        VarHandle.fullFence();
        return complete();
    }

    private boolean follows() {
        for (int look = 0; look < LOOKS && !stopped(); look++) {
            pause();
            if (complete()) {
                return true;
            }
        }
        return false;
    }

    private static void pause() {
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < PAUSE_NANOS) {
            Thread.onSpinWait();
        }
    }

    @Override
    boolean pace() {
        boolean due = caughtUp && streak == BATCH;
        if (due) {
            pause();
        }
        return due;
    }

    private boolean complete() {
        long at = position.getPlain();
        return at < (long) Memory.LONG.getAcquire(Memory.ALL, producer)
                && (int) Memory.INT.getAcquire(Memory.ALL, data + (at & mask)) >= 0;
    }

    @Override
    void settle() {
        giveBack(position.getPlain());
    }

    @Override
    long available() {
        return mapping.behind(position.getAcquire());
    }

    private BpfException overfull(long at, long produced) {
        return new BpfException(
                "ring buffer "
                        + name
                        + " is corrupt: the producer's position is "
                        + produced
                        + " bytes past position "
                        + at
                        + ", but it has "
                        + (mask + 1));
    }

    private BpfException torn(long at, int length, long end) {
        return torn(name, at, length, end);
    }

    /** Reports a record that cannot be. */
    static BpfException torn(String name, long at, int length, long end) {
        return new BpfException(
                "ring buffer "
                        + name
                        + " is corrupt: a record of "
                        + length
                        + " bytes at position "
                        + at
                        + " reaches past the producer's position "
                        + end);
    }
}
