// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.program.Program;
import io.ebpf4j.spec.AttachType;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Capability;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.Failure;
import io.ebpf4j.sys.FileDescriptor;
import io.ebpf4j.sys.LinkCreate;

/**
 * Attaches programs to the receiving end of network interfaces (Linux 4.8).
 *
 * <p>By a {@code bpf_link} (Linux 5.9), below that by netlink. What is attached by netlink stays
 * when the process ends without closing its link.
 *
 * <p>Interfaces are those of the network namespace that the calling thread is in.
 */
public final class Xdp {
    private static final String LINKS_SINCE = "5.9";

    private Xdp() {}

    /**
     * Attaches a program to an interface that has no XDP program.
     *
     * @param program a program of type XDP
     * @param interfaceName the interface's name, such as {@code eth0}
     * @return the link; close it to detach
     * @throws BpfException if there is no such interface, it has a program, or the program is of
     *     another type
     * @throws io.ebpf4j.error.PermissionDeniedException if CAP_NET_ADMIN is missing
     * @throws IllegalStateException if the program is closed
     */
    public static Link attach(Program program, String interfaceName) {
        return attach(program, interfaceName, XdpOptions.DEFAULT);
    }

    /**
     * Attaches a program to an interface.
     *
     * @param program a program of type XDP
     * @param interfaceName the interface's name, such as {@code eth0}
     * @param options how
     * @return the link; close it to detach
     * @throws BpfException if there is no such interface, it has a program that may not be
     *     replaced, or the program is of another type
     * @throws UnsupportedException if the kernel or the driver lacks what an option asks for
     * @throws io.ebpf4j.error.PermissionDeniedException if CAP_NET_ADMIN is missing
     * @throws IllegalStateException if the program is closed
     */
    public static Link attach(Program program, String interfaceName, XdpOptions options) {
        require(program, interfaceName);
        return attach(program, NetDevice.named(program.kernel(), interfaceName), options);
    }

    /**
     * Attaches a program to an interface.
     *
     * @param program a program of type XDP
     * @param ifindex the interface's number in this network namespace
     * @param options how
     * @return the link; close it to detach
     * @throws BpfException if there is no such interface, it has a program that may not be
     *     replaced, or the program is of another type
     * @throws UnsupportedException if the kernel or the driver lacks what an option asks for
     * @throws io.ebpf4j.error.PermissionDeniedException if CAP_NET_ADMIN is missing
     * @throws IllegalArgumentException if the number is not positive
     * @throws IllegalStateException if the program is closed
     */
    public static Link attach(Program program, int ifindex, XdpOptions options) {
        NetDevice device = NetDevice.at(ifindex);
        require(program, device.toString());
        return attach(program, device, options);
    }

    /**
     * Asks which programs an interface has.
     *
     * @param interfaceName the interface's name, such as {@code eth0}
     * @return their ids
     * @throws BpfException if there is no such interface
     */
    public static XdpPrograms query(String interfaceName) {
        Kernel kernel = Kernel.shared();
        return query(kernel, NetDevice.named(kernel, interfaceName));
    }

    /**
     * Asks which programs an interface has.
     *
     * @param ifindex the interface's number in this network namespace
     * @return their ids
     * @throws BpfException if there is no such interface
     * @throws IllegalArgumentException if the number is not positive
     */
    public static XdpPrograms query(int ifindex) {
        return query(Kernel.shared(), NetDevice.at(ifindex));
    }

    static XdpPrograms query(Kernel kernel, NetDevice device) {
        try (Netlink netlink = Netlink.open(kernel)) {
            return XdpRequests.query(netlink, device);
        }
    }

    private static void require(Program program, String device) {
        Hooks.require(program, "XDP of " + device, ProgramType.XDP);
        AttachType type = program.attachType();
        if (type == AttachType.XDP_DEVMAP || type == AttachType.XDP_CPUMAP) {
            throw new BpfException(
                    "cannot attach "
                            + program.name()
                            + " to XDP of "
                            + device
                            + ": it was loaded for the entries of a map ("
                            + type
                            + "); put its descriptor into one");
        }
    }

    private static Link attach(Program program, NetDevice device, XdpOptions options) {
        Link link = options.mayUseLink() ? link(program, device, options) : null;
        return link != null ? link : XdpNetlinkLink.attach(program, device, options);
    }

    /** Attaches by a link; returns null if the kernel has none and another mechanism may do. */
    private static Link link(Program program, NetDevice device, XdpOptions options) {
        Kernel kernel = program.kernel();
        int fd = program.descriptor().acquire();
        long result;
        try {
            result =
                    kernel.bpf()
                            .linkCreate(
                                    new LinkCreate(
                                            fd,
                                            device.index(),
                                            AttachType.XDP.number(),
                                            options.place().flag(),
                                            LinkCreate.Options.NONE));
        } finally {
            program.descriptor().release();
        }
        if (result >= 0) {
            String what = "link of program " + program.name();
            return new KernelLink(
                    kernel, FileDescriptor.adopt(kernel.calls(), (int) result, what), null);
        }
        int errno = (int) -result;
        String what = "cannot attach " + program.name() + " to XDP of " + device;
        if (errno != Errno.EINVAL || kernel.version().isAtLeast(LINKS_SINCE)) {
            throw Failure.of(
                    BpfCommand.LINK_CREATE,
                    errno,
                    what + reason(kernel, errno, device, options.place()),
                    Capability.NET_ADMIN);
        }
        if (options.mode() == NetworkAttachMode.LINK) {
            throw new UnsupportedException(
                    what + " by a bpf_link",
                    LINKS_SINCE,
                    "attach it by NetworkAttachMode.NETLINK",
                    BpfCommand.LINK_CREATE.kernelName(),
                    errno);
        }
        return null;
    }

    private static String reason(Kernel kernel, int errno, NetDevice device, XdpMode place) {
        return switch (errno) {
            case Errno.EINVAL -> device.isThere(kernel) ? "" : " (there is no such interface)";
            case Errno.EBUSY -> " (it has a program, which a bpf_link does not replace)";
            case Errno.EEXIST -> " (it has a program in another mode)";
            case Errno.ENODEV -> " (there is no such interface)";
            case Errno.EOPNOTSUPP ->
                    place == XdpMode.NATIVE || place == XdpMode.OFFLOAD
                            ? " (the driver cannot; XdpMode.GENERIC does without it)"
                            : "";
            default -> "";
        };
    }
}
