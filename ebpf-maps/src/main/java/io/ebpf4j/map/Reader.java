// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What all readers of events have in common: {@link EventReader} says what its methods do.
 *
 * @param <T> what records are decoded to
 */
abstract class Reader<T> extends Turn {
    /** How long a reader leaves the CPU to the producer of a record that is not committed yet. */
    private static final long UNCOMMITTED_NANOS = 50_000;

    private static final long FOREVER = Long.MAX_VALUE / 2;

    private final String what;
    final Waiter waiter;
    final Source<T> source;

    Reader(String what, Waiter waiter, Source<T> source) {
        this.what = what;
        this.waiter = waiter;
        this.source = source;
    }

    @Override
    final String what() {
        return what;
    }

    @Override
    final void interrupt() {
        source.stop();
        waiter.wake();
    }

    /**
     * Does what is due from time to time, before waiting.
     *
     * @return most nanoseconds until it is due again
     */
    long attend() {
        return FOREVER;
    }

    public int poll(Duration timeout, Consumer<? super T> consumer) {
        return poll(timeout, Objects.requireNonNull(consumer, "consumer"), null);
    }

    public int pollRaw(Duration timeout, EventReader.RawConsumer consumer) {
        return poll(timeout, null, Objects.requireNonNull(consumer, "consumer"));
    }

    public int consume(Consumer<? super T> consumer) {
        return poll(Duration.ZERO, consumer);
    }

    public int consumeRaw(EventReader.RawConsumer consumer) {
        return pollRaw(Duration.ZERO, consumer);
    }

    private int poll(Duration timeout, Consumer<? super T> typed, EventReader.RawConsumer raw) {
        long limit = nanos(timeout);
        if (!enter()) {
            return 0;
        }
        try {
            if (limit == 0) {
                int handled = source.drain(Integer.MAX_VALUE, typed, raw);
                source.settle();
                return handled;
            }
            source.pace();
            int handled = source.drain(Integer.MAX_VALUE, typed, raw);
            return handled > 0 ? handled : awaitAndDrain(limit, typed, raw);
        } finally {
            leave();
        }
    }

    private int awaitAndDrain(long limit, Consumer<? super T> typed, EventReader.RawConsumer raw) {
        long begin = System.nanoTime();
        while (await(begin, limit)) {
            int handled = source.drain(Integer.MAX_VALUE, typed, raw);
            if (handled > 0) {
                return handled;
            }
        }
        return 0;
    }

    /** Waits until a record may be there; false if the time is over or the reader closed. */
    final boolean await(long begin, long limit) {
        if (!goesOn()) {
            return false;
        }
        long due = attend();
        if (source.ready()) {
            return true;
        }
        long left = limit - (System.nanoTime() - begin);
        if (left <= 0) {
            return false;
        }
        waiter.await(millis(Math.min(left, due)));
        if (!goesOn()) {
            return false;
        }
        if (source.ready()) {
            return true;
        }
        // epoll reports a reserved record as readable; until it is committed there is nothing to
        // read
        LockSupport.parkNanos(UNCOMMITTED_NANOS);
        // when the time is over, what was submitted without a wake-up is still handled
        return source.ready() || System.nanoTime() - begin < limit;
    }

    /** Rounds up to milliseconds, as far as epoll can wait. */
    static int millis(long nanos) {
        return (int) Math.min(Integer.MAX_VALUE, (nanos - 1) / 1_000_000 + 1);
    }

    /**
     * Returns a timeout in nanoseconds.
     *
     * @throws IllegalArgumentException if it is negative
     */
    static long nanos(Duration timeout) {
        if (timeout.isNegative()) {
            throw new IllegalArgumentException("negative timeout " + timeout);
        }
        return timeout.toSeconds() < FOREVER / 1_000_000_000 ? timeout.toNanos() : FOREVER;
    }

    public Iterator<T> iterator() {
        return new Records();
    }

    public Stream<T> stream() {
        return StreamSupport.stream(
                Spliterators.spliteratorUnknownSize(
                        iterator(), Spliterator.ORDERED | Spliterator.NONNULL),
                false);
    }

    private final class Records implements Iterator<T>, Consumer<T> {
        private T next;

        @Override
        public void accept(T item) {
            next = item;
        }

        @Override
        public boolean hasNext() {
            if (next == null && enter()) {
                try {
                    long begin = System.nanoTime();
                    while (source.drain(1, this, null) == 0 && await(begin, FOREVER)) {
                        // a wake-up is a hint: the record may have been discarded
                    }
                } finally {
                    leave();
                }
            }
            return next != null;
        }

        @Override
        public T next() {
            if (!hasNext()) {
                throw new NoSuchElementException(what + " is closed");
            }
            T item = next;
            next = null;
            return item;
        }
    }

    public EventFigures figures() {
        return source.tally.figures(available());
    }

    public long available() {
        return isOpen() ? source.available() : 0;
    }
}
