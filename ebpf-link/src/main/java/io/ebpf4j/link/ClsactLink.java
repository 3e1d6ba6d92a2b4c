// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.program.Program;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.Errno;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A program that is a filter of an interface's {@code clsact} qdisc, in direct-action mode, or the
 * action of one. Nothing ends it but a request: closing removes the filter if it still runs the
 * program, and the qdisc if a link has made it, this is the last link that uses it and no filter is
 * left.
 *
 * <p>The kernel does not compare: a filter or qdisc that somebody changes between the look and the
 * request is removed all the same.
 */
final class ClsactLink extends Link {
    private static final String LINKS_SINCE = "6.6";
    private static final int NEW = NetlinkMessage.CREATE | NetlinkMessage.EXCLUSIVE;

    private final Netlink netlink;
    private final ClsactRequests.Kind kind;
    private final NetDevice device;
    private final TcDirection direction;
    private final ClsactRequests requests;
    private final ClsactQdiscs qdiscs;
    private final ClsactQdiscs.Place place;
    private boolean qdiscIsOurs;
    private ClsactRequests.Filter filter;

    private ClsactLink(
            Netlink netlink,
            ClsactQdiscs qdiscs,
            ClsactRequests.Kind kind,
            NetDevice device,
            TcDirection direction) {
        this.netlink = netlink;
        this.kind = kind;
        this.device = device;
        this.direction = direction;
        this.requests = new ClsactRequests(netlink, device, kind);
        this.qdiscs = qdiscs;
        this.place = ClsactQdiscs.Place.of(device);
    }

    /**
     * Makes the qdisc unless it is there, and the filter.
     *
     * @throws BpfException if the kernel refuses
     */
    static Link attach(
            Program program, NetDevice device, TcDirection direction, TcOptions options) {
        String what = "cannot attach " + program.name() + " to " + direction + " of " + device;
        ClsactRequests.Filter wanted =
                new ClsactRequests.Filter(
                        options.priority(), options.handle(), program.info().id());
        ClsactQdiscs qdiscs = program.kernel().kept(ClsactQdiscs.class, ClsactQdiscs::new);
        Netlink netlink = Netlink.open(program.kernel());
        ClsactRequests.Kind kind =
                program.type() == ProgramType.SCHED_ACT
                        ? ClsactRequests.Kind.ACTION
                        : ClsactRequests.Kind.CLASSIFIER;
        ClsactLink link = new ClsactLink(netlink, qdiscs, kind, device, direction);
        synchronized (qdiscs) {
            try {
                link.makeQdisc(what);
                link.filter = link.makeFilter(program, wanted, what);
                return link;
            } catch (Throwable t) {
                link.undo(t);
                netlink.close();
                throw t;
            }
        }
    }

    private void makeQdisc(String what) {
        String there = requests.qdiscKind();
        if (there.isEmpty()) {
            // ours until the kernel says no, since it may not get to say yes
            qdiscs.make(place);
            qdiscIsOurs = true;
            Netlink.Answer answer = requests.addQdisc();
            if (answer.errno() != 0) {
                qdiscs.leave(place);
                qdiscIsOurs = false;
            }
            if (answer.errno() == Errno.ENOENT) {
                throw answer.failure(what + ": there is no clsact (CONFIG_NET_SCH_INGRESS)");
            }
            if (answer.errno() != Errno.EEXIST) {
                answer.orThrow(what + ": the clsact qdisc cannot be made");
            }
        } else if (there.equals(ClsactRequests.CLSACT)) {
            qdiscIsOurs = qdiscs.join(place);
        } else if (direction == TcDirection.EGRESS) {
            throw new BpfException(
                    what
                            + ": it has a qdisc of kind "
                            + there
                            + " in the place of clsact, which does not see what leaves; remove"
                            + " that first (tc qdisc del dev "
                            + device
                            + " "
                            + there
                            + ")");
        }
    }

