// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.spec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The objects compiled from {@code src/test/bpf/spec_*.bpf.c}. */
public enum TestObject {
    FUNCTIONS("spec_functions.bpf.o"),
    FUNCTIONS_BIG("spec_functions.eb.bpf.o"),
    DATA("spec_data.bpf.o"),
    DATA_BIG("spec_data.eb.bpf.o"),
    MAPS("spec_maps.bpf.o"),
    MAPS_BIG("spec_maps.eb.bpf.o"),
    EXTERNS("spec_externs.bpf.o"),
    EXTERNS_BIG("spec_externs.eb.bpf.o"),
    STRUCT_OPS("spec_struct_ops.bpf.o"),
    STRUCT_OPS_BIG("spec_struct_ops.eb.bpf.o"),
    ARENA("spec_arena.bpf.o"),
    TAGS("spec_tags.bpf.o"),
    TAGS_BIG("spec_tags.eb.bpf.o");

    private final String file;

    TestObject(String file) {
        this.file = file;
    }

    public Path path() {
        return path(file);
    }

    public CollectionSpec parse() {
        return CollectionSpec.parse(path());
    }

    public byte[] bytes() {
        try {
            return Files.readAllBytes(path());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path path(String file) {
        return Path.of("src/test/bpf", file);
    }
}
