// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;

import java.lang.management.ManagementFactory;
import java.util.function.IntConsumer;

/** What a thread allocates. */
final class Allocation {
    /** More than are made before the brief downcall is linked, of things that make two calls. */
    private static final int TIMES = 60_000;

    /** Enough for a machine so busy that the JIT compiler hardly gets to it. */
    private static final int MOST_ROUNDS = 200;

    private Allocation() {}

    /**
     * Fails unless something that is done again and again comes to allocate nothing.
     *
     * @param action does it so many times
     */
    static void endsOnceWarm(IntConsumer action) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = Long.MAX_VALUE;
        // less than a byte each is what the JVM allocates on the side, as for the bean's answer
        for (int round = 0; round < MOST_ROUNDS && allocated >= TIMES; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            action.accept(TIMES);
            allocated = threads.getCurrentThreadAllocatedBytes() - before;
        }
        assertThat(allocated).as("bytes allocated by %d calls", TIMES).isLessThan(TIMES);
    }
}
