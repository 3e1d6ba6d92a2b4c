// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.kernel.KernelBtf;
import io.ebpf4j.program.Program;
import io.ebpf4j.program.ProgramLoad;
import io.ebpf4j.spec.AttachType;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.spec.ProgramSpec;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.spec.SectionDefinition;
import io.ebpf4j.sys.FileDescriptor;

import java.util.Optional;

/**
 * The function, hook or iterator that a program is loaded for.
 *
 * @param id its id in the BTF of what it is in
 * @param kernel where it is, for one of the kernel or a module; else null
 * @param program the program it is of, or null
 */
record AttachTarget(int id, KernelBtf.Target kernel, Program program) {

    /** Returns null for a program whose target the kernel does not want to know now. */
    static AttachTarget of(
            CollectionSpec spec, ProgramSpec p, LoadOptions options, StructOps structOps) {
        String where = spec.source() + ": program \"" + p.name() + "\": ";
        requireType(p, where);
        if (p.type() == ProgramType.STRUCT_OPS) {
            KernelBtf.Target struct = structOps.use(p).struct();
            return new AttachTarget(struct.id(), struct, null);
        }
        ProgramFunction given = options.targets().get(p.name());
        if (!isNeeded(p)) {
            if (given != null) {
                throw new BpfException(
                        where
                                + "section \""
                                + p.section()
                                + "\" does not attach to functions of other programs; freplace,"
                                + " fentry, fexit and fmod_ret do");
            }
            return isMulti(p) ? module(p, options, where) : null;
        }
        if (given != null) {
            return of(p, given, where);
        }
        if (p.type() == ProgramType.EXT) {
            throw new BpfException(
                    where
                            + "it replaces a function of another program, and the kernel wants to"
                            + " know which at load: say it with"
                            + " LoadOptions.builder().attachTo(\""
                            + p.name()
                            + "\", …)");
        }
        requireName(p, p.attachTarget(), where);
        Optional<KernelBtf.Target> target =
                options.kernel().btf().attachTarget(p.attachType(), p.attachTarget());
        if (target.isEmpty()) {
            throw new BpfException(
                    where
                            + "the kernel's BTF has no \""
                            + p.attachTarget()
                            + "\" for a program of type "
                            + p.attachType()
                            + "; it may be inlined, renamed or in a module that is not loaded");
        }
        return new AttachTarget(target.get().id(), target.get(), null);
    }

    private static AttachTarget of(ProgramSpec p, ProgramFunction given, String where) {
        String function = given.function().isEmpty() ? p.attachTarget() : given.function();
        requireName(p, function, where);
        return new AttachTarget(given.program().functionId(function), null, given.program());
    }

    /** Programs for many functions are loaded for all of the kernel, or for one module. */
    private static boolean isMulti(ProgramSpec p) {
        return p.attachType() == AttachType.TRACE_FENTRY_MULTI
                || p.attachType() == AttachType.TRACE_FEXIT_MULTI
                || p.attachType() == AttachType.TRACE_FSESSION_MULTI;
    }

    private static AttachTarget module(ProgramSpec p, LoadOptions options, String where) {
        int colon = p.attachTarget().indexOf(':');
        if (colon < 0) {
            return null;
        }
        String name = p.attachTarget().substring(0, colon);
        Optional<KernelBtf.Target> module = options.kernel().btf().module(name);
        if (module.isEmpty()) {
            throw new BpfException(
                    where
                            + "the kernel has no module \""
                            + name
                            + "\" with BTF; load the module first");
        }
        return new AttachTarget(0, module.get(), null);
    }

    private static boolean isNeeded(ProgramSpec p) {
        return p.definition().isPresent()
                && p.definition().get().flags().contains(SectionDefinition.Flag.ATTACH_BTF);
    }

    private static void requireName(ProgramSpec p, String target, String where) {
        if (target.isEmpty()) {
            throw new BpfException(
                    where
                            + "section \""
                            + p.section()
                            + "\" names no target, and the kernel wants it at load: set it with"
                            + " spec.program(\""
                            + p.name()
                            + "\").attachTarget(…)");
        }
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

    /** Loads the program for this target, which is held meanwhile. */
    Program load(Kernel into, ProgramLoad.Builder load) {
        if (program != null) {
            int fd = program.descriptor().acquire();
            try {
                return Program.load(into, load.attachTo(id, fd).build());
            } finally {
                program.descriptor().release();
            }
        }
        if (kernel.module() == 0) {
            return Program.load(into, load.attachTo(id, 0).build());
        }
        try (FileDescriptor module = into.btf().open(kernel)) {
            return Program.load(into, load.attachTo(id, module.fd()).build());
        }
    }
}
