// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j;

import io.ebpf4j.asm.Instructions;
import io.ebpf4j.asm.Reference;
import io.ebpf4j.error.RelocationException;
import io.ebpf4j.error.VerifierException;
import io.ebpf4j.kernel.KernelBtf;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.spec.ExternSpec;
import io.ebpf4j.sys.FileDescriptor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the programs of one load leave to the kernel: found before anything is created, put into
 * their instructions when they are loaded.
 *
 * <p>Externs that only programs without autoload refer to are not looked for.
 */
final class Externs implements AutoCloseable {

    /** The opcode BPF_JMP | BPF_CALL. */
    private static final int CALL = 0x85;

    private static final int PSEUDO_BTF_ID = 3;
    private static final int PSEUDO_KFUNC_CALL = 2;

    /** The helper that a call of a missing kfunc becomes, plus the extern's index; as libbpf's. */
    private static final int MISSING_KFUNC = 2_002_000_000;

    private final CollectionSpec spec;
    private final KernelBtf btf;
    private final List<String> order;
    private final Map<String, KernelBtf.Target> targets;
    private final Map<String, Long> addresses;
    private final Map<Integer, FileDescriptor> modules = new LinkedHashMap<>();

    /** Modules by the index that calls refer to, from 1. */
    private final List<Integer> calledModules = new ArrayList<>();

    private Externs(CollectionSpec spec, KernelBtf btf, KernelSymbols symbols) {
        this.spec = spec;
        this.btf = btf;
        this.order = List.copyOf(spec.externs().keySet());
        this.targets = symbols.targets();
        this.addresses = symbols.addresses();
    }

    /**
     * Finds what the programs refer to, and fills the map {@code .kconfig}; holds no descriptor
     * yet.
     */
    static Externs resolve(CollectionSpec spec, LoadOptions options, List<Loader.Linked> programs) {
        Map<String, String> users = users(spec, programs);
        KernelSymbols symbols = new KernelSymbols(spec, options.kernel(), users);
        Kconfig kconfig = null;
        for (ExternSpec extern : spec.externs().values()) {
            if (!users.containsKey(extern.name())) {
                continue;
            }
            if (extern.kind() != ExternSpec.Kind.KCONFIG) {
                symbols.resolve(extern);
                continue;
            }
            if (kconfig == null) {
                kconfig = new Kconfig(spec, options);
            }
            kconfig.resolve(extern);
        }
        symbols.resolveAddresses();
        return new Externs(spec, options.kernel().btf(), symbols);
    }

    /** Names, for each extern that is referred to, the first program that does. */
    private static Map<String, String> users(CollectionSpec spec, List<Loader.Linked> programs) {
        Map<String, String> users = new LinkedHashMap<>();
        for (Loader.Linked linked : programs) {
            Instructions code = linked.program().instructions();
            for (Reference r : code.references()) {
                if (r instanceof Reference.Extern extern) {
                    check(spec, linked.spec().name(), code, extern);
                    users.putIfAbsent(extern.name(), linked.spec().name());
                }
            }
        }
        return users;
    }

    private static void check(
            CollectionSpec spec, String program, Instructions code, Reference.Extern reference) {
        String where =
                spec.source() + ": program \"" + program + "\": instruction " + reference.slot();
        ExternSpec extern = spec.externs().get(reference.name());
        if (extern == null) {
            throw new RelocationException(
                    where
                            + " refers to extern \""
                            + reference.name()
                            + "\", but the object declares only "
                            + spec.externs().keySet());
        }
        if (isCall(code, reference) && extern.kind() != ExternSpec.Kind.KFUNC) {
            throw new RelocationException(
                    where + " calls extern \"" + reference.name() + "\", which is no function");
        }
    }

    private static boolean isCall(Instructions code, Reference reference) {
        return code.opcode(reference.slot()) == CALL;
    }

    /**
     * Opens the BTF of the modules that something was found in (Linux 5.11, CAP_SYS_ADMIN), in the
     * order in which functions were.
     */
    void open() {
        for (Map.Entry<String, KernelBtf.Target> found : targets.entrySet()) {
            int module = found.getValue().module();
            if (module == 0) {
                continue;
            }
            if (!modules.containsKey(module)) {
                modules.put(module, btf.open(found.getValue()));
            }
            if (spec.externs().get(found.getKey()).kind() == ExternSpec.Kind.KFUNC
                    && !calledModules.contains(module)) {
                calledModules.add(module);
            }
        }
    }

    /**
     * Returns the descriptors that calls of modules' functions refer to by index (Linux 5.16); the
     * first stands for vmlinux. Empty when no module's function is called.
     */
    List<Integer> descriptors() {
        if (calledModules.isEmpty()) {
            return List.of();
        }
        List<Integer> descriptors = new ArrayList<>();
        descriptors.add(0);
        for (int module : calledModules) {
            descriptors.add(modules.get(module).fd());
        }
        return descriptors;
    }

    /** Completes an instruction, unless it refers to the configuration; returns the extern. */
    ExternSpec place(Instructions code, Reference.Extern reference) {
        ExternSpec extern = spec.externs().get(reference.name());
        if (extern.kind() != ExternSpec.Kind.KCONFIG) {
            KernelBtf.Target target = targets.get(extern.name());
            if (isCall(code, reference)) {
                placeCall(code, reference.slot(), extern, target);
            } else if (target != null) {
                code.setSrc(reference.slot(), PSEUDO_BTF_ID);
                code.setImm(reference.slot(), target.id());
                code.setImm(reference.slot() + 1, descriptor(target));
            } else {
                long address = addresses.getOrDefault(extern.name(), 0L);
                code.setSrc(reference.slot(), 0);
                code.setImm(reference.slot(), (int) address);
                code.setImm(reference.slot() + 1, (int) (address >>> Integer.SIZE));
            }
        }
        return extern;
    }

    private void placeCall(
            Instructions code, int slot, ExternSpec extern, KernelBtf.Target target) {
        if (target == null) {
            code.setSrc(slot, 0);
            code.setImm(slot, MISSING_KFUNC + order.indexOf(extern.name()));
            return;
        }
        code.setSrc(slot, PSEUDO_KFUNC_CALL);
        code.setImm(slot, target.id());
        code.setOffset(slot, target.module() == 0 ? 0 : calledModules.indexOf(target.module()) + 1);
    }

    private int descriptor(KernelBtf.Target target) {
        return target.module() == 0 ? 0 : modules.get(target.module()).fd();
    }

    /** Names the function that is missing, where the rejected instruction calls one. */
    VerifierException explain(VerifierException e, Instructions code) {
        int slot = e.instruction();
        if (slot < 0 || slot >= code.slotCount() || code.opcode(slot) != CALL) {
            return e;
        }
        int index = code.imm(slot) - MISSING_KFUNC;
        if (code.src(slot) != 0 || index < 0 || index >= order.size()) {
            return e;
        }
        String name = order.get(index);
        return Poisoned.because(
                e,
                "the kernel has no function " + name + " of this signature",
                "ask bpf_ksym_exists(" + name + ") before it is called");
    }

    /** Releases the modules; programs keep those that they use. */
    @Override
    public void close() {
        Closing.all(modules.values());
    }
}
