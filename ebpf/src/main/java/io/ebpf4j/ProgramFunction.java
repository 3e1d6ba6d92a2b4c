// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j;

import io.ebpf4j.program.Program;

import java.util.Objects;

/**
 * A function of a loaded program, which other programs replace or trace.
 *
 * @param program the program
 * @param function the function's name; empty for the one that the other program's section names
 */
public record ProgramFunction(Program program, String function) {

    /**
     * Checks that nothing is missing.
     *
     * @throws NullPointerException if anything is null
     */
    public ProgramFunction {
        Objects.requireNonNull(program, "program");
        Objects.requireNonNull(function, "function");
    }
}
