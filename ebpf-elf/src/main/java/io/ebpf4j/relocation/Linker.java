// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.relocation;

import io.ebpf4j.asm.Instructions;
import io.ebpf4j.asm.Reference;
import io.ebpf4j.btf.FuncInfo;
import io.ebpf4j.btf.LineInfo;
import io.ebpf4j.error.RelocationException;
import io.ebpf4j.spec.FunctionSpec;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Joins a program with the subprograms that it calls or passes as callbacks, as the kernel wants
 * them: in one sequence of instructions, with calls relative to it (BPF-to-BPF calls, Linux 4.16).
 *
 * <p>Every entry program gets its own copy of each subprogram, once, behind its own code, in the
 * order in which a walk meets them: a subprogram is appended where the first reference to it is
 * met, and its own references are followed before the next one. That is libbpf's order, so that
 * both load the same instructions.
 */
public final class Linker {

    /**
     * What the kernel's verifier accepts at most ({@code BPF_COMPLEXITY_LIMIT_INSNS}, Linux 5.2).
     */
    private static final int MAX_SLOTS = 1_000_000;

    private static final int PSEUDO_CALL = 1;
    private static final int PSEUDO_FUNC = 4;

    /** A class, because spinning up the first lambda costs more than linking. */
    private static final Comparator<Reference> BY_SLOT =
            new Comparator<>() {
                @Override
                public int compare(Reference a, Reference b) {
                    return Integer.compare(a.slot(), b.slot());
                }
            };

    private final FunctionSpec entry;
    private final Function<String, FunctionSpec> subprograms;
    private final Instructions linked;
    private final List<FuncInfo> funcInfo = new ArrayList<>();
    private final List<LineInfo> lineInfo = new ArrayList<>();
    private final List<LinkedProgram.Placement> placements = new ArrayList<>();
    private final Map<String, Integer> starts = new HashMap<>();
    private final ArrayDeque<Frame> pending = new ArrayDeque<>();

    /** A function that is appended, and how far its references are resolved. */
    private static final class Frame {
        final int start;
        final List<Reference> references;
        int next;

        Frame(int start, List<Reference> references) {
            this.start = start;
            this.references = references;
        }
    }

    private Linker(FunctionSpec entry, Function<String, FunctionSpec> subprograms) {
        this.entry = entry;
        this.subprograms = subprograms;
        this.linked = Instructions.empty(entry.instructions().order());
    }

    /**
     * Links a program.
     *
     * @param entry the entry function, to which CO-RE has been applied; it is not changed
     * @param subprograms finds a subprogram by the name in a reference, CO-RE applied; returns null
     *     for an unknown name
     * @return the program, in which only references to maps, externs and jump tables are open
     * @throws RelocationException if a referenced function is unknown, a subprogram lacks the BTF
     *     records that the entry function has, or the program becomes longer than the kernel
     *     accepts, which is 1,000,000 slots
     */
    public static LinkedProgram link(
            FunctionSpec entry, Function<String, FunctionSpec> subprograms) {
        return new Linker(entry, subprograms).link(null);
    }

    /**
     * Links a program with a callback for its exceptions (Linux 6.7), which the kernel finds by a
     * tag of the program and which nothing needs to refer to. It comes last.
     *
     * @param entry the entry function, to which CO-RE has been applied; it is not changed
     * @param callback the name of the callback
     * @param subprograms finds a subprogram by the name in a reference, CO-RE applied; returns null
     *     for an unknown name
     * @return the program, in which only references to maps and externs are open
     * @throws RelocationException as {@link #link(FunctionSpec, Function)}, or if the callback is
     *     unknown, static or hidden
     */
    public static LinkedProgram link(
            FunctionSpec entry, String callback, Function<String, FunctionSpec> subprograms) {
        return new Linker(entry, subprograms).link(callback);
    }

