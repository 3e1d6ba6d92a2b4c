// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.sys.Architecture;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.Failure;
import io.ebpf4j.sys.FileDescriptor;
import io.ebpf4j.sys.NativeText;
import io.ebpf4j.sys.SystemCalls;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** Waits for descriptors to become ready, or for a wake-up from another thread. */
final class Waiter implements AutoCloseable {
    private static final int EPOLL_CTL_ADD = 1;
    private static final int EPOLL_CTL_DEL = 2;

    /** {@code EPOLLIN}. */
    static final int READABLE = 1;

    /** {@code EPOLLOUT | EPOLLET}: each time that there is room again. */
    static final int WRITABLE_ONCE = 1 << 31 | 4;

    private final SystemCalls calls;
    private final String what;
    private final FileDescriptor epoll;
    private final FileDescriptor wakeup;
    private final MemorySegment ready;

    private Waiter(SystemCalls calls, String what, FileDescriptor epoll, FileDescriptor wakeup) {
        this.calls = calls;
        this.what = what;
        this.epoll = epoll;
        this.wakeup = wakeup;
        this.ready =
                Arena.ofAuto().allocate(2L * Architecture.current().epollEventBytes(), Long.BYTES);
    }

    /**
     * Creates a waiter for one descriptor to become readable.
     *
     * @param calls the system calls
     * @param fd the descriptor to wait for; stays the caller's
     * @param what what it is, for messages
     * @return the waiter; nothing is left open on failure
     */
    static Waiter create(SystemCalls calls, int fd, String what) {
        Waiter waiter = create(calls, what);
        try {
            waiter.add(fd, READABLE);
            return waiter;
        } catch (Throwable t) {
            waiter.close();
            throw t;
        }
    }

    /**
     * Creates a waiter that a wake-up ends only, until descriptors are added.
     *
     * @param calls the system calls
     * @param what what is waited for, for messages
     * @return the waiter; nothing is left open on failure
     */
    static Waiter create(SystemCalls calls, String what) {
        FileDescriptor epoll =
                own(calls, calls.epollCreate(), "epoll_create1", "the epoll of " + what);
        try {
            FileDescriptor wakeup =
                    own(calls, calls.eventfd(), "eventfd2", "the eventfd of " + what);
            try {
                Waiter waiter = new Waiter(calls, what, epoll, wakeup);
                waiter.add(wakeup.fd(), READABLE);
                return waiter;
            } catch (Throwable t) {
                wakeup.close();
                throw t;
            }
        } catch (Throwable t) {
            epoll.close();
            throw t;
        }
    }

    private static FileDescriptor own(SystemCalls calls, long result, String call, String what) {
        if (result < 0) {
            throw Failure.of(call, (int) -result, "cannot create " + what);
        }
        return FileDescriptor.adopt(calls, (int) result, what);
    }

    /**
     * Adds a descriptor to wait for.
     *
     * @param fd the descriptor; stays the caller's, and is forgotten when its last duplicate is
     *     closed
     * @param events {@code EPOLL*}
     */
    void add(int fd, int events) {
        Architecture machine = Architecture.current();
        long result;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment event = arena.allocate(machine.epollEventBytes(), Long.BYTES);
            ByteBuffer bytes = NativeText.buffer(event);
            bytes.putInt(0, events).putInt(machine.epollDataOffset(), fd);
            result = calls.epollControl(epoll.fd(), EPOLL_CTL_ADD, fd, event);
        }
        if (result < 0) {
            throw Failure.of("epoll_ctl", (int) -result, "cannot wait for " + what);
        }
    }

    /** Waits no more for a descriptor. */
    void remove(int fd) {
        long result = calls.epollControl(epoll.fd(), EPOLL_CTL_DEL, fd, MemorySegment.NULL);
        if (result < 0) {
            throw Failure.of("epoll_ctl", (int) -result, "cannot stop waiting for " + what);
        }
    }

    /**
     * Waits.
     *
     * @param millis most milliseconds
     * @return false if the time is over; true after an event, a wake-up or a signal
     */
    boolean await(int millis) {
        long result = calls.epollWait(epoll.fd(), ready, millis);
        if (result < 0 && result != -Errno.EINTR) {
            throw Failure.of("epoll_wait", (int) -result, "cannot wait for events");
        }
        return result != 0;
    }

    /** Returns the descriptor of the set, which is itself readable when one in it is ready. */
    int fd() {
        return epoll.fd();
    }

    /** Ends a running and all later waits, from any thread. */
    void wake() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment one = arena.allocate(Long.BYTES, Long.BYTES);
            NativeText.buffer(one).putLong(0, 1);
            int fd = wakeup.acquire();
            try {
                calls.write(fd, one);
            } finally {
                wakeup.release();
            }
        }
    }

    @Override
    public void close() {
        epoll.close();
        wakeup.close();
    }
}
