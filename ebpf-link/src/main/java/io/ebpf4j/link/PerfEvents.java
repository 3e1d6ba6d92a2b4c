// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.NativeText;
import io.ebpf4j.sys.PerfEvent;

import java.lang.foreign.Arena;

/**
 * Opens the perf events that programs are put on. Each method returns a descriptor or a negated
 * errno.
 */
final class PerfEvents {
    private static final int PERF_TYPE_TRACEPOINT = 2;

    /** A signal ends the wait for the lock of the process to watch; profilers of Java send many. */
    private static final int MAX_INTERRUPTIONS = 10;

    private PerfEvents() {}

    static long tracepoint(Kernel kernel, int id, int pid) {
        return open(kernel, PERF_TYPE_TRACEPOINT, id, 0, 0, pid);
    }

    /** Opens a probe by its PMU; the name is the function of a kprobe or the file of a uprobe. */
    static long probe(Kernel kernel, Pmu pmu, long config, String name, long offset, int pid) {
        try (Arena arena = Arena.ofConfined()) {
            return open(
                    kernel,
                    pmu.type(),
                    config,
                    NativeText.string(arena, name).address(),
                    offset,
                    pid);
        }
    }

    // An event for every process must name a CPU, and any will do: the program runs on all. One for
    // a process must not.
    private static long open(
            Kernel kernel, int type, long config, long config1, long config2, int pid) {
        PerfEvent event = new PerfEvent(type, config, config1, config2, 0, 0, 0, 0);
        return open(kernel, event, pid, pid < 0 ? 0 : -1);
    }

    static long open(Kernel kernel, PerfEvent event, int pid, int cpu) {
        long result = -Errno.EINTR;
        for (int i = 0; i < MAX_INTERRUPTIONS && result == -Errno.EINTR; i++) {
            result = event.open(kernel.calls(), pid, cpu);
        }
        return result;
    }
}
