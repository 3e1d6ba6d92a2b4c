// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.spec.MapSpec;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.Failure;
import io.ebpf4j.sys.FileDescriptor;
import io.ebpf4j.sys.NativeSystemCalls;
import io.ebpf4j.sys.SystemCalls;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The values of an array map in memory (Linux 5.5), shared with the programs that use it.
 *
 * <p>The segment's arena is closed before the memory is unmapped, so that a late access throws
 * instead of crashing.
 */
final class MappedValue implements AutoCloseable {
    private final SystemCalls calls;
    private final Arena arena;
    private final long address;
    private final long length;
    private final MemorySegment segment;

    private final boolean fixed;

    /** How many have the memory; the last gives it back. */
    private final AtomicInteger holders;

    /**
     * Those that are read by their address; the ones that nobody has any more leave by themselves.
     */
    private final Set<MappedNumber> numbers = Collections.newSetFromMap(new WeakHashMap<>());

    private MappedValue(
            SystemCalls calls,
            long address,
            long length,
            long size,
            boolean readOnly,
            boolean fixed,
            AtomicInteger holders) {
        this.calls = calls;
        this.address = address;
        this.length = length;
        this.fixed = fixed;
        this.holders = holders;
        this.arena = Arena.ofShared();
        MemorySegment all = NativeSystemCalls.segment(address, size, arena, null);
        this.segment = readOnly ? all.asReadOnly() : all;
    }

    /**
     * Maps a map: writable, or read-only where the kernel allows no more because the map is frozen
     * or BPF_F_RDONLY_PROG.
     */
    static MappedValue map(SystemCalls calls, FileDescriptor map, MapShape shape) {
        long size = shape.elementOffset(shape.maxEntries());
        long length = Memory.pages(size);
        boolean readOnly = (shape.flags() & MapSpec.READ_ONLY_PROGRAM) != 0;
        int fd = map.acquire();
        long address;
        try {
            int protection = readOnly ? Memory.PROT_READ : Memory.PROT_READ | Memory.PROT_WRITE;
            address = calls.mmap(0, length, protection, Memory.MAP_SHARED, fd, 0);
            if (address == -Errno.EPERM && !readOnly) {
                readOnly = true;
                address = calls.mmap(0, length, Memory.PROT_READ, Memory.MAP_SHARED, fd, 0);
            }
        } finally {
            map.release();
        }
        if (address < 0) {
            throw Failure.of(
                    "mmap", (int) -address, "cannot map the values of map " + shape.name());
        }
        return new MappedValue(calls, address, length, size, readOnly, false, new AtomicInteger(1));
    }

    /**
     * Maps all pages of an arena.
     *
     * @param at where it must be, or 0 for where the kernel finds room; an arena that was mapped
     *     before can be nowhere else than it was
     */
    static MappedValue mapArena(SystemCalls calls, FileDescriptor map, MapShape shape, long at) {
        long size = Memory.pageSize() * Integer.toUnsignedLong(shape.maxEntries());
        // plain MAP_FIXED would replace what is there
        int flags = Memory.MAP_SHARED | (at == 0 ? 0 : Memory.MAP_FIXED_NOREPLACE);
        int protection = Memory.PROT_READ | Memory.PROT_WRITE;
        int fd = map.acquire();
        long address;
        try {
            address = calls.mmap(at, size, protection, flags, fd, 0);
        } finally {
            map.release();
        }
        if (address < 0) {
            String where = at == 0 ? "" : " at 0x" + Long.toHexString(at);
            throw Failure.of(
                    "mmap",
                    (int) -address,
                    "cannot map arena " + shape.name() + where + reason((int) -address, at));
        }
        return new MappedValue(calls, address, size, size, false, true, new AtomicInteger(1));
    }

    private static String reason(int errno, long at) {
        if (errno == Errno.EEXIST) {
            return ", where something else is; change map_extra";
        }
        // kernel/bpf/arena.c, arena_get_unmapped_area, arena_map_mmap
        return at == 0 && (errno == Errno.EINVAL || errno == Errno.EBUSY)
                ? ", which is where the process that created it has it; give it an address there,"
                        + " by map_extra"
                : "";
    }

    /** Returns the same memory once more, with an end of its own. */
    MappedValue again() {
        if (!arena.scope().isAlive()) {
            throw new IllegalStateException("the map is closed");
        }
        holders.incrementAndGet();
        return new MappedValue(calls, address, length, segment.byteSize(), false, fixed, holders);
    }

    /** Returns the values; read-only if mapped so. */
    MemorySegment segment() {
        return segment;
    }

    /** Says whether the memory must be where it is, so that nothing else may stay there. */
    boolean fixed() {
        return fixed;
    }

    /** Lets a number be read by its address, unless that is fixed, until the memory is closed. */
    synchronized <N extends MappedNumber> N watch(N number) {
        if (!arena.scope().isAlive()) {
            throw new IllegalStateException("the map is closed");
        }
        if (!fixed) {
            numbers.add(number);
        }
        return number;
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
            if (holders.decrementAndGet() == 0) {
                giveBack();
            }
        }
    }

    /**
     * Unmaps the memory. Where numbers are read by their address, threads may be about to: pages of
     * zeros take its place, which they look at in vain, and stay until nobody has the numbers.
     * Where the kernel has no room to say so, the map's own pages stay as long.
     */
    private synchronized void giveBack() {
        if (numbers.isEmpty()) {
            calls.munmap(address, length);
            return;
        }
        SystemCalls unmapping = calls;
        long bytes = length;
        MemorySegment zeros =
                NativeSystemCalls.segment(
                        address,
                        bytes,
                        Arena.ofAuto(),
                        pages -> unmapping.munmap(pages.address(), bytes));
        for (MappedNumber number : numbers) {
            number.instead = zeros;
        }
        // who reads one of the zeros sees that it is not the number
        VarHandle.fullFence();
        int flags = Memory.MAP_PRIVATE | Memory.MAP_ANONYMOUS | Memory.MAP_FIXED;
        calls.mmap(address, bytes, Memory.PROT_READ, flags, -1, 0);
    }
}
