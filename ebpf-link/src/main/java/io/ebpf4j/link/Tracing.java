// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.program.Program;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.FileDescriptor;
import io.ebpf4j.sys.LinkCreate;

/**
 * Attaches programs whose target was fixed when they were loaded, by its id in the kernel's BTF or
 * another program's: tp_btf, fentry, fexit, fmod_ret (Linux 5.5, fmod_ret 5.7), LSM hooks (Linux
 * 5.7) and replacements of functions (Linux 5.6; {@link Freplace} gives them further targets).
 */
public final class Tracing {
    private static final String COOKIE_SINCE = "5.19";

    private Tracing() {}

    /**
     * Attaches a program to the target it was loaded for.
     *
     * @param program a program of type TRACING, LSM or EXT
     * @return the link; close it to detach
     * @throws io.ebpf4j.error.BpfException if the program is of another type, or the kernel refuses
     * @throws io.ebpf4j.error.PermissionDeniedException if a capability is missing, or lockdown is
     *     in the way
     * @throws IllegalStateException if the program is closed
     */
    public static Link attach(Program program) {
        return attach(program, TracingOptions.DEFAULT);
    }

    /**
     * Attaches a program to the target it was loaded for.
     *
     * <p>By BPF_LINK_CREATE (Linux 5.19 for most attach types), below that by
     * BPF_RAW_TRACEPOINT_OPEN without a name.
     *
     * @param program a program of type TRACING, LSM or EXT
     * @param options how
     * @return the link; close it to detach
     * @throws io.ebpf4j.error.BpfException if the program is of another type, or the kernel refuses
     * @throws UnsupportedException if the kernel lacks what an option asks for
     * @throws io.ebpf4j.error.PermissionDeniedException if a capability is missing, or lockdown is
     *     in the way
     * @throws IllegalStateException if the program is closed
     */
    public static Link attach(Program program, TracingOptions options) {
        Hooks.require(program, "its target", ProgramType.TRACING, ProgramType.LSM, ProgramType.EXT);
        int fd = program.descriptor().acquire();
        try {
            return attach(program, fd, options.cookie());
        } finally {
            program.descriptor().release();
        }
    }

    private static Link attach(Program program, int fd, long cookie) {
        Kernel kernel = program.kernel();
        BpfCommand command = BpfCommand.LINK_CREATE;
        long result =
                kernel.bpf()
                        .linkCreate(
                                new LinkCreate(
                                        fd,
                                        0,
                                        program.attachType().number(),
                                        0,
                                        new LinkCreate.Tracing(0, cookie)));
        // Kernels before 5.19 (commit df86ca0d2f0f) refuse these attach types in LINK_CREATE, and
        // a program opened from its pin does not say which it has; ENOTSUPP comes from kernels
        // that know the command for iterators only.
        if (result == -Errno.EINVAL || result == -Errno.ENOTSUPP) {
            if (cookie != 0) {
                throw new UnsupportedException(
                        "a cookie for the tracing program " + program.name(),
                        COOKIE_SINCE,
                        "attach one program per cookie's value",
                        command.kernelName(),
                        (int) -result);
            }
            command = BpfCommand.RAW_TRACEPOINT_OPEN;
            result = kernel.bpf().rawTracepointOpen(0, fd, 0);
        }
        FileDescriptor link =
                kernel.bpf()
                        .own(
                                command,
                                result,
                                "link of program " + program.name(),
                                "cannot create the ");
        return new KernelLink(kernel, link, null);
    }
}
