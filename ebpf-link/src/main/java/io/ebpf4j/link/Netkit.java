// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.program.Program;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;

/**
 * Attaches programs to pairs of netkit interfaces (Linux 6.7, CONFIG_NETKIT), at what either end
 * sends to the other. The primary interface is named for both.
 *
 * <p>Interfaces are those of the network namespace that the calling thread is in.
 */
public final class Netkit {
    private static final String SINCE = "6.7";

    private Netkit() {}

    /**
     * Attaches a program behind those that are there.
     *
     * @param program a program of type SCHED_CLS
     * @param interfaceName the primary interface's name
     * @param side whose packets
     * @return the link; close it to detach
     * @throws BpfException if there is no such interface, it is no primary of a netkit pair, or the
     *     program is of another type
     * @throws UnsupportedException if the kernel has no netkit
     * @throws io.ebpf4j.error.PermissionDeniedException if CAP_NET_ADMIN is missing
     * @throws IllegalStateException if the program is closed
     */
    public static Link attach(Program program, String interfaceName, NetkitSide side) {
        return attach(program, interfaceName, side, NetkitOptions.DEFAULT);
    }

    /**
     * Attaches a program.
     *
     * @param program a program of type SCHED_CLS
     * @param interfaceName the primary interface's name
     * @param side whose packets
     * @param options how
     * @return the link; close it to detach
     * @throws BpfException if there is no such interface, it is no primary of a netkit pair, its
     *     programs are not what the options expect, or the program is of another type
     * @throws UnsupportedException if the kernel has no netkit
     * @throws io.ebpf4j.error.PermissionDeniedException if CAP_NET_ADMIN is missing
     * @throws IllegalStateException if the program, or one that the options name, is closed
     */
    public static Link attach(
            Program program, String interfaceName, NetkitSide side, NetkitOptions options) {
        require(program, side, interfaceName);
        NetDevice device = NetDevice.named(program.kernel(), interfaceName);
        return attach(program, device, side, options);
    }

    /**
     * Attaches a program.
     *
     * @param program a program of type SCHED_CLS
     * @param ifindex the primary interface's number in this network namespace
     * @param side whose packets
     * @param options how
     * @return the link; close it to detach
     * @throws BpfException if there is no such interface, it is no primary of a netkit pair, its
     *     programs are not what the options expect, or the program is of another type
     * @throws UnsupportedException if the kernel has no netkit
     * @throws io.ebpf4j.error.PermissionDeniedException if CAP_NET_ADMIN is missing
     * @throws IllegalArgumentException if the number is not positive
     * @throws IllegalStateException if the program, or one that the options name, is closed
     */
    public static Link attach(
            Program program, int ifindex, NetkitSide side, NetkitOptions options) {
        NetDevice device = NetDevice.at(ifindex);
        require(program, side, device.toString());
        return attach(program, device, side, options);
    }

    /**
     * Asks for the programs of a side.
     *
     * @param interfaceName the primary interface's name
     * @param side whose packets
     * @return the programs and their revision
     * @throws BpfException if there is no such interface, or it is no primary of a netkit pair
     * @throws UnsupportedException if the kernel has no netkit
     * @throws io.ebpf4j.error.PermissionDeniedException if CAP_NET_ADMIN is missing
     */
    public static AttachedPrograms query(String interfaceName, NetkitSide side) {
        Kernel kernel = Kernel.shared();
        return hook(NetDevice.named(kernel, interfaceName), side).query(kernel);
    }

    /**
     * Asks for the programs of a side.
     *
     * @param ifindex the primary interface's number in this network namespace
     * @param side whose packets
     * @return the programs and their revision
     * @throws BpfException if there is no such interface, or it is no primary of a netkit pair
     * @throws UnsupportedException if the kernel has no netkit
     * @throws io.ebpf4j.error.PermissionDeniedException if CAP_NET_ADMIN is missing
     * @throws IllegalArgumentException if the number is not positive
     */
    public static AttachedPrograms query(int ifindex, NetkitSide side) {
        return hook(NetDevice.at(ifindex), side).query(Kernel.shared());
    }

    private static void require(Program program, NetkitSide side, String device) {
        Hooks.require(program, side + " of " + device, ProgramType.SCHED_CLS);
    }

    private static OrderedHook hook(NetDevice device, NetkitSide side) {
        return new OrderedHook(device, side.attachType(), SINCE, side + " of " + device);
    }

    private static Link attach(
            Program program, NetDevice device, NetkitSide side, NetkitOptions options) {
        OrderedHook hook = hook(device, side);
        long result = hook.create(program, options.anchor(), options.expectedRevision());
        if (result >= 0) {
            return OrderedHook.own(program, result);
        }
        int errno = (int) -result;
        String what = "cannot attach " + program.name() + " to " + hook.name();
        String command = BpfCommand.LINK_CREATE.kernelName();
        throw switch (errno) {
            case Errno.ENXIO ->
                    new BpfException(what + ": it is no netkit interface", command, errno);
            case Errno.EACCES ->
                    new BpfException(
                            what + ": it is the peer of its pair; name the primary interface",
                            command,
                            errno);
            default -> hook.failure(program, errno, options.anchor(), "");
        };
    }
}
