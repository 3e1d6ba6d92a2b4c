// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * Records of a {@link RingBuffer} that stay where they are until the batch is closed. Then their
 * memory goes back to the programs, and each access to one of their segments throws {@link
 * IllegalStateException}.
 *
 * <p>A batch and its segments are for the thread that took it; another one gets a {@link
 * WrongThreadException}. A reader that is closed meanwhile keeps its memory until the batch is
 * closed.
 *
 * <pre>{@code
 * try (RecordBatch batch = events.lease(Duration.ofSeconds(1), 1000)) {
 *     for (MemorySegment record : batch) {
 *         sum += record.get(ValueLayout.JAVA_LONG, 0);
 *     }
 * }
 * }</pre>
 */
public final class RecordBatch implements Iterable<MemorySegment>, AutoCloseable {
    private final Turn reader;
    private final Ring<?> ring;
    private final Ring.Extent extent;
    private final Arena arena;
    private final MemorySegment window;
    private final long mask;
    private boolean closed;

    RecordBatch(
            Turn reader,
            Ring<?> ring,
            Ring.Extent extent,
            Arena arena,
            MemorySegment window,
            long size) {
        this.reader = reader;
        this.ring = ring;
        this.extent = extent;
        this.arena = arena;
        this.window = window;
        this.mask = size - 1;
    }

    /** Returns a batch without records, which holds nothing. */
    static RecordBatch empty() {
        Ring.Extent nothing = new Ring.Extent(0, 0, 0, 0, 0);
        return new RecordBatch(null, null, nothing, Arena.ofConfined(), MemorySegment.NULL, 1);
    }

    /**
     * Returns how many records there are.
     *
     * @return number of records, 0 if none came in time
     */
    public int size() {
        return extent.records();
    }

    /**
     * Returns how long the records are.
     *
     * @return bytes of all records, without headers
     */
    public long bytes() {
        return extent.bytes();
    }

    /**
     * Hands out the records, without allocating.
     *
     * @param consumer takes each record, whose bytes stay valid until the batch is closed
     * @throws IllegalStateException if the batch is closed
     * @throws WrongThreadException if another thread took it
     */
    public void forEachRaw(EventReader.RawConsumer consumer) {
        long at = nextRecord(extent.begin());
        while (at < extent.end()) {
            int length = header(at);
            consumer.accept(window, (at & mask) + Ring.HEADER, length);
            at = nextRecord(at + Ring.extent(length));
        }
    }

    /**
     * Iterates over the records, each a read-only segment of its length. Its calls throw {@link
     * IllegalStateException} once the batch is closed.
     *
     * @return an iterator
     */
    @Override
    public Iterator<MemorySegment> iterator() {
        return new Records();
    }

    private final class Records implements Iterator<MemorySegment> {
        private long at = nextRecord(extent.begin());

        @Override
        public boolean hasNext() {
            return at < extent.end();
        }

        @Override
        public MemorySegment next() {
            if (!hasNext()) {
                throw new NoSuchElementException("the batch has no more records");
            }
            int length = header(at);
            MemorySegment record = window.asSlice((at & mask) + Ring.HEADER, length);
            at = nextRecord(at + Ring.extent(length));
            return record;
        }
    }

    /** Passes over discarded records. */
    private long nextRecord(long from) {
        long at = from;
        while (at < extent.end()) {
            int header = header(at);
            if ((header & Ring.DISCARD) == 0) {
                break;
            }
            at += Ring.extent(Ring.length(header));
        }
        return at;
    }

    /** Through the segment, whose access ends with the batch; the record is complete already. */
    private int header(long at) {
        return window.get(ValueLayout.JAVA_INT, at & mask);
    }

    /**
     * Gives the records back and ends the access to their segments. Further calls do nothing.
     *
     * @throws WrongThreadException if another thread took the batch
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        arena.close();
        closed = true;
        if (ring != null) {
            try {
                ring.release(extent);
            } finally {
                reader.leave();
            }
        }
    }
}
