// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.kernel.Availability;
import io.ebpf4j.program.Program;
import io.ebpf4j.spec.AttachType;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.BpfCommand;

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

    /**
     * Returns the attach types to try for a program that is attached to many places: the one it was
     * loaded for, or both when it comes from a pin, which does not say.
     *
     * @throws BpfException if it was loaded for something else
     */
    static AttachType[] many(Program program, String where, AttachType multi, AttachType session) {
        AttachType type = program.attachType();
        if (type == AttachType.NONE) {
            return new AttachType[] {multi, session};
        }
        if (type != multi && type != session) {
            throw new BpfException(
                    "cannot attach "
                            + program.name()
                            + " to "
                            + where
                            + ": it was loaded for "
                            + type
                            + ", and this hook takes "
                            + multi
                            + " or "
                            + session);
        }
        return new AttachType[] {type};
    }

    /** Says that the kernel lacks a kind of attachment. */
    static UnsupportedException lacking(
            Program program,
            String where,
            Availability kind,
            String why,
            String instead,
            int errno) {
        return new UnsupportedException(
                "cannot attach " + program.name() + " to " + where + ": " + why,
                kind.since(),
                instead,
                BpfCommand.LINK_CREATE.kernelName(),
                errno);
    }
}
