// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import java.util.function.Consumer;

/**
 * Where a reader takes its records from. One thread at a time drains; {@link #stop}, {@link
 * #available} and the tally are for any.
 *
 * @param <T> what records are decoded to
 */
abstract class Source<T> {
    final Tally tally = new Tally();
    private volatile boolean stopped;

    /**
     * Hands out the records that are complete. Those that are added after the call began are left
     * for the next call, so that a fast producer cannot hold the caller forever.
     *
     * @param most most records to hand out
     * @param typed what takes decoded records, or null
     * @param raw what takes records as they are, if {@code typed} is null
     * @return how many were handed out
     */
    abstract int drain(int most, Consumer<? super T> typed, EventReader.RawConsumer raw);

    /** Says whether {@link #drain} would find a complete record. To be asked before waiting. */
    abstract boolean ready();

    /**
     * Lets the producers get ahead, if the reader is so fast that it would hold them up. To be
     * called before draining, by those who would wait.
     *
     * @return whether it took a moment
     */
    boolean pace() {
        return false;
    }

    /** Gives all room of records that were handed out back. */
    void settle() {}

    /** Returns the bytes that wait, 0 once the memory is given back. */
    abstract long available();

    /** Ends a drain after the current record. */
    final void stop() {
        stopped = true;
    }

    final boolean stopped() {
        return stopped;
    }
}
