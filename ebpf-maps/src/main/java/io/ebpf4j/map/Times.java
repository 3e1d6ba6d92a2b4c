// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.sys.Failure;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.time.Instant;

/** How far the kernel's clocks are from the wall clock: for one codec, so each is measured once. */
final class Times {
    private static final int MEASUREMENTS = 8;
    private static final int TIMESPEC_BYTES = 16;
    private static final long NANOS = 1_000_000_000;

    private final long[] toWall = new long[Ktime.Clock.values().length];
    private final boolean[] measured = new boolean[toWall.length];

    /** Returns what to add to nanoseconds of a clock to get those since 1970. */
    @SuppressWarnings("EnumOrdinal") // an index
    long toWall(Ktime.Clock clock) {
        int i = clock.ordinal();
        if (!measured[i]) {
            toWall[i] = clock == Ktime.Clock.MONOTONIC ? measure(System::nanoTime) : measure(clock);
            measured[i] = true;
        }
        return toWall[i];
    }

    private static long measure(Ktime.Clock clock) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment time = arena.allocate(TIMESPEC_BYTES, Long.BYTES);
            return measure(
                    () -> {
                        long result = Kernel.shared().calls().clockGettime(clock.number, time);
                        if (result < 0) {
                            throw Failure.of(
                                    "clock_gettime",
                                    (int) -result,
                                    "cannot read the clock " + clock);
                        }
                        return time.get(ValueLayout.JAVA_LONG, 0) * NANOS
                                + time.get(ValueLayout.JAVA_LONG, Long.BYTES);
                    });
        }
    }

    /** Reads nanoseconds of a clock. */
    private interface Reading {
        long nanos();
    }

    /** Of some measurements, takes the one between whose two readings the least time passed. */
    private static long measure(Reading clock) {
        long best = 0;
        long least = Long.MAX_VALUE;
        for (int i = 0; i < MEASUREMENTS; i++) {
            long before = clock.nanos();
            Instant now = Instant.now();
            long took = clock.nanos() - before;
            if (took < least) {
                least = took;
                best = Duration.between(Instant.EPOCH, now).toNanos() - (before + took / 2);
            }
        }
        return best;
    }

    /** Returns nanoseconds. */
    static long nanos(Duration value, String name) {
        try {
            return value.toNanos();
        } catch (ArithmeticException e) {
            throw new BpfException(
                    name + " = " + value + " does not fit 64 bits of nanoseconds", e);
        }
    }
}
