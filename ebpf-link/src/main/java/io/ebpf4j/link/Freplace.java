// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.program.Program;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.Failure;
import io.ebpf4j.sys.FileDescriptor;
import io.ebpf4j.sys.LinkCreate;

/**
 * Puts a program in the place of a global function of another program, until the link is closed
 * ({@code SEC("freplace")}, kernel commit be8704ff07d2).
 */
public final class Freplace {
    private static final String SINCE = "5.10";

    private Freplace() {}

    /**
     * Replaces the function that the program was loaded for (Linux 5.6).
     *
     * @param program a program of type EXT
     * @return the link; close it to bring the function back
     * @throws BpfException if the program is of another type, or the kernel refuses: EBUSY when the
     *     function is replaced or traced already
     * @throws io.ebpf4j.error.PermissionDeniedException if a capability is missing
     * @throws IllegalStateException if the program is closed
     */
    public static Link attach(Program program) {
        Hooks.require(program, "a function", ProgramType.EXT);
        return Tracing.attach(program);
    }

    /**
     * Replaces a function of any program that the replacement fits, as it fits the one that it was
     * loaded for (Linux 5.10).
     *
     * @param program a program of type EXT
     * @param target the program whose function is replaced
     * @param function the function, whose arguments and result are those of the function that
     *     {@code program} was loaded for
     * @return the link; close it to bring the function back
     * @throws BpfException if {@code program} is of another type, the target has no such function,
     *     or the kernel refuses
     * @throws UnsupportedException if the kernel can attach a replacement only to what it was
     *     loaded for
     * @throws io.ebpf4j.error.PermissionDeniedException if a capability is missing
     * @throws IllegalStateException if one of the programs is closed
     */
    public static Link attach(Program program, Program target, String function) {
        Hooks.require(program, "a function", ProgramType.EXT);
        int id = target.functionId(function);
        int fd = program.descriptor().acquire();
        try {
            int targetFd = target.descriptor().acquire();
            try {
                return attach(program, fd, targetFd, id, target + "'s function " + function);
            } finally {
                target.descriptor().release();
            }
        } finally {
            program.descriptor().release();
        }
    }

    private static Link attach(Program program, int fd, int targetFd, int id, String what) {
        LinkCreate request = new LinkCreate(fd, targetFd, 0, 0, new LinkCreate.Tracing(id, 0));
        long result = program.kernel().bpf().linkCreate(request);
        if (result < 0) {
            throw failure(program, (int) -result, what);
        }
        String link = "link of program " + program.name();
        return new KernelLink(
                program.kernel(),
                FileDescriptor.adopt(program.kernel().calls(), (int) result, link),
                null);
    }

    private static BpfException failure(Program program, int errno, String what) {
        String replacing = "cannot replace " + what + " by " + program.name();
        boolean old = !program.kernel().version().isAtLeast(SINCE);
        if (errno == Errno.EINVAL && old) {
            return new UnsupportedException(
                    replacing,
                    SINCE,
                    "load the replacement for this function",
                    BpfCommand.LINK_CREATE.kernelName(),
                    errno);
        }
        if (errno == Errno.EINVAL) {
            replacing += " (it must be global and have the same arguments and result)";
        }
        return Failure.of(BpfCommand.LINK_CREATE, errno, replacing);
    }
}
