// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.function.Consumer;

/**
 * The consumer's side of the rings of a perf buffer, CPU by CPU.
 *
 * <pre>
 *   0      4      6      8           12
 *   | type | misc | size | length    | length bytes …   |   PERF_RECORD_SAMPLE
 *   | type | misc | size | id        | (16) lost        |   PERF_RECORD_LOST
 * </pre>
 *
 * <p>A ring is mapped once, so that a record may begin at its end and go on at its beginning; only
 * then it is copied. The kernel stores {@code data_head} with release after the records, the
 * consumer loads it with acquire; the consumer stores {@code data_tail} with release once it has
 * read, and the kernel loads it before it writes there.
 *
 * @param <T> what records are decoded to
 */
final class PerfSource<T> extends Source<T> {
    /** Most records between two stores of a tail. */
    private static final int BATCH = 64;

    private static final int LOST = 2;
    private static final int SAMPLE = 9;
    private static final int LOST_SAMPLES = 13;
    private static final int HEADER = 8;
    private static final int RAW = HEADER + Integer.BYTES;
    private static final int LOST_COUNT = 16;

    private final String what;
    private final RecordDecoder<T> decoder;
    private final PerfBufferOptions.LostConsumer lostConsumer;
    private final Scrap wrapped = new Scrap();
    private volatile PerfRing[] rings = {};
    private int first;
    private int cpu = -1;

    PerfSource(String what, RecordDecoder<T> decoder, PerfBufferOptions.LostConsumer lostConsumer) {
        this.what = what;
        this.decoder = decoder;
        this.lostConsumer = lostConsumer;
    }

    PerfRing[] rings() {
        return rings;
    }

    /** Changes the rings; for the thread that reads. */
    void rings(PerfRing[] changed) {
        rings = changed;
        first = 0;
    }

    /** Returns the CPU of the last record, or -1. */
    int cpu() {
        return cpu;
    }

    @Override
    int drain(int most, Consumer<? super T> typed, EventReader.RawConsumer raw) {
        PerfRing[] all = rings;
        int handed = 0;
        for (int i = 0; i < all.length && handed < most && !stopped(); i++) {
            PerfRing ring = all[(first + i) % all.length];
            handed +=
                    ring.snapshot == null
                            ? drain(ring, most - handed, typed, raw)
                            : drainSnapshot(ring, most - handed, typed, raw);
        }
        // who takes one record at a time gets those of all CPUs in turn
        first = all.length == 0 ? 0 : (first + 1) % all.length;
        return handed;
    }

    private int drain(
            PerfRing ring, int most, Consumer<? super T> typed, EventReader.RawConsumer raw) {
        long head = ring.head();
        long at = ring.position;
        if (at == head) {
            return 0;
        }
        long data = ring.data();
        long mask = ring.size() - 1;
        MemorySegment window = ring.window();
        cpu = ring.cpu();
        int handed = 0;
        int counted = 0;
        int passed = 0;
        long bytes = 0;
        try {
            while (at != head && handed < most && !stopped()) {
                long offset = at & mask;
                int type = Memory.ALL.get(ValueLayout.JAVA_INT, data + offset);
                int size =
                        Short.toUnsignedInt(
                                Memory.ALL.get(ValueLayout.JAVA_SHORT, data + offset + 6));
                if (size < HEADER || size > head - at) {
                    throw torn(ring, size, at, head);
                }
                // before the consumer runs: a record counts as consumed even if its consumer throws
                at += size;
                passed++;
                if (type == SAMPLE) {
                    int length =
                            Memory.ALL.get(ValueLayout.JAVA_INT, data + (offset + HEADER & mask));
                    if (length < 0 || length > size - RAW) {
                        throw torn(ring, length, at - size, head);
                    }
                    handed++;
                    bytes += length;
                    long start = offset + RAW & mask;
                    if (start + length > mask + 1) {
                        long fits = mask + 1 - start;
                        wrapped.take(data + start, fits, data, length - fits);
                        hand(wrapped.memory(), wrapped.address(), 0, length, typed, raw);
                    } else if (typed != null) {
                        typed.accept(decoder.decode(data + start, length));
                    } else {
                        raw.accept(window, start, length);
                    }
                } else {
                    other(ring, type, data, offset, mask);
                }
                if (passed == BATCH) {
                    ring.publish(at);
                    tally.read(handed - counted, bytes, 0);
                    counted = handed;
                    passed = 0;
                    bytes = 0;
                }
            }
        } finally {
            if (passed != 0) {
                ring.publish(at);
                tally.read(handed - counted, bytes, 0);
            }
        }
        return handed;
    }

    private int drainSnapshot(
            PerfRing ring, int most, Consumer<? super T> typed, EventReader.RawConsumer raw) {
        PerfSnapshot snapshot = ring.snapshot;
        if (snapshot.left() == 0 && ring.head() != ring.position) {
            tally.overwritten(snapshot.take());
        }
        cpu = ring.cpu();
        MemorySegment memory = snapshot.memory();
        int handed = 0;
        while (snapshot.left() > 0 && handed < most && !stopped()) {
            int at = snapshot.next();
            int type = memory.get(ValueLayout.JAVA_INT, at);
            if (type != SAMPLE) {
                other(ring, type, memory.address(), at, -1);
                continue;
            }
            int length = memory.get(ValueLayout.JAVA_INT, at + HEADER);
            handed++;
            tally.read(1, length, 0);
            hand(snapshot.view(), memory.address() + at + RAW, at + RAW, length, typed, raw);
        }
        return handed;
    }

    private void hand(
            MemorySegment memory,
            long address,
            long offset,
            int length,
            Consumer<? super T> typed,
            EventReader.RawConsumer raw) {
        if (typed != null) {
            typed.accept(decoder.decode(address, length));
        } else {
            raw.accept(memory, offset, length);
        }
    }

    private void other(PerfRing ring, int type, long data, long offset, long mask) {
        if (type == LOST || type == LOST_SAMPLES) {
            long count = type == LOST ? LOST_COUNT : HEADER;
            long lost = Memory.ALL.get(ValueLayout.JAVA_LONG, data + (offset + count & mask));
            tally.lost(lost);
            if (lostConsumer != null) {
                lostConsumer.lost(ring.cpu(), lost);
            }
        }
    }

    private BpfException torn(PerfRing ring, int size, long at, long head) {
        return new BpfException(
                what
                        + " is corrupt: a record of "
                        + size
                        + " bytes at position "
                        + at
                        + " of CPU "
                        + ring.cpu()
                        + ", whose head is at "
                        + head);
    }

    /** The fence keeps the stores of the tails before the loads of the heads. */
    @Override
    boolean ready() {
        VarHandle.fullFence();
        for (PerfRing ring : rings) {
            if (ring.ready()) {
                return true;
            }
        }
        return false;
    }

    @Override
    long available() {
        long bytes = 0;
        for (PerfRing ring : rings) {
            bytes += ring.available();
        }
        return bytes;
    }
}
