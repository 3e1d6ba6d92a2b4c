// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * What rtnetlink can be asked about the {@code clsact} qdisc of an interface and its filters with
 * programs (include/uapi/linux/pkt_sched.h, pkt_cls.h, tc_act/tc_bpf.h).
 */
final class ClsactRequests {
    static final String CLSACT = "clsact";

    /** TC_H_CLSACT, which is TC_H_INGRESS too: one of the two can be there. */
    private static final int PARENT = 0xffff_fff1;

    private static final int QDISC_HANDLE = 0xffff_0000;
    private static final int ETH_P_ALL = 3;
    private static final int ETH_P_ALL_SWAPPED = 0x0300;
    private static final int MOST_NAME_BYTES = 255;

    // TCA_*
    private static final int KIND = 1;
    private static final int OPTIONS = 2;

    // TCA_BPF_*
    private static final int FD = 6;
    private static final int NAME = 7;
    private static final int FLAGS = 8;
    private static final int ID = 11;
    private static final int DIRECT_ACTION = 1;

    // TCA_MATCHALL_*, the first of its actions, and TCA_ACT_*
    private static final int ACTIONS = 2;
    private static final int FIRST = 1;
    private static final int ACTION_KIND = 1;
    private static final int ACTION_OPTIONS = 2;

    // TCA_ACT_BPF_*
    private static final int ACTION_PARAMETERS = 2;
    private static final int ACTION_FD = 5;
    private static final int ACTION_NAME = 6;
    private static final int ACTION_ID = 9;

    /** struct tc_act_bpf: index, capabilities, what to do if the program does not say, counts. */
    private static final int[] GO_ON = {0, 0, -1, 0, 0};

    /** What runs a program. */
    enum Kind {
        /** A filter that is the program. */
        CLASSIFIER("bpf"),
        /** A filter for all packets, with the program as its action. */
        ACTION("matchall");

        private final String filter;

        Kind(String filter) {
            this.filter = filter;
        }
    }

    private final Netlink netlink;
    private final NetDevice device;
    private final Kind kind;

    ClsactRequests(Netlink netlink, NetDevice device, Kind kind) {
        this.netlink = netlink;
        this.device = device;
        this.kind = kind;
    }

    /**
     * A filter.
     *
     * @param priority its priority
     * @param handle what tells it from others of the priority
     * @param programId its program, or that of its first action; 0 if it has none
     */
    record Filter(int priority, int handle, int programId) {}

    /** Makes the qdisc; EEXIST if it, or an ingress qdisc, is there. */
    Netlink.Answer addQdisc() {
        int flags = NetlinkMessage.CREATE | NetlinkMessage.EXCLUSIVE;
        return netlink.ask(qdisc("RTM_NEWQDISC", NetlinkMessage.NEWQDISC, flags).put(KIND, CLSACT));
    }

    Netlink.Answer removeQdisc() {
        return netlink.ask(qdisc("RTM_DELQDISC", NetlinkMessage.DELQDISC, 0).put(KIND, CLSACT));
    }

    /** Returns the kind of the qdisc where clsact belongs, or the empty string. */
    String qdiscKind() {
        // without the echo the answer goes to those who listen for changes only
        Netlink.Answer answer =
                netlink.ask(qdisc("RTM_GETQDISC", NetlinkMessage.GETQDISC, NetlinkMessage.ECHO));
        return answer.messages().isEmpty()
                ? ""
                : NetlinkMessage.text(answer.messages().get(0), NetlinkMessage.TRAFFIC_BYTES, KIND);
    }

    private NetlinkMessage qdisc(String name, int type, int flags) {
        return NetlinkMessage.traffic(name, type, flags, device.index(), QDISC_HANDLE, PARENT, 0);
    }

    /**
     * Makes a filter, or gives one another program; the answer describes it.
     *
     * @param filter priority and handle, 0 for the kernel's choice
     * @param flags {@link NetlinkMessage#CREATE} with {@link NetlinkMessage#EXCLUSIVE}, or 0
     */
    Netlink.Answer setFilter(TcDirection direction, Filter filter, int flags, int fd, String name) {
        NetlinkMessage message =
                filter(
                        "RTM_NEWTFILTER",
                        NetlinkMessage.NEWTFILTER,
                        flags | NetlinkMessage.ECHO,
                        direction,
                        filter);
        int options = message.put(KIND, kind.filter).begin(OPTIONS);
        String shortName = NetlinkMessage.cut(name, MOST_NAME_BYTES);
        if (kind == Kind.CLASSIFIER) {
            message.put(FD, fd).put(NAME, shortName).put(FLAGS, DIRECT_ACTION);
        } else {
            int actions = message.begin(ACTIONS);
            int first = message.begin(FIRST);
            int action = message.put(ACTION_KIND, "bpf").begin(ACTION_OPTIONS);
            message.put(ACTION_PARAMETERS, GO_ON).put(ACTION_FD, fd).put(ACTION_NAME, shortName);
            message.end(action).end(first).end(actions);
        }
        return netlink.ask(message.end(options));
    }

    Netlink.Answer removeFilter(TcDirection direction, Filter filter) {
        return netlink.ask(
                filter("RTM_DELTFILTER", NetlinkMessage.DELTFILTER, 0, direction, filter)
                        .put(KIND, kind.filter));
    }

    /** Asks for one filter by priority and handle. */
    Netlink.Answer getFilter(TcDirection direction, Filter filter) {
        return netlink.ask(
                filter("RTM_GETTFILTER", NetlinkMessage.GETTFILTER, 0, direction, filter)
                        .put(KIND, kind.filter));
    }

    /** Returns the filters of a direction; none if there is no qdisc. */
    List<Filter> filters(TcDirection direction) {
        List<Filter> filters = new ArrayList<>();
        Netlink.Answer answer =
                netlink.ask(
                        filter(
                                "RTM_GETTFILTER",
                                NetlinkMessage.GETTFILTER,
                                NetlinkMessage.DUMP,
                                direction,
                                new Filter(0, 0, 0)));
        for (ByteBuffer message : answer.messages()) {
            filters.add(described(message));
        }
        return filters;
    }

    /** Reads what an answer says of a filter. */
    static Filter described(ByteBuffer message) {
        ByteBuffer options = NetlinkMessage.find(message, NetlinkMessage.TRAFFIC_BYTES, OPTIONS);
        String kind = NetlinkMessage.text(message, NetlinkMessage.TRAFFIC_BYTES, KIND);
        return new Filter(
                message.getInt(16) >>> 16,
                message.getInt(8),
                kind.equals(Kind.ACTION.filter)
                        ? number(options, ACTION_ID, ACTIONS, FIRST, ACTION_OPTIONS)
                        : number(options, ID));
    }

    private static int number(ByteBuffer attributes, int type, int... within) {
        ByteBuffer at = attributes;
        for (int each : within) {
            at = at == null ? null : NetlinkMessage.find(at, 0, each);
        }
        return at == null ? 0 : NetlinkMessage.number(at, 0, type);
    }

    private NetlinkMessage filter(
            String name, int type, int flags, TcDirection direction, Filter filter) {
        boolean swapped = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
        int protocol = swapped ? ETH_P_ALL_SWAPPED : ETH_P_ALL;
        // a dump takes whatever has no protocol and priority as a wish for all
        boolean all = (flags & NetlinkMessage.DUMP) == NetlinkMessage.DUMP;
        return NetlinkMessage.traffic(
                name,
                type,
                flags,
                device.index(),
                filter.handle,
                direction.parent(),
                all ? 0 : filter.priority << 16 | protocol);
    }
}
