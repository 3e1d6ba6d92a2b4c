// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.spec.MapSpec;
import io.ebpf4j.spec.MapType;
import io.ebpf4j.sys.FileDescriptor;

import java.time.Duration;

/**
 * Reads the records that programs submit to a ring buffer (Linux 5.8), in the order in which they
 * were reserved.
 *
 * <p>Records are read from memory shared with the kernel; a system call is made only to wait. Each
 * record is handed out once. Programs lose records while the buffer is full; only they can count
 * those.
 *
 * <p>A ring buffer with {@link io.ebpf4j.spec.MapSpec#RING_OVERWRITE} (Linux 6.19) overwrites its
 * oldest records in place of losing new ones. A record is copied before it is handed out, and
 * handed out only if it was not overwritten meanwhile; {@link EventFigures#overwritten} says how
 * much was.
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
public final class RingBuffer<T> extends Reader<T> implements EventReader<T> {
    private final MapHandle handle;
    private final FileDescriptor map;
    private final RingMapping mapping;
    private final long size;

    private RingBuffer(
            MapHandle handle,
            FileDescriptor map,
            RingMapping mapping,
            Waiter waiter,
            Source<T> source,
            long size) {
        super("ring buffer " + handle.name(), waiter, source);
        this.handle = handle;
        this.map = map;
        this.mapping = mapping;
        this.size = size;
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
        return open(map, RecordDecoder.of(ring(map), what(ring(map)), type));
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
        return open(map, RecordDecoder.of(what(ring(map)), "the codec", codec));
    }

    private static String what(MapShape map) {
        return "ring buffer " + map.name();
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
                    Source<T> source =
                            (map.flags() & MapSpec.RING_OVERWRITE) != 0
                                    ? mapping.overwriteReader(name, decoder)
                                    : mapping.reader(name, decoder);
                    return new RingBuffer<>(map, own, mapping, waiter, source, size);
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
     * Takes the records that are there, up to a number, and leaves them in the buffer until the
     * batch is closed; if there are none, waits for the first. Until then the reader is in use, and
     * programs cannot use the room of the batch's records.
     *
     * @param timeout how long to wait at most, rounded up to milliseconds; zero does not wait
     * @param most most records to take, of however many commits
     * @return the batch, for the calling thread; empty when the time is over, or the reader was or
     *     is closed
     * @throws IllegalArgumentException if the timeout is negative, or {@code most} less than 1
     * @throws IllegalStateException if another call reads at the same time, or another batch is
     *     open
     * @throws UnsupportedException if the buffer is in overwrite mode, where nothing can be held
     */
    public RecordBatch lease(Duration timeout, int most) {
        if (most < 1) {
            throw new IllegalArgumentException("a batch of " + most + " records");
        }
        if (!(source instanceof Ring<T> ring)) {
            throw new UnsupportedException(
                    "holding records of " + what() + ", which overwrites them",
                    "",
                    "poll it, or create it without BPF_F_RB_OVERWRITE");
        }
        long limit = nanos(timeout);
        if (!enter()) {
            return RecordBatch.empty();
        }
        boolean held = false;
        try {
            long begin = System.nanoTime();
            do {
                Ring.Extent extent = ring.extentOf(most);
                if (extent.records() > 0) {
                    RecordBatch batch = mapping.batch(this, ring, extent);
                    held = true;
                    return batch;
                }
                ring.release(extent);
            } while (limit > 0 && await(begin, limit));
            return RecordBatch.empty();
        } finally {
            if (!held) {
                leave();
            }
        }
    }

    /**
     * Returns how far programs have reserved records.
     *
     * @return bytes since the map was created, headers included; 0 once closed
     */
    public long producerPosition() {
        return isOpen() ? mapping.producerPosition() : 0;
    }

    /**
     * Returns how far the reader has given records back, which it does for 64 at a time and at the
     * end of each call; while records come in a stream, all but the last.
     *
     * @return bytes since the map was created, headers included; 0 once closed
     */
    public long consumerPosition() {
        return isOpen() ? mapping.consumerPosition() : 0;
    }

    /**
     * Returns the size of the buffer.
     *
     * @return bytes
     */
    @Override
    public long capacity() {
        return size;
    }

    @Override
    void free() {
        try {
            source.settle();
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
        return what() + " (" + size + (isOpen() ? " bytes)" : " bytes, closed)");
    }
}
