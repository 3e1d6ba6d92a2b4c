// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.kernel.Kernel;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Waits for the records of several readers at once, on one thread.
 *
 * <p>While a call polls, it uses all the readers; each of them can be used on its own in between.
 * Closing a reader ends its part, closing the poller ends a wait and leaves the readers open.
 * Adding, removing and polling are for one thread at a time; {@link #close} is for any.
 *
 * <pre>{@code
 * try (EventPoller poller = EventPoller.create(Kernel.shared())) {
 *     poller.add(opens, open -> System.out.println(open)).add(exits, exit -> count++);
 *     while (poller.isOpen()) {
 *         poller.poll(Duration.ofSeconds(1));
 *     }
 * }
 * }</pre>
 */
public final class EventPoller extends Turn {
    /** As a reader does for a record that is not committed yet. */
    private static final long UNCOMMITTED_NANOS = 50_000;

    private final Waiter waiter;
    private final List<Part<?>> parts = new ArrayList<>();
    private volatile boolean stopped;

    private EventPoller(Waiter waiter) {
        this.waiter = waiter;
    }

    /** A reader, and what takes its records. */
    private record Part<T>(
            Reader<T> reader, Consumer<? super T> typed, EventReader.RawConsumer raw) {
        int drain() {
            return reader.source.drain(Integer.MAX_VALUE, typed, raw);
        }
    }

    /**
     * Creates a poller without readers.
     *
     * @param kernel the kernel
     * @return the poller
     * @throws BpfException if the process has no descriptor left
     */
    public static EventPoller create(Kernel kernel) {
        return new EventPoller(Waiter.create(kernel.calls(), "the poller's readers"));
    }

    /**
     * Adds a reader.
     *
     * @param <T> what its records are decoded to
     * @param reader the reader; stays the caller's
     * @param consumer takes each of its records, on the thread that polls
     * @return this
     * @throws IllegalArgumentException if the reader was added before
     * @throws IllegalStateException if the poller or the reader is closed, or in use
     * @throws BpfException if the kernel refuses
     */
    public <T> EventPoller add(EventReader<T> reader, Consumer<? super T> consumer) {
        return add(new Part<>(base(reader), Objects.requireNonNull(consumer, "consumer"), null));
    }

    /**
     * Adds a reader whose records are not decoded.
     *
     * @param reader the reader; stays the caller's
     * @param consumer takes each of its records, on the thread that polls
     * @return this
     * @throws IllegalArgumentException if the reader was added before
     * @throws IllegalStateException if the poller or the reader is closed, or in use
     * @throws BpfException if the kernel refuses
     */
    public EventPoller addRaw(EventReader<?> reader, EventReader.RawConsumer consumer) {
        return add(new Part<>(base(reader), null, Objects.requireNonNull(consumer, "consumer")));
    }

    private static <T> Reader<T> base(EventReader<T> reader) {
        return switch (reader) {
            case RingBuffer<T> ring -> ring;
            case PerfBuffer<T> perf -> perf;
        };
    }

    private EventPoller add(Part<?> part) {
        use(this);
        try {
            if (indexOf(part.reader()) >= 0) {
                throw new IllegalArgumentException(part.reader().what() + " was added before");
            }
            use(part.reader());
            try {
                // a set in a set: what makes the reader's ready, its wake-up included, makes this
                waiter.add(part.reader().waiter.fd(), Waiter.READABLE);
            } finally {
                part.reader().leave();
            }
            parts.add(part);
        } finally {
            leave();
        }
        return this;
    }

    private static void use(Turn what) {
        if (!what.enter()) {
            throw new IllegalStateException(what.what() + " is closed");
        }
    }

    /**
     * Takes a reader out.
     *
     * @param reader the reader; stays open
     * @return whether it was there
     * @throws IllegalStateException if the poller is closed, or in use
     * @throws BpfException if the kernel refuses
     */
    public boolean remove(EventReader<?> reader) {
        use(this);
        try {
            int index = indexOf(base(reader));
            if (index < 0) {
                return false;
            }
            Reader<?> removed = parts.remove(index).reader();
            if (removed.enter()) {
                try {
                    waiter.remove(removed.waiter.fd());
                } finally {
                    removed.leave();
                }
            }
            return true;
        } finally {
            leave();
        }
    }

    private int indexOf(Reader<?> reader) {
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i).reader().equals(reader)) {
                return i;
            }
        }
        return -1;
    }

    /**
     * Handles the records that are there in any of the readers; if there are none, waits for the
     * first. Readers that were closed are forgotten; without readers, only {@link #close} ends a
     * wait early.
     *
     * @param timeout how long to wait at most, rounded up to milliseconds; zero does not wait
     * @return how many records were handled; 0 when the time is over, a reader is closed meanwhile,
     *     or the poller was or is closed
     * @throws IllegalArgumentException if the timeout is negative
     * @throws IllegalStateException if another call uses the poller or one of the readers
     * @throws BpfException if a record is too short for its type, or does not decode; it counts as
     *     handled
     */
    public int poll(Duration timeout) {
        long limit = Reader.nanos(timeout);
        if (!enter()) {
            return 0;
        }
        try {
            int entered = 0;
            try {
                while (entered < parts.size()) {
                    if (parts.get(entered).reader().enter()) {
                        entered++;
                    } else {
                        parts.remove(entered);
                    }
                }
                return drainOrAwait(limit);
            } finally {
                for (int i = 0; i < entered; i++) {
                    parts.get(i).reader().leave();
                }
            }
        } finally {
            leave();
        }
    }

    private int drainOrAwait(long limit) {
        long begin = System.nanoTime();
        if (limit > 0) {
            pace();
        }
        int handled = drain();
        while (handled == 0 && await(begin, limit)) {
            handled = drain();
        }
        return handled;
    }

    /** Lets the producers of one reader get ahead, see {@link Source#pace}. */
    private void pace() {
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i).reader().source.pace()) {
                return;
            }
        }
    }

    private int drain() {
        int handled = 0;
        for (int i = 0; i < parts.size() && !stopped; i++) {
            handled += parts.get(i).drain();
        }
        return handled;
    }

    /** Waits as a reader does, see {@link Reader#await}. */
    private boolean await(long begin, long limit) {
        if (!goesOn()) {
            return false;
        }
        long due = Long.MAX_VALUE;
        for (int i = 0; i < parts.size(); i++) {
            due = Math.min(due, parts.get(i).reader().attend());
        }
        if (anyReady()) {
            return true;
        }
        long left = limit - (System.nanoTime() - begin);
        if (left <= 0) {
            return false;
        }
        waiter.await(Reader.millis(Math.min(left, due)));
        if (!goesOn() || anyClosed()) {
            return false;
        }
        if (anyReady()) {
            return true;
        }
        LockSupport.parkNanos(UNCOMMITTED_NANOS);
        return anyReady() || System.nanoTime() - begin < limit;
    }

    private boolean anyReady() {
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i).reader().source.ready()) {
                return true;
            }
        }
        return false;
    }

    private boolean anyClosed() {
        for (int i = 0; i < parts.size(); i++) {
            if (!parts.get(i).reader().goesOn()) {
                return true;
            }
        }
        return false;
    }

    @Override
    String what() {
        return "the poller";
    }

    @Override
    void interrupt() {
        stopped = true;
        waiter.wake();
    }

    @Override
    void free() {
        waiter.close();
    }

    /** Ends polling: a call that polls returns after its current reader. The readers stay open. */
    @Override
    public void close() {
        super.close();
    }
}
