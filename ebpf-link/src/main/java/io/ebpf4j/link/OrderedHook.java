// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.program.Program;
import io.ebpf4j.spec.AttachType;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Capability;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.Failure;
import io.ebpf4j.sys.FileDescriptor;
import io.ebpf4j.sys.LinkCreate;
import io.ebpf4j.sys.ProgQuery;

/**
 * A hook of an interface that runs its programs in an order (kernel/bpf/mprog.c).
 *
 * @param device the interface
 * @param type the attach type
 * @param since the kernel that introduced it
 * @param name what messages call it, such as {@code INGRESS of eth0}
 */
record OrderedHook(NetDevice device, AttachType type, String since, String name) {
    private static final int EDOM = 33;

    /**
     * Creates a link.
     *
     * @return a descriptor, or a negated errno
     */
    long create(Program program, Anchor anchor, long expectedRevision) {
        int fd = program.descriptor().acquire();
        try {
            int relative = anchor.acquire();
            try {
                LinkCreate.Options order = new LinkCreate.Ordered(relative, expectedRevision);
                return program.kernel()
                        .bpf()
                        .linkCreate(
                                new LinkCreate(
                                        fd, device.index(), type.number(), anchor.flags(), order));
            } finally {
                anchor.release();
            }
        } finally {
            program.descriptor().release();
        }
    }

    static Link own(Program program, long fd) {
        Kernel kernel = program.kernel();
        String what = "link of program " + program.name();
        return new KernelLink(kernel, FileDescriptor.adopt(kernel.calls(), (int) fd, what), null);
    }

    /** Says whether an error is what a kernel answers that does not know the hook. */
    boolean isUnknown(Kernel kernel, int errno) {
        return (errno == Errno.EINVAL || errno == Errno.E2BIG)
                && !kernel.version().isAtLeast(since);
    }

    BpfException failure(Program program, int errno, Anchor anchor, String instead) {
        String what = "cannot attach " + program.name() + " to " + name;
        String command = BpfCommand.LINK_CREATE.kernelName();
        if (isUnknown(program.kernel(), errno)) {
            return new UnsupportedException(
                    what + " by a bpf_link", since, instead, command, errno);
        }
        return Failure.of(
                BpfCommand.LINK_CREATE,
                errno,
                what + reason(program.kernel(), errno, anchor),
                Capability.NET_ADMIN);
    }

    private String reason(Kernel kernel, int errno, Anchor anchor) {
        return switch (errno) {
            case Errno.ENODEV -> " (there is no such interface)";
            case Errno.EEXIST -> " (the program is attached there)";
            case Errno.ENOENT, EDOM -> " (there is nothing for it to go " + anchor + ")";
            case Errno.ESTALE -> " (its programs have changed; ask for the revision again)";
            case Errno.ERANGE -> " (it has as many programs as there can be)";
            case Errno.EINVAL ->
                    device.isThere(kernel)
                            ? " (the kernel may be built without it)"
                            : " (there is no such interface)";
            default -> "";
        };
    }

    /**
     * Asks for the programs.
     *
     * @throws BpfException if the kernel refuses
     */
    AttachedPrograms query(Kernel kernel) {
        try {
            ProgQuery request = new ProgQuery(device.index(), type.number(), 0);
            return AttachedPrograms.query(kernel, request, name);
        } catch (BpfException e) {
            if (isUnknown(kernel, e.errno())) {
                String what = "listing the programs of " + name;
                throw new UnsupportedException(what, since, "", e.command(), e.errno());
            }
            throw e;
        }
    }
}
