// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import java.io.FileInputStream;
import java.io.FileNotFoundException;
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

    /**
     * Reads a small file without its trailing newline.
     *
     * @throws IOException if it cannot be read, of the classes that {@link Files} throws
     */
    String read(String absolute) throws IOException {
        return new String(readAll(path(absolute)), StandardCharsets.UTF_8).stripTrailing();
    }

    /**
     * Reads a file whole.
     *
     * @throws IOException if it cannot be read, of the classes that {@link Files} throws
     */
    byte[] readBytes(String absolute) throws IOException {
        return readAll(path(absolute));
    }

    // Both read to the end whatever size stat reports, as pseudo files (size 0) need. The first
    // loads no channels, and with them the libraries of the network; the second says why it fails.
    private static byte[] readAll(Path path) throws IOException {
        try (FileInputStream file = new FileInputStream(path.toString())) {
            return file.readAllBytes();
        } catch (FileNotFoundException e) {
            return Files.readAllBytes(path);
        }
    }

    boolean exists(String absolute) {
        return Files.exists(path(absolute));
    }
}
