// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.NativeSystemCalls;
import io.ebpf4j.sys.SystemCalls;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;

/**
 * The running kernel, made to look like an older one that lacks a command: what was there before
 * the command then has to do.
 */
final class OlderKernel {
    private static final String VERSIONS = "/proc/sys/kernel/";

    /** No descriptor of this process, which has fewer. */
    private static final int DESCRIPTOR = 1 << 24;

    private final NativeSystemCalls calls = NativeSystemCalls.instance();
    private final String version;
    private final BpfCommand lacking;
    private byte[] unread = {};

    private OlderKernel(String version, BpfCommand lacking) {
        this.version = version;
        this.lacking = lacking;
    }

    /**
     * Makes one.
     *
     * @param version what it says it is, such as {@code 5.6}
     * @param lacking what it answers with EINVAL
     */
    static Kernel of(String version, BpfCommand lacking) {
        OlderKernel older = new OlderKernel(version, lacking);
        return Kernel.of(
                (SystemCalls)
                        Proxy.newProxyInstance(
                                SystemCalls.class.getClassLoader(),
                                new Class<?>[] {SystemCalls.class},
                                (proxy, method, arguments) -> older.call(method, arguments)));
    }

    private Object call(Method method, Object[] arguments) throws Throwable {
        boolean mine = arguments != null && arguments[0].equals(DESCRIPTOR);
        switch (method.getName()) {
            case "bpf" -> {
                if (arguments[0].equals(lacking.number())) {
                    return (long) -Errno.EINVAL;
                }
            }
            case "open" -> {
                String path = (String) arguments[0];
                if (path.startsWith(VERSIONS)) {
                    String text = path.endsWith("osrelease") ? version + ".0" : "#1 SMP";
                    unread = text.getBytes(StandardCharsets.UTF_8);
                    return (long) DESCRIPTOR;
                }
            }
            case "read" -> {
                if (mine) {
                    int length = unread.length;
                    MemorySegment.copy(
                            MemorySegment.ofArray(unread),
                            0,
                            (MemorySegment) arguments[1],
                            0,
                            length);
                    unread = new byte[0];
                    return (long) length;
                }
            }
            case "close" -> {
                if (mine) {
                    return 0L;
                }
            }
            default -> {
                // the running kernel's
            }
        }
        try {
            return method.invoke(calls, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
