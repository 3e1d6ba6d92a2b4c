// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;

import java.time.Duration;
import java.time.Instant;

/** Times of the kernel's monotonic clock. */
final class Clock {
    private static final int MEASUREMENTS = 8;

    private Clock() {}

    /**
     * Measures what to add to nanoseconds of the monotonic clock, which is {@link System#nanoTime}
     * on Linux, to get those since 1970: of some measurements the one that took least.
     */
    static long monotonicToWall() {
        long best = 0;
        long least = Long.MAX_VALUE;
        for (int i = 0; i < MEASUREMENTS; i++) {
            long before = System.nanoTime();
            Instant now = Instant.now();
            long took = System.nanoTime() - before;
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
