// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.examples;

import io.ebpf4j.asm.Instructions;
import io.ebpf4j.error.BpfException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files that hold the instructions of each program, in a folder for each object. */
final class InstructionDumps {
    private final Path folder;

    /** Writes below a folder, which is made when something is written; nowhere if it is null. */
    InstructionDumps(Path folder) {
        this.folder = folder;
    }

    void write(String object, String program, Instructions code, String text) {
        if (folder == null) {
            return;
        }
        Path programs = folder.resolve(object);
        try {
            Files.createDirectories(programs);
            Files.write(programs.resolve(program + ".insn"), code.encode());
            Files.writeString(programs.resolve(program + ".txt"), text);
        } catch (IOException e) {
            throw BpfException.unreadable("cannot write to " + programs, e);
        }
    }
}
