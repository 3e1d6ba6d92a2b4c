// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfBuilder;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.btf.FuncInfo;
import io.ebpf4j.kernel.Feature;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.kernel.Support;
import io.ebpf4j.relocation.LinkedProgram;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.spec.FunctionSpec;
import io.ebpf4j.spec.ProgramType;

import java.util.ArrayList;
import java.util.List;

/**
 * Parameters that are tagged as the program's context ({@code __arg_ctx}), for kernels that do not
 * know the tag (before 6.8). These tell a global function's context by the name of its type, so the
 * function gets a second type there, in which the parameter points to what the kernel calls the
 * context of the program's type.
 */
final class ContextArguments {
    private static final String TAG = "arg:ctx";

    /** The type of kprobe and perf event programs' registers, as the kernel calls it. */
    private static final String REGISTERS = "bpf_user_pt_regs_t";

    private final CollectionSpec spec;
    private final Btf original;
    private final List<Loader.Linked> programs;
    private BtfBuilder edited;

    private ContextArguments(CollectionSpec spec, List<Loader.Linked> programs) {
        this.spec = spec;
        this.original = spec.btf().orElse(null);
        this.programs = new ArrayList<>(programs);
    }

    /** Asks the kernel, if there is any such parameter, and changes types where it has to be. */
    static ContextArguments of(CollectionSpec spec, Kernel kernel, List<Loader.Linked> programs) {
        ContextArguments arguments = new ContextArguments(spec, programs);
        boolean asked = false;
        for (int i = 0; i < programs.size(); i++) {
            if (arguments.isTagged(programs.get(i))) {
                if (!asked && kernel.supports(Feature.ARG_CTX_TAG) == Support.YES) {
                    return arguments;
                }
                asked = true;
                arguments.programs.set(i, arguments.convert(programs.get(i)));
            }
        }
        return arguments;
    }

    /** Returns the object's types, with those that were added; null if it has none. */
    Btf types() {
        return edited == null ? original : edited.build(original.order());
    }

    /** Returns the programs, in the same order, with the types that functions have now. */
    List<Loader.Linked> programs() {
        return programs;
    }

    private boolean isTagged(Loader.Linked linked) {
        if (original == null || context(linked.spec().type()) == null) {
            return false;
        }
        for (LinkedProgram.Placement placement : linked.program().functions()) {
            if (!contexts(placement).isEmpty()) {
                return !linked.program().funcInfo().isEmpty();
            }
        }
        return false;
    }

    private List<Integer> contexts(LinkedProgram.Placement placement) {
        FunctionSpec function = spec.functions().get(placement.name());
        if (function == null && spec.programs().containsKey(placement.name())) {
            function = spec.programs().get(placement.name()).function();
        }
        return function == null ? List.of() : function.contexts();
    }

    private Loader.Linked convert(Loader.Linked linked) {
        LinkedProgram program = linked.program();
        List<FuncInfo> records = new ArrayList<>(program.funcInfo());
        int pointer = 0;
        for (LinkedProgram.Placement placement : program.functions()) {
            int at = recordAt(records, placement.slot());
            List<Integer> wrong = wrong(linked.spec().type(), placement, records, at);
            if (!wrong.isEmpty()) {
                if (edited == null) {
                    edited = BtfBuilder.edit(original);
                }
                if (pointer == 0) {
                    String name = context(linked.spec().type());
                    pointer = edited.add(new BtfType.Ptr(edited.add(struct(name))));
                }
                int function = addFunction(records.get(at).type(), wrong, pointer);
                records.set(at, new FuncInfo(placement.slot(), function));
            }
        }
        return new Loader.Linked(
                linked.spec(),
                new LinkedProgram(
                        program.instructions(), records, program.lineInfo(), program.functions()));
    }

    private static BtfType.Struct struct(String name) {
        return new BtfType.Struct(name, 0, List.of());
    }

    private static int recordAt(List<FuncInfo> records, int slot) {
        for (int i = 0; i < records.size(); i++) {
            if (records.get(i).slot() == slot) {
                return i;
            }
        }
        return -1;
    }

