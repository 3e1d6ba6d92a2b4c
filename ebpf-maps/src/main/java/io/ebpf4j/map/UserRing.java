// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

/**
 * The producer's side of a ring buffer that programs drain (Documentation/bpf/ringbuf.rst,
 * kernel/bpf/ringbuf.c): {@link Ring} with the parts exchanged, records and positions alike.
 *
 * <p>The kernel loads the producer position with acquire, then the header with acquire, then the
 * record, and stores the consumer position with release. So a record is reserved by writing its
 * header with the busy bit and then storing the producer position with release, and committed by
 * storing a header without the busy bit with release. The consumer position is loaded with acquire:
 * what is written over a record comes after the kernel has read it.
 *
 * <p>Reserving is for one thread at a time, committing for any.
 */
final class UserRing {
    /** What fits into a {@code struct bpf_dynptr}, by which programs see a record. */
    private static final int MOST = (1 << 24) - 1;

    private final long consumer;
    private final long producer;
    private final long data;
    private final long size;
    private long position;

    /** Creates a producer that goes on where the last one stopped. */
    UserRing(RingMapping mapping) {
        this.consumer = mapping.consumer();
        this.producer = mapping.producer();
        this.data = mapping.data();
        this.size = mapping.size();
        this.position = (long) Memory.LONG.getAcquire(Memory.ALL, producer);
    }

    /** Returns the bytes of the longest record. */
    int most() {
        return (int) Math.min(MOST, size - Ring.HEADER);
    }

    /** Reserves a record, and returns its position, or -1 if there is no room. */
    long tryReserve(int length) {
        long at = position;
        long next = at + Ring.extent(length);
        if (next - (long) Memory.LONG.getAcquire(Memory.ALL, consumer) > size) {
            return -1;
        }
        long header = header(at);
        Memory.INT.set(Memory.ALL, header, length | Ring.BUSY);
        Memory.INT.set(Memory.ALL, header + Integer.BYTES, 0);
        position = next;
        Memory.LONG.setRelease(Memory.ALL, producer, next);
        return at;
    }

    /** Hands a record to the programs. */
    void submit(long at, int length) {
        Memory.INT.setRelease(Memory.ALL, header(at), length);
    }

    /** Has the programs pass over a record. */
    void discard(long at, int length) {
        Memory.INT.setRelease(Memory.ALL, header(at), length | Ring.DISCARD);
    }

    private long header(long at) {
        return data + offset(at);
    }

    /** Returns where a record begins in the data. */
    long offset(long at) {
        return at & size - 1;
    }

    /** Returns the address of a record's bytes. */
    long address(long at) {
        return header(at) + Ring.HEADER;
    }
}
