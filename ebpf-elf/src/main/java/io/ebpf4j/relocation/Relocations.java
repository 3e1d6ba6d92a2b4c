// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.relocation;

import io.ebpf4j.asm.Disassembler;
import io.ebpf4j.asm.Instructions;
import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.CoreRelocation;
import io.ebpf4j.btf.LineInfo;
import io.ebpf4j.error.ObjectFormatException;
import io.ebpf4j.error.RelocationException;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.spec.FunctionSpec;
import io.ebpf4j.spec.ProgramSpec;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Walks an object as a load does, and writes down what its relocations lead to.
 *
 * <p>The order matters: a candidate that did not match one relocation is not looked at for the
 * next.
 */
final class Relocations {

    private final CollectionSpec spec;
    private final TargetTypes target;
    private final CoreRelocator relocator;
    private final Map<String, FunctionSpec> adapted = new HashMap<>();
    private final Map<String, List<RelocationReport.Relocation>> byFunction = new LinkedHashMap<>();
    private final Map<String, List<String>> programs = new HashMap<>();
    private final Map<Integer, List<CoreRelocator.Candidate>> candidates = new HashMap<>();

    private Relocations(CollectionSpec spec, TargetTypes target) {
        this.spec = spec;
        this.target = target;
        this.relocator = spec.btf().map(local -> new CoreRelocator(local, target)).orElse(null);
    }

    /** Adapts a spec that nobody else uses. */
    static List<RelocationReport.Relocation> of(CollectionSpec spec, TargetTypes target) {
        Relocations all = new Relocations(spec, target);
        for (boolean loaded : new boolean[] {true, false}) {
            for (ProgramSpec p : spec.programs().values()) {
                if (p.autoload() == loaded) {
                    all.link(p);
                }
            }
        }
        List<RelocationReport.Relocation> found = new ArrayList<>();
        all.byFunction.values().forEach(found::addAll);
        return found;
    }

    private void link(ProgramSpec program) {
        LinkedProgram linked = Linker.link(adapt(program.function()), this::subprogram);
        for (LinkedProgram.Placement p : linked.functions()) {
            programs.get(p.name()).add(program.name());
        }
    }

    private FunctionSpec subprogram(String name) {
        FunctionSpec known = adapted.get(name);
        if (known != null) {
            return known;
        }
        FunctionSpec function = spec.functions().get(name);
        return function == null ? null : adapt(function);
    }

    private FunctionSpec adapt(FunctionSpec function) {
        List<RelocationReport.Relocation> found = new ArrayList<>();
        List<String> users = new ArrayList<>();
        adapted.put(function.name(), function);
        byFunction.put(function.name(), found);
        programs.put(function.name(), users);
        for (CoreRelocation r : function.relocations()) {
            found.add(relocate(function, users, r));
        }
        return function;
    }

    private RelocationReport.Relocation relocate(
            FunctionSpec function, List<String> users, CoreRelocation r) {
        String path = r.access();
        List<RelocationReport.Candidate> results = List.of();
        RelocationReport.Outcome outcome;
        try {
            Access access = Access.parse(relocator.local(), r);
            path = access.text();
            results = candidates(access, r);
            outcome = outcome(function.instructions(), r, results);
        } catch (RelocationException | ObjectFormatException e) {
            outcome = new RelocationReport.Failed(e.getMessage());
        }
        return new RelocationReport.Relocation(
                Collections.unmodifiableList(users),
                function.name(),
                r,
                path,
                source(function, r.slot()),
                results,
                outcome);
    }

    private RelocationReport.Outcome outcome(
            Instructions code, CoreRelocation r, List<RelocationReport.Candidate> results) {
        long before = r.slot() < code.slotCount() ? CorePatch.held(code, r.slot()) : 0;
        CoreResolution done = relocator.apply(code, r);
        String why = done.matched() ? "" : missing(results);
        if (!done.poisoned()) {
            String text = Disassembler.text(code.at(r.slot()));
            return new RelocationReport.Patched(before, done.value(), text, why);
        }
        String reason =
                done.matched()
                        ? "its size differs, and only pointers and unsigned integers are read and"
                                + " written in another size"
                        : why;
        return new RelocationReport.Poisoned(before, reason);
    }

    private static String missing(List<RelocationReport.Candidate> results) {
        return switch (results.size()) {
            case 0 -> "there is no type of that name and kind";
            case 1 -> results.get(0).why();
            default -> "none of " + results.size() + " types of that name matches";
        };
    }

    private List<RelocationReport.Candidate> candidates(Access access, CoreRelocation r) {
        List<RelocationReport.Candidate> results = new ArrayList<>();
        if (r.kind() != CoreRelocation.Kind.TYPE_ID_LOCAL) {
            List<CoreRelocator.Candidate> left = relocator.candidates(r);
            for (CoreRelocator.Candidate c : candidates.computeIfAbsent(r.type(), _ -> left)) {
                results.add(candidate(access, r.kind(), c, left.contains(c)));
            }
        }
        return results;
    }

    private RelocationReport.Candidate candidate(
            Access access, CoreRelocation.Kind kind, CoreRelocator.Candidate c, boolean left) {
        OptionalLong value = OptionalLong.empty();
        String why = "it did not match an earlier relocation of the type";
        if (left) {
            try {
                Access there = AccessMatcher.match(access, kind, c.btf(), c.type());
                if (there == null) {
                    why = AccessMatcher.mismatch(access, kind, c.btf(), c.type());
                } else {
                    value = OptionalLong.of(CoreValue.of(kind, access, there).value());
                    why = "";
                }
            } catch (RelocationException | ObjectFormatException e) {
                why = e.getMessage();
            }
        }
        String name = c.btf().typeName(c.type());
        return new RelocationReport.Candidate(c.type(), name, target.name(c.btf()), value, why);
    }

    private Optional<RelocationReport.Source> source(FunctionSpec function, int slot) {
        LineInfo line = null;
        for (LineInfo l : function.lineInfo()) {
            if (l.slot() > slot) {
                break;
            }
            line = l;
        }
        if (line == null) {
            return Optional.empty();
        }
        Btf local = relocator.local();
        return Optional.of(
                new RelocationReport.Source(
                        local.string(line.fileOffset()),
                        line.line(),
                        local.string(line.lineOffset()).strip()));
    }
}
