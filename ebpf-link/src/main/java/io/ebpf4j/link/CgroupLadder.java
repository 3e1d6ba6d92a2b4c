// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.program.Program;
import io.ebpf4j.spec.AttachType;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.Failure;
import io.ebpf4j.sys.FileDescriptor;
import io.ebpf4j.sys.LinkCreate;
import io.ebpf4j.sys.ProgAttach;

import java.nio.file.Path;

/**
 * Attaches to a cgroup: by a {@code bpf_link} (Linux 5.7, kernel commit af6eea57437a), below that
 * by BPF_PROG_ATTACH.
 */
final class CgroupLadder {
    private static final String LINKS_SINCE = "5.7";
    private static final String REPLACING_SINCE = "5.5";
    private static final String PREORDER_SINCE = "6.15";
    private static final String ORDER_SINCE = "6.17";

    private static final int F_ALLOW_MULTI = 1 << 1;
    private static final int F_REPLACE = 1 << 2;
    private static final int F_PREORDER = 1 << 6;

    private final Kernel kernel;
    private final Program program;
    private final CgroupFolder folder;
    private final AttachType type;
    private final CgroupOptions options;

    CgroupLadder(Program program, CgroupFolder folder, AttachType type, CgroupOptions options) {
        this.kernel = program.kernel();
        this.program = program;
        this.folder = folder;
        this.type = type;
        this.options = options;
    }

    Link attach() {
        try (FileDescriptor target = folder.open(kernel)) {
            Link link = options.mode().mayUseLink() ? byLink(target) : null;
            return link != null ? link : byAttach(target);
        }
    }

    /** Returns null where the kernel has no links for cgroups. */
    private Link byLink(FileDescriptor target) {
        long result = linkCreate(target);
        if (result == -Errno.EINVAL && !kernel.version().isAtLeast(LINKS_SINCE)) {
            if (options.mode() == CgroupMode.LINK) {
                throw new UnsupportedException(
                        "a link for " + folder,
                        LINKS_SINCE,
                        "let the mode be AUTOMATIC",
                        BpfCommand.LINK_CREATE.kernelName(),
                        Errno.EINVAL);
            }
            return null;
        }
        if (result < 0) {
            throw failure(BpfCommand.LINK_CREATE, (int) -result);
        }
        String what = "link of program " + program.name() + " to " + folder;
        return new KernelLink(
                kernel, FileDescriptor.adopt(kernel.calls(), (int) result, what), null);
    }

    private long linkCreate(FileDescriptor target) {
        int fd = program.descriptor().acquire();
        try {
            int relative = acquireAnchor();
            try {
                LinkCreate.Options order =
                        options.isOrdered()
                                ? new LinkCreate.Ordered(relative, options.expectedRevision())
                                : LinkCreate.Options.NONE;
                return kernel.bpf()
                        .linkCreate(new LinkCreate(fd, target.fd(), type.number(), flags(), order));
            } finally {
                releaseAnchor();
            }
        } finally {
            program.descriptor().release();
        }
    }

    private Link byAttach(FileDescriptor target) {
        int lasting = options.mode().flags() | (options.preorder() ? F_PREORDER : 0);
        AttachedProgram.Hook hook =
                new AttachedProgram.Hook(type, lasting, folder.toString(), LINKS_SINCE);
        Program replaced = options.replaced();
        int replacedFd = replaced == null ? 0 : replaced.descriptor().acquire();
        try {
            int relative = acquireAnchor();
            try {
                ProgAttach request =
                        new ProgAttach(
                                target.fd(),
                                0,
                                type.number(),
                                options.mode().flags() | flags(),
                                replacedFd,
                                relative,
                                options.expectedRevision());
                return AttachedProgram.attach(
                        program,
                        target,
                        hook,
                        request,
                        errno -> failure(BpfCommand.PROG_ATTACH, errno));
            } finally {
                releaseAnchor();
            }
        } finally {
            if (replaced != null) {
                replaced.descriptor().release();
            }
        }
    }

    private int acquireAnchor() {
        return options.anchor() == null ? 0 : options.anchor().acquire();
    }

    private void releaseAnchor() {
        if (options.anchor() != null) {
            options.anchor().release();
        }
    }

    private int flags() {
        return (options.replaced() == null ? 0 : F_REPLACE)
                | (options.anchor() == null ? 0 : options.anchor().flags())
                | (options.preorder() ? F_PREORDER : 0);
    }

    private BpfException failure(BpfCommand command, int errno) {
        String what = "cannot attach " + program.name() + " to " + folder + " at " + type;
        switch (errno) {
            case Errno.EBADF -> {
                return folder.isNone(command);
            }
            case Errno.EINVAL, Errno.E2BIG -> {
                String since = missing();
                if (since != null) {
                    return new UnsupportedException(
                            what + " with these options",
                            since,
                            "leave out order, revision, preorder and replacing",
                            command.kernelName(),
                            errno);
                }
                what += reason(errno);
            }
            case Errno.EPERM -> {
                String other = conflict();
                if (!other.isEmpty()) {
                    return new BpfException(what + ": " + other, command.kernelName(), errno);
                }
            }
            default -> what += reason(errno);
        }
        return Failure.of(command, errno, what);
    }

    private static String reason(int errno) {
        return switch (errno) {
            case Errno.EINVAL -> " (it may have been loaded for another hook, or be attached)";
            case Errno.E2BIG -> " (it has as many programs as a cgroup can have)";
            case Errno.ESTALE -> " (the hook's programs were changed since the revision was read)";
            case Errno.ENOENT -> " (the program to replace, or to be next to, is not there)";
            default -> "";
        };
    }

    /** Returns the kernel that has what the options ask for and this one lacks, or null. */
    private String missing() {
        if (options.isOrdered() && !kernel.version().isAtLeast(ORDER_SINCE)) {
            return ORDER_SINCE;
        }
        if (options.preorder() && !kernel.version().isAtLeast(PREORDER_SINCE)) {
            return PREORDER_SINCE;
        }
        return options.replaced() != null && !kernel.version().isAtLeast(REPLACING_SINCE)
                ? REPLACING_SINCE
                : null;
    }

    /** Returns which program of the cgroup, or of one above it, allows no other; or nothing. */
    private String conflict() {
        for (Path path = folder.path(); path != null; path = path.getParent()) {
            CgroupFolder above = new CgroupFolder(folder.files(), path);
            AttachedPrograms there;
            try {
                there = Cgroup.query(kernel, above, type, 0);
            } catch (BpfException e) {
                return "";
            }
            boolean single = (there.flags() & F_ALLOW_MULTI) == 0;
            boolean here = path.equals(folder.path());
            if (!there.programIds().isEmpty() && (single || here)) {
                return above
                        + " has programs "
                        + there.programIds()
                        + " there, attached in mode "
                        + mode(there.flags())
                        + ", which goes with no other"
                        + (here ? " mode" : " below it");
            }
        }
        return "";
    }

    private static CgroupMode mode(int flags) {
        for (CgroupMode mode : new CgroupMode[] {CgroupMode.MULTI, CgroupMode.OVERRIDE}) {
            if ((flags & mode.flags()) != 0) {
                return mode;
            }
        }
        return CgroupMode.EXCLUSIVE;
    }
}
