// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j;

import io.ebpf4j.asm.Instructions;
import io.ebpf4j.asm.Reference;
import io.ebpf4j.btf.CoreRelocation;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.ObjectFormatException;
import io.ebpf4j.error.RelocationException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.error.VerifierException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.kernel.KernelBtf;
import io.ebpf4j.map.MapHandle;
import io.ebpf4j.program.Program;
import io.ebpf4j.program.ProgramLoad;
import io.ebpf4j.relocation.CoreRelocator;
import io.ebpf4j.relocation.CoreResolution;
import io.ebpf4j.relocation.LinkedProgram;
import io.ebpf4j.relocation.Linker;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.spec.ExternSpec;
import io.ebpf4j.spec.FunctionSpec;
import io.ebpf4j.spec.ProgramSpec;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.spec.SectionDefinition;
import io.ebpf4j.sys.FileDescriptor;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Walks one spec through the rooms: functions are adapted to the kernel's types and linked, the
 * types they use are uploaded, maps are created and filled, and programs are loaded with the maps'
 * descriptors in place.
 *
 * <p>Everything that can fail without the kernel is done before the kernel is asked for anything.
 */
final class Loader {

    /** Where e_ident says the byte order (gABI, EI_DATA). */
    private static final int BYTE_ORDER_OFFSET = 5;

    private static final int PSEUDO_MAP_FD = 1;
    private static final int PSEUDO_MAP_VALUE = 2;

    private final CollectionSpec spec;
    private final Kernel kernel;
    private final LoadOptions options;
    private final Map<String, FunctionSpec> adapted = new LinkedHashMap<>();
    private final Map<String, MapHandle> maps = new LinkedHashMap<>();
    private final Map<String, Program> programs = new LinkedHashMap<>();
    private final Poisoned poisoned = new Poisoned();
    private CoreRelocator relocator;
    private boolean keepTypeIds;

    /**
     * A program whose instructions lack nothing but the descriptors of maps.
     *
     * @param target what it will be attached to, where the kernel wants to know that now; else null
     */
    record Linked(ProgramSpec spec, LinkedProgram program, KernelBtf.Target target) {}

    /** Takes over a spec that nobody else changes. */
    Loader(CollectionSpec spec, LoadOptions options) {
        this.spec = spec;
        this.kernel = options.kernel();
        this.options = options;
    }

    Collection load() {
        checkByteOrder();
        List<Linked> linked = link();
        Slots.check(spec);
        MapLoad load = new MapLoad(spec, options);
        // maps and programs keep types and modules alive, so these descriptors end with the load
        try (Externs externs = Externs.resolve(spec, options, linked);
                Types types = Types.upload(kernel, spec, linked, keepTypeIds)) {
            externs.open();
            maps.putAll(load.obtain(types));
            for (Linked l : linked) {
                programs.put(l.spec().name(), load(l, types, externs));
            }
            load.fill(programs);
        } catch (RuntimeException | Error e) {
            Closing.all(programs.values(), e);
            load.undo(e);
            throw e;
        }
        return new Collection(spec, programs, maps);
    }

    private void checkByteOrder() {
        ByteOrder here = ByteOrder.nativeOrder();
        if (spec.order() != here) {
            throw new ObjectFormatException(
                    BYTE_ORDER_OFFSET,
                    spec.source()
                            + ": the object is for "
                            + spec.order()
                            + " machines, but this one is "
                            + here
                            + "; compile it with clang -target "
                            + (here == ByteOrder.LITTLE_ENDIAN ? "bpfel" : "bpfeb"));
        }
    }

    private List<Linked> link() {
        List<Linked> linked = new ArrayList<>();
        for (ProgramSpec p : spec.programs().values()) {
            if (p.autoload()) {
                linked.add(link(p));
            }
        }
        return linked;
    }

    private Linked link(ProgramSpec p) {
        if (p.type() == ProgramType.UNSPEC) {
            throw new BpfException(
                    where(p)
                            + "section \""
                            + p.section()
                            + "\" does not say what type of program it is; set it with"
                            + " spec.program(\""
                            + p.name()
                            + "\").type(…), or leave the program out with autoload(false)");
        }
        LinkedProgram program = Linker.link(adapt(p.function()), this::subprogram);
        return new Linked(p, program, needsTarget(p) ? target(p) : null);
    }

