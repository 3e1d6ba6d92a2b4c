// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.sys.Failure;
import io.ebpf4j.sys.FileDescriptor;

import java.nio.file.Path;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;

/** Opens a file only to name it to the kernel. */
final class OpenedPath {
    /** O_PATH, the same number on all machines that this library knows. */
    private static final int O_PATH = 1 << 21;

    private OpenedPath() {}

    /** Hands out a descriptor of a file for the time of the call. */
    static void use(MapHandle map, Path path, IntConsumer action) {
        try (FileDescriptor file = open(map, path)) {
            action.accept(file.fd());
        }
    }

    /** Hands out a descriptor of a file for the time of the call. */
    static <T> T with(MapHandle map, Path path, IntFunction<T> function) {
        try (FileDescriptor file = open(map, path)) {
            return function.apply(file.fd());
        }
    }

    private static FileDescriptor open(MapHandle map, Path path) {
        long fd = map.kernel().calls().open(path.toString(), O_PATH, 0);
        if (fd < 0) {
            throw Failure.of("openat", (int) -fd, "cannot open " + path);
        }
        return FileDescriptor.adopt(map.kernel().calls(), (int) fd, path.toString());
    }
}
