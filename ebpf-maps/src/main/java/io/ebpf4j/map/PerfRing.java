// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.sys.Architecture;
import io.ebpf4j.sys.Capability;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.Failure;
import io.ebpf4j.sys.FileDescriptor;
import io.ebpf4j.sys.NativeSystemCalls;
import io.ebpf4j.sys.PerfEvent;
import io.ebpf4j.sys.SystemCalls;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The perf event of one CPU that programs write to, and its ring in memory ({@code struct
 * perf_event_mmap_page}, include/uapi/linux/perf_event.h).
 *
 * <pre>
 *   1024        1032            one page further
 *   | data_head | data_tail | … | pages of data |
 * </pre>
 */
final class PerfRing implements AutoCloseable {
    private static final int SOFTWARE = 1;
    private static final int BPF_OUTPUT = 10;
    private static final int SAMPLE_RAW = 1 << 10;
    private static final int HEAD = 1024;
    private static final int TAIL = 1032;
    private static final int IOCTL = '$';
    private static final int PAUSE_OUTPUT = 9;

    private final SystemCalls calls;
    private final FileDescriptor event;
    private final int cpu;
    private final long address;
    private final long page;
    private final long size;
    private final Arena arena;
    private final MemorySegment header;
    private final MemorySegment data;

    /** How far it was read: bytes, which go down in an overwritable ring. */
    long position;

    /** What an overwritable ring held when it was read last; null for others. */
    final PerfSnapshot snapshot;

    /** Whether the CPU was seen offline; its event stays dead when it comes back. */
    boolean offline;

    private PerfRing(
            SystemCalls calls,
            FileDescriptor event,
            int cpu,
            long address,
            long size,
            boolean overwritable) {
        this.calls = calls;
        this.event = event;
        this.cpu = cpu;
        this.address = address;
        this.page = Memory.pageSize();
        this.size = size;
        this.arena = Arena.ofShared();
        this.header = NativeSystemCalls.segment(address, page, arena, null);
        this.data = NativeSystemCalls.segment(address + page, size, arena, null).asReadOnly();
        this.snapshot = overwritable ? new PerfSnapshot(this) : null;
    }

    /**
     * Opens the ring of a CPU.
     *
     * @param calls the system calls
     * @param cpu the CPU
     * @param options how
     * @param what what the CPU's records are of, for messages
     * @return the ring, or null if the CPU is offline; nothing is left open on failure
     */
    static PerfRing open(SystemCalls calls, int cpu, PerfBufferOptions options, String what) {
        long result = event(options).open(calls, -1, cpu);
        if (result == -Errno.ENODEV) {
            return null;
        }
        if (result < 0) {
            throw Failure.of(
                    "perf_event_open",
                    (int) -result,
                    "cannot open " + what + " for CPU " + cpu,
                    Capability.PERFMON);
        }
        FileDescriptor event = FileDescriptor.adopt(calls, (int) result, what + " of CPU " + cpu);
        try {
            long size = (long) options.pages() * Memory.pageSize();
            // only a ring whose tail cannot be written is overwritten
            int protection =
                    options.overwritable()
                            ? Memory.PROT_READ
                            : Memory.PROT_READ | Memory.PROT_WRITE;
            long address =
                    calls.mmap(
                            0,
                            size + Memory.pageSize(),
                            protection,
                            Memory.MAP_SHARED,
                            event.fd(),
                            0);
            if (address < 0) {
                throw Failure.of(
                        "mmap",
                        (int) -address,
                        "cannot map "
                                + options.pages()
                                + " pages of "
                                + what
                                + " for CPU "
                                + cpu
                                + "; without CAP_IPC_LOCK the sysctl kernel.perf_event_mlock_kb"
                                + " limits them");
            }
            return new PerfRing(calls, event, cpu, address, size, options.overwritable());
        } catch (Throwable t) {
            event.close();
            throw t;
        }
    }

    private static PerfEvent event(PerfBufferOptions options) {
        long bits = options.watermark() > 0 ? PerfEvent.WATERMARK : 0;
        return new PerfEvent(
                SOFTWARE,
                BPF_OUTPUT,
                0,
                0,
                1,
                SAMPLE_RAW,
                Math.max(options.wakeupEvents(), options.watermark()),
                options.overwritable() ? bits | PerfEvent.WRITE_BACKWARD : bits);
    }

    int cpu() {
        return cpu;
    }

    int fd() {
        return event.fd();
    }

    long size() {
        return size;
    }

    /** Returns the address of the data. */
    long data() {
        return address + page;
    }

    /** Returns the data as consumers see it. */
    MemorySegment window() {
        return data;
    }

    /** Returns how far the kernel has written; what it wrote is seen from here on. */
    long head() {
        return (long) Memory.LONG.getAcquire(Memory.ALL, address + HEAD);
    }

    /** Gives the room up to a position back to the kernel. */
    void publish(long tail) {
        position = tail;
        Memory.LONG.setRelease(Memory.ALL, address + TAIL, tail);
    }

    /** Keeps the kernel from writing, or lets it write again. */
    void pause(boolean paused) {
        long number = Architecture.current().ioctlWrite(IOCTL, PAUSE_OUTPUT, Integer.BYTES);
        long result = calls.ioctl(event.fd(), number, paused ? 1 : 0);
        if (result < 0) {
            throw Failure.of(
                    "PERF_EVENT_IOC_PAUSE_OUTPUT",
                    (int) -result,
                    "cannot pause the output of CPU " + cpu);
        }
    }

    boolean ready() {
        return head() != position || snapshot != null && snapshot.left() > 0;
    }

    /** Returns the bytes that wait; 0 once closed. From any thread. */
    long available() {
        try {
            long tail = (long) Memory.LONG.getAcquire(header, (long) TAIL);
            long written = (long) Memory.LONG.getAcquire(header, (long) HEAD);
            return snapshot == null ? Math.max(0, written - tail) : snapshot.available(written);
        } catch (IllegalStateException closed) {
            return 0;
        }
    }

    @Override
    public void close() {
        arena.close();
        calls.munmap(address, size + page);
        event.close();
    }
}
