// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The files of the running system that name resolution reads ({@code /proc}, {@code /sys}, {@code
 * /etc}, library directories), below a root that tests move to a directory of their own.
 *
 * @param root what stands for {@code /}
 */
record HostFiles(Path root) {
    static final HostFiles SYSTEM = new HostFiles(Path.of("/"));

    Path path(String absolute) {
        return root.resolve(absolute.substring(1));
    }

    /**
     * Reads a small file without its trailing newline, or returns null when it is not there or not
     * readable.
     */
    String readOrNull(String absolute) {
        try {
            return read(absolute);
        } catch (IOException e) {
            return null;
        }
    }

    // Files.readAllBytes reads to the end whatever size stat reports, as pseudo files (size 0)
    // need.
    String read(String absolute) throws IOException {
        return new String(Files.readAllBytes(path(absolute)), StandardCharsets.UTF_8)
                .stripTrailing();
    }

    boolean exists(String absolute) {
        return Files.exists(path(absolute));
    }
}
