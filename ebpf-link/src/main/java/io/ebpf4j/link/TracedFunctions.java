// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.kernel.KernelBtf;

/** The functions of vmlinux or of one module, as its types describe them. */
final class TracedFunctions {
    // The kernel's MAX_BPF_FUNC_ARGS, and what btf_distill_func_proto lets an argument be.
    private static final int MOST_ARGUMENTS = 12;
    private static final int MOST_BYTES = 16;

    private final String module;
    private final Btf types;

    private TracedFunctions(String module, Btf types) {
        this.module = module;
        this.types = types;
    }

    /**
     * Looks into a module.
     *
     * @param module its name; empty for vmlinux
     * @throws BpfException if it is not loaded, or has no types
     */
    static TracedFunctions of(KernelBtf kernel, String module, String what) {
        if (module.isEmpty() || "vmlinux".equals(module)) {
            return new TracedFunctions("vmlinux", kernel.vmlinux());
        }
        KernelBtf.Target target =
                kernel.module(module)
                        .orElseThrow(
                                () ->
                                        new BpfException(
                                                what
                                                        + ": the kernel has no module "
                                                        + module
                                                        + " with BTF; load the module first"));
        return new TracedFunctions(module, kernel.types(target));
    }

    /** Returns where the functions are, for messages. */
    String place() {
        return module;
    }

    /** Returns a function's id; -1 when it is not here, of which a module's may be in vmlinux. */
    int id(String name) {
        for (int id : types.candidates(Btf.essentialName(name), BtfType.Func.class)) {
            if (types.typeName(id).equals(name)) {
                return id;
            }
        }
        return -1;
    }

    /** Says why the kernel gives no program what a function takes and returns; empty if it does. */
    String obstacle(int id) {
        BtfType.FuncProto proto =
                (BtfType.FuncProto) types.type(((BtfType.Func) types.type(id)).type());
        if (proto.parameters().size() > MOST_ARGUMENTS) {
            return "it has more than " + MOST_ARGUMENTS + " arguments";
        }
        for (BtfType.Parameter parameter : proto.parameters()) {
            if (parameter.type() == 0) {
                return "it has variable arguments";
            }
            if (types.sizeOf(parameter.type()) > MOST_BYTES) {
                return "its argument " + parameter.name() + " is larger than 16 bytes";
            }
        }
        boolean structure =
                proto.returnType() != 0
                        && types.resolve(proto.returnType()) instanceof BtfType.Composite;
        return structure ? "it returns a structure" : "";
    }
}
