// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.sys.SystemCalls;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;

/** A kernel that takes any types and answers every program with the same log. */
final class ReplayedKernel {
    private static final int PROG_LOAD = 5;
    private static final int BTF_LOAD = 18;
    private static final int LOG_SIZE = 28;
    private static final int LOG_BUFFER = 32;
    private static final long DESCRIPTOR = 1000;

    private final byte[] log;
    private final int errno;

    private ReplayedKernel(String log, int errno) {
        this.log = log.getBytes(StandardCharsets.UTF_8);
        this.errno = errno;
    }

    static Kernel saying(String log, int errno) {
        ReplayedKernel replayed = new ReplayedKernel(log, errno);
        return Kernel.of(
                (SystemCalls)
                        Proxy.newProxyInstance(
                                SystemCalls.class.getClassLoader(),
                                new Class<?>[] {SystemCalls.class},
                                (proxy, method, arguments) -> replayed.call(method, arguments)));
    }

    private Object call(Method method, Object[] arguments) {
        if (method.getName().equals("close")) {
            return 0L;
        }
        if (!method.getName().equals("bpf")) {
            throw new UnsupportedOperationException(method.getName());
        }
        return switch ((int) arguments[0]) {
            case BTF_LOAD -> DESCRIPTOR;
            case PROG_LOAD -> reject((MemorySegment) arguments[1]);
            default -> throw new UnsupportedOperationException("bpf(" + arguments[0] + ")");
        };
    }

    @SuppressWarnings("restricted")
    private long reject(MemorySegment attribute) {
        int room = attribute.get(ValueLayout.JAVA_INT, LOG_SIZE);
        if (room > 0) {
            long address = attribute.get(ValueLayout.JAVA_LONG, LOG_BUFFER);
            MemorySegment.ofAddress(address)
                    .reinterpret(room)
                    .asSlice(0, log.length)
                    .copyFrom(MemorySegment.ofArray(log));
        }
        return -errno;
    }
}
