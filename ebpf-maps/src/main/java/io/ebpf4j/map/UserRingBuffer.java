// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.sys.FileDescriptor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sends records to programs, which take them with {@code bpf_user_ringbuf_drain} when they run
 * (Linux 6.1). Sending makes no system call.
 *
 * <p>Any number of threads may send through one instance; two instances or processes for one map
 * would overwrite each other's records. The records that are reserved and not yet submitted or
 * discarded hold back those behind them.
 *
 * <p>Waiting for room pins the carrier of a virtual thread; use a platform thread. A program that
 * drains with {@code BPF_RB_NO_WAKEUP} ends no wait; its room is found when the time is over.
 *
 * @param <T> what records are encoded from
 */
public final class UserRingBuffer<T> implements AutoCloseable {
    private static final int CLOSED = Integer.MIN_VALUE;

    private final MapHandle handle;
    private final FileDescriptor map;
    private final RingMapping mapping;
    private final Waiter waiter;
    private final RecordEncoder<T> encoder;
    private final UserRing ring;
    private final MemorySegment window;
    private final UserRingRoom room;

    /** Records that are reserved, and threads that reserve; the sign bit once closed. */
    private final AtomicInteger uses = new AtomicInteger();

    private UserRingBuffer(
            MapHandle handle,
            FileDescriptor map,
            RingMapping mapping,
            Waiter waiter,
            RecordEncoder<T> encoder) {
        this.handle = handle;
        this.map = map;
        this.mapping = mapping;
        this.waiter = waiter;
        this.encoder = encoder;
        this.ring = new UserRing(mapping);
        this.window = mapping.writable();
        this.room = new UserRingRoom(ring, waiter);
    }

    /** Fills a record in place. */
    @FunctionalInterface
    public interface RawProducer {
        /**
         * Writes a record, which holds rubbish before.
         *
         * @param data memory with the record in it; only the record's bytes may be written, and
         *     only during the call
         * @param offset where in {@code data} the record begins, a multiple of 8
         * @param length bytes of the record
         */
        void fill(MemorySegment data, long offset, int length);
    }

    /**
     * Opens the producer of a user ring buffer.
     *
     * @param <T> what records are encoded from
     * @param map the user ring buffer; may be closed before the producer
     * @param type class of a record, see {@link Codec}; {@code byte[]} makes records of its length
     * @return the producer
     * @throws UnsupportedException if the map is no user ring buffer
     * @throws BpfException if the layouts differ, or the kernel refuses; nothing is left open
     * @throws IllegalStateException if another producer of {@code map} is open, or the map is
     *     closed
     */
    public static <T> UserRingBuffer<T> of(MapHandle map, Class<T> type) {
        return open(map, RecordEncoder.of(ring(map), type));
    }

    /**
     * Opens the producer of a user ring buffer with a codec of one's own.
     *
     * @param <T> what records are encoded from
     * @param map the user ring buffer; may be closed before the producer
     * @param codec encodes records
     * @return the producer
     * @throws UnsupportedException if the map is no user ring buffer
     * @throws BpfException if the kernel refuses; nothing is left open
     * @throws IllegalStateException if another producer of {@code map} is open, or the map is
     *     closed
     */
    public static <T> UserRingBuffer<T> of(MapHandle map, Codec<T> codec) {
        ring(map);
        return open(map, RecordEncoder.of(codec));
    }

    private static MapShape ring(MapHandle map) {
        View.USER_RING_BUFFER.check(map.shape());
        return map.shape();
    }

    private static <T> UserRingBuffer<T> open(MapHandle map, RecordEncoder<T> encoder) {
        if (!map.beginReading()) {
            throw new IllegalStateException(
                    "user ring buffer "
                            + map.name()
                            + " has an open producer, and two would overwrite each other's records;"
                            + " share it, any number of threads may send");
        }
        try {
            return openOnly(map, encoder);
        } catch (Throwable t) {
            map.endReading();
            throw t;
        }
    }

