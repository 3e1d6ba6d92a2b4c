// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import java.lang.invoke.VarHandle;
import java.util.function.Consumer;

/**
 * The consumer's side of a ring buffer that overwrites its oldest records (BPF_F_RB_OVERWRITE,
 * Linux 6.19, kernel commit feeaf1346f80). The producer page has a further position:
 *
 * <pre>
 *   0          8         16
 *   | producer | pending | overwrite |      everything before `overwrite` is gone
 * </pre>
 *
 * <p>A producer moves the overwrite position to the first record that stays, writes the header of
 * its own, and then stores the producer position with release. So the consumer loads the producer
 * position with acquire, then the overwrite position; copies a record; and takes the copy only if
 * the overwrite position, loaded again behind a fence, has not passed the record meanwhile.
 *
 * <p>Between the producer's store of the overwrite position and what it then writes over the old
 * record the kernel has no barrier; machines that keep the order of stores, as x86_64 and s390x do,
 * need none.
 *
 * @param <T> what records are decoded to
 */
final class OverwriteRing<T> extends Source<T> {
    static final long OVERWRITE_POSITION = 16;

    private final String name;
    private final RingMapping mapping;
    private final long data;
    private final long mask;
    private final RecordDecoder<T> decoder;
    private final Scrap copy = new Scrap();
    private long position;

    OverwriteRing(String name, RingMapping mapping, RecordDecoder<T> decoder) {
        this.name = name;
        this.mapping = mapping;
        this.data = mapping.data();
        this.mask = mapping.size() - 1;
        this.decoder = decoder;
        this.position = mapping.consumerPosition();
    }

    @Override
    int drain(int most, Consumer<? super T> typed, EventReader.RawConsumer raw) {
        long end = mapping.producerPosition();
        int handed = 0;
        try {
            while (handed < most && !stopped()) {
                skipTo(overwrite());
                if (position >= end) {
                    break;
                }
                int header = (int) Memory.INT.getAcquire(Memory.ALL, data + (position & mask));
                int length = Ring.length(header);
                boolean whole = header == length && length <= mask;
                if (whole) {
                    copy.take(data + (position & mask) + Ring.HEADER, length);
                }
                // the loads above stay before the load that says whether they can be trusted
                VarHandle.acquireFence();
                if (overwrite() > position) {
                    continue;
                }
                if (header < 0) { // BUSY
                    break;
                }
                long at = position;
                if (at + Ring.extent(length) > end) {
                    throw Ring.torn(name, at, length, end);
                }
                position = at + Ring.extent(length);
                tally.read(whole ? 1 : 0, whole ? length : 0, whole ? 0 : 1);
                if (whole) {
                    handed++;
                    hand(length, typed, raw);
                }
            }
        } finally {
            Memory.LONG.setRelease(Memory.ALL, mapping.consumer(), position);
        }
        return handed;
    }

    private void hand(int length, Consumer<? super T> typed, EventReader.RawConsumer raw) {
        if (typed != null) {
            typed.accept(decoder.decode(copy.address(), length));
        } else {
            raw.accept(copy.memory(), 0, length);
        }
    }

    private long overwrite() {
        return (long) Memory.LONG.getAcquire(Memory.ALL, mapping.producer() + OVERWRITE_POSITION);
    }

    private void skipTo(long overwrite) {
        if (overwrite > position) {
            tally.overwritten(overwrite - position);
            position = overwrite;
        }
    }

    /** The fence is explained at {@link Ring#ready}. */
    @Override
    boolean ready() {
        VarHandle.fullFence();
        long end = mapping.producerPosition();
        long at = Math.max(position, overwrite());
        return at < end && (int) Memory.INT.getAcquire(Memory.ALL, data + (at & mask)) >= 0;
    }

    /** The overwrite position is loaded first, so that it is not ahead of the producer's. */
    @Override
    long available() {
        long from = Math.max(mapping.overwritePosition(), mapping.consumerPosition());
        return Math.max(0, mapping.producerPosition() - from);
    }
}
