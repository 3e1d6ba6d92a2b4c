// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.elf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The two objects that {@code elf_shapes.bpf.c} is compiled to. */
enum Shapes {
    LITTLE("elf_shapes.bpf.o"),
    BIG("elf_shapes.eb.bpf.o");

    private final Path path;

    Shapes(String name) {
        this.path = Path.of("src/test/bpf", name);
    }

    Path path() {
        return path;
    }

    byte[] bytes() {
        try {
            return Files.readAllBytes(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ElfFile parse() {
        return ElfFile.parse(bytes());
    }
}
