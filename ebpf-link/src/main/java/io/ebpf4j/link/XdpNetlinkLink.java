// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.program.Program;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.FileDescriptor;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * An XDP program set on an interface by netlink. Nothing ends it but a request: closing removes the
 * program if it is still the one that is there.
 *
 * <p>The kernel compares programs since 5.7 (commit 92234c8f15c8); before, the id is looked at
 * first, and somebody else's program set in between would be removed.
 */
final class XdpNetlinkLink extends Link {
    private static final String LINKS_SINCE = "5.9";
    private static final String COMPARES_SINCE = "5.7";

    private final Kernel kernel;
    private final Netlink netlink;
    private final NetDevice device;
    private final XdpMode place;
    private FileDescriptor program;
    private int programId;

    private XdpNetlinkLink(Kernel kernel, Netlink netlink, NetDevice device, XdpMode place) {
        this.kernel = kernel;
        this.netlink = netlink;
        this.device = device;
        this.place = place;
    }

    /**
     * Sets the program.
     *
     * @throws BpfException if the kernel refuses
     */
    static Link attach(Program program, NetDevice device, XdpOptions options) {
        Kernel kernel = program.kernel();
        String what = "cannot attach " + program.name() + " to XDP of " + device;
        Program expected = options.expected();
        int expectedId = expected == null ? 0 : expected.info().id();
        Netlink netlink = Netlink.open(kernel);
        XdpNetlinkLink link = new XdpNetlinkLink(kernel, netlink, device, options.place());
        try {
            // what removes the program must be there before it is set
            link.own(program);
            int fd = link.program.fd();
            link.begin(fd, options, expectedId).orThrow(what);
            return link;
        } catch (Throwable t) {
            link.release();
            throw t;
        }
    }

    private Netlink.Answer begin(int fd, XdpOptions options, int expectedId) {
        try {
            return options.expected() != null
                    ? exchange(fd, options.expected().descriptor(), expectedId)
                    : set(fd, options.replacing() ? 0 : XdpRequests.UPDATE_IF_NOEXIST, 0);
        } catch (BpfException e) {
            undo(e, XdpRequests.NONE, program, programId);
            throw e;
        }
    }

    /** Takes a request back of which nobody knows whether the kernel got it. */
    private void undo(BpfException cause, int fd, FileDescriptor requested, int requestedId) {
        try {
            exchange(fd, requested, requestedId);
        } catch (BpfException e) {
            cause.addSuppressed(e);
        }
    }

    private void own(Program attached) {
        programId = attached.info().id();
        program = attached.descriptor().duplicate("XDP program " + attached.name());
    }

    private void release() {
        netlink.close();
        if (program != null) {
            program.close();
        }
    }

    private Netlink.Answer set(int fd, int flags, int expectedFd) {
        return XdpRequests.set(netlink, device, fd, place.flag() | flags, expectedFd);
    }

    /** Puts a program, or none, in the place of a certain one; EEXIST if another is there. */
    private Netlink.Answer exchange(int fd, FileDescriptor expected, int expectedId) {
        Netlink.Answer answer;
        int expectedFd = expected.acquire();
        try {
            answer = set(fd, XdpRequests.REPLACE, expectedFd);
        } finally {
            expected.release();
        }
        if (answer.errno() != Errno.EINVAL || kernel.version().isAtLeast(COMPARES_SINCE)) {
            return answer;
        }
        XdpPrograms there = XdpRequests.query(netlink, device);
        boolean same =
                there.genericId() == expectedId
                        || there.nativeId() == expectedId
                        || there.offloadedId() == expectedId;
        return same
                ? set(fd, 0, 0)
                : new Netlink.Answer(answer.request(), Errno.EEXIST, "", List.of());
    }

    @Override
    public synchronized LinkInfo info() {
        program.fd();
        return new LinkInfo(LinkType.UNSPEC, 0, programId, new LinkInfo.Xdp(device.index()));
    }

    @Override
    synchronized void replace(Program replacement, Program expected) {
        program.fd();
        Hooks.require(replacement, "XDP of " + device, ProgramType.XDP);
        int id = replacement.info().id();
        FileDescriptor own =
                replacement.descriptor().duplicate("XDP program " + replacement.name());
        try {
            exchange(own, id, expected)
                    .orThrow(
                            "cannot put "
                                    + replacement.name()
                                    + " in the place of the XDP program of "
                                    + device);
        } catch (Throwable t) {
            own.close();
            throw t;
        }
        program.close();
        program = own;
        programId = id;
    }

    private Netlink.Answer exchange(FileDescriptor own, int id, Program expected) {
        try {
            return expected == null
                    ? exchange(own.fd(), program, programId)
                    : exchange(own.fd(), expected.descriptor(), expected.info().id());
        } catch (BpfException e) {
            undo(e, program.fd(), own, id);
            throw e;
        }
    }

    @Override
    public synchronized void detach() {
        program.fd();
        close();
    }

    @Override
    public synchronized void pin(Path path) {
        program.fd();
        throw new UnsupportedException(
                "pinning " + this + ", which is attached by netlink,",
                LINKS_SINCE,
                "it stays attached when this process ends without closing it");
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
        Netlink.Answer answer;
        try {
            answer = exchange(XdpRequests.NONE, program, programId);
        } finally {
            release();
        }
        switch (answer.errno()) {
            case 0, Errno.EEXIST, Errno.EBUSY, Errno.ENODEV -> {
                // detached, or somebody else's program is there, or the interface is gone
            }
            default -> throw answer.failure("cannot detach " + this);
        }
    }

    @Override
    public String toString() {
        return "XDP program " + programId + " of " + device;
    }
}
