// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.bench;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.kernel.Kernel;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The table of all cases. */
final class Cases {
    private static final int NAMES = 100;
    private static final Path KPROBES = Path.of("/sys/bus/event_source/devices/kprobe");

    private final Path module;
    private final Path work;
    private final List<Case> all;

    /**
     * Lists the cases.
     *
     * @param module this module's folder, built
     * @param work where files may be written
     */
    Cases(Path module, Path work) {
        this.module = module;
        this.work = work;
        this.all = new ArrayList<>();
        all.addAll(loads());
        all.addAll(maps());
        if (Files.exists(KPROBES)) {
            all.addAll(attachments());
        }
    }

    /** Those that need a kernel with kprobes. */
    private List<Case> attachments() {
        return List.of(
                new Case("kprobes", ratio(1.5), attaching("kprobes", 100), 3, 11),
                new Case("kprobe-multi", ratio(3), attaching("kprobe-multi", 1000), 3, 11));
    }

    private Case.Setup attaching(String name, int functions) {
        Input input = () -> functions(name, functions);
        return new Case.Setup(
                () -> new Worker(ours(name, input), Worker.Question.TIME),
                () -> new Worker(libbpf("libbpf-attach", name, input), Worker.Question.TIME));
    }

    private List<Case> loads() {
        return List.of(
                new Case("load30", ratio(0.25), warm("load", object("load30")), 500, 51),
                new Case("load100", ratio(0.7), warm("load", object("load100")), 100, 51),
                first("first-load30", ratio(2), false, "load", object("load30")),
                first("first-load30-aot", ratio(2), true, "load", object("load30")),
                first("first-load100", ratio(2), false, "load", object("load100")),
                first("first-load100-aot", ratio(2), true, "load", object("load100")),
                first("btf-cold", ratio(0.75), false, "btf", this::structs),
                first("btf-cold-aot", ratio(0.75), true, "btf", this::structs),
                new Case("btf-warm", ratio(0.2), warm("btf", this::structs), 200, 31),
                new Case("btf-heap", new Case.Bound.Ours(10 * 1024), heap(), 0, 5),
                new Case("first-event", ratio(1.15), launches(false), 1, 41),
                new Case("first-event-aot", ratio(1.15), launches(true), 1, 41));
    }

    private List<Case> maps() {
        return List.of(
                operations("hash-lookup", 1.05),
                operations("hash-update", 1.05),
                operations("hash-insert", 1.05),
                operations("hash-delete", 1.05),
                operations("hash-miss", 1.05),
                operations("percpu-lookup", 1.1),
                operations("array-lookup", 1.05),
                operations("iterate", 0.2),
                operations("variable-read", 1.5),
                operations("elements-read", 1.5),
                operations("ring-8", 1.1),
                operations("ring-64", 1.05),
                operations("ring-256", 1),
                new Case("ring-64-typed", ratio(1.5), typedBesideRaw(), 20, 61),
                operations("perf-64", 1.5),
                operations("ring-live", 1 / 1.3),
                operations("ring-wake", 1.1));
    }

    /** A case of operations on maps and buffers, warm on both sides. */
    private Case operations(String name, double most) {
        Case.Setup setup =
                new Case.Setup(
                        () -> new Worker(ours(name, object("maps")), Worker.Question.TIME),
                        () ->
                                new Worker(
                                        libbpf("libbpf-maps", name, object("maps")),
                                        Worker.Question.TIME));
        return new Case(name, ratio(most), setup, 20, 61);
    }

    private Case.Setup typedBesideRaw() {
        return new Case.Setup(
                () -> new Worker(ours("ring-64-typed", object("maps")), Worker.Question.TIME),
                () -> new Worker(ours("ring-64", object("maps")), Worker.Question.TIME));
    }

    List<Case> all() {
        return all;
    }

    /** Returns the case, or null. */
    Case find(String name) {
        for (Case c : all) {
            if (c.name().equals(name)) {
                return c;
            }
        }
        return null;
    }

    List<String> names() {
        List<String> names = new ArrayList<>();
        for (Case c : all) {
            names.add(c.name());
        }
        return names;
    }

    private static Case.Bound ratio(double most) {
        return new Case.Bound.Ratio(most);
    }

    /** Finds the path of a file that both sides are given. */
    private interface Input {
        Path path() throws IOException;
    }