    private static <T> UserRingBuffer<T> openOnly(MapHandle map, RecordEncoder<T> encoder) {
        String what = "user ring buffer " + map.name();
        long size = Integer.toUnsignedLong(map.maxEntries());
        FileDescriptor own = map.descriptor().duplicate(what);
        try {
            Waiter waiter = Waiter.create(map.kernel().calls(), what);
            try {
                waiter.add(own.fd(), Waiter.WRITABLE_ONCE);
                RingMapping mapping =
                        RingMapping.mapWritable(map.kernel().calls(), own.fd(), map.name(), size);
                return new UserRingBuffer<>(map, own, mapping, waiter, encoder);
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
     * Sends a record if there is room.
     *
     * @param value the record
     * @return whether it was sent; false if there is no room, or the producer is closed
     * @throws IllegalArgumentException if it is longer than the buffer takes
     * @throws BpfException if it does not encode; nothing is sent
     */
    public boolean offer(T value) {
        return offer(value, Duration.ZERO);
    }

    /**
     * Sends a record, and waits for room.
     *
     * @param value the record
     * @param timeout how long to wait at most, rounded up to milliseconds
     * @return whether it was sent; false if there was no room, or the producer was or is closed
     * @throws IllegalArgumentException if the timeout is negative, or the record is longer than the
     *     buffer takes
     * @throws BpfException if it does not encode; nothing is sent
     */
    public boolean offer(T value, Duration timeout) {
        int length = encoder.length(value);
        long at = reserved(length, timeout);
        if (at < 0) {
            return false;
        }
        boolean filled = false;
        try {
            encoder.encode(value, ring.address(at));
            filled = true;
        } finally {
            commit(at, length, filled);
        }
        return true;
    }

    /**
     * Sends a record that is written in place, if there is room. Nothing is allocated.
     *
     * @param length bytes of the record
     * @param producer writes it; what it throws is passed on, and nothing is sent then
     * @return whether it was sent; false if there is no room, or the producer is closed
     * @throws IllegalArgumentException if it is longer than the buffer takes
     */
    public boolean offerRaw(int length, RawProducer producer) {
        return offerRaw(length, Duration.ZERO, producer);
    }

    /**
     * Sends a record that is written in place, and waits for room. Nothing is allocated.
     *
     * @param length bytes of the record
     * @param timeout how long to wait at most, rounded up to milliseconds
     * @param producer writes it; what it throws is passed on, and nothing is sent then
     * @return whether it was sent; false if there was no room, or the producer was or is closed
     * @throws IllegalArgumentException if the timeout is negative, or the record is longer than the
     *     buffer takes
     */
    public boolean offerRaw(int length, Duration timeout, RawProducer producer) {
        long at = reserved(length, timeout);
        if (at < 0) {
            return false;
        }
        boolean filled = false;
        try {
            producer.fill(window, ring.offset(at) + Ring.HEADER, length);
            filled = true;
        } finally {
            commit(at, length, filled);
        }
        return true;
    }

    /**
     * Reserves a record if there is room.
     *
     * @param length bytes of the record
     * @return the record, for the calling thread; null if there is no room, or the producer is
     *     closed
     * @throws IllegalArgumentException if it is longer than the buffer takes
     */
    public Reservation reserve(int length) {
        return reserve(length, Duration.ZERO);
    }

    /**
     * Reserves a record, and waits for room.
     *
     * @param length bytes of the record
     * @param timeout how long to wait at most, rounded up to milliseconds
     * @return the record, for the calling thread; null if there was no room, or the producer was or
     *     is closed
     * @throws IllegalArgumentException if the timeout is negative, or the record is longer than the
     *     buffer takes
     */
    public Reservation reserve(int length, Duration timeout) {
        long at = reserved(length, timeout);
        return at < 0 ? null : new Reservation(this, at, length);
    }

    /**
     * A record that programs do not see yet. It is for the thread that reserved it; another one
     * gets a {@link WrongThreadException}.
     *
     * <pre>{@code
     * try (UserRingBuffer.Reservation record = commands.reserve(16, Duration.ofSeconds(1))) {
     *     if (record != null) {
     *         record.data().set(ValueLayout.JAVA_LONG, 0, 42);
     *         record.submit();
     *     }
     * }
     * }</pre>
     */
    public static final class Reservation implements AutoCloseable {
        private final UserRingBuffer<?> owner;
        private final Arena arena = Arena.ofConfined();
        private final MemorySegment data;
        private final long position;
        private boolean done;

        private Reservation(UserRingBuffer<?> owner, long position, int length) {
            this.owner = owner;
            this.position = position;
            this.data = RingMapping.slice(owner.ring.address(position), length, arena);
        }

        /**
         * Returns the record's bytes, which hold rubbish until they are written. After {@link
         * #submit} or {@link #discard} each access throws {@link IllegalStateException}.
         *
         * @return writable memory, aligned to 8 bytes
         */
        public MemorySegment data() {
            return data;
        }

        /**
         * Hands the record to the programs.
         *
         * @throws IllegalStateException if it was submitted or discarded before
         * @throws WrongThreadException if another thread reserved it
         */
        public void submit() {
            end(true);
        }

        /**
         * Gives the record up; programs pass over it.
         *
         * @throws IllegalStateException if it was submitted or discarded before
         * @throws WrongThreadException if another thread reserved it
         */
        public void discard() {
            end(false);
        }

        private void end(boolean submit) {
            // ends the access, and fails if it has ended or is another thread's
            arena.close();
            done = true;
            owner.commit(position, (int) data.byteSize(), submit);
        }

        /** Discards the record if it was neither submitted nor discarded. */
        @Override
        public void close() {
            if (!done) {
                discard();
            }
        }
    }

    /** Returns the position of a reserved record, which counts as a use, or -1. */
    private long reserved(int length, Duration timeout) {
        if (length < 0 || length > ring.most()) {
            throw new IllegalArgumentException(
                    "a record of "
                            + length
                            + " bytes for "
                            + this
                            + ", which takes at most "
                            + ring.most());
        }
        long limit = Reader.nanos(timeout);
        if (!begin()) {
            return -1;
        }
        long at = -1;
        try {
            at = room.reserve(length, limit);
            return at;
        } finally {
            if (at < 0) {
                end();
            }
        }
    }

    private void commit(long at, int length, boolean submit) {
        if (submit) {
            ring.submit(at, length);
        } else {
            ring.discard(at, length);
        }
        end();
    }

    private boolean begin() {
        int before = uses.get();
        while (before >= 0) {
            if (uses.compareAndSet(before, before + 1)) {
                return true;
            }
            before = uses.get();
        }
        return false;
    }

    private void end() {
        if (uses.decrementAndGet() == CLOSED) {
            free();
        }
    }

    /**
     * Returns how much the programs have not drained yet: reserved, submitted and discarded records
     * with their headers.
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
        return mapping.size();
    }

    /**
     * Says whether {@link #close} was not yet called.
     *
     * @return true while records can be sent
     */
    public boolean isOpen() {
        return uses.get() >= 0;
    }

    /**
     * Ends sending, and every wait for room. Records that were submitted stay in the map; the
     * memory is given back once those that are reserved are submitted or discarded. Further calls
     * do nothing.
     */
    @Override
    public void close() {
        // counts as a use, so that what is woken here stays until it is
        if (!begin()) {
            return;
        }
        if ((uses.getAndUpdate(before -> before | CLOSED) & CLOSED) == 0) {
            room.close();
        }
        end();
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

    /** Names the map and its size. */
    @Override
    public String toString() {
        return "user ring buffer "
                + handle.name()
                + " ("
                + mapping.size()
                + (isOpen() ? " bytes)" : " bytes, closed)");
    }
}
