// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What {@code perf_event_open} takes ({@code struct perf_event_attr},
 * include/uapi/linux/perf_event.h).
 *
 * @param type {@code PERF_TYPE_*}, or a dynamic PMU's number from /sys/bus/event_source/devices
 * @param config what the type makes of it: a tracepoint's id, for kprobes and uprobes bit 0 =
 *     return probe
 * @param config1 address of a C string: the function of a kprobe, the file of a uprobe; or 0
 * @param config2 offset in the function or file, or the kernel address
 * @param samplePeriod events per sample
 * @param sampleType {@code PERF_SAMPLE_*}
 * @param wakeupEvents samples per wake-up
 * @param bits the struct's bit field, its first member the lowest bit, see {@link #FREQUENCY}
 */
public record PerfEvent(
        int type,
        long config,
        long config1,
        long config2,
        long samplePeriod,
        long sampleType,
        int wakeupEvents,
        long bits) {

    /** Bit of {@link #bits}: children of what is counted are counted too. */
    public static final long INHERIT = 1L << 1;

    /** Bit of {@link #bits}: nothing outside the kernel is counted. */
    public static final long EXCLUDE_USER = 1L << 4;

    /** Bit of {@link #bits}: nothing in the kernel is counted. */
    public static final long EXCLUDE_KERNEL = 1L << 5;

    /** Bit of {@link #bits}: {@link #samplePeriod} is a rate in samples per second. */
    public static final long FREQUENCY = 1L << 10;

    /** Bit of {@link #bits}: {@link #wakeupEvents} is a number of bytes. */
    public static final long WATERMARK = 1L << 14;

    /**
     * Bit of {@link #bits}: records are written from the end of the ring to its beginning (Linux
     * 4.7).
     */
    public static final long WRITE_BACKWARD = 1L << 27;

    /** {@code PERF_FLAG_FD_CLOEXEC}. */
    private static final long CLOSE_ON_EXEC = 8;

    /** Where the bit field lies; it has no name and no width of its own in BTF. */
    private static final int BITS_OFFSET = 40;

    /**
     * Describes an event that a program is attached to.
     *
     * @param type {@code PERF_TYPE_*} or a PMU's number
     * @param config what the type makes of it
     * @param config1 address of a C string, or 0
     * @param config2 an offset or address, or 0
     * @return the request, one sample and one wake-up per event
     */
    public static PerfEvent of(int type, long config, long config1, long config2) {
        return new PerfEvent(type, config, config1, config2, 1, 0, 1, 0);
    }

    /**
     * Opens the event, close-on-exec.
     *
     * @param calls what issues the call
     * @param pid the process, or -1 for all
     * @param cpu the CPU, or -1 for any
     * @return a descriptor or a negated errno
     */
    public long open(SystemCalls calls, int pid, int cpu) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attr = arena.allocate(AttrLayout.PerfEvent.BYTES, Long.BYTES);
            ByteBuffer bytes = NativeText.buffer(attr);
            bytes.putInt(AttrLayout.offset(AttrLayout.PerfEvent.TYPE), type)
                    .putInt(
                            AttrLayout.offset(AttrLayout.PerfEvent.SIZE),
                            AttrLayout.PerfEvent.BYTES)
                    .putLong(AttrLayout.offset(AttrLayout.PerfEvent.CONFIG), config)
                    .putLong(AttrLayout.offset(AttrLayout.PerfEvent.SAMPLE_PERIOD), samplePeriod)
                    .putLong(AttrLayout.offset(AttrLayout.PerfEvent.SAMPLE_TYPE), sampleType)
                    .putLong(BITS_OFFSET, bitField())
                    .putInt(AttrLayout.offset(AttrLayout.PerfEvent.WAKEUP_EVENTS), wakeupEvents)
                    .putLong(AttrLayout.offset(AttrLayout.PerfEvent.CONFIG1), config1)
                    .putLong(AttrLayout.offset(AttrLayout.PerfEvent.CONFIG2), config2);
            return calls.perfEventOpen(attr, pid, cpu, -1, CLOSE_ON_EXEC);
        }
    }

    /** Compilers for big-endian machines lay bit fields from the other end. */
    private long bitField() {
        return ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? Long.reverse(bits) : bits;
    }
}
