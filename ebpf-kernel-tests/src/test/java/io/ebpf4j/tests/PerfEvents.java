// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import io.ebpf4j.kernel.Kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Perf events for tests of maps of them. */
final class PerfEvents {
    /** The first size of {@code struct perf_event_attr}. */
    private static final int ATTRIBUTE_BYTES = 64;

    private static final int TYPE_SOFTWARE = 1;
    private static final long BPF_OUTPUT = 10;
    private static final long SAMPLE_RAW = 1 << 10;
    private static final long CLOSE_ON_EXEC = 8;

    private PerfEvents() {}

    /** Opens the event that programs write to, on the first CPU; returns its descriptor. */
    static int output() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attribute = arena.allocate(ATTRIBUTE_BYTES, Long.BYTES);
            attribute.set(ValueLayout.JAVA_INT, 0, TYPE_SOFTWARE);
            attribute.set(ValueLayout.JAVA_INT, 4, ATTRIBUTE_BYTES);
            attribute.set(ValueLayout.JAVA_LONG, 8, BPF_OUTPUT);
            attribute.set(ValueLayout.JAVA_LONG, 24, SAMPLE_RAW);
            long fd = Kernel.shared().calls().perfEventOpen(attribute, -1, 0, -1, CLOSE_ON_EXEC);
            if (fd < 0) {
                throw new AssertionError("perf_event_open: errno " + -fd);
            }
            return (int) fd;
        }
    }
}
