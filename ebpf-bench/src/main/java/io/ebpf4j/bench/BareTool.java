// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.bench;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.FileInputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/**
 * What {@link Tool} does, for those who need no library: the same system calls, in the same order,
 * through the Foreign Function &amp; Memory API, for this one program and x86_64.
 */
final class BareTool {
    private static final long MMAP = 9;
    private static final long CLOSE = 3;
    private static final long IOCTL = 16;
    private static final long FCNTL = 72;
    private static final long EPOLL_CTL = 233;
    private static final long EPOLL_PWAIT = 281;
    private static final long EVENTFD2 = 290;
    private static final long EPOLL_CREATE1 = 291;
    private static final long PERF_EVENT_OPEN = 298;
    private static final long BPF = 321;

    private static final int MAP_CREATE = 0;
    private static final int PROG_LOAD = 5;
    private static final int BTF_LOAD = 18;
    private static final int LINK_CREATE = 28;

    private static final int PAGE = 4096;
    private static final int BUSY = 1 << 31;

    /** The function of {@code first.bpf.c}, as clang compiled it. */
    private static final long[] CODE = {
        0x0000000e00000085L,
        0x00000000000006bfL,
        0x0000000000001118L,
        0x0000000000000000L,
        0x00000000000002b7L,
        0x0000008600000085L,
        0x00000000000f0055L,
        0x0000000000001118L,
        0x0000000000000000L,
        0x00000010000002b7L,
        0x00000000000003b7L,
        0x0000008300000085L,
        0x00000000000007bfL,
        0x0000000000080715L,
        0x0000000500000085L,
        0x00000000000c6763L,
        0x000000000000077bL,
        0x0000002000000677L,
        0x0000000000086763L,
        0x00000000000071bfL,
        0x00000000000002b7L,
        0x0000008400000085L,
        0x00000000000000b4L,
        0x0000000000000095L
    };

    /** Where it loads the map's address. */
    private static final int[] MAP_SLOTS = {2, 7};

    /** Types with one in them, int. */
    private static final int[] TYPES = {
        0x0001eb9f, 24, 0, 16, 16, 5, 1, 0x0100_0000, 4, 0x0100_0020, 0x746e_6900, 0
    };

    private static final int TYPES_BYTES = 45;

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment errno = arena.allocate(Linker.Option.captureStateLayout());
    private final MethodHandle syscall;

    @SuppressWarnings("restricted")
    private BareTool() {
        Linker linker = Linker.nativeLinker();
        syscall =
                linker.downcallHandle(
                        linker.defaultLookup().find("syscall").orElseThrow(),
                        FunctionDescriptor.of(
                                JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
                                JAVA_LONG, JAVA_LONG),
                        Linker.Option.firstVariadicArg(1),
                        Linker.Option.captureCallState("errno"));
    }

    static void run() throws IOException {
        new BareTool().trace();
    }

    private void trace() throws IOException {
        long types = loadTypes();
        long map = createMap();
        long program = loadProgram(map, types);
        call(CLOSE, types, 0, 0, 0, 0, 0);
        long ring = call(FCNTL, map, 1030, 3, 0, 0, 0);
        long epoll = call(EPOLL_CREATE1, 0x80000, 0, 0, 0, 0, 0);
        long wake = call(EVENTFD2, 0, 0x80800, 0, 0, 0, 0);
        watch(epoll, wake);
        watch(epoll, ring);
        MemorySegment consumer = map(ring, PAGE, 3, 0);
        MemorySegment producer = map(ring, 3 * PAGE, 1, PAGE);
        long event = openEvent();
        long link = createLink(program, event);
        call(IOCTL, event, 0x2400, 0, 0, 0, 0);
        call(CLOSE, event, 0, 0, 0, 0, 0);
        System.out.println(firstPid(epoll, consumer, producer));
        for (long fd : new long[] {epoll, wake, ring, link, program, map}) {
            call(CLOSE, fd, 0, 0, 0, 0, 0);
        }
    }

