// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j;

import io.ebpf4j.error.BpfException;

import java.util.Collection;

/** Closes several things so that one failure keeps none of the others open. */
final class Closing {

    private Closing() {}

    /** Closes all, and then says what failed: the first as the cause, the others suppressed. */
    static void all(Collection<? extends AutoCloseable> things) {
        Throwable first = null;
        for (AutoCloseable thing : things) {
            Throwable failure = close(thing);
            if (first == null) {
                first = failure;
            } else if (failure != null) {
                first.addSuppressed(failure);
            }
        }
        if (first != null) {
            throw new BpfException("not everything was closed: " + first.getMessage(), first);
        }
    }

    /** Closes all on the way out of a failure, which is told of theirs. */
    static void all(Collection<? extends AutoCloseable> things, Throwable failure) {
        for (AutoCloseable thing : things) {
            Throwable another = close(thing);
            if (another != null) {
                failure.addSuppressed(another);
            }
        }
    }

    private static Throwable close(AutoCloseable thing) {
        try {
            thing.close();
            return null;
        } catch (Throwable e) {
            return e;
        }
    }
}