    private Input object(String name) {
        return () -> module.resolve("src/main/bpf/" + name + ".bpf.o");
    }

    private Case.Setup warm(String what, Input input) {
        return new Case.Setup(
                () -> new Worker(ours(what, input), Worker.Question.TIME),
                () -> new Worker(libbpf(what, input), Worker.Question.TIME));
    }

    /** A case of processes that do one thing once; ours with an AOT cache, or without. */
    private Case first(String name, Case.Bound bound, boolean cached, String what, Input input) {
        Case.Setup setup =
                new Case.Setup(
                        () -> new Worker.Fresh(ours(cached, what, input.path().toString())),
                        () -> new Worker.Fresh(libbpf(what, input)));
        return new Case(name, bound, setup, 0, 21);
    }

    private List<String> ours(boolean cached, String what, String file) throws IOException {
        return cached
                ? cached(what, Worker.Question.TIME.asked(), "serve", what, file)
                : java(List.of(), "serve", what, file);
    }

    private Case.Setup heap() {
        return new Case.Setup(
                () -> new Worker(ours("btf", this::structs), Worker.Question.HEAP),
                () -> new Worker(libbpf("btf", this::structs), Worker.Question.HEAP));
    }

    private Case.Setup launches(boolean cached) {
        return new Case.Setup(
                () -> launch(cached, "tool", object("first").path().toString()),
                () -> launch(cached, "bare"));
    }

    private Side launch(boolean cached, String... tool) throws IOException {
        return new Worker.Launch(cached ? cached(tool[0], "", tool) : java(List.of(), tool));
    }

    /**
     * Makes an AOT cache by a run of a process, and returns the command of later ones.
     *
     * @param name of the cache
     * @param input what the process reads
     */
    private List<String> cached(String name, String input, String... arguments) throws IOException {
        Path cache = work.resolve(name + ".aot");
        Path question = Files.writeString(work.resolve(name + ".input"), input);
        List<String> command = java(List.of("-XX:AOTCacheOutput=" + cache), arguments);
        Process training =
                new ProcessBuilder(command)
                        .redirectInput(question.toFile())
                        .redirectOutput(Redirect.DISCARD)
                        .redirectError(Redirect.DISCARD)
                        .start();
        if (training.onExit().join().exitValue() != 0) {
            throw new IOException("no cache was made by: " + String.join(" ", command));
        }
        return java(List.of("-XX:AOTCache=" + cache), arguments);
    }

    private List<String> ours(String what, Input input) throws IOException {
        return ours(false, what, input.path().toString());
    }

    private List<String> java(List<String> options, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + "/bin/java");
        command.addAll(options);
        command.add("-jar");
        command.add(module.resolve("target/ebpf-bench.jar").toString());
        command.addAll(List.of(arguments));
        return command;
    }

    private List<String> libbpf(String what, Input input) throws IOException {
        return libbpf("libbpf-bench", what, input);
    }

    private List<String> libbpf(String program, String what, Input input) throws IOException {
        return List.of(
                module.resolve("target").resolve(program).toString(),
                what,
                input.path().toString());
    }

    /** Writes the object to attach, and the names of functions from all over the kernel. */
    private Path functions(String name, int count) throws IOException {
        Path file = work.resolve(name + ".functions");
        if (!Files.exists(file)) {
            List<String> lines = new ArrayList<>();
            lines.add(object("attach").path().toString());
            List<String> known = TraceableFunctions.read();
            for (int i = 0; i < count; i++) {
                lines.add(known.get((int) ((long) i * known.size() / count)));
            }
            Files.write(file, lines);
        }
        return file;
    }

    /** Writes the names of structs from all over the kernel's types. */
    private Path structs() throws IOException {
        Path file = work.resolve("names");
        if (!Files.exists(file)) {
            Btf types = Kernel.shared().btf().vmlinux();
            Set<String> names = new LinkedHashSet<>();
            for (int step = types.typeCount() / NAMES, id = step; names.size() < NAMES; id++) {
                if (types.type(id % types.typeCount()) instanceof BtfType.Struct s
                        && !s.name().isEmpty()
                        && names.add(s.name())) {
                    id += step;
                }
            }
            Files.write(file, names);
        }
        return file;
    }
}
