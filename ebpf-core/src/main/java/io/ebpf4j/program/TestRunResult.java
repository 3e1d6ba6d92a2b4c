// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.program;

import java.time.Duration;

/** What came out of a {@link TestRun}. */
public final class TestRunResult {
    private final int returnValue;
    private final Duration duration;
    private final byte[] data;
    private final byte[] context;

    TestRunResult(int returnValue, Duration duration, byte[] data, byte[] context) {
        this.returnValue = returnValue;
        this.duration = duration;
        this.data = data;
        this.context = context;
    }

    /**
     * Returns what the program returned.
     *
     * @return the last run's value
     */
    public int returnValue() {
        return returnValue;
    }

    /**
     * Returns how long a run took.
     *
     * @return the mean of all runs; zero for types the kernel does not time
     */
    public Duration duration() {
        return duration;
    }

    /**
     * Returns the packet as the program left it.
     *
     * @return a copy; empty when no packet went in
     */
    public byte[] data() {
        return data.clone();
    }

    /**
     * Returns the context as the program left it.
     *
     * @return a copy; empty when no context went in
     */
    public byte[] context() {
        return context.clone();
    }
}
