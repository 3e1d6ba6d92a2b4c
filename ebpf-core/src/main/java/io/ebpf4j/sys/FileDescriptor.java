// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.sys;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Cleaner;

/**
 * Owns one descriptor of this process.
 *
 * <p>{@link #acquire} and {@link #release} bracket every use. A {@link #close} on another thread in
 * between only marks the descriptor; its number is given back to the kernel by the last release, so
 * that a running call never meets another file under its number. The state is one {@code int}: the
 * number of uses, and the sign bit once closed.
 *
 * <p>Garbage collection closes nothing, since that would detach probes at random; it warns.
 */
public final class FileDescriptor implements AutoCloseable {
    private static final int FIRST = 3;
    private static final int CLOSED = Integer.MIN_VALUE;
    private static final VarHandle USES;

    static {
        try {
            USES = MethodHandles.lookup().findVarHandle(FileDescriptor.class, "uses", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final SystemCalls calls;
    private final int number;
    private final Leak leak;
    private final Cleaner.Cleanable registration;

    private volatile int uses;
    private volatile Runnable whenClosed;

    private FileDescriptor(SystemCalls calls, int number, String what) {
        this.calls = calls;
        this.number = number;
        this.leak = new Leak(number, what);
        this.registration = Leak.CLEANER.register(this, leak);
    }

    /**
     * Takes ownership of a descriptor that the kernel has just returned. One of 0 to 2 is moved up,
     * because attributes of bpf() read 0 as "none" and the others belong to the standard streams.
     *
     * @param calls the system calls that will close it
     * @param fd the descriptor, open with close-on-exec
     * @param what what it stands for, such as {@code map counts}; for the warning about a lost one
     * @return its owner
     * @throws io.ebpf4j.error.BpfException if a low descriptor cannot be duplicated; it is closed
     *     then
     */
    public static FileDescriptor adopt(SystemCalls calls, int fd, String what) {
        if (fd >= FIRST) {
            return new FileDescriptor(calls, fd, what);
        }
        long moved = calls.duplicate(fd);
        calls.close(fd);
        if (moved < 0) {
            throw Failure.of("fcntl", (int) -moved, "cannot move descriptor " + fd + " of " + what);
        }
        return new FileDescriptor(calls, (int) moved, what);
    }

    /**
     * Begins a use of the descriptor.
     *
     * @return the descriptor, which stays open until {@link #release}
     * @throws IllegalStateException if it is closed
     */
    public int acquire() {
        int before = uses;
        while (before >= 0) {
            if (USES.compareAndSet(this, before, before + 1)) {
                return number;
            }
            before = uses;
        }
        throw closed();
    }

    /** Sets the one thing that is done after {@link #close}, such as to end a use that stands. */
    void whenClosed(Runnable then) {
        whenClosed = then;
    }

    /** Ends a use that {@link #acquire} began. */
    public void release() {
        int before = (int) USES.getAndAdd(this, -1);
        if (before == CLOSED + 1) {
            giveBack();
        }
    }

    /**
     * Returns the number without holding it open; another thread may close it at any time.
     *
     * @return the descriptor
     * @throws IllegalStateException if it is closed
     */
    public int fd() {
        if (uses < 0) {
            throw closed();
        }
        return number;
    }

    /**
     * Says whether {@link #close} was not yet called.
     *
     * @return true while the descriptor can be used
     */
    public boolean isOpen() {
        return uses >= 0;
    }

    /**
     * Opens a second descriptor of the same file.
     *
     * @param what what the duplicate stands for
     * @return its owner
     * @throws IllegalStateException if this one is closed
     * @throws io.ebpf4j.error.BpfException if the process has no descriptor left
     */
    public FileDescriptor duplicate(String what) {
        int held = acquire();
        long copy;
        try {
            copy = calls.duplicate(held);
        } finally {
            release();
        }
        if (copy < 0) {
            throw Failure.of(
                    "fcntl", (int) -copy, "cannot duplicate the descriptor of " + leak.what);
        }
        return new FileDescriptor(calls, (int) copy, what);
    }

    /** Closes the descriptor, at once or when the last use ends. Further calls do nothing. */
    @Override
    public void close() {
        int before = (int) USES.getAndBitwiseOr(this, CLOSED);
        if (before >= 0) {
            leak.closed = true;
            registration.clean();
            // the mark keeps new uses out, so either none is left now, or exactly one release will
            // be the last
            if (before == 0) {
                giveBack();
            }
            Runnable then = whenClosed;
            if (then != null) {
                then.run();
            }
        }
    }

    private IllegalStateException closed() {
        return new IllegalStateException(leak.what + " is closed");
    }

    private void giveBack() {
        calls.close(number);
    }

    @Override
    public String toString() {
        return leak.what + " (fd " + number + (isOpen() ? ")" : ", closed)");
    }

    /**
     * Reports a descriptor whose owner became unreachable while open; knows its origin but not the
     * owner.
     */
    private static final class Leak implements Runnable {
        static final Cleaner CLEANER = Cleaner.create();

        private static final boolean TRACE = Boolean.getBoolean("io.ebpf4j.leak.trace");

        final String what;
        private final int number;
        private final Throwable origin;
        volatile boolean closed;

        Leak(int number, String what) {
            this.number = number;
            this.what = what;
            this.origin = TRACE ? new Throwable("opened here") : null;
        }

        @Override
        public void run() {
            if (closed) {
                return;
            }
            Logger log = LoggerFactory.getLogger(FileDescriptor.class);
            if (origin != null) {
                log.warn("{} (fd {}) was never closed", what, number, origin);
            } else {
                log.warn(
                        "{} (fd {}) was never closed; -Dio.ebpf4j.leak.trace=true shows where it"
                                + " was opened",
                        what,
                        number);
            }
        }
    }
}