    private LinkedProgram link(String callback) {
        append(entry);
        resolvePending();
        if (callback != null) {
            checkCallback(callback);
            start(callback);
            resolvePending();
        }
        return new LinkedProgram(
                linked,
                Collections.unmodifiableList(funcInfo),
                Collections.unmodifiableList(lineInfo),
                Collections.unmodifiableList(placements));
    }

    private void checkCallback(String callback) {
        FunctionSpec function = subprograms.apply(callback);
        if (function == null
                || function.linkage() == FunctionSpec.Linkage.STATIC
                || function.linkage() == FunctionSpec.Linkage.HIDDEN) {
            throw new RelocationException(
                    "program "
                            + entry.name()
                            + " names exception callback "
                            + callback
                            + (function == null
                                    ? ", which is no subprogram of the object"
                                    : ", which must be global and not hidden"));
        }
    }

    private void resolvePending() {
        while (!pending.isEmpty()) {
            Frame frame = pending.peek();
            if (frame.next == frame.references.size()) {
                pending.pop();
            } else {
                resolve(frame.references.get(frame.next++), frame.start);
            }
        }
    }

    private void resolve(Reference reference, int start) {
        int slot = reference.slot();
        if (reference instanceof Reference.Call call) {
            linked.setSrc(slot, PSEUDO_CALL);
            linked.setImm(slot, start(call.function()) - slot - 1);
        } else if (reference instanceof Reference.FunctionAddress address) {
            linked.setSrc(slot, PSEUDO_FUNC);
            linked.setImm(slot, start(address.function()) - slot - 1);
            linked.setImm(slot + 1, 0);
        } else if (reference instanceof Reference.JumpTable table) {
            linked.references().add(table.moved(start));
        } else {
            linked.references().add(reference);
        }
    }

    /**
     * Returns where a subprogram begins, after appending it if this is the first reference to it.
     */
    private int start(String name) {
        Integer start = starts.get(name);
        if (start != null) {
            return start;
        }
        FunctionSpec function = subprograms.apply(name);
        if (function == null) {
            throw new RelocationException(
                    "program "
                            + entry.name()
                            + " refers to function "
                            + name
                            + ", which is unknown");
        }
        return append(function);
    }

    private int append(FunctionSpec function) {
        int start = linked.slotCount();
        int slots = function.instructions().slotCount();
        if (slots > MAX_SLOTS - start) {
            throw new RelocationException(
                    "program "
                            + entry.name()
                            + " takes "
                            + ((long) start + slots)
                            + " slots with its subprograms, function "
                            + function.name()
                            + " included; the kernel accepts "
                            + MAX_SLOTS);
        }
        starts.put(function.name(), start);
        placements.add(new LinkedProgram.Placement(function.name(), start));
        appendInfo(function, start);
        List<Reference> open = linked.references();
        int before = open.size();
        linked.append(function.instructions());
        List<Reference> appended = open.subList(before, open.size());
        List<Reference> references = new ArrayList<>(appended);
        appended.clear();
        references.sort(BY_SLOT);
        pending.push(new Frame(start, references));
        return start;
    }

    private void appendInfo(FunctionSpec function, int start) {
        boolean first = start == 0;
        if (first || !funcInfo.isEmpty()) {
            checkInfo(function, first || !function.funcInfo().isEmpty(), "function");
            for (FuncInfo info : function.funcInfo()) {
                funcInfo.add(info.at(info.slot() + start));
            }
        }
        if (first || !lineInfo.isEmpty()) {
            checkInfo(function, first || !function.lineInfo().isEmpty(), "line");
            for (LineInfo info : function.lineInfo()) {
                lineInfo.add(info.at(info.slot() + start));
            }
        }
    }

    /** The kernel wants the records of all functions, or none. */
    private void checkInfo(FunctionSpec function, boolean complete, String records) {
        if (!complete) {
            throw new RelocationException(
                    "subprogram "
                            + function.name()
                            + " of program "
                            + entry.name()
                            + " has no BTF "
                            + records
                            + " records, but the program has; compile both with clang -g");
        }
    }
}
