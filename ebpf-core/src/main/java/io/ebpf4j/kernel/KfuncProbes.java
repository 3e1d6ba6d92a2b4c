// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.kernel;

import io.ebpf4j.asm.Assembler;
import io.ebpf4j.asm.Instruction;
import io.ebpf4j.asm.Instructions;
import io.ebpf4j.asm.Opcode;
import io.ebpf4j.asm.Register;
import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.FileDescriptor;

import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * Asks for kernel functions that programs may call (Linux 5.13).
 *
 * <p>Which programs may call one is known to the verifier alone. That a function is one at all, BTF
 * says by a tag where the kernel was built with pahole 1.26 or newer; elsewhere some type of
 * program must be found that may call it.
 */
final class KfuncProbes {
    private static final String TAG = "bpf_kfunc";

    /** What verifiers before 5.13 say, which know no kernel functions. */
    private static final String NONE_AT_ALL = "reserved fields";

    /** Said about types that may not call a function, or may not since it sleeps. */
    private static final List<String> REFUSALS =
            List.of("is not allowed", "must be sleepable", "non-sleepable prog", NONE_AT_ALL);

    private final Kernel kernel;
    private final ProgramProbes programs;
    private BitSet tagged;

    KfuncProbes(Kernel kernel, ProgramProbes programs) {
        this.kernel = kernel;
        this.programs = programs;
    }

    /** Asks whether there is a kernel function of that name. */
    Outcome function(String name) {
        try {
            Optional<KernelBtf.Target> function = kernel.btf().function(name);
            if (function.isEmpty()) {
                return absent(name);
            }
            BitSet tags = tagged(function.get());
            if (!tags.isEmpty()) {
                return tags.get(function.get().id())
                        ? Outcome.YES
                        : Outcome.no("the kernel's function " + name + " is not for programs");
            }
            return inAnyType(name, function.get());
        } catch (BpfException e) {
            return Outcome.unknown(e.getMessage());
        }
    }

    /** Asks whether programs of a type may call a function. */
    Outcome function(ProgramType type, String name) {
        try {
            Optional<KernelBtf.Target> function = kernel.btf().function(name);
            return function.isEmpty() ? absent(name) : call(type, function.get());
        } catch (BpfException e) {
            return Outcome.unknown(e.getMessage());
        }
    }

    private static Outcome absent(String name) {
        return Outcome.no("neither vmlinux nor a loaded module has a function " + name);
    }

    private Outcome inAnyType(String name, KernelBtf.Target function) {
        for (ProgramType type : ProgramType.values()) {
            if (type != ProgramType.UNSPEC) {
                Outcome outcome = call(type, function);
                if (outcome.support() == Support.YES || outcome.reason().contains(NONE_AT_ALL)) {
                    return outcome;
                }
            }
        }
        return Outcome.unknown(
                "no type of program that a probe can load may call the kernel's function " + name);
    }

    private Outcome call(ProgramType type, KernelBtf.Target function) {
        if (function.module() == 0) {
            return programs.call(type, new ProgramProbes.Call(code(function, 0), 0, REFUSALS));
        }
        try (FileDescriptor module = kernel.btf().open(function)) {
            return programs.call(
                    type, new ProgramProbes.Call(code(function, 1), module.fd(), REFUSALS));
        }
    }

    private static Instructions code(KernelBtf.Target function, int module) {
        Instruction call =
                new Instruction(
                        Instruction.CALL, 0, Opcode.BPF_PSEUDO_KFUNC_CALL, module, function.id());
        return new Assembler().emit(call).mov(Register.R0, Register.R1).exit().build();
    }

    /** Returns the functions that are tagged where the function is; those of vmlinux are kept. */
    private synchronized BitSet tagged(KernelBtf.Target function) {
        if (function.module() != 0) {
            return tagged(kernel.btf().types(function));
        }
        if (tagged == null) {
            tagged = tagged(kernel.btf().vmlinux());
        }
        return tagged;
    }

    private static BitSet tagged(Btf types) {
        BitSet functions = new BitSet();
        for (int id = types.firstId(); id < types.typeCount(); id++) {
            if (types.type(id) instanceof BtfType.DeclTag tag && tag.name().equals(TAG)) {
                functions.set(tag.type());
            }
        }
        return functions;
    }
}
