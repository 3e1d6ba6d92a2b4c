// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A cgroup of this process's own, which it enters and leaves again. */
final class OwnCgroup implements AutoCloseable {
    private static final String PROCESSES = "cgroup.procs";

    /** Something that opens sockets or files. */
    interface Action {
        void run() throws Exception;
    }

    private final Path path;
    private final Path before;

    /** Creates a cgroup, which the process is not in yet. */
    OwnCgroup(String name) throws IOException {
        String unique = name + "-" + ProcessHandle.current().pid();
        path = Cgroups.create(unique);
        before = path.resolveSibling(current());
    }

    /** Creates a cgroup in another one, which has to be closed after it. */
    OwnCgroup(OwnCgroup above, String name) throws IOException {
        path = Files.createDirectory(above.path.resolve(name));
        before = above.before;
    }

    /** Returns where the process is, as a path below the mounted hierarchy. */
    private static String current() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/cgroup"))) {
            if (line.startsWith("0::/")) {
                return line.substring(4);
            }
        }
        throw new IOException("the process is in no cgroup of version 2");
    }

    Path path() {
        return path;
    }

    /** Runs something with the whole process inside. */
    void inside(Action action) throws Exception {
        move(path);
        try {
            action.run();
        } finally {
            move(before);
        }
    }

    private static void move(Path cgroup) throws IOException {
        Files.writeString(cgroup.resolve(PROCESSES), Long.toString(ProcessHandle.current().pid()));
    }

    @Override
    public void close() {
        try {
            Files.delete(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
