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
import io.ebpf4j.sys.ProgAttach;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * A program attached by BPF_PROG_ATTACH, without a {@code bpf_link}: it is detached by
 * BPF_PROG_DETACH, and stays when the process ends before that.
 */
final class AttachedProgram extends Link {
    private static final int F_ALLOW_MULTI = 1 << 1;
    private static final int F_REPLACE = 1 << 2;

    private final Kernel kernel;
    private final FileDescriptor target;
    private final Hook hook;
    private FileDescriptor program;
    private int programId;

    private AttachedProgram(
            Kernel kernel, FileDescriptor target, Hook hook, FileDescriptor program, int id) {
        this.kernel = kernel;
        this.target = target;
        this.hook = hook;
        this.program = program;
        this.programId = id;
    }

    /**
     * Where a program is attached, and what holds for a replacement too.
     *
     * @param flags {@code BPF_F_*}
     * @param where such as {@code cgroup /sys/fs/cgroup/a}
     * @param linksSince the kernel that has links there
     */
    record Hook(AttachType type, int flags, String where, String linksSince) {}

    /**
     * Attaches.
     *
     * @param target what to, or null where the kernel wants no descriptor; the caller's
     * @param request how, with the target; the program's own descriptor is filled in here
     * @param refusal makes the exception for an error number
     */
    static AttachedProgram attach(
            Program program,
            FileDescriptor target,
            Hook hook,
            ProgAttach request,
            IntFunction<BpfException> refusal) {
        int id = program.info().id();
        // what detaches it must be there before it is attached
        FileDescriptor own = program.descriptor().duplicate("program " + program.name());
        FileDescriptor place = null;
        AttachedProgram link = null;
        try {
            place = target == null ? null : target.duplicate(hook.where);
            long result = program.kernel().bpf().progAttach(request.of(own.fd()));
            if (result < 0) {
                throw refusal.apply((int) -result);
            }
            link = new AttachedProgram(program.kernel(), place, hook, own, id);
            return link;
        } finally {
            if (link == null) {
                own.close();
                close(place);
            }
        }
    }

    private static void close(FileDescriptor descriptor) {
        if (descriptor != null) {
            descriptor.close();
        }
    }

    private int targetFd() {
        return target == null ? 0 : target.fd();
    }

    @Override
    public synchronized LinkInfo info() {
        program.fd();
        return new LinkInfo(LinkType.UNSPEC, 0, programId, new LinkInfo.None());
    }

    @Override
    synchronized void replace(Program replacement, Program expected) {
        program.fd();
        if (expected != null && expected.info().id() != programId) {
            throw new BpfException(
                    "cannot put "
                            + replacement.name()
                            + " in the place of the program at "
                            + hook.where
                            + ": the program with id "
                            + programId
                            + " is there, not "
                            + expected.name());
        }
        int id = replacement.info().id();
        FileDescriptor own = replacement.descriptor().duplicate("program " + replacement.name());
        // where several run, one is replaced by name; else what comes takes the place (Linux 5.5)
        boolean several = (hook.flags & F_ALLOW_MULTI) != 0;
        ProgAttach request =
                new ProgAttach(
                        targetFd(),
                        own.fd(),
                        hook.type.number(),
                        several ? hook.flags | F_REPLACE : hook.flags,
                        several ? program.fd() : 0,
                        0,
                        0);
        long result = kernel.bpf().progAttach(request);
        if (result < 0) {
            own.close();
            throw notReplaced(replacement, (int) -result);
        }
        program.close();
        program = own;
        programId = id;
    }

    private BpfException notReplaced(Program replacement, int errno) {
        String what =
                "cannot put "
                        + replacement.name()
                        + " in the place of the program at "
                        + hook.where;
        if (errno == Errno.EINVAL && !kernel.version().isAtLeast("5.5")) {
            return new UnsupportedException(
                    what,
                    "5.5",
                    "attach the new program and close this link",
                    BpfCommand.PROG_ATTACH.kernelName(),
                    errno);
        }
        return Failure.of(BpfCommand.PROG_ATTACH, errno, what);
    }

    @Override
    public synchronized void detach() {
        program.fd();
        close();
    }

    @Override
    public void pin(Path path) {
        info();
        throw new UnsupportedException(
                "pinning the attachment to " + hook.where + ", which has no link",
                hook.linksSince,
                "it stays when this process ends without closing it");
    }

    @Override
    public void unpin() {}

    @Override
    public Optional<Path> pinPath() {
        return Optional.empty();
    }

    @Override
    public synchronized boolean isOpen() {
        return program.isOpen();
    }

    @Override
    public synchronized void close() {
        if (!program.isOpen()) {
            return;
        }
        long result;
        try {
            result = kernel.bpf().progDetach(targetFd(), program.fd(), hook.type.number());
        } finally {
            program.close();
            close(target);
        }
        // somebody else may have detached it, or removed what it was attached to
        if (result < 0 && result != -Errno.ENOENT && result != -Errno.EBADF) {
            throw Failure.of(
                    BpfCommand.PROG_DETACH,
                    (int) -result,
                    "cannot detach the program from " + hook.where);
        }
    }

    @Override
    public String toString() {
        return "attachment to " + hook.where;
    }
}
