// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import io.ebpf4j.Collection;
import io.ebpf4j.map.Chars;
import io.ebpf4j.map.Length;
import io.ebpf4j.program.TestRun;
import io.ebpf4j.spec.CollectionSpec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** What {@code events.bpf.c} sends, and how it is made to. */
record Sent(
        long sequence, long checksum, int cpu, @Chars(16) String comm, @Length(40) byte[] text) {
    /** Bytes of a record in a perf buffer, with its header and padding. */
    static final int PERF_BYTES = 96;

    private static final int RUN_ON_CPU = 1;
    private static final int MOST_AT_ONCE = 1000;

    boolean intact() {
        return checksum == sequence * 0x9e3779b97f4a7c15L + cpu;
    }

    /** Loads the programs, for the ring buffer or for a perf event array in its place. */
    static Collection load(boolean perf) {
        CollectionSpec spec = Objects.spec("events");
        if (perf) {
            spec.map("events").toPerfEventArray();
            spec.variable("prefer_perf").set(true);
        }
        return Collection.load(spec);
    }

    /** Sends a number of events from any CPU. */
    static void send(Collection c, int events) {
        run(c, TestRun.create(), events);
    }

    /** Sends a number of events from a CPU. */
    static void send(Collection c, int events, int cpu) {
        run(c, TestRun.create().flags(RUN_ON_CPU).cpu(cpu), events);
    }

    private static void run(Collection c, TestRun run, int events) {
        for (int left = events; left > 0; left -= MOST_AT_ONCE) {
            byte[] arguments = new byte[8];
            ByteBuffer.wrap(arguments)
                    .order(ByteOrder.nativeOrder())
                    .putLong(Math.min(left, MOST_AT_ONCE));
            c.program("send").testRun(run.context(arguments));
        }
    }

    static long dropped(Collection c) {
        return c.variable("dropped", long.class).get();
    }
}
