// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Issues {@code bpf()} without the library: what checks the library for leaks shares no code with
 * it.
 */
final class BpfCall {
    static final int PROG_LOAD = 5;
    static final int PROG_GET_NEXT_ID = 11;
    static final int MAP_GET_NEXT_ID = 12;
    static final int LINK_GET_NEXT_ID = 31;

    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int EINVAL = 22;

    private static final Linker.Option ERRNO_OPTION = Linker.Option.captureCallState("errno");
    private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO =
            STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle SYSCALL = link();

    private BpfCall() {}

    /**
     * Issues one command.
     *
     * @param command a {@code BPF_*} command number
     * @param attr the attribute; the kernel's answer is written back into it
     * @return the kernel's answer, or a negated errno
     */
    static long call(int command, ByteBuffer attr) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            MemorySegment bytes = arena.allocate(attr.capacity(), Long.BYTES);
            bytes.copyFrom(MemorySegment.ofBuffer(attr.clear()));
            long result =
                    (long)
                            SYSCALL.invokeExact(
                                    state, number(), (long) command, bytes, bytes.byteSize());
            long answer = result < 0 ? -(int) ERRNO.get(state, 0L) : result;
            attr.put(0, bytes.toArray(JAVA_BYTE), 0, attr.capacity());
            return answer;
        } catch (Throwable e) {
            throw new IllegalStateException("bpf command " + command, e);
        }
    }

    /**
     * Tries to load a program of two instructions that returns 0, and closes it if that works.
     *
     * @param type {@code BPF_PROG_TYPE_*}
     * @param attachType {@code BPF_*} expected attach type
     * @return 0 if it loads, or a negated errno
     */
    static long tryLoad(int type, int attachType) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment code = arena.allocate(16, Long.BYTES);
            code.set(JAVA_BYTE, 0, (byte) 0xb7);
            code.set(JAVA_BYTE, 8, (byte) 0x95);
            ByteBuffer attr =
                    attribute(128)
                            .putInt(0, type)
                            .putInt(4, 2)
                            .putLong(8, code.address())
                            .putLong(16, arena.allocateFrom("GPL").address())
                            .putInt(68, attachType);
            long fd = call(PROG_LOAD, attr);
            if (fd >= 0) {
                close(fd);
            }
            return Math.min(fd, 0);
        }
    }

    /**
     * Gives a zeroed attribute in the byte order of the machine.
     *
     * @param size bytes
     * @return the attribute
     */
    static ByteBuffer attribute(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
    }

    /**
     * Closes a descriptor that this class gave.
     *
     * @param fd the descriptor
     */
    static void close(long fd) {
        long number =
                switch (System.getProperty("os.arch")) {
                    case "amd64" -> 3;
                    case "s390x", "ppc64le" -> 6;
                    default -> 57;
                };
        try (Arena arena = Arena.ofConfined()) {
            long ignored =
                    (long)
                            SYSCALL.invokeExact(
                                    arena.allocate(STATE), number, fd, MemorySegment.NULL, 0L);
        } catch (Throwable e) {
            throw new IllegalStateException("close", e);
        }
    }

    private static long number() {
        return switch (System.getProperty("os.arch")) {
            case "amd64" -> 321;
            case "s390x" -> 351;
            case "ppc64le" -> 361;
            default -> 280;
        };
    }

    @SuppressWarnings("restricted")
    private static MethodHandle link() {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().find("syscall").orElseThrow(),
                FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG),
                ERRNO_OPTION,
                Linker.Option.firstVariadicArg(1));
    }
}
