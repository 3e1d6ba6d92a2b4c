// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.program.Program;
import io.ebpf4j.spec.ProgramType;

/** Checks that hold for every hook. */
final class Hooks {
    private Hooks() {}

    static void require(Program program, String where, ProgramType... types) {
        for (ProgramType type : types) {
            if (program.type() == type) {
                return;
            }
        }
        throw new BpfException(
                "cannot attach "
                        + program.name()
                        + " to "
                        + where
                        + ": it is a program of type "
                        + program.type()
                        + ", and this hook takes "
                        + types[0]);
    }
}
