// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import io.ebpf4j.Collection;
import io.ebpf4j.LoadOptions;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.spec.MapSpec;
import io.ebpf4j.spec.MapType;
import io.ebpf4j.spec.ProgramSpec;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Attaches the programs of objects that nobody here wrote, each as its section says, and sees that
 * nothing is left of them, neither when they are closed nor when the process that attached them is
 * killed. Run by {@code .ci/attach}.
 *
 * <p>{@code AttachTrial TABLE FILE...} writes a line for each loaded program, {@code object program
 * errno message}, as {@code .ci/reference.c -a} does with libbpf, and prints what was left. {@code
 * AttachTrial} without arguments reads the names of files, and keeps what it attached of them until
 * its input ends.
 */
final class AttachTrial {
    private static final PrintStream OUT = System.out;
    private static final int STACK_BYTES = 127 * Long.BYTES;
    private static final int EOPNOTSUPP = 95;
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

    /** Maps that have no number of entries, or that the loader gives one. */
    private static final Set<MapType> SIZELESS =
            EnumSet.of(
                    MapType.SK_STORAGE,
                    MapType.TASK_STORAGE,
                    MapType.INODE_STORAGE,
                    MapType.CGROUP_STORAGE,
                    MapType.PERCPU_CGROUP_STORAGE,
                    MapType.CGRP_STORAGE,
                    MapType.STRUCT_OPS,
                    MapType.PERF_EVENT_ARRAY);

    private final PrintStream table;

    private AttachTrial(PrintStream table) {
        this.table = table;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length == 0) {
            hold();
            return;
        }
        int left = 0;
        List<Path> files = new ArrayList<>();
        for (int i = 1; i < args.length; i++) {
            files.add(Path.of(args[i]));
        }
        try (PrintStream table = new PrintStream(args[0], StandardCharsets.UTF_8)) {
            table.println("object\tprogram\terrno\tmessage");
            AttachTrial trial = new AttachTrial(table);
            for (Path file : files) {
                Held held = Held.now();
                KernelObjects before = KernelObjects.now();
                trial.attach(file);
                left += tell(file.getFileName().toString(), held, before);
            }
        }
        left += kill(files);
        OUT.println(left + " left");
    }

    // ------------------------------------------------------------------ one object

    private void attach(Path file) throws IOException {
        String name = file.getFileName().toString();
        byte[] object = Files.readAllBytes(file);
        try (Collection c = Collection.load(sized(object))) {
            attachAll(name, c);
            return;
        } catch (BpfException e) {
            // each program alone, then
        }
        for (String program : sized(object).programs().keySet()) {
            CollectionSpec spec = sized(object);
            for (ProgramSpec p : spec.programs().values()) {
                p.autoload(p.name().equals(program));
            }
            try (Collection c = Collection.load(spec, LoadOptions.defaults())) {
                attachAll(name, c);
            } catch (BpfException e) {
                // this kernel lacks what it needs
            }
        }
    }

    private void attachAll(String object, Collection c) {
        for (String program : c.programs().keySet()) {
            String result;
            try {
                c.attach(program);
                result = "0\t";
            } catch (BpfException e) {
                int errno = e.errno() == 0 ? EOPNOTSUPP : e.errno();
                result = errno + "\t" + e.getMessage().replace('\n', ' ').replace('\t', ' ');
            }
            table.println(object + "\t" + program + "\t" + result);
        }
    }

    /** Reads an object, with nothing to pin, and with sizes for maps that have none. */
    private static CollectionSpec sized(byte[] object) {
        CollectionSpec spec = CollectionSpec.parse("object", object);
        for (MapSpec map : spec.maps().values()) {
            map.pinning(MapSpec.Pinning.NONE);
            if (map.type() == MapType.STACK_TRACE && map.valueSize() == 0) {
                map.valueSize(STACK_BYTES);
            }
            if (map.maxEntries() == 0 && !SIZELESS.contains(map.type())) {
                map.maxEntries(1);
            }
        }
        return spec;
    }

    // ------------------------------------------------------------------ what is left

    /**
     * Waits until nothing is left, as the kernel frees programs and maps later; tells of the rest.
     */
    private static int tell(String after, Held held, KernelObjects before)
            throws InterruptedException {
        long begin = System.nanoTime();
        List<String> left = left(held, before);
        while (!left.isEmpty() && System.nanoTime() - begin < PATIENCE) {
            TimeUnit.MILLISECONDS.sleep(10);
            left = left(held, before);
        }
        left.forEach(thing -> OUT.println("LEFT after " + after + ": " + thing));
        return left.size();
    }

    private static List<String> left(Held held, KernelObjects before) {
        List<String> left = new ArrayList<>(KernelObjects.since(before));
        left.addAll(Held.since(held));
        return left;
    }

    // ------------------------------------------------------------------ a process that is killed

    private static int kill(List<Path> files) throws IOException, InterruptedException {
        Held held = Held.now();
        KernelObjects before = KernelObjects.now();
        try (ChildJvm child = new ChildJvm(AttachTrial.class)) {
            files.forEach(file -> child.tell(file.toString()));
            child.tell("");
            OUT.println("killed a process with " + child.answer("attached") + " links");
            child.kill();
        }
        return tell("SIGKILL", held, before);
    }

    private static void hold() throws IOException {
        List<Collection> collections = new ArrayList<>();
        int links = 0;
        BufferedReader input =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); !line.isEmpty(); line = input.readLine()) {
            Collection c;
            try {
                c = Collection.load(sized(Files.readAllBytes(Path.of(line))));
            } catch (BpfException e) {
                continue;
            }
            collections.add(c);
            for (String program : c.programs().keySet()) {
                try {
                    c.attach(program);
                    links++;
                } catch (BpfException e) {
                    // the table tells of it
                }
            }
        }
        OUT.println("attached " + links);
        input.readLine();
        collections.forEach(Collection::close);
    }
}
