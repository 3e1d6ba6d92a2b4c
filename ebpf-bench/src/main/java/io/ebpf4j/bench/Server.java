// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.bench;

import io.ebpf4j.Collection;
import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.kernel.Kernel;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Our side of what {@code libbpf-bench.c} does; see there. */
final class Server {
    private static final int NO_DESCRIPTOR = -1;

    /**
     * How long the kernel is given to free a program. Each is freed by a work item that takes one
     * lock, and when there are more of them than its queue runs at once (1024 a CPU), one that the
     * holder of the lock waits for may never begin: Linux 6.18 then loads no program again until it
     * is restarted. So frees must not pile up, nor the kernel's workers be kept from the CPU.
     */
    private static final long NANOS_TO_FREE = 500_000;

    /** What is done, and timed, for each question. */
    interface Measure {
        /** Does it once more, and returns how many nanoseconds it took. */
        long nanos();
    }

    private final Path object;
    private final List<String> names;

    private Server(Path object, List<String> names) {
        this.object = object;
        this.names = names;
    }

    /**
     * Answers the questions that come on standard input.
     *
     * @param what {@code load}, {@code btf}, or a case of {@link MapMeasures} or {@link
     *     AttachMeasures}
     * @param file the object, or the names of what to find
     */
    static void run(String what, String file) throws IOException {
        Path path = Path.of(file);
        boolean types = what.equals("btf");
        Server server =
                new Server(types ? null : path, types ? Files.readAllLines(path) : List.of());
        // the start of native access is not what is measured
        Kernel.shared().calls().close(NO_DESCRIPTOR);
        Measure measure =
                switch (what) {
                    case "btf" -> server::find;
                    case "load" -> server::load;
                    case "kprobes", "kprobe-multi" -> AttachMeasures.open(what, path);
                    default -> MapMeasures.open(what, path);
                };
        BufferedReader in =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        System.out.println("ready");
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            System.out.println(line.equals("heap") ? server.heap() : measure.nanos());
        }
    }

    private long load() {
        long begin = System.nanoTime();
        long end;
        int programs;
        try (Collection loaded = Collection.load(object)) {
            end = System.nanoTime();
            programs = loaded.programs().size();
        }
        LockSupport.parkNanos(programs * NANOS_TO_FREE);
        return end - begin;
    }

    private long find() {
        long begin = System.nanoTime();
        search();
        return System.nanoTime() - begin;
    }

    private Kernel search() {
        Kernel kernel = Kernel.create();
        Btf types = kernel.btf().vmlinux();
        for (String name : names) {
            if (types.find(name, BtfType.Struct.class) < 0) {
                throw new IllegalStateException("there is no struct " + name);
            }
        }
        return kernel;
    }

    private long heap() {
        long before = used();
        Kernel kernel = search();
        try {
            return used() - before;
        } finally {
            Reference.reachabilityFence(kernel);
        }
    }

    private static long used() {
        Runtime runtime = Runtime.getRuntime();
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
