// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets one thread at a time use something, and frees it when it is closed: at once, or when the
 * thread that uses it is through.
 */
abstract class Turn implements AutoCloseable {
    private static final int IDLE = 0;
    private static final int TAKEN = 1;
    private static final int CLOSING = 2;
    private static final int CLOSED = 3;

    private final AtomicInteger state = new AtomicInteger(IDLE);
    private final Object closing = new Object();

    /** Names what is used, such as {@code ring buffer events}. */
    abstract String what();

    /** Makes the thread that uses it come to its end soon. */
    abstract void interrupt();

    /** Gives everything back; called once, when nobody uses it any more. */
    abstract void free();

    /**
     * Begins a use; false once closed.
     *
     * @throws IllegalStateException if it is in use
     */
    final boolean enter() {
        int before = state.compareAndExchange(IDLE, TAKEN);
        if (before == TAKEN) {
            throw new IllegalStateException(
                    what()
                            + " is being read by another thread, by the consumer that was called,"
                            + " by a poller, or through a batch that is not closed; one reads at a"
                            + " time");
        }
        return before == IDLE;
    }

    /** Ends a use. */
    final void leave() {
        if (!state.compareAndSet(TAKEN, IDLE)) {
            state.set(CLOSED);
            free();
        }
    }

    /** Says whether the use may go on. */
    final boolean goesOn() {
        return state.get() == TAKEN;
    }

    /**
     * Says whether {@link #close} was not yet called.
     *
     * @return true while it can be used
     */
    public boolean isOpen() {
        return state.get() < CLOSING;
    }

    /** Closes; further calls do nothing. */
    @Override
    public void close() {
        synchronized (closing) {
            while (isOpen()) {
                if (state.compareAndSet(IDLE, CLOSED)) {
                    free();
                } else {
                    // before the mark, since a user that sees the mark frees what is used here
                    interrupt();
                    state.compareAndSet(TAKEN, CLOSING);
                }
            }
        }
    }
}
