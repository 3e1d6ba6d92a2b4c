// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Failure;
import io.ebpf4j.sys.FileDescriptor;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Opens and closes the rings of a perf buffer as CPUs come and go, puts them into the map, where
 * programs find them, and into the reader's set to wait for. For the thread that reads.
 */
final class PerfRings {
    private static final long LOOK_NANOS = 1_000_000_000;

    private final MapHandle handle;
    private final FileDescriptor map;
    private final Waiter waiter;
    private final PerfBufferOptions options;
    private final PerfSource<?> source;
    private long looked;

    PerfRings(
            MapHandle handle,
            FileDescriptor map,
            Waiter waiter,
            PerfBufferOptions options,
            PerfSource<?> source) {
        this.handle = handle;
        this.map = map;
        this.waiter = waiter;
        this.options = options;
        this.source = source;
    }

    FileDescriptor map() {
        return map;
    }

    /** Opens the rings of all CPUs that are online. */
    void openAll() {
        for (int cpu : handle.kernel().onlineCpus()) {
            if (wanted(cpu)) {
                if (cpu >= Integer.toUnsignedLong(handle.maxEntries())) {
                    throw new BpfException(
                            "map "
                                    + handle.name()
                                    + " has "
                                    + Integer.toUnsignedString(handle.maxEntries())
                                    + " entries, none for CPU "
                                    + cpu
                                    + ", whose records would be lost; set its max_entries to 0"
                                    + " before the load, or choose CPUs"
                                    + " (PerfBufferOptions.cpus)");
                }
                open(cpu);
            }
        }
        looked = System.nanoTime();
    }

    private boolean wanted(int cpu) {
        return options.cpus().isEmpty() || options.cpus().contains(cpu);
    }

    /** Looks for CPUs if it is time to; returns the nanoseconds until it is again. */
    long attend() {
        long since = System.nanoTime() - looked;
        if (since >= LOOK_NANOS) {
            refresh();
            since = 0;
        }
        return LOOK_NANOS - since;
    }

    /** Follows the CPUs, and returns how many were opened. */
    int refresh() {
        looked = System.nanoTime();
        int[] online = handle.kernel().onlineCpus();
        for (PerfRing ring : source.rings()) {
            if (Arrays.binarySearch(online, ring.cpu()) < 0) {
                ring.offline = true;
            }
            // what it wrote before is still read
            if (ring.offline && !ring.ready()) {
                close(ring);
            }
        }
        int opened = 0;
        for (int cpu : online) {
            if (wanted(cpu)
                    && cpu < Integer.toUnsignedLong(handle.maxEntries())
                    && find(cpu) < 0
                    && open(cpu)) {
                opened++;
            }
        }
        return opened;
    }

    private int find(int cpu) {
        PerfRing[] all = source.rings();
        for (int i = 0; i < all.length; i++) {
            if (all[i].cpu() == cpu) {
                return i;
            }
        }
        return -1;
    }

    /** Opens the ring of a CPU; false if it went offline. */
    private boolean open(int cpu) {
        PerfRing ring =
                PerfRing.open(
                        handle.kernel().calls(), cpu, options, "perf buffer " + handle.name());
        if (ring == null) {
            return false;
        }
        try {
            waiter.add(ring.fd(), Waiter.READABLE);
            put(ring);
        } catch (Throwable t) {
            ring.close();
            throw t;
        }
        List<PerfRing> all = new ArrayList<>(Arrays.asList(source.rings()));
        all.add(ring);
        all.sort((a, b) -> Integer.compare(a.cpu(), b.cpu()));
        source.rings(all.toArray(new PerfRing[0]));
        return true;
    }

    private void put(PerfRing ring) {
        Scratch scratch = Scratch.acquire(2L * Long.BYTES);
        try {
            MemorySegment memory = scratch.memory();
            Memory.INT.set(memory, 0L, ring.cpu());
            Memory.INT.set(memory, (long) Long.BYTES, ring.fd());
            long key = scratch.address();
            long result = handle.kernel().bpf().mapUpdate(map.fd(), key, key + Long.BYTES, 0);
            if (result < 0) {
                throw Failure.of(
                        BpfCommand.MAP_UPDATE_ELEM,
                        (int) -result,
                        "cannot put the ring of CPU " + ring.cpu() + " into map " + handle.name());
            }
        } finally {
            scratch.release();
        }
    }

    /** Closes the rings; those that programs still write to are taken out of the map first. */
    void closeAll() {
        for (PerfRing ring : source.rings()) {
            close(ring);
        }
    }

    private void close(PerfRing ring) {
        List<PerfRing> all = new ArrayList<>(Arrays.asList(source.rings()));
        all.remove(ring);
        source.rings(all.toArray(new PerfRing[0]));
        Scratch scratch = Scratch.acquire(Long.BYTES);
        try {
            Memory.INT.set(scratch.memory(), 0L, ring.cpu());
            // the map holds the event too; that it is no longer there is as well
            handle.kernel().bpf().mapDelete(map.fd(), scratch.address());
        } finally {
            scratch.release();
            ring.close();
        }
    }
}
