// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.kernel;

import io.ebpf4j.asm.Helpers;
import io.ebpf4j.spec.AttachType;
import io.ebpf4j.spec.MapType;
import io.ebpf4j.spec.ProgramType;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * What the running kernel has and what it has not: types of programs and maps, places to attach,
 * helpers and kernel functions, instructions.
 *
 * <p>Every answer is the running kernel's own, since vendors add features to old versions and leave
 * them out of new ones. It is asked by the smallest load, map or attachment that needs the feature,
 * of which nothing is left afterwards; a yes or no is remembered. What the kernel does not let this
 * process find out is {@link Support#UNKNOWN}, with what is missing in the reason, and no method
 * throws for it. Beside it stands the version that the feature is expected from, from the kernel's
 * history.
 *
 * <p>Loads do not depend on this class. Probes before Linux 5.11 raise RLIMIT_MEMLOCK as loads do.
 * Instances are safe for use by several threads.
 */
public final class Features {
    private static final Availability NOTHING =
            new Availability(Support.NO, "", "", "that stands for no type");

    private final ProgramProbes programs;
    private final MapProbes maps;
    private final AttachProbes attachments;
    private final InstructionProbes instructions;
    private final KfuncProbes kfuncs;
    private final Map<Object, Availability> known = new ConcurrentHashMap<>();

    Features(Kernel kernel) {
        ProgramLoads loads = new ProgramLoads(kernel);
        programs = new ProgramProbes(kernel, loads);
        maps = new MapProbes(kernel);
        attachments = new AttachProbes(kernel, loads, maps);
        instructions = new InstructionProbes(kernel, loads, maps);
        kfuncs = new KfuncProbes(kernel, programs);
    }

    private record HelperKey(ProgramType type, int id) {}

    private record KfuncKey(ProgramType type, String name) {}

    /**
     * Asks for a type of programs, by loading one that does nothing.
     *
     * @param type the type
     * @return what is known about it; no for {@link ProgramType#UNSPEC}
     */
    public Availability programType(ProgramType type) {
        return type == ProgramType.UNSPEC
                ? NOTHING
                : answer(type, FeatureFacts.programType(type), () -> programs.type(type));
    }

    /**
     * Asks for a type of maps, by creating the smallest.
     *
     * @param type the type
     * @return what is known about it; no for {@link MapType#UNSPEC}
     */
    public Availability mapType(MapType type) {
        return type == MapType.UNSPEC
                ? NOTHING
                : answer(type, FeatureFacts.mapType(type), () -> maps.type(type));
    }

    /**
     * Asks for a place to attach programs to, by loading a program for it or by attaching one to a
     * target that does not exist.
     *
     * @param type the place
     * @return what is known about it; no for {@link AttachType#NONE}
     */
    public Availability attachType(AttachType type) {
        return type == AttachType.NONE
                ? NOTHING
                : answer(type, FeatureFacts.attachType(type), () -> attachments.type(type));
    }

    /**
     * Asks for instructions, by loading a program that has them.
     *
     * @param set the instructions
     * @return what is known about them
     */
    public Availability instructions(InstructionSet set) {
        return answer(set, FeatureFacts.instructions(set), () -> instructions.set(set));
    }

    /**
     * Asks whether programs of a type may call a helper, in at least one of the ways in which such
     * programs are loaded: a tracing program for a tracepoint, for an iterator, for a function, and
     * one that may sleep. What cannot be told for {@link ProgramType#EXT}, whose programs may call
     * what those may that they replace, and {@link ProgramType#STRUCT_OPS}, where it depends on the
     * struct, is {@link Support#UNKNOWN}.
     *
     * @param type the programs' type
     * @param id the helper's number, see {@link Helpers}
     * @return what is known about it; {@link Availability#since} is empty for a helper that is not
     *     known to be meant for such programs
     */
    public Availability helper(ProgramType type, int id) {
        return answer(
                new HelperKey(type, id),
                FeatureFacts.helper(type, id),
                () -> programs.helper(type, id));
    }

    /**
     * Asks whether programs of a type may call a helper, as {@link #helper(ProgramType, int)}.
     *
     * @param type the programs' type
     * @param name the helper's name, such as {@code bpf_ktime_get_boot_ns}
     * @return what is known about it
     * @throws IllegalArgumentException if no helper has that name
     */
    public Availability helper(ProgramType type, String name) {
        int id =
                Helpers.id(name)
                        .orElseThrow(
                                () -> new IllegalArgumentException("there is no helper " + name));
        return helper(type, id);
    }

    /**
     * Asks whether vmlinux or a loaded module has a kernel function that programs may call (Linux
     * 5.13).
     *
     * @param name the function's name, such as {@code bpf_task_from_pid}, or {@code module:name}
     * @return what is known about it; a function that only struct_ops programs may call is {@link
     *     Support#UNKNOWN} where the kernel's BTF does not mark such functions
     */
    public Availability kfunc(String name) {
        return function(new KfuncKey(ProgramType.UNSPEC, name), name, () -> kfuncs.function(name));
    }

    /**
     * Asks whether programs of a type may call a kernel function, in at least one of the ways in
     * which such programs are loaded.
     *
     * @param type the programs' type; {@link Support#UNKNOWN} for {@link ProgramType#EXT} and
     *     {@link ProgramType#STRUCT_OPS}, as {@link #helper(ProgramType, int)} says
     * @param name the function's name, or {@code module:name}
     * @return what is known about it
     */
    public Availability kfunc(ProgramType type, String name) {
        return function(new KfuncKey(type, name), name, () -> kfuncs.function(type, name));
    }

    /** A module that is loaded later may bring the function, so a no is not remembered. */
    private Availability function(KfuncKey key, String name, Supplier<Outcome> probe) {
        Availability answer = answer(key, FeatureFacts.kfunc(name), probe);
        if (answer.support() == Support.NO) {
            known.remove(key);
        }
        return answer;
    }

    /**
     * Lists kernel functions for programs whose history is known: the stable ones of vmlinux, not
     * all that there are.
     *
     * @return their names, in alphabetical order
     */
    public static List<String> knownKfuncs() {
        return FeatureFacts.kfuncs();
    }

    private Availability answer(Object key, FeatureFacts.Fact fact, Supplier<Outcome> probe) {
        Availability before = known.get(key);
        if (before != null) {
            return before;
        }
        Outcome outcome = probe.get();
        Availability answer =
                new Availability(outcome.support(), fact.since(), fact.commit(), outcome.reason());
        if (outcome.support() != Support.UNKNOWN) {
            known.put(key, answer);
        }
        return answer;
    }
}
