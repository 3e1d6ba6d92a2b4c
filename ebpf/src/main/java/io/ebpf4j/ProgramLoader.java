// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j;

import io.ebpf4j.asm.Instructions;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.VerifierException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.program.Program;
import io.ebpf4j.program.ProgramLoad;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.spec.ProgramSpec;
import io.ebpf4j.spec.ProgramType;

import java.util.List;

/**
 * Hands complete programs of one load to the kernel, and holds what they need until they are there:
 * the types and modules, which loaded programs keep alive by themselves.
 */
final class ProgramLoader implements AutoCloseable {
    private final CollectionSpec spec;
    private final Kernel kernel;
    private final LoadOptions options;
    private final StructOps structOps;
    private final Types types;
    private final Externs externs;
    private final JumpTables tables;
    private final Poisoned poisoned;

    /** Takes over types and externs. */
    ProgramLoader(
            CollectionSpec spec,
            LoadOptions options,
            StructOps structOps,
            Types types,
            Externs externs,
            JumpTables tables,
            Poisoned poisoned) {
        this.spec = spec;
        this.kernel = options.kernel();
        this.options = options;
        this.structOps = structOps;
        this.types = types;
        this.externs = externs;
        this.tables = tables;
        this.poisoned = poisoned;
    }

    Program load(Loader.Linked linked) {
        ProgramSpec p = linked.spec();
        Instructions code = linked.program().instructions();
        Hook hook = Hook.of(kernel, p);
        ProgramLoad.Builder load =
                ProgramLoad.of(p.name(), p.type(), code)
                        .attachType(hook.type())
                        .attachTypeOptional(hook.optional())
                        .member(member(p))
                        .flags(p.flags())
                        .license(spec.license())
                        .fdArray(externs.descriptors())
                        .log(options.logs().getOrDefault(p.name(), options.log()));
        types.describe(load, linked.program());
        try {
            AttachTarget target = AttachTarget.of(spec, p, options, structOps);
            return target == null ? Program.load(kernel, load.build()) : target.load(kernel, load);
        } catch (VerifierException e) {
            UnknownSection.refuse(kernel, p, hook.type(), e);
            VerifierException named = MissingMaps.explain(spec, externs.explain(e, code), code);
            throw poisoned.explain(named, linked.program(), spec.btf().orElse(null), kernel.btf());
        } catch (BpfException e) {
            UnknownSection.refuse(kernel, p, hook.type(), e);
            throw e;
        }
    }

    private int member(ProgramSpec p) {
        return p.type() == ProgramType.STRUCT_OPS ? structOps.use(p).member() : -1;
    }

    @Override
    public void close() {
        Closing.all(List.of(tables, types, externs));
    }
}
