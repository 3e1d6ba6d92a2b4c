// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import java.nio.ByteBuffer;

/**
 * What rtnetlink can be asked about a route with a program (include/uapi/linux/rtnetlink.h,
 * lwtunnel.h, seg6_local.h).
 */
final class RouteRequests {
    private static final int NEW = NetlinkMessage.CREATE | NetlinkMessage.EXCLUSIVE;

    // RTA_*
    private static final int DST = 1;
    private static final int OIF = 4;
    private static final int GATEWAY = 5;
    private static final int PRIORITY = 6;
    private static final int TABLE = 15;
    private static final int ENCAP_TYPE = 21;
    private static final int ENCAP = 22;

    // the program's attributes, LWT_BPF_PROG_* and SEG6_LOCAL_BPF_PROG_*
    private static final int FD = 1;
    private static final int NAME = 2;

    private static final int XMIT_HEADROOM = 4;
    private static final int SEG6_ACTION = 1;
    private static final int END_BPF = 15;

    /** What the kernel takes when it is given 0 (IP6_RT_PRIO_USER). */
    private static final int METRIC_OF_IPV6 = 1024;

    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;

    private final Netlink netlink;
    private final RouteHook hook;
    private final Route route;

    /**
     * A route.
     *
     * @param destination where to
     * @param device the interface
     * @param options the rest
     */
    record Route(RoutePrefix destination, NetDevice device, RouteOptions options) {
        int metric() {
            return options.metric() == 0 && destination.isIpv6()
                    ? METRIC_OF_IPV6
                    : options.metric();
        }

        @Override
        public String toString() {
            return "the route to " + destination + " by " + device;
        }
    }

    RouteRequests(Netlink netlink, RouteHook hook, Route route) {
        this.netlink = netlink;
        this.hook = hook;
        this.route = route;
    }

    /** Makes the route; EEXIST if there is one. */
    Netlink.Answer add(int fd, String name) {
        return netlink.ask(message("RTM_NEWROUTE", NetlinkMessage.NEWROUTE, NEW, fd, name));
    }

    /**
     * Removes the route; ESRCH if it is not there. That of IPv4 is not removed when it has another
     * name of a program, of which IPv6 takes no notice.
     */
    Netlink.Answer remove(int fd, String name) {
        return netlink.ask(message("RTM_DELROUTE", NetlinkMessage.DELROUTE, 0, fd, name));
    }

    private NetlinkMessage message(String request, int type, int flags, int fd, String name) {
        RoutePrefix to = route.destination;
        boolean removes = type == NetlinkMessage.DELROUTE;
        NetlinkMessage message =
                NetlinkMessage.route(request, type, flags, family(), to.bits(), scope(removes));
        message.put(DST, to.bytes())
                .put(OIF, route.device.index())
                .put(PRIORITY, route.metric())
                .put(TABLE, route.options.table());
        route.options.gateway().ifPresent(g -> message.put(GATEWAY, g.getAddress()));
        message.put(ENCAP_TYPE, (short) hook.tunnel());
        int encap = message.begin(ENCAP);
        if (hook == RouteHook.SEG6LOCAL) {
            message.put(SEG6_ACTION, END_BPF);
        }
        int program = message.begin(hook.attribute());
        message.put(FD, fd).put(NAME, name).end(program);
        if (route.options.headroom() != 0) {
            message.put(XMIT_HEADROOM, route.options.headroom());
        }
        return message.end(encap);
    }

    private int family() {
        return route.destination.isIpv6() ? AF_INET6 : AF_INET;
    }

    private int scope(boolean any) {
        if (any) {
            return NetlinkMessage.SCOPE_ANY;
        }
        // IPv6 has no scopes
        boolean near = !route.destination.isIpv6() && route.options.gateway().isEmpty();
        return near ? NetlinkMessage.SCOPE_LINK : NetlinkMessage.SCOPE_UNIVERSE;
    }

    /** Says whether the route is there with a program of that name. */
    boolean isThere(String name) {
        NetlinkMessage dump =
                NetlinkMessage.route(
                                "RTM_GETROUTE",
                                NetlinkMessage.GETROUTE,
                                NetlinkMessage.DUMP,
                                family(),
                                0,
                                NetlinkMessage.SCOPE_UNIVERSE)
                        .put(TABLE, route.options.table());
        netlink.filterDumps();
        for (ByteBuffer message : netlink.ask(dump).messages()) {
            if (isRoute(message) && name.equals(program(message))) {
                return true;
            }
        }
        return false;
    }

    // kernels before 4.20 do not filter
    private boolean isRoute(ByteBuffer message) {
        int from = NetlinkMessage.ROUTE_BYTES;
        ByteBuffer to = NetlinkMessage.find(message, from, DST);
        ByteBuffer wanted = ByteBuffer.wrap(route.destination.bytes());
        return (message.get(1) & 0xff) == route.destination.bits()
                && (route.destination.bits() == 0 || wanted.equals(to))
                && NetlinkMessage.number(message, from, TABLE) == route.options.table()
                && NetlinkMessage.number(message, from, PRIORITY) == route.metric()
                && NetlinkMessage.number(message, from, OIF) == route.device.index();
    }

    private String program(ByteBuffer message) {
        ByteBuffer encap = NetlinkMessage.find(message, NetlinkMessage.ROUTE_BYTES, ENCAP);
        ByteBuffer program = encap == null ? null : NetlinkMessage.find(encap, 0, hook.attribute());
        return program == null ? "" : NetlinkMessage.text(program, 0, NAME);
    }
}
