// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Reserves records for one thread after the other, and has those wait that find no room.
 *
 * <p>One of them waits for the kernel and wakes the others, since the kernel reports that there is
 * room to one only.
 */
final class UserRingRoom {
    private final UserRing ring;
    private final Waiter waiter;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean someoneWaits;
    private boolean closed;

    UserRingRoom(UserRing ring, Waiter waiter) {
        this.ring = ring;
        this.waiter = waiter;
    }

    /**
     * Reserves a record.
     *
     * @param limit nanoseconds to wait for room at most
     * @return its position; -1 if there was no room until then, or this was closed
     */
    long reserve(int length, long limit) {
        lock.lock();
        try {
            long at = ring.tryReserve(length);
            long begin = at < 0 && limit > 0 ? System.nanoTime() : 0;
            while (at < 0 && limit > 0 && !closed) {
                long left = limit - (System.nanoTime() - begin);
                if (left <= 0) {
                    break;
                }
                await(left);
                at = ring.tryReserve(length);
            }
            return at;
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("WaitNotInLoop") // the caller looks for room again, whatever ended the wait
    private void await(long nanos) {
        if (someoneWaits) {
            boolean interrupted = Thread.interrupted();
            try {
                changed.awaitNanos(nanos);
            } catch (InterruptedException e) {
                interrupted = true;
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
            return;
        }
        someoneWaits = true;
        lock.unlock();
        try {
            waiter.await(Reader.millis(nanos));
        } finally {
            lock.lock();
            someoneWaits = false;
            changed.signalAll();
        }
    }

    /** Ends all waiting. */
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        waiter.wake();
    }
}
