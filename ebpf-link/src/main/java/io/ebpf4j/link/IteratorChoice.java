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
import io.ebpf4j.sys.IterInfo;
import io.ebpf4j.sys.LinkCreate;

import java.lang.foreign.Arena;
import java.util.Map;

/**
 * What an iterator shall go over, in one form for all kinds.
 *
 * @param kind what the numbers mean
 * @param what what is chosen, for messages
 * @param first the map's descriptor, the thread, or the order
 * @param second the process, or the cgroup's descriptor
 * @param third a descriptor of the process
 */
record IteratorChoice(Kind kind, String what, int first, int second, int third) {
    /** The member of {@code union bpf_iter_link_info} that the kernel is to read. */
    enum Kind {
        NONE,
        MAP,
        TASK,
        CGROUP
    }

    private static final String SINCE = "6.1";

    /** The iterators that cannot do without a choice, and what it is. */
    private static final Map<String, String> WANTS =
            Map.of(
                    "bpf_map_elem", "a map",
                    "bpf_sk_storage_map", "a map",
                    "sockmap", "a map",
                    "cgroup", "an order of cgroups");

    static IteratorChoice ofMap(int fd, String name) {
        return new IteratorChoice(Kind.MAP, "map " + name, fd, 0, 0);
    }

    /** Takes the cgroup's descriptor, or -1, from where the options have it. */
    static IteratorChoice of(IteratorOptions options, int cgroupFd) {
        if (options.order().isPresent()) {
            CgroupOrder order = options.order().get();
            return new IteratorChoice(
                    Kind.CGROUP, "cgroups", order.number(), Math.max(cgroupFd, 0), 0);
        }
        if (!options.choosesTasks()) {
            return new IteratorChoice(Kind.NONE, "", 0, 0, 0);
        }
        long self = ProcessHandle.current().pid();
        int pid = options.pid() == 0 ? (int) self : options.pid();
        return new IteratorChoice(
                Kind.TASK,
                options.tid() > 0 ? "thread " + options.tid() : "one process",
                Math.max(options.tid(), 0),
                Math.max(pid, 0),
                Math.max(options.pidfd(), 0));
    }

    /** Says what an iterator cannot do without, or returns null. */
    static String wantedBy(String target) {
        return WANTS.get(target);
    }

    /** Attaches, and sees to it that the kernel did not overlook the choice. */
    KernelLink link(Program program, int programFd) {
        Kernel kernel = program.kernel();
        long result;
        try (Arena arena = Arena.ofConfined()) {
            LinkCreate.Options options =
                    switch (kind) {
                        case NONE -> LinkCreate.Options.NONE;
                        case MAP -> new LinkCreate.Iteration(IterInfo.map(arena, first));
                        case TASK ->
                                new LinkCreate.Iteration(
                                        IterInfo.task(arena, first, second, third));
                        case CGROUP ->
                                new LinkCreate.Iteration(IterInfo.cgroup(arena, first, second));
                    };
            int type = AttachType.TRACE_ITER.number();
            result = kernel.bpf().linkCreate(new LinkCreate(programFd, 0, type, 0, options));
        }
        if (result < 0) {
            throw failure(program, (int) -result);
        }
        String name = "iterator of program " + program.name();
        KernelLink link =
                new KernelLink(
                        kernel, FileDescriptor.adopt(kernel.calls(), (int) result, name), null);
        try {
            requireHeard(link, program);
            return link;
        } catch (RuntimeException e) {
            link.close();
            throw e;
        }
    }

    // Iterators that know no choice go over everything without a word, as those over tasks before
    // 6.1 (commit f0d74c4da1f0) do when given a thread, whose number lies where a map's descriptor
    // does.
    private void requireHeard(KernelLink link, Program program) {
        if (kind == Kind.NONE
                || !(link.info().detail() instanceof LinkInfo.Iterator over)
                || isHeard(over)) {
            return;
        }
        if (kind == Kind.TASK && over.target().startsWith("task")) {
            throw unsupported(program, 0);
        }
        throw new BpfException(
                "cannot attach "
                        + program.name()
                        + " to "
                        + what
                        + ": its iterator, "
                        + over.target()
                        + ", does not take that"
                        + (wantedBy(over.target()) == null
                                ? ""
                                : " but " + wantedBy(over.target())));
    }

    private boolean isHeard(LinkInfo.Iterator over) {
        return switch (kind) {
            case NONE -> true;
            case MAP -> over.mapId() != 0;
            case TASK ->
                    over.tid() == first && (over.pid() == second || third != 0 && over.pid() != 0);
            case CGROUP -> over.cgroupId() != 0;
        };
    }

    private BpfException failure(Program program, int errno) {
        // a kernel that does not know the member
        if (errno == Errno.E2BIG && (kind == Kind.TASK || kind == Kind.CGROUP)) {
            return unsupported(program, errno);
        }
        String to = kind == Kind.NONE ? " to its iterator" : " to " + what;
        return Failure.of(
                BpfCommand.LINK_CREATE,
                errno,
                "cannot attach " + program.name() + to + reason(errno));
    }

    private String reason(int errno) {
        return switch (errno) {
            case Errno.EBADF ->
                    kind == Kind.NONE
                            ? " (one that goes over a map wants to know which: name it with"
                                    + " Collection.attachIterator)"
                            : "";
            case Errno.EINVAL ->
                    switch (kind) {
                        case NONE ->
                                " (one that goes over cgroups wants to know which: say it with"
                                        + " IteratorOptions.builder().cgroups(…))";
                        case MAP -> " (its iterator goes over maps of another type)";
                        case TASK, CGROUP -> "";
                    };
            case Errno.EACCES ->
                    kind == Kind.MAP
                            ? " (the program reads or writes behind the end of a key or value)"
                            : "";
            default -> "";
        };
    }

    private UnsupportedException unsupported(Program program, int errno) {
        return new UnsupportedException(
                "iterating over " + what + " with " + program.name(),
                SINCE,
                "go over all, and have the program pass over the others",
                BpfCommand.LINK_CREATE.kernelName(),
                errno);
    }
}
