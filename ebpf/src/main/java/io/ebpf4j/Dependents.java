// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j;

import io.ebpf4j.link.Link;
import io.ebpf4j.map.EventReader;
import io.ebpf4j.map.UserRingBuffer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The links, readers and producers of events that end with their collection, unless they were
 * closed before. Those that were are forgotten from time to time, so that a collection may attach
 * and detach for ever.
 */
final class Dependents {

    private static final int FIRST_SWEEP = 16;

    private final List<AutoCloseable> open = new ArrayList<>();
    private int sweepAt = FIRST_SWEEP;
    private boolean ended;

    /** Adds all, or, once {@link #end} was called, closes all and throws. */
    void addAll(List<? extends AutoCloseable> added) {
        synchronized (this) {
            if (!ended) {
                if (open.size() + added.size() > sweepAt) {
                    sweep();
                }
                open.addAll(added);
                return;
            }
        }
        IllegalStateException e = new IllegalStateException("the collection is closed");
        Closing.all(added, e);
        throw e;
    }

    /** Ends adding, and returns what is to be closed, the youngest first; nothing the next time. */
    synchronized List<AutoCloseable> end() {
        ended = true;
        List<AutoCloseable> last = new ArrayList<>(open);
        Collections.reverse(last);
        open.clear();
        return last;
    }

    /** Returns how many are remembered. */
    synchronized int size() {
        return open.size();
    }

    private void sweep() {
        List<AutoCloseable> kept = new ArrayList<>(open.size());
        for (AutoCloseable dependent : open) {
            if (isOpen(dependent)) {
                kept.add(dependent);
            }
        }
        open.clear();
        open.addAll(kept);
        sweepAt = Math.max(FIRST_SWEEP, 2 * kept.size());
    }

    private static boolean isOpen(AutoCloseable dependent) {
        if (dependent instanceof Link link) {
            return link.isOpen();
        }
        if (dependent instanceof UserRingBuffer<?> producer) {
            return producer.isOpen();
        }
        return !(dependent instanceof EventReader<?> reader) || reader.isOpen();
    }
}
