// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What rtnetlink can be asked about the {@code clsact} qdisc of an interface and its BPF filters
 * (include/uapi/linux/pkt_sched.h, pkt_cls.h).
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

    private final Netlink netlink;
    private final NetDevice device;

    ClsactRequests(Netlink netlink, NetDevice device) {
        this.netlink = netlink;
        this.device = device;
    }

    /**
     * A filter.
     *
     * @param priority its priority
     * @param handle what tells it from others of the priority
     * @param programId its program, 0 if it is no BPF filter
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
        int options = message.put(KIND, "bpf").begin(OPTIONS);
        message.put(FD, fd).put(NAME, cut(name)).put(FLAGS, DIRECT_ACTION).end(options);
        return netlink.ask(message);
    }

    Netlink.Answer removeFilter(TcDirection direction, Filter filter) {
        return netlink.ask(
                filter("RTM_DELTFILTER", NetlinkMessage.DELTFILTER, 0, direction, filter)
                        .put(KIND, "bpf"));
    }

    /** Asks for one filter by priority and handle. */
    Netlink.Answer getFilter(TcDirection direction, Filter filter) {
        return netlink.ask(
                filter("RTM_GETTFILTER", NetlinkMessage.GETTFILTER, 0, direction, filter)
                        .put(KIND, "bpf"));
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
        return new Filter(
                message.getInt(16) >>> 16,
                message.getInt(8),
                options == null ? 0 : NetlinkMessage.number(options, 0, ID));
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

    private static String cut(String name) {
        int length = name.length();
        while (name.substring(0, length).getBytes(StandardCharsets.UTF_8).length
                > MOST_NAME_BYTES) {
            length--;
        }
        return name.substring(0, length);
    }
}