    private long call(long number, long a, long b, long c, long d, long e, long f) {
        long result;
        try {
            result = (long) syscall.invokeExact(errno, number, a, b, c, d, e, f);
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
        if (result < 0) {
            throw new IllegalStateException(
                    "system call " + number + ": errno " + errno.get(JAVA_INT, 0));
        }
        return result;
    }

    private long bpf(int command, MemorySegment attr) {
        return call(BPF, command, attr.address(), attr.byteSize(), 0, 0, 0);
    }

    private long loadTypes() {
        MemorySegment types = arena.allocateFrom(JAVA_INT, TYPES);
        MemorySegment attr = arena.allocate(40, 8);
        attr.set(JAVA_LONG, 0, types.address());
        attr.set(JAVA_INT, 16, TYPES_BYTES);
        return bpf(BTF_LOAD, attr);
    }

    private long createMap() {
        MemorySegment attr = arena.allocate(96, 8);
        attr.set(JAVA_INT, 0, 27);
        attr.set(JAVA_INT, 12, PAGE);
        attr.setString(28, "events");
        return bpf(MAP_CREATE, attr);
    }

    private long loadProgram(long map, long types) {
        MemorySegment code = arena.allocateFrom(JAVA_LONG, CODE);
        for (int slot : MAP_SLOTS) {
            code.set(JAVA_INT, slot * 8L + 4, (int) map);
        }
        MemorySegment attr = arena.allocate(168, 8);
        attr.set(JAVA_INT, 0, 5);
        attr.set(JAVA_INT, 4, CODE.length);
        attr.set(JAVA_LONG, 8, code.address());
        attr.set(JAVA_LONG, 16, arena.allocateFrom("GPL").address());
        attr.setString(48, "on_enter");
        attr.set(JAVA_INT, 72, (int) types);
        return bpf(PROG_LOAD, attr);
    }

    private void watch(long epoll, long fd) {
        MemorySegment event = arena.allocate(16, 8);
        event.set(JAVA_INT, 0, 1);
        call(EPOLL_CTL, epoll, 1, fd, event.address(), 0, 0);
    }

    @SuppressWarnings("restricted")
    private MemorySegment map(long fd, long length, long protection, long offset) {
        long flags = 1;
        long address = call(MMAP, 0, length, protection, flags, fd, offset);
        return MemorySegment.ofAddress(address).reinterpret(length);
    }

    private long openEvent() throws IOException {
        String path = "/sys/kernel/tracing/events/raw_syscalls/sys_enter/id";
        String id;
        try (FileInputStream file = new FileInputStream(path)) {
            id = new String(file.readAllBytes(), StandardCharsets.US_ASCII).strip();
        }
        MemorySegment attr = arena.allocate(112, 8);
        attr.set(JAVA_INT, 0, 2);
        attr.set(JAVA_INT, 4, 112);
        attr.set(JAVA_LONG, 8, Long.parseLong(id));
        return call(PERF_EVENT_OPEN, attr.address(), -1, 0, -1, 8, 0);
    }

    private long createLink(long program, long event) {
        MemorySegment attr = arena.allocate(64, 8);
        attr.set(JAVA_INT, 0, (int) program);
        attr.set(JAVA_INT, 4, (int) event);
        attr.set(JAVA_INT, 8, 41);
        return bpf(LINK_CREATE, attr);
    }

    private int firstPid(long epoll, MemorySegment consumer, MemorySegment producer) {
        MemorySegment events = arena.allocate(64, 8);
        while (true) {
            int length = producer.get(JAVA_INT, PAGE);
            if (producer.get(JAVA_LONG, 0) > 0 && (length & BUSY) == 0) {
                int pid = producer.get(JAVA_INT, PAGE + 16);
                consumer.set(JAVA_LONG, 0, 8L + length);
                return pid;
            }
            call(EPOLL_PWAIT, epoll, events.address(), 4, 1000, 0, 0);
        }
    }
}
