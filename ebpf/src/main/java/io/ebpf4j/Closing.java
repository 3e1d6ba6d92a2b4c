// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j;

import io.ebpf4j.error.BpfException;

import java.util.Collection;

/** Closes several things so that one failure keeps none of the others open. */
final class Closing {

    private Closing() {}

    /** Closes all, and then throws the first failure with the others suppressed. */
    static void all(Collection<? extends AutoCloseable> things) {
        BpfException failure = new BpfException("closing failed");
        all(things, failure);
        Throwable[] causes = failure.getSuppressed();
        if (causes.length > 0) {
            throw failure;
        }
    }

    /** Closes all on the way out of a failure, which is told of theirs. */
    static void all(Collection<? extends AutoCloseable> things, Throwable failure) {
        for (AutoCloseable thing : things) {
            try {
                thing.close();
            } catch (Exception e) {
                failure.addSuppressed(e);
            }
        }
    }
}
