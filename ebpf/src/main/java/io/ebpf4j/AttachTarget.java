// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.kernel.KernelBtf;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.spec.ProgramSpec;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.spec.SectionDefinition;

import java.util.Optional;

/** Finds the kernel function, hook or iterator that a program is loaded for. */
final class AttachTarget {

    private AttachTarget() {}

    /** Returns null for a program whose target the kernel does not want to know now. */
    static KernelBtf.Target of(
            CollectionSpec spec, ProgramSpec p, Kernel kernel, StructOps structOps) {
        String where = spec.source() + ": program \"" + p.name() + "\": ";
        requireType(p, where);
        if (p.type() == ProgramType.STRUCT_OPS) {
            return structOps.use(p).struct();
        }
        if (!isNeeded(p)) {
            return null;
        }
        if (p.type() == ProgramType.EXT) {
            throw new UnsupportedException(
                    where
                            + "it replaces a function of another program, which this version of the"
                            + " library does not load",
                    "",
                    "leave it out with autoload(false)");
        }
        if (p.attachTarget().isEmpty()) {
            throw new BpfException(
                    where
                            + "section \""
                            + p.section()
                            + "\" names no target, and the kernel wants it at load: set it with"
                            + " spec.program(\""
                            + p.name()
                            + "\").attachTarget(…)");
        }
        Optional<KernelBtf.Target> target =
                kernel.btf().attachTarget(p.attachType(), p.attachTarget());
        if (target.isEmpty()) {
            throw new BpfException(
                    where
                            + "the kernel's BTF has no \""
                            + p.attachTarget()
                            + "\" for a program of type "
                            + p.attachType()
                            + "; it may be inlined, renamed or in a module that is not loaded");
        }
        return target.get();
    }

    private static boolean isNeeded(ProgramSpec p) {
        return p.definition().isPresent()
                && p.definition().get().flags().contains(SectionDefinition.Flag.ATTACH_BTF);
    }

    private static void requireType(ProgramSpec p, String where) {
        if (p.type() == ProgramType.UNSPEC) {
            throw new BpfException(
                    where
                            + "section \""
                            + p.section()
                            + "\" does not say what type of program it is; set it with"
                            + " spec.program(\""
                            + p.name()
                            + "\").type(…), or leave the program out with autoload(false)");
        }
    }
}
