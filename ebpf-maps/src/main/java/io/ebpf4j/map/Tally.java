// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import java.util.concurrent.atomic.AtomicLong;

/** Counts what is read. Written by the thread that reads, and read by any, never torn. */
final class Tally {
    private final AtomicLong records = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong discarded = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong overwritten = new AtomicLong();

    void read(long moreRecords, long moreBytes, long moreDiscarded) {
        add(records, moreRecords);
        add(bytes, moreBytes);
        add(discarded, moreDiscarded);
    }

    void lost(long more) {
        add(lost, more);
    }

    void overwritten(long more) {
        add(overwritten, more);
    }

    // the only writer needs no atomic addition, which would cost more than the record
    private static void add(AtomicLong counter, long more) {
        counter.setRelease(counter.getPlain() + more);
    }

    EventFigures figures(long pending) {
        return new EventFigures(
                records.getAcquire(),
                bytes.getAcquire(),
                discarded.getAcquire(),
                lost.getAcquire(),
                overwritten.getAcquire(),
                pending);
    }
}
