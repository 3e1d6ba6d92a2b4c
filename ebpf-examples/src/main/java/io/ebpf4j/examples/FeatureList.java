// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.examples;

import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;

import io.ebpf4j.asm.Helpers;
import io.ebpf4j.kernel.Availability;
import io.ebpf4j.kernel.Features;
import io.ebpf4j.kernel.InstructionSet;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.spec.AttachType;
import io.ebpf4j.spec.MapType;
import io.ebpf4j.spec.ProgramType;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/** Lists what the running kernel has and what it has not. */
@Command(name = "features", description = "lists what the running kernel has and what not")
final class FeatureList implements Callable<Integer> {
    private static final String LINE = "%-13s %-30s %-8s %-6s %s";

    @Option(names = "--json", description = "print one JSON object a line")
    private boolean json;

    @Option(
            names = "--helpers",
            paramLabel = "TYPE",
            description = "list the helpers for programs of this type, such as XDP")
    private ProgramType helpersOf;

    @Option(names = "--kfuncs", description = "list the kernel functions for programs")
    private boolean kfuncs;

    /** What is shown of a feature; the members of a JSON object. */
    record Line(
            String family, String name, String answer, String since, String commit, String reason) {
        static Line of(String family, String name, Availability answer) {
            return new Line(
                    family,
                    name,
                    answer.support().name().toLowerCase(Locale.ROOT),
                    answer.since(),
                    answer.commit(),
                    answer.reason());
        }

        String text() {
            return LINE.formatted(family, name, answer, since, reason).stripTrailing();
        }
    }

    @Override
    public Integer call() {
        List<Line> lines = ask(Kernel.shared().features());
        Gson gson =
                new GsonBuilder()
                        .setFieldNamingPolicy(FieldNamingPolicy.LOWER_CASE_WITH_UNDERSCORES)
                        .disableHtmlEscaping()
                        .create();
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        if (!json) {
            out.println(LINE.formatted("FAMILY", "NAME", "ANSWER", "SINCE", "REASON"));
        }
        for (Line line : lines) {
            out.println(json ? gson.toJson(line) : line.text());
        }
        out.flush();
        return 0;
    }

    private List<Line> ask(Features features) {
        List<Line> lines = new ArrayList<>();
        if (helpersOf != null) {
            for (int id = 1; id <= Helpers.count(); id++) {
                lines.add(Line.of("helper", Helpers.name(id), features.helper(helpersOf, id)));
            }
        }
        if (kfuncs) {
            for (String name : Features.knownKfuncs()) {
                lines.add(Line.of("kfunc", name, features.kfunc(name)));
            }
        }
        if (helpersOf == null && !kfuncs) {
            types(features, lines);
        }
        return lines;
    }

    private static void types(Features features, List<Line> lines) {
        for (ProgramType type : ProgramType.values()) {
            if (type != ProgramType.UNSPEC) {
                lines.add(Line.of("program", type.name(), features.programType(type)));
            }
        }
        for (MapType type : MapType.values()) {
            if (type != MapType.UNSPEC) {
                lines.add(Line.of("map", type.name(), features.mapType(type)));
            }
        }
        for (AttachType type : AttachType.values()) {
            if (type != AttachType.NONE) {
                lines.add(Line.of("attach", type.name(), features.attachType(type)));
            }
        }
        for (InstructionSet set : InstructionSet.values()) {
            lines.add(Line.of("instructions", set.name(), features.instructions(set)));
        }
    }
}
