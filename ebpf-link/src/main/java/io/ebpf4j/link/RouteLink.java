// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.program.Program;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.FileDescriptor;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A route with a program. Nothing ends it but a request: closing removes the route if it still has
 * the program, by whose name, made unique with its id, the kernel tells routes apart.
 *
 * <p>For IPv6 it compares no names (net/ipv6/route.c, ip6_route_del): the route is looked at first,
 * and one that somebody puts in its place between the look and the request is removed all the same.
 */
final class RouteLink extends Link {
    /** Leaves room in MAX_PROG_NAME (256) for the id. */
    private static final int MOST_NAME_BYTES = 200;

    private final Netlink netlink;
    private final RouteRequests.Route route;
    private final RouteRequests requests;
    private final FileDescriptor program;
    private final int programId;
    private final String name;

    private RouteLink(
            Netlink netlink, Program attached, RouteHook hook, RouteRequests.Route route) {
        this.netlink = netlink;
        this.route = route;
        this.requests = new RouteRequests(netlink, hook, route);
        this.programId = attached.info().id();
        this.name = NetlinkMessage.cut(attached.name(), MOST_NAME_BYTES) + "#" + programId;
        this.program = attached.descriptor().duplicate("program of a route " + attached.name());
    }

    /**
     * Makes the route.
     *
     * @throws BpfException if the kernel refuses
     */
    static Link attach(Program program, RouteHook hook, RouteRequests.Route route) {
        Netlink netlink = Netlink.open(program.kernel());
        try {
            RouteLink link = new RouteLink(netlink, program, hook, route);
            link.make("cannot attach " + program.name() + " to " + route);
            return link;
        } catch (Throwable t) {
            netlink.close();
            throw t;
        }
    }

    private void make(String what) {
        try {
            Netlink.Answer answer = request(what);
            switch (answer.errno()) {
                case 0 -> {
                    // made
                }
                case Errno.EEXIST ->
                        throw answer.failure(
                                what
                                        + ": there is one in table "
                                        + Integer.toUnsignedString(route.options().table())
                                        + " with metric "
                                        + Integer.toUnsignedString(route.metric()));
                case Errno.EOPNOTSUPP ->
                        throw answer.failure(
                                what
                                        + ": routes have no programs (CONFIG_LWTUNNEL_BPF,"
                                        + " CONFIG_IPV6_SEG6_BPF)");
                default -> throw answer.failure(what);
            }
        } catch (Throwable t) {
            program.close();
            throw t;
        }
    }

    private Netlink.Answer request(String what) {
        try {
            return requests.add(program.fd(), name);
        } catch (BpfException e) {
            // without an answer nobody knows whether the request was heard
            try {
                remove(what);
            } catch (BpfException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    private void remove(String what) {
        if (route.destination().isIpv6() && !requests.isThere(name)) {
            return;
        }
        Netlink.Answer answer = requests.remove(program.fd(), name);
        switch (answer.errno()) {
            case 0, Errno.ESRCH, Errno.ENODEV -> {
                // removed, by this or somebody else, or with its interface
            }
            default -> throw answer.failure(what);
        }
    }

    @Override
    public synchronized LinkInfo info() {
        program.fd();
        return new LinkInfo(
                LinkType.UNSPEC,
                0,
                programId,
                new LinkInfo.Route(
                        route.destination().toString(),
                        route.device().index(),
                        route.options().table(),
                        route.metric()));
    }

    @Override
    synchronized void replace(Program replacement, Program expected) {
        program.fd();
        throw new UnsupportedException(
                "replacing the program of " + this,
                "",
                "attach the new program with a smaller metric and close this link");
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
                "pinning " + this + ", which is no kernel link,",
                "",
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
        if (program.isOpen()) {
            try {
                remove("cannot remove " + route);
            } finally {
                netlink.close();
                program.close();
            }
        }
    }

    @Override
    public String toString() {
        return "program " + programId + " of " + route;
    }
}
