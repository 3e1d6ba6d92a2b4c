// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.btf.CoreRelocation;
import io.ebpf4j.btf.LineInfo;
import io.ebpf4j.error.Rejection;
import io.ebpf4j.error.VerifierException;
import io.ebpf4j.relocation.CoreResolution;
import io.ebpf4j.relocation.LinkedProgram;
import io.ebpf4j.relocation.TargetTypes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The instructions of one load that ask for what the kernel's types do not have.
 *
 * <p>The verifier calls such an instruction, if it is reachable, an unknown function; only here is
 * known what it was.
 */
final class Poisoned {
    private static final int MAX_NAMED = 3;

    private final Map<String, List<CoreResolution>> byFunction = new HashMap<>();

    void add(String function, List<CoreResolution> resolutions) {
        List<CoreResolution> found = new ArrayList<>();
        for (CoreResolution r : resolutions) {
            if (r.poisoned()) {
                found.add(r);
            }
        }
        byFunction.put(function, found);
    }

    /**
     * Names the function of the rejected instruction, and what is missing where it is a poisoned
     * one.
     *
     * @param local the object's types, or null
     * @param target the types it was adapted to
     */
    VerifierException explain(
            VerifierException e, LinkedProgram program, Btf local, TargetTypes target) {
        int slot = Math.max(e.instruction(), 0);
        LinkedProgram.Placement holder = null;
        for (LinkedProgram.Placement p : program.functions()) {
            if (p.slot() <= slot && (holder == null || p.slot() > holder.slot())) {
                holder = p;
            }
        }
        if (holder == null) {
            return e;
        }
        VerifierException located = e;
        if (e.rejection().function().isEmpty()) {
            int offset = slot - holder.slot();
            String line = line(e, program, local);
            located = e.with(e.rejection().in(holder.name(), offset, line), e.log());
        }
        for (CoreResolution r : byFunction.getOrDefault(holder.name(), List.of())) {
            if (r.relocation().slot() == e.instruction() - holder.slot()) {
                return explain(located, r, local, target);
            }
        }
        return located;
    }

    /** A kernel that did not take the object's types says no line, but the object does. */
    private static String line(VerifierException e, LinkedProgram program, Btf local) {
        LineInfo line = LineInfo.covering(program.lineInfo(), Math.max(e.instruction(), 0));
        return local == null || line == null ? e.sourceLine() : line.text(local);
    }

    private static VerifierException explain(
            VerifierException e, CoreResolution r, Btf local, TargetTypes target) {
        CoreRelocation relocation = r.relocation();
        String failed =
                "failed to resolve CO-RE relocation "
                        + relocation.kind()
                        + " "
                        + r.description()
                        + " (access \""
                        + relocation.access()
                        + "\"): "
                        + tried(local.type(relocation.type()), target);
        return because(
                e,
                failed,
                "ask bpf_core_field_exists(), bpf_core_type_exists() or"
                        + " bpf_core_enum_value_exists() before it is used");
    }

    private static String tried(BtfType root, TargetTypes target) {
        List<String> candidates = candidates(target.vmlinux(), root);
        if (candidates.isEmpty()) {
            for (Btf module : target.modules()) {
                candidates.addAll(candidates(module, root));
            }
        }
        if (candidates.isEmpty()) {
            return "the kernel has no type of that name";
        }
        int count = candidates.size();
        List<String> named = candidates.subList(0, Math.min(count, MAX_NAMED));
        return "the kernel has "
                + String.join(", ", named)
                + (count > MAX_NAMED ? " and " + (count - MAX_NAMED) + " more" : "")
                + ", without it";
    }

    private static List<String> candidates(Btf types, BtfType root) {
        Class<? extends BtfType> kind =
                root instanceof BtfType.Enumeration ? BtfType.Enumeration.class : root.getClass();
        List<String> named = new ArrayList<>();
        for (int id : types.candidates(Btf.essentialName(root.name()), kind)) {
            named.add("[" + id + "] " + types.type(id).name());
        }
        return named;
    }

    /**
     * Says the same with a reason that the verifier could not know; in the log, below the line with
     * the verifier's own.
     */
    static VerifierException because(VerifierException e, String reason, String advice) {
        Rejection known = e.rejection();
        int found = e.log().lastIndexOf(known.reason());
        int end = found < 0 ? -1 : e.log().indexOf('\n', found);
        StringBuilder log = new StringBuilder(e.log());
        log.insert(end < 0 ? log.length() : end, "\n" + reason);
        String both = reason + " (" + known.reason() + ")";
        return e.with(known.because(both, advice), log.toString());
    }
}
