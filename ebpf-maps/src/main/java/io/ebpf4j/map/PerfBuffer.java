// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.spec.MapType;
import io.ebpf4j.sys.FileDescriptor;

/**
 * Reads the records that programs send by {@code bpf_perf_event_output} to a perf event array
 * (Linux 4.4; Linux 5.8 has the better {@link RingBuffer}). Each CPU has a buffer of its own: its
 * records come in order, those of different CPUs do not.
 *
 * <p>The CPUs that are online are read; others are taken in when they come online, which is looked
 * for once a second while the reader waits, and by {@link #refresh}. The kernel counts what finds
 * no room, see {@link EventFigures#lost}.
 *
 * <p>An overwritable buffer keeps the newest records in place of the oldest. Each read copies what
 * is new, while the CPU's output pauses, and hands it out from the oldest record to the newest.
 *
 * @param <T> what records are decoded to
 */
public final class PerfBuffer<T> extends Reader<T> implements EventReader<T> {
    private final MapHandle handle;
    private final PerfRings rings;
    private final PerfSource<T> events;

    private PerfBuffer(MapHandle handle, PerfRings rings, Waiter waiter, PerfSource<T> events) {
        super(what(handle), waiter, events);
        this.handle = handle;
        this.rings = rings;
        this.events = events;
    }

    /**
     * Opens the reader of a perf event array with the {@linkplain PerfBufferOptions#defaults()
     * defaults}.
     *
     * @param <T> what records are decoded to
     * @param map the perf event array; may be closed before the reader
     * @param type class of a record, see {@link RingBuffer#of(MapHandle, Class)}
     * @return the reader
     * @throws UnsupportedException if the map is no perf event array
     * @throws BpfException if the layouts differ, or the kernel refuses; nothing is left open
     * @throws IllegalStateException if another reader of {@code map} is open, or the map is closed
     */
    public static <T> PerfBuffer<T> of(MapHandle map, Class<T> type) {
        return of(map, type, PerfBufferOptions.defaults());
    }

    /**
     * Opens the reader of a perf event array.
     *
     * @param <T> what records are decoded to
     * @param map the perf event array; may be closed before the reader
     * @param type class of a record, see {@link RingBuffer#of(MapHandle, Class)}; the layout is
     *     checked if the map was a ring buffer that declares it
     * @param options how
     * @return the reader
     * @throws UnsupportedException if the map is no perf event array
     * @throws BpfException if the layouts differ, the array is too small for a CPU, or the kernel
     *     refuses; nothing is left open
     * @throws IllegalStateException if another reader of {@code map} is open, or the map is closed
     */
    public static <T> PerfBuffer<T> of(MapHandle map, Class<T> type, PerfBufferOptions options) {
        return open(map, RecordDecoder.of(array(map), what(map), type), options);
    }

    /**
     * Opens the reader of a perf event array with a codec of one's own.
     *
     * @param <T> what records are decoded to
     * @param map the perf event array; may be closed before the reader
     * @param codec decodes a record, which must be at least as long as the codec's size
     * @param options how
     * @return the reader
     * @throws UnsupportedException if the map is no perf event array
     * @throws BpfException if the array is too small for a CPU, or the kernel refuses; nothing is
     *     left open
     * @throws IllegalStateException if another reader of {@code map} is open, or the map is closed
     */
    public static <T> PerfBuffer<T> of(MapHandle map, Codec<T> codec, PerfBufferOptions options) {
        array(map);
        return open(map, RecordDecoder.of(what(map), "the codec", codec), options);
    }

    private static String what(MapHandle map) {
        return "perf buffer " + map.name();
    }

    private static MapShape array(MapHandle map) {
        if (map.type() != MapType.PERF_EVENT_ARRAY) {
            throw new UnsupportedException(
                    "map " + map.name() + " of type " + map.type() + " is no perf event array",
                    "",
                    "EventReader.of opens whichever of ring and perf buffer a map is");
        }
        return map.shape();
    }

    private static <T> PerfBuffer<T> open(
            MapHandle map, RecordDecoder<T> decoder, PerfBufferOptions options) {
        if (!map.beginReading()) {
            throw new IllegalStateException(
                    what(map)
                            + " has an open reader, and two would take each other's CPUs; close"
                            + " that one first, or share it");
        }
        try {
            return openOnly(map, decoder, options);
        } catch (Throwable t) {
            map.endReading();
            throw t;
        }
    }

    private static <T> PerfBuffer<T> openOnly(
            MapHandle map, RecordDecoder<T> decoder, PerfBufferOptions options) {
        String what = what(map);
        FileDescriptor own = map.descriptor().duplicate(what);
        try {
            Waiter waiter = Waiter.create(map.kernel().calls(), what);
            try {
                PerfSource<T> source = new PerfSource<>(what, decoder, options.lostConsumer());
                PerfRings rings = new PerfRings(map, own, waiter, options, source);
                try {
                    rings.openAll();
                    return new PerfBuffer<>(map, rings, waiter, source);
                } catch (Throwable t) {
                    rings.closeAll();
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

    @Override
    long attend() {
        return rings.attend();
    }

    /**
     * Looks which CPUs are online, opens the buffers of new ones and closes those of CPUs that went
     * offline and are read to the end. A reader that waits does so once a second.
     *
     * @return how many were opened
     * @throws IllegalStateException if another call reads at the same time
     * @throws BpfException if the kernel refuses a buffer
     */
    public int refresh() {
        if (!enter()) {
            return 0;
        }
        try {
            return rings.refresh();
        } finally {
            leave();
        }
    }

    /**
     * Returns whose buffers are open.
     *
     * @return the numbers of the CPUs, ascending
     */
    public int[] cpus() {
        PerfRing[] all = events.rings();
        int[] cpus = new int[all.length];
        for (int i = 0; i < cpus.length; i++) {
            cpus[i] = all[i].cpu();
        }
        return cpus;
    }

    /**
     * Returns the CPU that sent the record which is being handed out; for consumers.
     *
     * @return its number; outside of a consumer that of the last record, or -1
     */
    public int cpu() {
        return events.cpu();
    }

    /**
     * Returns the size of the buffers.
     *
     * @return bytes of all CPUs that are open
     */
    @Override
    public long capacity() {
        long bytes = 0;
        for (PerfRing ring : events.rings()) {
            bytes += ring.size();
        }
        return bytes;
    }

    @Override
    void free() {
        try {
            rings.closeAll();
        } finally {
            waiter.close();
            rings.map().close();
            handle.endReading();
        }
    }

    /** Names the map and how many CPUs are read. */
    @Override
    public String toString() {
        return what() + " (" + events.rings().length + (isOpen() ? " CPUs)" : " CPUs, closed)");
    }
}
