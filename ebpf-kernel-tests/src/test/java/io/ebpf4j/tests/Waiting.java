// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for other threads of a test, with a bound. */
final class Waiting {
    private static final Duration BOUND = Duration.ofSeconds(60);

    private Waiting() {}

    /** Returns once a thread blocks in a system call, as far as its stack tells. */
    static void inEpoll(Thread thread) {
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < BOUND.toNanos()) {
            for (StackTraceElement frame : thread.getStackTrace()) {
                if (frame.getMethodName().equals("epollWait")) {
                    return;
                }
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("the thread does not wait");
    }

    /** Returns once something holds that nothing tells of. */
    static void until(BooleanSupplier condition) {
        long begin = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - begin > BOUND.toNanos()) {
                throw new AssertionError("does not come true");
            }
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
        }
    }
}
