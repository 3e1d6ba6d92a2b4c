// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.program.Program;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.Capability;
import io.ebpf4j.sys.Failure;

/**
 * Attaches programs to the kernel's tracepoints, by a perf event. Linux 4.7.
 *
 * <p>Tracefs must be mounted, since a tracepoint's number is read from it.
 */
public final class Tracepoint {
    private Tracepoint() {}

    /**
     * Attaches a program to a tracepoint.
     *
     * @param program a program of type TRACEPOINT
     * @param category the group, such as {@code syscalls}
     * @param name the tracepoint, such as {@code sys_enter_openat}
     * @return the link; close it to detach
     * @throws BpfException if there is no such tracepoint, the program is of another type, or the
     *     kernel refuses
     * @throws io.ebpf4j.error.UnsupportedException if tracefs is not mounted
     * @throws io.ebpf4j.error.PermissionDeniedException if tracefs is not readable or CAP_PERFMON
     *     is missing
     * @throws IllegalStateException if the program is closed
     */
    public static Link attach(Program program, String category, String name) {
        return attach(program, category, name, TracepointOptions.DEFAULT);
    }

    /**
     * Attaches a program to a tracepoint.
     *
     * @param program a program of type TRACEPOINT
     * @param category the group, such as {@code syscalls}
     * @param name the tracepoint, such as {@code sys_enter_openat}
     * @param options how
     * @return the link; close it to detach
     * @throws BpfException if there is no such tracepoint, the program is of another type, or the
     *     kernel refuses
     * @throws io.ebpf4j.error.UnsupportedException if tracefs is not mounted, or the kernel lacks
     *     what an option asks for
     * @throws io.ebpf4j.error.PermissionDeniedException if tracefs is not readable or CAP_PERFMON
     *     is missing
     * @throws IllegalStateException if the program is closed
     */
    public static Link attach(
            Program program, String category, String name, TracepointOptions options) {
        return attach(HostFiles.SYSTEM, program, category, name, options);
    }

    static Link attach(
            HostFiles files,
            Program program,
            String category,
            String name,
            TracepointOptions options) {
        String where = "tracepoint " + category + "/" + name;
        Hooks.require(program, where, ProgramType.TRACEPOINT);
        int id = Tracefs.find(files).eventId(category, name);
        Kernel kernel = program.kernel();
        long event = PerfEvents.tracepoint(kernel, id, -1);
        if (event < 0) {
            throw Failure.of(
                    "perf_event_open", (int) -event, "cannot open " + where, Capability.PERFMON);
        }
        return new PerfAttachment(program, where)
                .attach((int) event, null, options.cookie(), options.mode());
    }
}
