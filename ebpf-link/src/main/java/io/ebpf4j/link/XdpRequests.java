// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import java.nio.ByteBuffer;

/** What rtnetlink can be asked about XDP (include/uapi/linux/if_link.h, IFLA_XDP). */
final class XdpRequests {
    // XDP_FLAGS_*
    static final int UPDATE_IF_NOEXIST = 1;
    static final int REPLACE = 1 << 4;

    /** In place of a descriptor: no program. */
    static final int NONE = -1;

    // attributes
    private static final int XDP = 43;
    private static final int FD = 1;
    private static final int ATTACHED = 2;
    private static final int FLAGS = 3;
    private static final int PROG_ID = 4;
    private static final int DRV_PROG_ID = 5;
    private static final int SKB_PROG_ID = 6;
    private static final int HW_PROG_ID = 7;
    private static final int EXPECTED_FD = 8;

    // values of ATTACHED
    private static final int IN_DRIVER = 1;
    private static final int IN_STACK = 2;
    private static final int ON_CARD = 3;

    private XdpRequests() {}

    /**
     * Sets an interface's program.
     *
     * @param fd the program, or {@link #NONE}
     * @param flags mode, and {@link #UPDATE_IF_NOEXIST} or {@link #REPLACE}
     * @param expectedFd with REPLACE, the program that has to be there
     */
    static Netlink.Answer set(
            Netlink netlink, NetDevice device, int fd, int flags, int expectedFd) {
        NetlinkMessage message =
                NetlinkMessage.link("RTM_SETLINK", NetlinkMessage.SETLINK, 0, device.index());
        int xdp = message.begin(XDP);
        message.put(FD, fd).put(FLAGS, flags);
        if ((flags & REPLACE) != 0) {
            message.put(EXPECTED_FD, expectedFd);
        }
        return netlink.ask(message.end(xdp));
    }

    /**
     * Asks for an interface's programs.
     *
     * @throws io.ebpf4j.error.BpfException if there is no such interface
     */
    static XdpPrograms query(Netlink netlink, NetDevice device) {
        Netlink.Answer answer =
                netlink.ask(
                                NetlinkMessage.link(
                                        "RTM_GETLINK", NetlinkMessage.GETLINK, 0, device.index()))
                        .orThrow("cannot read the XDP programs of " + device);
        ByteBuffer xdp =
                answer.messages().isEmpty()
                        ? null
                        : NetlinkMessage.find(
                                answer.messages().get(0), NetlinkMessage.LINK_BYTES, XDP);
        return xdp == null ? new XdpPrograms(0, 0, 0) : programs(xdp);
    }

    // Kernels before 4.19 have one program, and say in which mode it is.
    private static XdpPrograms programs(ByteBuffer xdp) {
        ByteBuffer attached = NetlinkMessage.find(xdp, 0, ATTACHED);
        int mode = attached == null || attached.limit() == 0 ? 0 : attached.get(0);
        int only = NetlinkMessage.number(xdp, 0, PROG_ID);
        return new XdpPrograms(
                mode == IN_STACK ? only : NetlinkMessage.number(xdp, 0, SKB_PROG_ID),
                mode == IN_DRIVER ? only : NetlinkMessage.number(xdp, 0, DRV_PROG_ID),
                mode == ON_CARD ? only : NetlinkMessage.number(xdp, 0, HW_PROG_ID));
    }
}