    /** Returns the tagged parameters of a function whose type the kernel would not accept. */
    private List<Integer> wrong(
            ProgramType type, LinkedProgram.Placement placement, List<FuncInfo> records, int at) {
        List<Integer> wrong = new ArrayList<>();
        List<Integer> contexts = at < 0 ? List.of() : contexts(placement);
        if (!contexts.isEmpty()
                && original.type(records.get(at).type()) instanceof BtfType.Func function
                && original.type(function.type()) instanceof BtfType.FuncProto prototype) {
            for (int parameter : contexts) {
                if (parameter < prototype.parameters().size()
                        && isWrong(type, prototype.parameters().get(parameter).type())) {
                    wrong.add(parameter);
                }
            }
        }
        return wrong;
    }

    private boolean isWrong(ProgramType type, int parameter) {
        if (!(original.resolve(parameter) instanceof BtfType.Ptr pointer)) {
            return false;
        }
        boolean registers = type == ProgramType.KPROBE || type == ProgramType.PERF_EVENT;
        if (registers && isRegisters(pointer.type())) {
            return false;
        }
        BtfType target = original.resolve(pointer.type());
        if (target instanceof BtfType.Void) {
            return true;
        }
        if (target instanceof BtfType.Int integer) {
            return integer.size() == Long.BYTES
                    && (type == ProgramType.RAW_TRACEPOINT
                            || type == ProgramType.RAW_TRACEPOINT_WRITABLE);
        }
        return target instanceof BtfType.Struct struct
                && registers
                && (struct.name().equals("pt_regs")
                        || struct.name().equals("user_pt_regs")
                        || struct.name().equals("user_regs_struct"));
    }

    private boolean isRegisters(int type) {
        BtfType current = original.type(type);
        while (current instanceof BtfType.Alias alias) {
            if (alias instanceof BtfType.Typedef named && named.name().equals(REGISTERS)) {
                return true;
            }
            current = original.type(alias.type());
        }
        return false;
    }

    private int addFunction(int id, List<Integer> contexts, int pointer) {
        BtfType.Func function = (BtfType.Func) original.type(id);
        BtfType.FuncProto prototype = (BtfType.FuncProto) original.type(function.type());
        List<BtfType.Parameter> parameters = new ArrayList<>(prototype.parameters());
        for (int i : contexts) {
            parameters.set(i, new BtfType.Parameter(parameters.get(i).name(), pointer));
        }
        int type = edited.add(new BtfType.FuncProto(prototype.returnType(), parameters));
        int added = edited.add(new BtfType.Func(function.name(), type, function.linkage()));
        for (int i : contexts) {
            edited.add(new BtfType.DeclTag(TAG, added, i, false));
        }
        return added;
    }

    /**
     * Returns what the kernel calls the context of a type of programs (include/linux/bpf_types.h);
     * null for types whose context has no name.
     */
    private static String context(ProgramType type) {
        return switch (type) {
            case CGROUP_DEVICE -> "bpf_cgroup_dev_ctx";
            case CGROUP_SOCK -> "bpf_sock";
            case CGROUP_SOCK_ADDR -> "bpf_sock_addr";
            case CGROUP_SOCKOPT -> "bpf_sockopt";
            case CGROUP_SYSCTL -> "bpf_sysctl";
            case KPROBE -> REGISTERS;
            case NETFILTER -> "bpf_nf_ctx";
            case PERF_EVENT -> "bpf_perf_event_data";
            case RAW_TRACEPOINT, RAW_TRACEPOINT_WRITABLE -> "bpf_raw_tracepoint_args";
            case SK_LOOKUP -> "bpf_sk_lookup";
            case SK_MSG -> "sk_msg_md";
            case SK_REUSEPORT -> "sk_reuseport_md";
            case SOCK_OPS -> "bpf_sock_ops";
            case XDP -> "xdp_md";
            case CGROUP_SKB,
                    FLOW_DISSECTOR,
                    LWT_IN,
                    LWT_OUT,
                    LWT_SEG6LOCAL,
                    LWT_XMIT,
                    SCHED_ACT,
                    SCHED_CLS,
                    SK_SKB,
                    SOCKET_FILTER ->
                    "__sk_buff";
            default -> null;
        };
    }
}
