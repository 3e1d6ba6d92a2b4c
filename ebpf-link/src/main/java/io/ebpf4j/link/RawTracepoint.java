// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.program.Program;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.FileDescriptor;
import io.ebpf4j.sys.NativeText;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/**
 * Attaches programs to the kernel's tracepoints, with the tracepoint's own arguments. Linux 4.17.
 */
public final class RawTracepoint {
    private static final String COOKIE_SINCE = "6.10";

    private RawTracepoint() {}

    /**
     * Attaches a program to a tracepoint.
     *
     * @param program a program of type RAW_TRACEPOINT or RAW_TRACEPOINT_WRITABLE
     * @param name the tracepoint, without a category, such as {@code sched_process_exec}
     * @return the link; close it to detach
     * @throws BpfException if there is no such tracepoint, the program is of another type, or the
     *     kernel refuses
     * @throws io.ebpf4j.error.PermissionDeniedException if CAP_PERFMON is missing
     * @throws IllegalStateException if the program is closed
     */
    public static Link attach(Program program, String name) {
        return attach(program, name, RawTracepointOptions.DEFAULT);
    }

    /**
     * Attaches a program to a tracepoint.
     *
     * @param program a program of type RAW_TRACEPOINT or RAW_TRACEPOINT_WRITABLE
     * @param name the tracepoint, without a category, such as {@code sched_process_exec}
     * @param options how
     * @return the link; close it to detach
     * @throws BpfException if there is no such tracepoint, the program is of another type, or the
     *     kernel refuses
     * @throws UnsupportedException if the kernel lacks what an option asks for
     * @throws io.ebpf4j.error.PermissionDeniedException if CAP_PERFMON is missing
     * @throws IllegalStateException if the program is closed
     */
    public static Link attach(Program program, String name, RawTracepointOptions options) {
        return attach(HostFiles.SYSTEM, program, name, options);
    }

    static Link attach(
            HostFiles files, Program program, String name, RawTracepointOptions options) {
        String where = "raw tracepoint " + name;
        Hooks.require(
                program, where, ProgramType.RAW_TRACEPOINT, ProgramType.RAW_TRACEPOINT_WRITABLE);
        Kernel kernel = program.kernel();
        long result = open(program, name, options.cookie());
        if (result == -Errno.ENOENT) {
            throw new BpfException(
                    "there is no " + where + suggestions(files, name),
                    BpfCommand.RAW_TRACEPOINT_OPEN.kernelName(),
                    Errno.ENOENT);
        }
        if (result == -Errno.EINVAL && options.cookie() != 0) {
            throw new UnsupportedException(
                    "a cookie for " + where,
                    COOKIE_SINCE,
                    "attach one program per cookie's value",
                    BpfCommand.RAW_TRACEPOINT_OPEN.kernelName(),
                    Errno.EINVAL);
        }
        FileDescriptor link =
                kernel.bpf()
                        .own(
                                BpfCommand.RAW_TRACEPOINT_OPEN,
                                result,
                                "link of program " + program.name() + " to " + where,
                                "cannot create the ");
        return new KernelLink(kernel, link, null);
    }

    private static long open(Program program, String name, long cookie) {
        int fd = program.descriptor().acquire();
        try (Arena arena = Arena.ofConfined()) {
            long address = NativeText.string(arena, name).address();
            return program.kernel().bpf().rawTracepointOpen(address, fd, cookie);
        } finally {
            program.descriptor().release();
        }
    }

    // The lines of available_events read "category:name".
    private static String suggestions(HostFiles files, String name) {
        Tracefs tracefs = Tracefs.findOrNull(files);
        String events =
                tracefs == null ? null : files.readOrNull(tracefs.absolute("available_events"));
        if (events == null) {
            return "";
        }
        List<String> names = new ArrayList<>();
        int start = 0;
        while (start < events.length()) {
            int end = events.indexOf('\n', start);
            end = end < 0 ? events.length() : end;
            names.add(events.substring(events.indexOf(':', start) + 1, end));
            start = end + 1;
        }
        String hint =
                name.startsWith("sys_enter_") || name.startsWith("sys_exit_")
                        ? "; raw tracepoints of system calls are sys_enter and sys_exit, the same"
                                + " for all calls"
                        : "";
        return hint.isEmpty() ? Suggestions.sentence(name, names) : hint;
    }
}
