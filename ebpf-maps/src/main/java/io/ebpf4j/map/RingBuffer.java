// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.spec.MapType;
import io.ebpf4j.sys.FileDescriptor;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Reads the records that programs submit to a ring buffer (Linux 5.8), in the order in which they
 * were reserved.
 *
 * <p>Records are read from memory shared with the kernel; a system call is made only to wait. Each
 * record is handed out once. Programs lose records while the buffer is full; only they can count
 * those.
 *
 * <p>One thread reads at a time: a call that meets another one throws {@link
 * IllegalStateException}. {@link #close} may come from any thread and ends a wait. Waiting pins the
 * carrier of a virtual thread; use a platform thread.
 *
 * <pre>{@code
 * try (RingBuffer<Event> events = collection.ringBuffer("events", Event.class)) {
 *     while (events.isOpen()) {
 *         events.poll(Duration.ofSeconds(1), System.out::println);
 *     }
 * }
 * }</pre>
 *
 * @param <T> what records are decoded to
 */
public final class RingBuffer<T> implements Iterable<T>, AutoCloseable {
    /** How long a reader leaves the CPU to the producer of a record that is not committed yet. */
    private static final long UNCOMMITTED_NANOS = 50_000;

    private static final int IDLE = 0;
    private static final int READING = 1;
    private static final int CLOSING = 2;
    private static final int CLOSED = 3;

    private final String name;
    private final MapHandle handle;
    private final FileDescriptor map;
    private final RingMapping mapping;
    private final Waiter waiter;
    private final Ring<T> ring;
    private final long size;
    private final AtomicInteger state = new AtomicInteger(IDLE);

    private RingBuffer(
            MapHandle handle,
            FileDescriptor map,
            RingMapping mapping,
            Waiter waiter,
            Ring<T> ring,
            long size) {
        this.name = handle.name();
        this.handle = handle;
        this.map = map;
        this.mapping = mapping;
        this.waiter = waiter;
        this.ring = ring;
        this.size = size;
    }

    /** Takes a record without copying it. */
    @FunctionalInterface
    public interface RawConsumer {
        /**
         * Takes a record.
         *
         * @param data the ring buffer's memory, read-only; the record's bytes are valid during the
         *     call only
         * @param offset where in {@code data} the record begins, a multiple of 8
         * @param length bytes of the record
         */
        void accept(MemorySegment data, long offset, int length);
    }

    /**
     * Opens the reader of a ring buffer. Reading goes on where the last reader of the map stopped.
     *
     * @param <T> what records are decoded to
     * @param map the ring buffer; may be closed before the reader
     * @param type class of a record, see {@link Codec}; the layout is checked if the map declares a
     *     value type, and else each record must be at least as long as it. {@code byte[]}, {@code
     *     MemorySegment} and {@code String} take whole records of any length
     * @return the reader
     * @throws UnsupportedException if the map is no ring buffer
     * @throws BpfException if the layouts differ, or the kernel refuses; nothing is left open
     * @throws IllegalStateException if another reader of {@code map} is open, or the map is closed;
     *     readers of other handles and other processes are not seen
     */
    public static <T> RingBuffer<T> of(MapHandle map, Class<T> type) {
        return open(map, RecordDecoder.of(ring(map), type));
    }

    /**
     * Opens the reader of a ring buffer with a codec of one's own.
     *
     * @param <T> what records are decoded to
     * @param map the ring buffer; may be closed before the reader
     * @param codec decodes a record, which must be at least as long as the codec's size
     * @return the reader
     * @throws UnsupportedException if the map is no ring buffer
     * @throws BpfException if the kernel refuses; nothing is left open
     * @throws IllegalStateException if another reader of {@code map} is open, or the map is closed;
     *     readers of other handles and other processes are not seen
     */
    public static <T> RingBuffer<T> of(MapHandle map, Codec<T> codec) {
        return open(map, new RecordDecoder.Fixed<>(ring(map).name(), "the codec", codec));
    }

    private static MapShape ring(MapHandle map) {
        if (map.type() != MapType.RINGBUF) {
            throw new UnsupportedException(
                    "map " + map.name() + " of type " + map.type() + " is no ring buffer",
                    "",
                    "open it as a map");
        }
        return map.shape();
    }

    private static <T> RingBuffer<T> open(MapHandle map, RecordDecoder<T> decoder) {
        if (!map.beginReading()) {
            throw new IllegalStateException(
                    "ring buffer "
                            + map.name()
                            + " has an open reader, and two would hand out each other's records;"
                            + " close that one first, or share it");
        }
        try {
            return openOnly(map, decoder);
        } catch (Throwable t) {
            map.endReading();
            throw t;
        }
    }

    private static <T> RingBuffer<T> openOnly(MapHandle map, RecordDecoder<T> decoder) {
        String name = map.name();
        long size = Integer.toUnsignedLong(map.maxEntries());
        FileDescriptor own = map.descriptor().duplicate("ring buffer " + name);
        try {
            Waiter waiter = Waiter.create(map.kernel().calls(), own.fd(), "ring buffer " + name);
            try {
                RingMapping mapping = RingMapping.map(map.kernel().calls(), own.fd(), name, size);
                try {
                    return new RingBuffer<>(
                            map, own, mapping, waiter, mapping.reader(name, decoder), size);
                } catch (Throwable t) {
                    mapping.close();
                    throw t;
                }
            } catch (Throwable t) {
                waiter.close();
                throw t;
            }
        } catch (Throwable t) {
            own.close();
            throw t;
        }
    }

    /**
     * Handles the records that are there; if there are none, waits for the first.
     *
     * @param timeout how long to wait at most, rounded up to milliseconds; zero does not wait
     * @param consumer takes each record; what it throws is passed on, and its record counts as
     *     handled
     * @return how many records were handled; 0 when the time is over, or the reader was or is
     *     closed
     * @throws IllegalArgumentException if the timeout is negative
     * @throws IllegalStateException if another call reads at the same time
     * @throws BpfException if a record is too short for its type, or does not decode; it counts as
     *     handled
     */
    public int poll(Duration timeout, Consumer<? super T> consumer) {
        return poll(timeout, Objects.requireNonNull(consumer, "consumer"), null);
    }

    /**
     * Handles records as {@link #poll(Duration, Consumer)} does, without decoding or copying them.
     *
     * @param timeout how long to wait at most, rounded up to milliseconds; zero does not wait
     * @param consumer takes each record; what it throws is passed on, and its record counts as
     *     handled
     * @return how many records were handled; 0 when the time is over, or the reader was or is
     *     closed
     * @throws IllegalArgumentException if the timeout is negative
     * @throws IllegalStateException if another call reads at the same time
     */
    public int pollRaw(Duration timeout, RawConsumer consumer) {
        return poll(timeout, null, Objects.requireNonNull(consumer, "consumer"));
    }

    /**
     * Handles the records that are there, without waiting.
     *
     * @param consumer takes each record; what it throws is passed on, and its record counts as
     *     handled
     * @return how many records were handled
     * @throws IllegalStateException if another call reads at the same time
     * @throws BpfException if a record is too short for its type, or does not decode; it counts as
     *     handled
     */
    public int consume(Consumer<? super T> consumer) {
        return poll(Duration.ZERO, consumer);
    }

    /**
     * Handles the records that are there, without waiting, decoding or copying.
     *
     * @param consumer takes each record; what it throws is passed on, and its record counts as
     *     handled
     * @return how many records were handled
     * @throws IllegalStateException if another call reads at the same time
     */
    public int consumeRaw(RawConsumer consumer) {
        return pollRaw(Duration.ZERO, consumer);
    }

    private int poll(Duration timeout, Consumer<? super T> typed, RawConsumer raw) {
        if (timeout.isNegative()) {
            throw new IllegalArgumentException("negative timeout " + timeout);
        }
        if (!enter()) {
            return 0;
        }
        try {
            int handled = ring.drain(Integer.MAX_VALUE, typed, raw);
            return handled > 0 || timeout.isZero() ? handled : awaitAndDrain(timeout, typed, raw);
        } finally {
            leave();
        }
    }

    private int awaitAndDrain(Duration timeout, Consumer<? super T> typed, RawConsumer raw) {
        long begin = System.nanoTime();
        long limit = nanos(timeout);
        while (await(begin, limit)) {
            int handled = ring.drain(Integer.MAX_VALUE, typed, raw);
            if (handled > 0) {
                return handled;
            }
        }
        return 0;
    }

    /** Waits until a record may be there; false if the time is over or the reader closed. */
    private boolean await(long begin, long limit) {
        if (state.get() != READING) {
            return false;
        }
        if (ring.ready()) {
            return true;
        }
        long left = limit - (System.nanoTime() - begin);
        if (left <= 0) {
            return false;
        }
        waiter.await((int) Math.min(Integer.MAX_VALUE, (left - 1) / 1_000_000 + 1));
        if (state.get() != READING) {
            return false;
        }
        if (ring.ready()) {
            return true;
        }
        // epoll reports a reserved record as readable; until it is committed there is nothing to
        // read
        LockSupport.parkNanos(UNCOMMITTED_NANOS);
        // when the time is over, what was submitted without a wake-up is still handled
        return ring.ready() || System.nanoTime() - begin < limit;
    }

    private static long nanos(Duration timeout) {
        return timeout.toSeconds() < Long.MAX_VALUE / 2_000_000_000
                ? timeout.toNanos()
                : Long.MAX_VALUE / 2;
    }

    /**
     * Iterates over the records as they come. {@code hasNext} waits for a record, and is false once
     * the reader is closed.
     *
     * @return an iterator, for use by one thread
     */
    @Override
    public Iterator<T> iterator() {
        return new Records();
    }

    /**
     * Returns the records as they come. The stream is unlimited: it waits for each record, and ends
     * once the reader is closed.
     *
     * @return a sequential stream
     */
    public Stream<T> stream() {
        return StreamSupport.stream(
                Spliterators.spliteratorUnknownSize(
                        iterator(), Spliterator.ORDERED | Spliterator.NONNULL),
                false);
    }

    private final class Records implements Iterator<T>, Consumer<T> {
        private static final long FOREVER = Long.MAX_VALUE / 2;

        private T next;

        @Override
        public void accept(T item) {
            next = item;
        }

        @Override
        public boolean hasNext() {
            if (next == null && enter()) {
                try {
                    long begin = System.nanoTime();
                    while (ring.drain(1, this, null) == 0
                            && RingBuffer.this.await(begin, FOREVER)) {
                        // a wake-up is a hint: the record may have been discarded
                    }
                } finally {
                    leave();
                }
            }
            return next != null;
        }

        @Override
        public T next() {
            if (!hasNext()) {
                throw new NoSuchElementException("ring buffer " + name + " is closed");
            }
            T item = next;
            next = null;
            return item;
        }
    }

    /**
     * Returns how much is in the buffer and not yet given back: complete, incomplete and discarded
     * records with their headers.
     *
     * @return bytes, 0 once closed
     */
    public long available() {
        return isOpen() ? mapping.available() : 0;
    }

    /**
     * Returns the size of the buffer.
     *
     * @return bytes
     */
    public long capacity() {
        return size;
    }

    /**
     * Says whether {@link #close} was not yet called.
     *
     * @return true while records can be read
     */
    public boolean isOpen() {
        return state.get() < CLOSING;
    }

    /** Begins to read; false once closed. */
    private boolean enter() {
        int before = state.compareAndExchange(IDLE, READING);
        if (before == READING) {
            throw new IllegalStateException(
                    "ring buffer "
                            + name
                            + " is being read by another thread, or by the consumer that was"
                            + " called; one reads at a time");
        }
        return before == IDLE;
    }

    private void leave() {
        if (!state.compareAndSet(READING, IDLE)) {
            state.set(CLOSED);
            free();
        }
    }

    private void free() {
        try {
            mapping.close();
        } finally {
            waiter.close();
            map.close();
            handle.endReading();
        }
    }

    /**
     * Ends reading. A call that is reading on another thread returns after its current record, and
     * then the memory is given back. Records that were not read stay in the map. Further calls do
     * nothing.
     */
    @Override
    public void close() {
        synchronized (waiter) {
            while (isOpen()) {
                if (state.compareAndSet(IDLE, CLOSED)) {
                    free();
                } else {
                    // before the mark, since a reader that sees the mark frees what is used here
                    ring.stop();
                    waiter.wake();
                    state.compareAndSet(READING, CLOSING);
                }
            }
        }
    }

    /** Names the map and its size. */
    @Override
    public String toString() {
        return "ring buffer " + name + " (" + size + (isOpen() ? " bytes)" : " bytes, closed)");
    }
}
