// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.kernel;

import io.ebpf4j.asm.Assembler;
import io.ebpf4j.asm.Instructions;
import io.ebpf4j.asm.Register;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.Errno;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Asks which programs the kernel takes, and what they may call. */
final class ProgramProbes {
    /** Sentences of all kernels since 4.1; the last is said to programs that may not sleep. */
    private static final List<String> HELPER_REFUSALS =
            List.of("invalid func ", "unknown func ", "cannot use helper ", "non-sleepable prog");

    private final Kernel kernel;
    private final ProgramLoads loads;
    private final Map<ProgramVariant, Base> bases = new HashMap<>();

    ProgramProbes(Kernel kernel, ProgramLoads loads) {
        this.kernel = kernel;
        this.loads = loads;
    }

    /** Whether a variant's program that does nothing can be loaded, and for which type. */
    private record Base(Outcome outcome, int target) {}

    /**
     * Loads a program that does nothing. The verifier says nothing about a type that the kernel
     * does not know, so any word of it will do: programs that must name what they are for are given
     * type 1, which is an integer.
     */
    Outcome type(ProgramType type) {
        int target =
                switch (type) {
                    case TRACING, LSM, EXT -> 1;
                    default -> 0;
                };
        ProgramVariant variant = ProgramVariant.of(type).getFirst();
        ProgramLoads.Answer answer =
                loads.ask(new ProgramLoads.Program(variant, target, 0, ProgramLoads.nothing(), 0));
        boolean known =
                !answer.words().isEmpty()
                        || type == ProgramType.STRUCT_OPS && answer.result() == -Errno.ENOTSUPP;
        return known ? Outcome.YES : loads.refusal(answer.result());
    }

    /**
     * A call that cannot be loaded even if it is allowed, since it reads a register that it leaves
     * without a value (so that nothing is compiled or has to be freed), and what the verifier says
     * when programs of a type may not make it; anything else it objects to, such as the arguments,
     * comes after it has allowed the call.
     *
     * @param code the call, before anything else
     * @param moduleFd the BTF of the module that a kernel function is in, or 0
     * @param refusals parts of the verifier's sentences
     */
    record Call(Instructions code, int moduleFd, List<String> refusals) {}

    /** Asks for a helper. */
    Outcome helper(ProgramType type, int id) {
        Instructions code =
                new Assembler().callHelper(id).mov(Register.R0, Register.R1).exit().build();
        return call(type, new Call(code, 0, HELPER_REFUSALS));
    }

    /** Makes a call in each way to load the type until one is allowed. */
    Outcome call(ProgramType type, Call call) {
        return switch (type) {
            case EXT ->
                    Outcome.unknown("an extension may call what the program may that it replaces");
            case STRUCT_OPS ->
                    Outcome.unknown("what a struct_ops program may call depends on the struct");
            default -> inAnyVariant(type, call);
        };
    }

    private Outcome inAnyVariant(ProgramType type, Call call) {
        Outcome no = null;
        Outcome unknown = null;
        for (ProgramVariant variant : ProgramVariant.of(type)) {
            Base base = base(variant);
            Outcome outcome =
                    base.outcome().support() == Support.YES
                            ? call(variant, base, call)
                            : base.outcome();
            switch (outcome.support()) {
                case YES -> {
                    return outcome;
                }
                case NO -> no = no == null ? outcome : no;
                case UNKNOWN -> unknown = unknown == null ? outcome : unknown;
            }
        }
        return unknown != null ? unknown : no;
    }

    private Outcome call(ProgramVariant variant, Base base, Call call) {
        ProgramLoads.Answer answer =
                loads.ask(
                        new ProgramLoads.Program(
                                variant, base.target(), 0, call.code(), call.moduleFd()));
        if (answer.result() >= 0) {
            return Outcome.YES;
        }
        if (answer.words().isEmpty()) {
            return loads.refusal(answer.result());
        }
        String last = answer.lastWords();
        for (String refusal : call.refusals()) {
            if (last.contains(refusal)) {
                return Outcome.no(last);
            }
        }
        return Outcome.YES;
    }

    /** Loads the variant's program that does nothing, once. */
    private synchronized Base base(ProgramVariant variant) {
        Base known = bases.get(variant);
        if (known == null) {
            known = findBase(variant);
            if (known.outcome().support() != Support.UNKNOWN) {
                bases.put(variant, known);
            }
        }
        return known;
    }

    private Base findBase(ProgramVariant variant) {
        int target = 0;
        if (!variant.target().isEmpty()) {
            try {
                Optional<KernelBtf.Target> found =
                        kernel.btf().attachTarget(variant.attachType(), variant.target());
                if (found.isEmpty()) {
                    return new Base(Outcome.no("the kernel has no " + variant.target()), 0);
                }
                target = found.get().id();
            } catch (BpfException e) {
                return new Base(Outcome.unknown(e.getMessage()), 0);
            }
        }
        ProgramLoads.Answer answer =
                loads.ask(new ProgramLoads.Program(variant, target, 0, ProgramLoads.nothing(), 0));
        if (answer.result() >= 0) {
            return new Base(Outcome.YES, target);
        }
        return new Base(
                answer.words().isEmpty()
                        ? loads.refusal(answer.result())
                        : Outcome.no(answer.words()),
                0);
    }
}
