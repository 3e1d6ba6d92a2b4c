// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.btf;

import io.ebpf4j.elf.ElfFile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Sections of {@code src/test/bpf/btf_types.bpf.c}, which has a type of every kind. */
final class Fixture {
    static final Fixture LITTLE_ENDIAN = new Fixture("btf_types.bpf.o");
    static final Fixture BIG_ENDIAN = new Fixture("btf_types.eb.bpf.o");

    private final byte[] types;
    private final byte[] extension;

    private Fixture(String object) {
        try {
            ElfFile file = ElfFile.parse(Files.readAllBytes(Path.of("src/test/bpf", object)));
            types = file.section(".BTF").orElseThrow().bytes();
            extension = file.section(".BTF.ext").orElseThrow().bytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] types() {
        return types.clone();
    }

    byte[] extension() {
        return extension.clone();
    }

    Btf btf() {
        return Btf.parse(types());
    }

    /** Returns the number of the one line of the source that holds a text. */
    static int sourceLine(String text) {
        try {
            List<String> lines = Files.readAllLines(Path.of("src/test/bpf/btf_types.bpf.c"));
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).contains(text)) {
                    return i + 1;
                }
            }
            throw new IllegalArgumentException(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