    private ClsactRequests.Filter makeFilter(
            Program program, ClsactRequests.Filter wanted, String what) {
        List<ClsactRequests.Filter> before = requests.filters(direction);
        try {
            Netlink.Answer answer = set(program, wanted, NEW);
            if (answer.errno() == Errno.ENOENT) {
                throw answer.failure(
                        what
                                + (kind == ClsactRequests.Kind.CLASSIFIER
                                        ? ": there are no BPF filters (CONFIG_NET_CLS_BPF)"
                                        : ": there are no BPF actions (CONFIG_NET_ACT_BPF), or no"
                                                + " filters for them (CONFIG_NET_CLS_MATCHALL)"));
            }
            answer.orThrow(what);
            ClsactRequests.Filter told =
                    answer.messages().isEmpty()
                            ? null
                            : ClsactRequests.described(answer.messages().get(0));
            // of a filter for all packets the kernel tells nothing (net/sched/cls_matchall.c)
            return told == null || told.handle() == 0 ? added(before, wanted) : told;
        } catch (BpfException e) {
            // without an answer nobody knows whether the request was heard
            try {
                filter = added(before, wanted);
            } catch (BpfException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    private Netlink.Answer set(Program program, ClsactRequests.Filter wanted, int flags) {
        int fd = program.descriptor().acquire();
        try {
            return requests.setFilter(direction, wanted, flags, fd, program.name());
        } finally {
            program.descriptor().release();
        }
    }

    private ClsactRequests.Filter added(
            List<ClsactRequests.Filter> before, ClsactRequests.Filter wanted) {
        for (ClsactRequests.Filter each : requests.filters(direction)) {
            if (each.programId() == wanted.programId() && !before.contains(each)) {
                return each;
            }
        }
        return null;
    }

    private void undo(Throwable cause) {
        try {
            remove();
        } catch (BpfException e) {
            cause.addSuppressed(e);
        }
    }

    private void remove() {
        boolean isLast = qdiscIsOurs && qdiscs.leave(place);
        qdiscIsOurs = false;
        if (filter != null && programThere() == filter.programId()) {
            Netlink.Answer answer = requests.removeFilter(direction, filter);
            if (!isGone(answer.errno())) {
                throw answer.failure("cannot detach " + this);
            }
        }
        if (isLast && isUnused()) {
            Netlink.Answer answer = requests.removeQdisc();
            if (!isGone(answer.errno())) {
                throw answer.failure("cannot remove the clsact qdisc of " + device);
            }
        }
    }

    /** Returns the id of the program that the filter runs, or 0 if there is no such filter. */
    private int programThere() {
        Netlink.Answer answer = requests.getFilter(direction, filter);
        return answer.errno() != 0 || answer.messages().isEmpty()
                ? 0
                : ClsactRequests.described(answer.messages().get(0)).programId();
    }

    private boolean isUnused() {
        return requests.filters(TcDirection.INGRESS).isEmpty()
                && requests.filters(TcDirection.EGRESS).isEmpty()
                && requests.qdiscKind().equals(ClsactRequests.CLSACT);
    }

    /** Somebody else may have removed it, or the interface, or the qdisc (EINVAL). */
    private static boolean isGone(int errno) {
        return errno == 0
                || errno == Errno.ENOENT
                || errno == Errno.ENODEV
                || errno == Errno.EINVAL;
    }

    private void requireOpen() {
        if (!netlink.isOpen()) {
            throw new IllegalStateException(this + " is closed");
        }
    }

    @Override
    public synchronized LinkInfo info() {
        requireOpen();
        return new LinkInfo(
                LinkType.UNSPEC,
                0,
                filter.programId(),
                new LinkInfo.TcFilter(
                        device.index(), direction, filter.priority(), filter.handle()));
    }

    @Override
    synchronized void replace(Program replacement, Program expected) {
        requireOpen();
        if (kind == ClsactRequests.Kind.ACTION) {
            throw new UnsupportedException(
                    "replacing " + this + ", which is the action of a filter,",
                    "",
                    "attach the new program and close this link");
        }
        Hooks.require(replacement, direction + " of " + device, ProgramType.SCHED_CLS);
        String what = "cannot put " + replacement.name() + " in the place of " + this;
        int expectedId = expected == null ? filter.programId() : expected.info().id();
        int there = programThere();
        if (there != expectedId) {
            throw new BpfException(
                    what
                            + (there == 0
                                    ? ": the filter is not there any more"
                                    : ": the filter runs the program with id " + there));
        }
        ClsactRequests.Filter changed =
                new ClsactRequests.Filter(
                        filter.priority(), filter.handle(), replacement.info().id());
        try {
            set(replacement, changed, 0).orThrow(what);
            filter = changed;
        } catch (BpfException e) {
            learn(changed, e);
            throw e;
        }
    }

    /** Finds out which program the filter runs after a request that may have been heard. */
    private void learn(ClsactRequests.Filter changed, BpfException cause) {
        try {
            filter = programThere() == changed.programId() ? changed : filter;
        } catch (BpfException e) {
            cause.addSuppressed(e);
        }
    }

    @Override
    public synchronized void detach() {
        requireOpen();
        close();
    }

    @Override
    public void pin(Path path) {
        requireOpen();
        throw new UnsupportedException(
                "pinning " + this + ", which is a filter,",
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
    public boolean isOpen() {
        return netlink.isOpen();
    }

    @Override
    public synchronized void close() {
        synchronized (qdiscs) {
            if (netlink.isOpen()) {
                try {
                    remove();
                } finally {
                    netlink.close();
                }
            }
        }
    }

    @Override
    public String toString() {
        String program = filter == null ? "program" : "program " + filter.programId();
        return program + " at " + direction + " of " + device;
    }
}
