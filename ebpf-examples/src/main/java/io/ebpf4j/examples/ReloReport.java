// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.examples;

import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;

import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.relocation.RelocationReport;
import io.ebpf4j.relocation.RelocationReport.Candidate;
import io.ebpf4j.relocation.RelocationReport.Failed;
import io.ebpf4j.relocation.RelocationReport.Patched;
import io.ebpf4j.relocation.RelocationReport.Poisoned;
import io.ebpf4j.relocation.RelocationReport.Relocation;
import io.ebpf4j.relocation.TargetFiles;
import io.ebpf4j.relocation.TargetTypes;
import io.ebpf4j.spec.CollectionSpec;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** Shows what the types of kernels make of an object's relocations. */
@Command(
        name = "reloreport",
        description = "shows what CO-RE makes of an object on this kernel or others",
        footer = {
            "The status is 1 if a kernel's types refuse the object.",
            "What is poisoned is fine where the program asks for it before it uses it."
        })
final class ReloReport implements Callable<Integer> {
    @Parameters(paramLabel = "OBJECT", description = "what clang built")
    private Path object;

    @Option(
            names = "--btf",
            paramLabel = "FILE[,MODULE...]",
            description = {
                "BTF of another kernel, such as a copy of its",
                "/sys/kernel/btf/vmlinux, and of its modules;",
                "may be given several times"
            })
    private List<String> files = new ArrayList<>();

    @Option(names = "--json", description = "print one JSON object a line")
    private boolean json;

    @Spec private CommandSpec command;

    /** A relocation on the types of one kernel; the members of a JSON object. */
    record Row(
            String types,
            List<String> programs,
            String function,
            int instruction,
            String kind,
            String path,
            String access,
            String file,
            Integer line,
            List<Choice> candidates,
            String result,
            Long before,
            Long after,
            String why) {

        static Row of(String types, Relocation r) {
            Long before = null;
            Long after = null;
            String result = "failed";
            if (r.outcome() instanceof Patched p) {
                before = p.before();
                after = p.after();
                result = "patched";
            } else if (r.outcome() instanceof Poisoned p) {
                before = p.before();
                result = "poisoned";
            }
            return new Row(
                    types,
                    r.programs(),
                    r.function(),
                    r.record().slot(),
                    r.record().kind().name(),
                    r.path(),
                    r.record().access(),
                    r.source().map(RelocationReport.Source::file).orElse(null),
                    r.source().map(RelocationReport.Source::line).orElse(null),
                    r.candidates().stream().map(Choice::of).toList(),
                    result,
                    before,
                    after,
                    orNull(r.outcome().why()));
        }
    }

    /** A candidate, with its value or the reason why it has none. */
    record Choice(int type, String name, String module, Long value, String why) {
        static Choice of(Candidate c) {
            Long value = c.value().isPresent() ? c.value().getAsLong() : null;
            return new Choice(c.type(), c.name(), c.module(), value, orNull(c.why()));
        }
    }

    private static String orNull(String text) {
        return text.isEmpty() ? null : text;
    }

    @Override
    public Integer call() {
        CollectionSpec spec = CollectionSpec.parse(object);
        PrintWriter out = command.commandLine().getOut();
        boolean refused = false;
        for (Map.Entry<String, TargetTypes> types : types().entrySet()) {
            RelocationReport report = RelocationReport.of(spec, types.getValue());
            refused |= report.relocations().stream().anyMatch(r -> r.outcome() instanceof Failed);
            if (json) {
                print(out, types.getKey(), report);
            } else {
                out.print(types.getKey() + ": " + report);
            }
        }
        out.flush();
        return refused ? 1 : 0;
    }

    private Map<String, TargetTypes> types() {
        Map<String, TargetTypes> types = new LinkedHashMap<>();
        for (String names : files) {
            String[] parts = names.split(",", -1);
            Path[] modules = new Path[parts.length - 1];
            for (int i = 0; i < modules.length; i++) {
                modules[i] = Path.of(parts[i + 1]);
            }
            types.put(names, TargetFiles.read(Path.of(parts[0]), modules));
        }
        if (types.isEmpty()) {
            types.put("this kernel", Kernel.shared().btf());
        }
        return types;
    }

    private static void print(PrintWriter out, String types, RelocationReport report) {
        Gson gson =
                new GsonBuilder()
                        .setFieldNamingPolicy(FieldNamingPolicy.LOWER_CASE_WITH_UNDERSCORES)
                        .disableHtmlEscaping()
                        .create();
        for (Relocation r : report.relocations()) {
            out.println(gson.toJson(Row.of(types, r)));
        }
    }
}
