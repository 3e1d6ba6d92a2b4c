// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.program.Program;
import io.ebpf4j.spec.AttachType;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Capability;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.Failure;
import io.ebpf4j.sys.FileDescriptor;
import io.ebpf4j.sys.LinkCreate;

/**
 * Attaches programs to the hooks of netfilter (Linux 6.4, CONFIG_NETFILTER_BPF_LINK), in the
 * network namespace that the calling thread is in.
 */
public final class Netfilter {
    private static final String SINCE = "6.4";
    private static final String DEFRAGMENTED_SINCE = "6.6";

    /** BPF_F_NETFILTER_IP_DEFRAG. */
    private static final int F_DEFRAG = 1;

    /** What puts fragments together has this priority (NF_IP_PRI_CONNTRACK_DEFRAG). */
    private static final int DEFRAGMENTING = -400;

    private Netfilter() {}

    /**
     * Attaches a program at priority 0.
     *
     * @param program a program of type NETFILTER
     * @param family whose packets
     * @param hook where
     * @return the link; close it to detach
     * @throws BpfException if a program has that priority, or the program is of another type
     * @throws UnsupportedException if the kernel has no such hook
     * @throws io.ebpf4j.error.PermissionDeniedException if CAP_NET_ADMIN is missing
     * @throws IllegalStateException if the program is closed
     */
    public static Link attach(Program program, NetfilterFamily family, NetfilterHook hook) {
        return attach(program, family, hook, NetfilterOptions.DEFAULT);
    }

    /**
     * Attaches a program.
     *
     * @param program a program of type NETFILTER
     * @param family whose packets
     * @param hook where
     * @param options how
     * @return the link; close it to detach
     * @throws BpfException if a program has that priority, there is none such, or the program is of
     *     another type
     * @throws UnsupportedException if the kernel has no such hook, or cannot put fragments together
     *     for programs
     * @throws io.ebpf4j.error.PermissionDeniedException if CAP_NET_ADMIN is missing
     * @throws IllegalStateException if the program is closed
     */
    public static Link attach(
            Program program, NetfilterFamily family, NetfilterHook hook, NetfilterOptions options) {
        String where = hook + " of " + family;
        Hooks.require(program, where, ProgramType.NETFILTER);
        Kernel kernel = program.kernel();
        LinkCreate.Options place =
                new LinkCreate.Netfilter(
                        family.number(),
                        hook.number(),
                        options.priority(),
                        options.defragmented() ? F_DEFRAG : 0);
        int fd = program.descriptor().acquire();
        long result;
        try {
            int type = AttachType.NETFILTER.number();
            result = kernel.bpf().linkCreate(new LinkCreate(fd, 0, type, 0, place));
        } finally {
            program.descriptor().release();
        }
        if (result < 0) {
            String what = "cannot attach " + program.name() + " to " + where;
            throw failure(kernel, (int) -result, what, options);
        }
        String what = "link of program " + program.name();
        return new KernelLink(
                kernel, FileDescriptor.adopt(kernel.calls(), (int) result, what), null);
    }

    private static BpfException failure(
            Kernel kernel, int errno, String what, NetfilterOptions options) {
        BpfCommand command = BpfCommand.LINK_CREATE;
        if ((errno == Errno.EINVAL || errno == Errno.E2BIG) && !kernel.version().isAtLeast(SINCE)) {
            return new UnsupportedException(what, SINCE, "", command.kernelName(), errno);
        }
        if (options.defragmented()
                && errno == Errno.EOPNOTSUPP
                && !kernel.version().isAtLeast(DEFRAGMENTED_SINCE)) {
            return new UnsupportedException(
                    what + " behind what puts fragments together",
                    DEFRAGMENTED_SINCE,
                    "",
                    command.kernelName(),
                    errno);
        }
        return Failure.of(command, errno, what + reason(errno, options), Capability.NET_ADMIN);
    }

    private static String reason(int errno, NetfilterOptions options) {
        int priority = options.priority();
        return switch (errno) {
            case Errno.EBUSY -> " (another program has the priority " + priority + ")";
            case Errno.ERANGE ->
                    options.defragmented() && priority <= DEFRAGMENTING
                            ? " (fragments are put together at priority -400, before which none"
                                    + " are whole)"
                            : " (there is no priority " + priority + ")";
            case Errno.ENOENT -> " (the kernel has no module that puts fragments together)";
            case Errno.EINVAL -> " (CONFIG_NETFILTER_BPF_LINK)";
            default -> "";
        };
    }
}
