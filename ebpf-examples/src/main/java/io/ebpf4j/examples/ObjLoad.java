// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.examples;

import io.ebpf4j.LoadOptions;
import io.ebpf4j.error.BpfException;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

/** Loads objects as far as the kernel here takes them, and tells how far that was. */
@Command(name = "objload", description = "tells whether objects load on this kernel, or why not")
final class ObjLoad implements Callable<Integer> {
    private static final String[] FOOTER = {
        "",
        "Nothing stays loaded, nothing is attached or pinned. Each object is loaded whole; if that"
                + " fails, again with a size for maps that have none, which programs usually set;"
                + " then each program that was not loaded is tried alone.",
        "",
        "Writes three tables of tab-separated values: PREFIX-objects.tsv, PREFIX-programs.tsv and"
                + " PREFIX-maps.tsv. Ends with 0 if all objects load, with 1 if one does not.",
    };

    @Option(
            names = "-d",
            paramLabel = "DUMPDIR",
            description =
                    "write each program's instructions as the kernel is given them, as they are"
                            + " to DUMPDIR/OBJECT/PROGRAM.insn, and as text to PROGRAM.txt")
    private Path dumps;

    @Option(
            names = "-p",
            paramLabel = "PREFIX",
            defaultValue = "objload",
            description = "begin the tables' names with this (${DEFAULT-VALUE})")
    private String prefix;

    @Option(
            names = "--per-program",
            description = "try every program alone, those of objects that load whole too")
    private boolean perProgram;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "objects that clang built")
    private List<Path> files;

    private CommandSpec command;

    @Spec
    void command(CommandSpec spec) {
        command = spec.usageMessage(spec.usageMessage().footer(FOOTER));
    }

    @Override
    public Integer call() {
        LoadSummary summary = new LoadSummary(prefix, files.size());
        LoadOptions options = LoadOptions.defaults();
        PrintWriter out = command.commandLine().getOut();
        try (LoadTables tables = LoadTables.create(prefix)) {
            InstructionDumps dump = new InstructionDumps(dumps);
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                LoadTrial trial = new LoadTrial(name, read(file), options, tables, dump);
                trial.run(perProgram);
                summary.add(trial);
            }
        }
        summary.print(out);
        out.flush();
        return summary.allLoaded() ? 0 : 1;
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw BpfException.unreadable("cannot read " + file, e);
        }
    }
}
