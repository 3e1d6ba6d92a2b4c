// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.program;

import java.util.Objects;

/**
 * How a program is run on given data ({@code BPF_PROG_TEST_RUN}). Immutable; each method returns a
 * changed copy.
 *
 * <p>What a program type takes differs: packet types need at least 14 bytes of data; raw tracepoint
 * programs take a context of 64-bit arguments and no data; syscall programs read and write their
 * context in place.
 */
public final class TestRun {
    private static final byte[] NONE = new byte[0];

    /**
     * How much a program may make its packet longer: XDP's head and tail room is in the hundreds of
     * bytes.
     */
    private static final int SPARE_BYTES = 258;

    private final byte[] data;
    private final byte[] context;
    private final int outputBytes;
    private final int repeat;
    private final int flags;
    private final int cpu;

    private TestRun(byte[] data, byte[] context, int outputBytes, int repeat, int flags, int cpu) {
        this.data = data;
        this.context = context;
        this.outputBytes = outputBytes;
        this.repeat = repeat;
        this.flags = flags;
        this.cpu = cpu;
    }

    /**
     * Runs on nothing, once.
     *
     * @return a run without data or context
     */
    public static TestRun create() {
        return new TestRun(NONE, NONE, 0, 0, 0, 0);
    }

    /**
     * Gives a packet; room for the packet that comes out is its length and some to spare.
     *
     * @param bytes the packet, from its Ethernet header on
     * @return a run on that packet
     */
    public TestRun data(byte[] bytes) {
        Objects.requireNonNull(bytes, "bytes");
        return new TestRun(bytes.clone(), context, bytes.length + SPARE_BYTES, repeat, flags, cpu);
    }

    /**
     * Gives a context.
     *
     * @param bytes the type's context struct, in the machine's byte order
     * @return a run with that context
     */
    public TestRun context(byte[] bytes) {
        Objects.requireNonNull(bytes, "bytes");
        return new TestRun(data, bytes.clone(), outputBytes, repeat, flags, cpu);
    }

    /**
     * Sets how often the program runs; the duration is the mean.
     *
     * @param times a positive number, or 0 to say nothing, which raw tracepoint and syscall
     *     programs require
     * @return a run repeated that often
     * @throws IllegalArgumentException if the number is negative
     */
    public TestRun repeat(int times) {
        if (times < 0) {
            throw new IllegalArgumentException("cannot repeat a run " + times + " times");
        }
        return new TestRun(data, context, outputBytes, times, flags, cpu);
    }

    /**
     * Sets the flags.
     *
     * @param value {@code BPF_F_TEST_*}, such as BPF_F_TEST_RUN_ON_CPU (1)
     * @return a run with those flags
     */
    public TestRun flags(int value) {
        return new TestRun(data, context, outputBytes, repeat, value, cpu);
    }

    /**
     * Sets the CPU of a raw tracepoint program; needs the flag BPF_F_TEST_RUN_ON_CPU.
     *
     * @param number the CPU
     * @return a run on that CPU
     */
    public TestRun cpu(int number) {
        return new TestRun(data, context, outputBytes, repeat, flags, number);
    }

    byte[] data() {
        return data;
    }

    byte[] context() {
        return context;
    }

    int outputBytes() {
        return outputBytes;
    }

    int repeat() {
        return repeat;
    }

    int flags() {
        return flags;
    }

    int cpu() {
        return cpu;
    }
}
