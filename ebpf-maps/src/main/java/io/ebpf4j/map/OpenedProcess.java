// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.sys.Failure;
import io.ebpf4j.sys.FileDescriptor;

import java.util.function.IntConsumer;
import java.util.function.IntFunction;

/** Opens a process only to name it to the kernel. */
final class OpenedProcess {
    private OpenedProcess() {}

    /** Hands out a descriptor of a process for the time of the call. */
    static void use(MapHandle map, long pid, IntConsumer action) {
        try (FileDescriptor process = open(map, pid)) {
            action.accept(process.fd());
        }
    }

    /** Hands out a descriptor of a process for the time of the call. */
    static <T> T with(MapHandle map, long pid, IntFunction<T> function) {
        try (FileDescriptor process = open(map, pid)) {
            return function.apply(process.fd());
        }
    }

    private static FileDescriptor open(MapHandle map, long pid) {
        long fd = map.kernel().calls().pidfdOpen(Math.toIntExact(pid), 0);
        if (fd < 0) {
            throw Failure.of("pidfd_open", (int) -fd, "cannot open process " + pid);
        }
        return FileDescriptor.adopt(map.kernel().calls(), (int) fd, "process " + pid);
    }
}
