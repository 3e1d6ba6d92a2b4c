// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Cgroups of version 2, for tests that need one of their own. */
final class Cgroups {
    private Cgroups() {}

    /** Creates a cgroup; the caller deletes it. */
    static Path create(String name) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/mounts"))) {
            String[] mount = line.split(" ", 4);
            if (mount[2].equals("cgroup2")) {
                return Files.createDirectories(Path.of(mount[1], name));
            }
        }
        throw new IOException("no cgroup2 is mounted");
    }
}