    private String where(ProgramSpec p) {
        return spec.source() + ": program \"" + p.name() + "\": ";
    }

    private FunctionSpec subprogram(String name) {
        FunctionSpec known = adapted.get(name);
        if (known != null) {
            return known;
        }
        FunctionSpec function = spec.functions().get(name);
        if (function == null) {
            return null;
        }
        adapted.put(name, adapt(function));
        return function;
    }

    /** Applies CO-RE in place: the spec is a copy of the caller's. */
    private FunctionSpec adapt(FunctionSpec function) {
        if (!function.relocations().isEmpty()) {
            if (relocator == null) {
                relocator = new CoreRelocator(spec.btf().orElseThrow(), kernel.btf());
            }
            List<CoreResolution> resolutions = relocator.apply(function);
            poisoned.add(function.name(), resolutions);
            for (CoreResolution r : resolutions) {
                keepTypeIds |= r.relocation().kind() == CoreRelocation.Kind.TYPE_ID_LOCAL;
            }
        }
        return function;
    }

    private Program load(Linked linked, Types types, Externs externs) {
        ProgramSpec p = linked.spec();
        Instructions code = linked.program().instructions();
        for (Reference r : code.references()) {
            place(p, code, r, externs);
        }
        ProgramLoad.Builder load =
                ProgramLoad.of(p.name(), p.type(), code)
                        .attachType(p.attachType())
                        .flags(p.flags())
                        .license(spec.license())
                        .fdArray(externs.descriptors())
                        .log(options.log());
        types.describe(load, linked.program());
        try {
            return load(load, linked.target());
        } catch (VerifierException e) {
            throw poisoned.explain(externs.explain(e, code), linked.program().functions());
        }
    }

    private Program load(ProgramLoad.Builder load, KernelBtf.Target target) {
        if (target == null) {
            return Program.load(kernel, load.build());
        }
        if (target.module() == 0) {
            return Program.load(kernel, load.attachTo(target.id(), 0).build());
        }
        try (FileDescriptor module = kernel.btf().open(target)) {
            return Program.load(kernel, load.attachTo(target.id(), module.fd()).build());
        }
    }

    private void place(ProgramSpec p, Instructions code, Reference reference, Externs externs) {
        int slot = reference.slot();
        // a switch over patterns would spin a class for the first program of a process
        if (reference instanceof Reference.MapDescriptor map) {
            code.setSrc(slot, PSEUDO_MAP_FD);
            code.setImm(slot, descriptor(p, map.map()));
        } else if (reference instanceof Reference.MapValue value) {
            placeValue(p, code, slot, value.map(), value.offset());
        } else if (reference instanceof Reference.Extern e) {
            ExternSpec extern = externs.place(code, e);
            if (extern.kind() == ExternSpec.Kind.KCONFIG) {
                placeValue(p, code, slot, Kconfig.MAP, extern.offset());
            }
        } else {
            throw new IllegalStateException(where(p) + "not linked: " + reference);
        }
    }

    private void placeValue(ProgramSpec p, Instructions code, int slot, String map, int offset) {
        code.setSrc(slot, PSEUDO_MAP_VALUE);
        code.setImm(slot, descriptor(p, map));
        code.setImm(slot + 1, offset);
    }

    private int descriptor(ProgramSpec p, String map) {
        MapHandle handle = maps.get(map);
        if (handle == null) {
            throw new RelocationException(
                    where(p) + "there is no map \"" + map + "\", only " + maps.keySet());
        }
        return handle.descriptor().fd();
    }

    private static boolean needsTarget(ProgramSpec p) {
        return p.definition().isPresent()
                && p.definition().get().flags().contains(SectionDefinition.Flag.ATTACH_BTF);
    }

    private KernelBtf.Target target(ProgramSpec p) {
        if (p.type() == ProgramType.EXT) {
            throw new UnsupportedException(
                    where(p)
                            + "it replaces a function of another program, which this version of the"
                            + " library does not load",
                    "",
                    "leave it out with autoload(false)");
        }
        if (p.attachTarget().isEmpty()) {
            throw new BpfException(
                    where(p)
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
                    where(p)
                            + "the kernel's BTF has no \""
                            + p.attachTarget()
                            + "\" for a program of type "
                            + p.attachType()
                            + "; it may be inlined, renamed or in a module that is not loaded");
        }
        return target.get();
    }
}
