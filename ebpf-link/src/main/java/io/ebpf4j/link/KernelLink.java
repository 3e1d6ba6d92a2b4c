// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.program.Program;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.Failure;
import io.ebpf4j.sys.FileDescriptor;
import io.ebpf4j.sys.ObjectKind;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** A {@code bpf_link}, with the tracefs event behind it where there is one. */
final class KernelLink extends Link {
    /** {@code BPF_F_REPLACE}. */
    static final int F_REPLACE = 1 << 2;

    /** The kinds that have {@code update_prog} (struct bpf_link_ops). */
    private static final Set<LinkType> UPDATED =
            EnumSet.of(
                    LinkType.CGROUP,
                    LinkType.ITER,
                    LinkType.NETNS,
                    LinkType.XDP,
                    LinkType.TCX,
                    LinkType.NETKIT,
                    LinkType.SOCKMAP);

    private final Kernel kernel;
    private final FileDescriptor descriptor;
    private final ProbeEvent probe;
    private Path pin;

    /** Takes ownership of the descriptor and of the event, which may be null. */
    KernelLink(Kernel kernel, FileDescriptor descriptor, ProbeEvent probe) {
        this.kernel = kernel;
        this.descriptor = descriptor;
        this.probe = probe;
    }

    static KernelLink open(Kernel kernel, Path path) {
        FileDescriptor descriptor = kernel.bpf().objGet(path.toString(), 0);
        try {
            ObjectKind kind = ObjectKind.of(kernel.calls(), descriptor.fd());
            if (kind != ObjectKind.LINK) {
                throw new BpfException(
                        path + " is the pin of a " + kind.text() + ", not of a link");
            }
        } catch (Throwable t) {
            descriptor.close();
            throw t;
        }
        KernelLink link = new KernelLink(kernel, descriptor, null);
        link.pin = path;
        return link;
    }

    static KernelLink open(Kernel kernel, int id) {
        BpfCommand command = BpfCommand.LINK_GET_FD_BY_ID;
        long fd = kernel.bpf().openById(command, id);
        return new KernelLink(
                kernel,
                kernel.bpf().own(command, fd, "link with id " + id, "cannot open the "),
                null);
    }

    Kernel kernel() {
        return kernel;
    }

    FileDescriptor descriptor() {
        return descriptor;
    }

    @Override
    public LinkInfo info() {
        int fd = descriptor.acquire();
        try {
            return LinkInfoReader.read(kernel, fd, descriptor.toString());
        } finally {
            descriptor.release();
        }
    }

    @Override
    FileDescriptor kernelLink() {
        return descriptor;
    }

    @Override
    void replace(Program replacement, Program expected) {
        int fd = descriptor.acquire();
        try {
            int programFd = replacement.descriptor().acquire();
            try {
                int error =
                        expected == null ? update(fd, programFd) : update(fd, programFd, expected);
                if (error != 0) {
                    throw notReplaced(replacement, expected, error);
                }
            } finally {
                replacement.descriptor().release();
            }
        } finally {
            descriptor.release();
        }
    }

    private int update(int fd, int programFd) {
        return (int) -kernel.bpf().linkUpdate(fd, programFd, 0, 0);
    }

    private int update(int fd, int programFd, Program expected) {
        int expectedFd = expected.descriptor().acquire();
        try {
            return (int) -kernel.bpf().linkUpdate(fd, programFd, F_REPLACE, expectedFd);
        } finally {
            expected.descriptor().release();
        }
    }

    private BpfException notReplaced(Program replacement, Program expected, int errno) {
        String what =
                "cannot put " + replacement.name() + " in the place of the program of " + this;
        if (errno == Errno.EPERM
                && expected != null
                && info().programId() != expected.info().id()) {
            return new BpfException(
                    what
                            + ": the program with id "
                            + info().programId()
                            + " is there, not "
                            + expected.name(),
                    BpfCommand.LINK_UPDATE.kernelName(),
                    errno);
        }
        if (errno == Errno.EINVAL || errno == Errno.EOPNOTSUPP) {
            LinkType type = info().type();
            if (!UPDATED.contains(type)) {
                return new UnsupportedException(
                        what + ", which is a link of type " + type,
                        "",
                        type == LinkType.STRUCT_OPS
                                ? "update it with another map, by Collection.updateStructOps"
                                : "attach the new program and close this link",
                        BpfCommand.LINK_UPDATE.kernelName(),
                        errno);
            }
            what += " (it must have the same type and attach type)";
        }
        return Failure.of(
                BpfCommand.LINK_UPDATE,
                errno,
                errno == Errno.ENOLINK ? what + " (the link is detached)" : what);
    }

    @Override
    public void detach() {
        int fd = descriptor.acquire();
        try {
            int error = (int) -kernel.bpf().linkDetach(fd);
            if (error != 0) {
                throw notDetached(error);
            }
        } finally {
            descriptor.release();
        }
    }

    private BpfException notDetached(int errno) {
        BpfCommand command = BpfCommand.LINK_DETACH;
        boolean unknown = errno == Errno.EINVAL && !kernel.version().isAtLeast(command.since());
        if (unknown || errno == Errno.EOPNOTSUPP) {
            return new UnsupportedException(
                    "detaching " + this + " while it is open",
                    unknown ? command.since() : "",
                    "close it, remove its pin, and have others close it",
                    command.kernelName(),
                    errno);
        }
        return Failure.of(command, errno, "cannot detach " + this);
    }

    @Override
    public synchronized void pin(Path path) {
        int fd = descriptor.acquire();
        try {
            if (pin != null) {
                throw new BpfException(
                        descriptor + " is pinned to " + pin + " already; unpin it first");
            }
            kernel.bpf().objPin(fd, path.toString());
            pin = path;
        } finally {
            descriptor.release();
        }
    }

    @Override
    public synchronized void unpin() {
        if (pin == null) {
            return;
        }
        long result = kernel.calls().unlink(pin.toString());
        if (result < 0 && result != -Errno.ENOENT) {
            throw Failure.of("unlink", (int) -result, "cannot remove the pin " + pin);
        }
        pin = null;
    }

    @Override
    public synchronized Optional<Path> pinPath() {
        return Optional.ofNullable(pin);
    }

    @Override
    public boolean isOpen() {
        return descriptor.isOpen();
    }

    @Override
    public synchronized void close() {
        descriptor.close();
        if (probe != null && pin == null) {
            probe.close();
        }
    }

    @Override
    public String toString() {
        return descriptor.toString();
    }
}
