// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.spec.MapType;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Iterator;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Reads the events that programs send: a {@link RingBuffer} (Linux 5.8) or a {@link PerfBuffer}
 * (Linux 4.4). Code that is written for this interface does not change when an object uses a perf
 * event array on an old kernel.
 *
 * <p>Records are read from memory shared with the kernel; a system call is made only to wait. Each
 * record is handed out once.
 *
 * <p>One thread reads at a time: a call that meets another one throws {@link
 * IllegalStateException}. {@link #close} may come from any thread and ends a wait. Waiting pins the
 * carrier of a virtual thread; use a platform thread. Several readers are waited for at once by an
 * {@link EventPoller}.
 *
 * <pre>{@code
 * try (EventReader<Event> events = collection.events("events", Event.class)) {
 *     while (events.isOpen()) {
 *         events.poll(Duration.ofSeconds(1), System.out::println);
 *     }
 * }
 * }</pre>
 *
 * @param <T> what records are decoded to
 */
public sealed interface EventReader<T> extends Iterable<T>, AutoCloseable
        permits RingBuffer, PerfBuffer {

    /** Takes a record without copying it. */
    @FunctionalInterface
    interface RawConsumer {
        /**
         * Takes a record.
         *
         * @param data memory with the record in it, read-only; the record's bytes are valid during
         *     the call only
         * @param offset where in {@code data} the record begins: a multiple of 8 in ring buffers,
         *     of 4 in perf buffers, so that code for both reads with unaligned layouts
         * @param length bytes of the record; in perf buffers up to 7 bytes of padding are part of
         *     it, which the kernel does not tell from data
         */
        void accept(MemorySegment data, long offset, int length);
    }

    /**
     * Opens the reader that a map's type asks for, a perf buffer with {@link
     * PerfBufferOptions#defaults}.
     *
     * @param <T> what records are decoded to
     * @param map a ring buffer or perf event array; may be closed before the reader
     * @param type class of a record, see {@link RingBuffer#of(MapHandle, Class)}
     * @return the reader
     * @throws UnsupportedException if the map is neither
     * @throws BpfException if the layouts differ, or the kernel refuses; nothing is left open
     * @throws IllegalStateException if another reader of {@code map} is open, or the map is closed
     */
    static <T> EventReader<T> of(MapHandle map, Class<T> type) {
        return map.type() == MapType.PERF_EVENT_ARRAY
                ? PerfBuffer.of(map, type)
                : RingBuffer.of(map, type);
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
    int poll(Duration timeout, Consumer<? super T> consumer);

    /**
     * Handles records as {@link #poll(Duration, Consumer)} does, without decoding them.
     *
     * @param timeout how long to wait at most, rounded up to milliseconds; zero does not wait
     * @param consumer takes each record; what it throws is passed on, and its record counts as
     *     handled
     * @return how many records were handled; 0 when the time is over, or the reader was or is
     *     closed
     * @throws IllegalArgumentException if the timeout is negative
     * @throws IllegalStateException if another call reads at the same time
     */
    int pollRaw(Duration timeout, RawConsumer consumer);

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
    int consume(Consumer<? super T> consumer);

    /**
     * Handles the records that are there, without waiting or decoding. Nothing is allocated.
     *
     * @param consumer takes each record; what it throws is passed on, and its record counts as
     *     handled
     * @return how many records were handled
     * @throws IllegalStateException if another call reads at the same time
     */
    int consumeRaw(RawConsumer consumer);

    /**
     * Iterates over the records as they come. {@code hasNext} waits for a record, and is false once
     * the reader is closed.
     *
     * @return an iterator, for use by one thread
     */
    @Override
    Iterator<T> iterator();

    /**
     * Returns the records as they come. The stream is unlimited: it waits for each record, and ends
     * once the reader is closed.
     *
     * @return a sequential stream
     */
    Stream<T> stream();

    /**
     * Returns what was read so far, and how much waits. From any thread, without disturbing the
     * reader; while it reads, its own numbers may be behind by 64 records.
     *
     * @return the figures; those of a closed reader stay as they were
     */
    EventFigures figures();

    /**
     * Returns how much is in the buffer and not yet given back: complete, incomplete and discarded
     * records with their headers.
     *
     * @return bytes, 0 once closed
     */
    long available();

    /**
     * Returns the size of the buffer.
     *
     * @return bytes, of all CPUs together
     */
    long capacity();

    /**
     * Says whether {@link #close} was not yet called.
     *
     * @return true while records can be read
     */
    boolean isOpen();

    /**
     * Ends reading. A call that is reading on another thread returns after its current record, and
     * then the memory is given back. Further calls do nothing.
     */
    @Override
    void close();
}
