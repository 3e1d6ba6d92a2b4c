// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A system's files in a folder of the test's. */
record TestFiles(Path root) {
    HostFiles host() {
        return new HostFiles(root);
    }

    Path path(String absolute) {
        return host().path(absolute);
    }

    void write(String absolute, String text) {
        write(absolute, text.getBytes(StandardCharsets.UTF_8));
    }

    void write(String absolute, byte[] bytes) {
        try {
            Files.createDirectories(path(absolute).getParent());
            Files.write(path(absolute), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes the first bytes of a library for a machine, 62 being x86_64. */
    void library(String absolute, int bits, int machine) {
        ByteBuffer header = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        header.put(0, new byte[] {0x7f, 'E', 'L', 'F', (byte) (bits / 32), 1, 1});
        header.putShort(16, (short) 3).putShort(18, (short) machine);
        write(absolute, header.array());
    }
}
