// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.sys.Errno;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A network interface of the calling thread's network namespace, as the kernel numbers it.
 *
 * @param index its number in that namespace
 * @param name its name, or empty when the caller gave the number
 */
record NetDevice(int index, String name) {
    private static final int NAME = 3;
    private static final int ALTERNATIVE_NAME = 53;

    /** IFNAMSIZ without the NUL; longer names are alternative ones (Linux 5.5). */
    private static final int MOST_BYTES = 15;

    /** ALTIFNAMSIZ without the NUL. */
    private static final int MOST_ALTERNATIVE_BYTES = 127;

    /**
     * Takes an interface by its number, without asking the kernel whether there is one.
     *
     * @throws IllegalArgumentException if the number is not positive
     */
    static NetDevice at(int index) {
        if (index <= 0) {
            throw new IllegalArgumentException("interface index is not positive: " + index);
        }
        return new NetDevice(index, "");
    }

    /**
     * Looks an interface up.
     *
     * @throws BpfException if there is none of that name in this thread's network namespace
     */
    static NetDevice named(Kernel kernel, String name) {
        try (Netlink netlink = Netlink.open(kernel)) {
            return named(netlink, name);
        }
    }

    /** Asks whether the interface exists, for the explanation of a failure. */
    boolean isThere(Kernel kernel) {
        try (Netlink netlink = Netlink.open(kernel)) {
            NetlinkMessage get =
                    NetlinkMessage.link("RTM_GETLINK", NetlinkMessage.GETLINK, 0, index);
            return netlink.ask(get).errno() != Errno.ENODEV;
        } catch (BpfException e) {
            return true;
        }
    }

    private static NetDevice named(Netlink netlink, String name) {
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        Netlink.Answer answer = bytes <= MOST_BYTES ? get(netlink, NAME, name) : null;
        if (bytes <= MOST_ALTERNATIVE_BYTES && (answer == null || answer.errno() == Errno.ENODEV)) {
            // kernels that know no alternative names answer EINVAL
            Netlink.Answer alternative = get(netlink, ALTERNATIVE_NAME, name);
            answer = alternative.errno() == 0 ? alternative : answer;
        }
        if (answer == null || answer.errno() == Errno.ENODEV) {
            throw new BpfException(
                    "there is no network interface "
                            + name
                            + " in this network namespace"
                            + Suggestions.sentence(name, names(netlink)),
                    "RTM_GETLINK",
                    Errno.ENODEV);
        }
        answer.orThrow("cannot look up network interface " + name);
        if (answer.messages().isEmpty()
                || answer.messages().get(0).limit() < NetlinkMessage.LINK_BYTES) {
            throw new BpfException("the kernel did not describe network interface " + name);
        }
        return new NetDevice(answer.messages().get(0).getInt(4), name);
    }

    private static Netlink.Answer get(Netlink netlink, int attribute, String name) {
        return netlink.ask(
                NetlinkMessage.link("RTM_GETLINK", NetlinkMessage.GETLINK, 0, 0)
                        .put(attribute, name));
    }

    private static List<String> names(Netlink netlink) {
        List<String> names = new ArrayList<>();
        NetlinkMessage all =
                NetlinkMessage.link("RTM_GETLINK", NetlinkMessage.GETLINK, NetlinkMessage.DUMP, 0);
        for (ByteBuffer link : netlink.ask(all).messages()) {
            names.add(NetlinkMessage.text(link, NetlinkMessage.LINK_BYTES, NAME));
        }
        return names;
    }

    @Override
    public String toString() {
        return name.isEmpty() ? "interface " + index : name;
    }
}
