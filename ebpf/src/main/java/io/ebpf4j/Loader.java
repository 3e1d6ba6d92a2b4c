// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j;

import io.ebpf4j.btf.CoreRelocation;
import io.ebpf4j.error.ObjectFormatException;
import io.ebpf4j.kernel.BpfToken;
import io.ebpf4j.kernel.Feature;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.kernel.KernelBtf;
import io.ebpf4j.kernel.Support;
import io.ebpf4j.map.MapHandle;
import io.ebpf4j.program.Program;
import io.ebpf4j.relocation.CoreRelocator;
import io.ebpf4j.relocation.CoreResolution;
import io.ebpf4j.relocation.LinkedProgram;
import io.ebpf4j.relocation.Linker;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.spec.FunctionSpec;
import io.ebpf4j.spec.ProgramSpec;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

    private final BpfToken token;
    private final CollectionSpec spec;
    private final Kernel kernel;
    private final LoadOptions options;
    private final Map<String, FunctionSpec> adapted = new LinkedHashMap<>();
    private final Poisoned poisoned = new Poisoned();
    private StructOps structOps;
    private CoreRelocator relocator;
    private boolean keepTypeIds;

    /** A program whose instructions lack nothing but the descriptors of maps. */
    record Linked(ProgramSpec spec, LinkedProgram program) {}

    /** Takes over a spec that nobody else changes. */
    Loader(CollectionSpec spec, LoadOptions options) {
        this(spec, options, null);
    }

    /** Takes over a token too, if there is one, as soon as the rest is prepared. */
    Loader(CollectionSpec spec, LoadOptions options, BpfToken token) {
        this.token = token;
        this.spec = spec;
        this.kernel = options.kernel();
        this.options = options;
    }

    /** Does all but loading the programs. */
    PreparedCollection prepare() {
        checkByteOrder();
        structOps = StructOps.resolve(spec, kernel);
        return prepare(link());
    }

    /** Loads all, and refuses what this kernel cannot load before anything is created. */
    Collection load() {
        checkByteOrder();
        structOps = StructOps.resolve(spec, kernel);
        List<Linked> linked = link();
        for (Linked l : linked) {
            AttachTarget.of(spec, l.spec(), options, structOps);
        }
        return prepare(linked).load();
    }

    private PreparedCollection prepare(List<Linked> programs) {
        ContextArguments arguments = ContextArguments.of(spec, kernel, programs);
        List<Linked> linked = arguments.programs();
        Slots.check(spec);
        MapLoad load = new MapLoad(spec, options, structOps);
        Externs externs = Externs.resolve(spec, options, linked);
        JumpTables tables = new JumpTables(kernel);
        Types types = null;
        Map<String, Program> reused = new LinkedHashMap<>();
        try {
            types = Types.upload(kernel, spec, arguments.types(), linked, keepTypeIds);
            externs.open();
            Map<String, MapHandle> maps = load.obtain(types);
            Placement placement = new Placement(spec, maps, externs, tables);
            for (Linked l : linked) {
                placement.place(l);
            }
            GivenPrograms.open(spec, options, reused);
            ProgramLoader loader =
                    new ProgramLoader(spec, options, structOps, types, externs, tables, poisoned);
            return new PreparedCollection(spec, linked, reused, maps, load, loader, token);
        } catch (RuntimeException | Error e) {
            Closing.all(reused.values(), e);
            load.undo(e);
            Closing.all(types == null ? List.of(externs) : List.of(tables, types, externs), e);
            throw e;
        }
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
        GivenPrograms.check(spec, options);
        List<Linked> linked = new ArrayList<>();
        for (ProgramSpec p : spec.programs().values()) {
            if (p.autoload() && !options.reusedPrograms().containsKey(p.name())) {
                linked.add(link(p));
            }
        }
        return linked;
    }

    private Linked link(ProgramSpec p) {
        FunctionSpec entry = adapt(p.function());
        String callback = p.exceptionCallback().orElse(null);
        // kernels without tags cannot find it
        if (callback == null || kernel.supports(Feature.BTF_DECL_TAG) == Support.NO) {
            return new Linked(p, Linker.link(entry, this::subprogram));
        }
        return new Linked(p, Linker.link(entry, callback, this::subprogram));
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
                KernelBtf target = options.types().orElse(kernel.btf());
                if (options.types().isPresent()) {
                    // a file without types is no relocation's fault
                    target.vmlinux();
                }
                relocator = new CoreRelocator(spec.btf().orElseThrow(), target);
            }
            List<CoreResolution> resolutions = relocator.apply(function);
            poisoned.add(function.name(), resolutions);
            for (CoreResolution r : resolutions) {
                keepTypeIds |= r.relocation().kind() == CoreRelocation.Kind.TYPE_ID_LOCAL;
            }
        }
        return function;
    }
}
