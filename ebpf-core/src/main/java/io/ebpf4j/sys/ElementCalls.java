// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.sys;

import java.lang.foreign.Arena;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The calls on single elements of one map; while one is taken, the map's descriptor stays open.
 *
 * <p>An atomic step takes 15 ns beside a system call. So the first thread that calls owns a call
 * that it takes and gives back by plain stores, and that keeps its use of the descriptor in
 * between. Other threads, and calls within a call, have one for each thread, and acquire and
 * release the descriptor each time. When the owner has ended, another thread takes its place.
 *
 * <p>Closing has to find out whether the owner is in a call. The owner stores {@link #inUse} and
 * then loads {@link #closed} without a fence in between; closing does the reverse, and in between
 * stops each thread at a point where it has done both or neither: what closing a shared arena does
 * (JEP 393, by the handshakes of JEP 312).
 */
@SuppressWarnings("ReferenceEquality") // of threads, which are the same or not
public final class ElementCalls {
    /** Most bytes of key and value that the kernel copies within a microsecond. */
    private static final int BRIEF_BYTES = 4096;

    private static final VarHandle OWNER;
    private static final VarHandle IN_USE;
    private static final ThreadLocal<ElementCall> LOCAL = new ThreadLocal<>();

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            OWNER = lookup.findVarHandle(ElementCalls.class, "owner", Thread.class);
            IN_USE = lookup.findVarHandle(ElementCalls.class, "inUse", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final SystemCalls calls;
    private final FileDescriptor map;
    private final boolean sleepless;

    private Thread owner;
    private ElementCall owned;
    private boolean inUse;

    /** Whether the owner's call holds the descriptor open. */
    private final AtomicBoolean standing = new AtomicBoolean();

    private volatile boolean closed;

    ElementCalls(SystemCalls calls, FileDescriptor map, boolean sleepless) {
        this.calls = calls;
        this.map = map;
        this.sleepless = sleepless;
        map.whenClosed(this::close);
    }

    /**
     * Takes a call, to be given back whatever happens.
     *
     * @param bytes how many bytes key and value need
     * @return the call
     * @throws IllegalStateException if the map is closed
     */
    public ElementCall take(int bytes) {
        if (owner == Thread.currentThread() && !inUse && bytes <= owned.capacity()) {
            IN_USE.setOpaque(this, true);
            if (!closed) {
                return owned;
            }
            leave();
        }
        return other(bytes);
    }

    private ElementCall other(int bytes) {
        int fd = map.acquire();
        ElementCall call;
        try {
            call = becomeOwner(fd, bytes) ? null : local(bytes).of(calls, fd, brief(bytes));
        } catch (Throwable t) {
            map.release();
            throw t;
        }
        return call == null ? take(bytes) : call;
    }

    private boolean brief(int bytes) {
        return sleepless && bytes <= BRIEF_BYTES;
    }

    /** Makes the thread the owner if there is none; the use that it acquired is then spent. */
    private boolean becomeOwner(int fd, int bytes) {
        Thread before = owner;
        if (before == null) {
            ElementCall made = new ElementCall(bytes).of(calls, fd, brief(bytes));
            if (!OWNER.compareAndSet(this, null, Thread.currentThread())) {
                return false;
            }
            owned = made;
            standing.set(true);
            return true;
        }
        if (before.isAlive() || !OWNER.compareAndSet(this, before, Thread.currentThread())) {
            return false;
        }
        map.release();
        return true;
    }

    /** Returns the thread's own call, or another one while that is in use. */
    private static ElementCall local(int bytes) {
        ElementCall call = LOCAL.get();
        if (call == null || call.inUse() || bytes > call.capacity()) {
            call = new ElementCall(bytes);
            LOCAL.set(call);
        }
        call.use(true);
        return call;
    }

    /**
     * Gives a call back.
     *
     * @param call what {@link #take} returned
     */
    public void give(ElementCall call) {
        if (call == owned) {
            leave();
        } else {
            call.use(false);
            map.release();
        }
    }

    private void leave() {
        IN_USE.setRelease(this, false);
        if (closed) {
            end();
        }
    }

    /** Ends the standing use, once. */
    private void end() {
        if (standing.compareAndSet(true, false)) {
            map.release();
        }
    }

    private void close() {
        closed = true;
        Thread user = owner;
        if (user != null && user != Thread.currentThread()) {
            Arena.ofShared().close();
        }
        if (!(boolean) IN_USE.getAcquire(this)) {
            end();
        }
    }
}
