// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.sys;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.MutableCallSite;

/**
 * How a process makes its brief system calls: by the ordinary downcall, until it has made so many
 * that linking another, which takes some 10 ms, is worth it. Then
 *
 * <ul>
 *   <li>without the steps by which a thread tells the JVM that it leaves and comes back, which take
 *       30 ns, and,
 *   <li>where calls hardly ever fail, without keeping the error number, which takes 10 ns. A call
 *       that fails is made again by the ordinary downcall. It changed nothing, or made room in an
 *       LRU map that the second one finds, so that what that says is true: of a later moment, but
 *       still one between the caller's call and its return.
 * </ul>
 *
 * <p>To the compiler the target of the call site is a constant, so that no trace of the others is
 * left beside it: two downcalls would be too large to be inlined where maps are read. A thread may
 * use an older target for a while, which does the same.
 */
final class BriefCall {
    /** {@code syscall(number, a, b, c)}, behind where the error number lands. */
    static final MethodType CAPTURING =
            MethodType.methodType(
                    long.class,
                    MemorySegment.class,
                    long.class,
                    long.class,
                    long.class,
                    long.class);

    static final int CALLS_BEFORE = 100_000;

    /** A second call takes as long as the error numbers of some 50. */
    static final int CALLS_FOR_A_FAILURE = 1000;

    /** How many failures in quick succession show that calls do fail. */
    static final int DOUBTS = 1000;

    private enum Stage {
        COUNTING,
        CAPTURING,
        BARE,
        CAPTURING_FOR_GOOD
    }

    /** The downcalls to choose from, each linked when it is asked for. */
    interface Downcalls {
        /** Returns {@link #CAPTURING}, with three more {@code long}s. */
        MethodHandle ordinary();

        /** Returns {@link #CAPTURING}, for calls that last a moment at most. */
        MethodHandle capturing();

        /** Returns the same without the first parameter. */
        MethodHandle bare();
    }

    private final Downcalls downcalls;
    private final MethodHandle ordinary;
    private final MutableCallSite site;
    private Stage stage = Stage.COUNTING;

    // about how many; threads may miss each other's
    private int calls;
    private int failures;
    private int doubts;

    /** Begins with the ordinary downcall. */
    BriefCall(Downcalls downcalls) {
        this.downcalls = downcalls;
        this.ordinary = downcalls.ordinary();
        this.site = new MutableCallSite(method("counted", CAPTURING));
    }

    /** Returns what makes the calls: {@link #CAPTURING}, behind this object. */
    MethodHandle invoker() {
        return site.dynamicInvoker();
    }

    /** Not bound to this object, which would take some milliseconds. */
    private static MethodHandle method(String name, MethodType type) {
        try {
            return MethodHandles.lookup().findVirtual(BriefCall.class, name, type);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    /** Tells that many calls have succeeded, none of them failed in between. */
    void trust() {
        enter(Stage.CAPTURING, Stage.BARE);
    }

    /** Tells that a call has failed soon after another one. */
    void doubt() {
        if (stage == Stage.BARE && ++doubts == DOUBTS) {
            enter(Stage.BARE, Stage.CAPTURING_FOR_GOOD);
        }
    }

    private synchronized void enter(Stage from, Stage to) {
        if (stage == from) {
            site.setTarget(to == Stage.BARE ? bareFirst() : capturing());
            stage = to;
        }
    }

    private MethodHandle capturing() {
        return MethodHandles.dropArguments(downcalls.capturing(), 0, BriefCall.class);
    }

    private MethodHandle bareFirst() {
        MethodHandle then = method("unlessFailed", CAPTURING.insertParameterTypes(0, long.class));
        MethodHandle bare = MethodHandles.dropArguments(downcalls.bare(), 0, MemorySegment.class);
        return MethodHandles.foldArguments(then, 1, bare);
    }

    @SuppressWarnings("UnusedMethod") // found by its name
    private long unlessFailed(
            long result, MemorySegment captured, long number, long a, long b, long c)
            throws Throwable {
        return result == -1
                ? (long) ordinary.invokeExact(captured, number, a, b, c, 0L, 0L, 0L)
                : result;
    }

    @SuppressWarnings("UnusedMethod") // found by its name
    private long counted(MemorySegment captured, long number, long a, long b, long c)
            throws Throwable {
        long result = (long) ordinary.invokeExact(captured, number, a, b, c, 0L, 0L, 0L);
        if (result == -1) {
            failures++;
        }
        // what was stored, not what is there now, so that no thread's step hides another's
        int made = ++calls;
        if (made == CALLS_BEFORE) {
            boolean seldom = failures <= CALLS_BEFORE / CALLS_FOR_A_FAILURE;
            enter(Stage.COUNTING, seldom ? Stage.BARE : Stage.CAPTURING);
        }
        return result;
    }
}
