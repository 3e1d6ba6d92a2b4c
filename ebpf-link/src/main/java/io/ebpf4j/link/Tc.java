// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.program.Program;
import io.ebpf4j.spec.ProgramType;

/**
 * Attaches programs to the packets that arrive at a network interface, or leave it.
 *
 * <p>By a {@code bpf_link} of TCX (Linux 6.6), below that as a filter of the interface's {@code
 * clsact} qdisc (Linux 4.5), which is made if it is not there. A filter stays attached when the
 * process ends without closing its link. Programs of type SCHED_ACT are actions, and become that of
 * a filter for all packets.
 *
 * <p>Interfaces are those of the network namespace that the calling thread is in.
 */
public final class Tc {
    private static final String LINKS_SINCE = "6.6";

    private Tc() {}

    /**
     * Attaches a program behind those that an interface has.
     *
     * @param program a program of type SCHED_CLS or SCHED_ACT
     * @param interfaceName the interface's name, such as {@code eth0}
     * @param direction which packets
     * @return the link; close it to detach
     * @throws BpfException if there is no such interface, or the program is of another type
     * @throws io.ebpf4j.error.PermissionDeniedException if CAP_NET_ADMIN is missing
     * @throws IllegalStateException if the program is closed
     */
    public static Link attach(Program program, String interfaceName, TcDirection direction) {
        return attach(program, interfaceName, direction, TcOptions.DEFAULT);
    }

    /**
     * Attaches a program.
     *
     * @param program a program of type SCHED_CLS or SCHED_ACT
     * @param interfaceName the interface's name, such as {@code eth0}
     * @param direction which packets
     * @param options how
     * @return the link; close it to detach
     * @throws BpfException if there is no such interface, its programs are not what the options
     *     expect, or the program is of another type
     * @throws UnsupportedException if the kernel lacks what an option asks for
     * @throws io.ebpf4j.error.PermissionDeniedException if CAP_NET_ADMIN is missing
     * @throws IllegalArgumentException if the options ask for what actions do not have
     * @throws IllegalStateException if the program, or one that the options name, is closed
     */
    public static Link attach(
            Program program, String interfaceName, TcDirection direction, TcOptions options) {
        require(program, direction, interfaceName);
        NetDevice device = NetDevice.named(program.kernel(), interfaceName);
        return attach(program, device, direction, options);
    }

    /**
     * Attaches a program.
     *
     * @param program a program of type SCHED_CLS or SCHED_ACT
     * @param ifindex the interface's number in this network namespace
     * @param direction which packets
     * @param options how
     * @return the link; close it to detach
     * @throws BpfException if there is no such interface, its programs are not what the options
     *     expect, or the program is of another type
     * @throws UnsupportedException if the kernel lacks what an option asks for
     * @throws io.ebpf4j.error.PermissionDeniedException if CAP_NET_ADMIN is missing
     * @throws IllegalArgumentException if the number is not positive, or the options ask for what
     *     actions do not have
     * @throws IllegalStateException if the program, or one that the options name, is closed
     */
    public static Link attach(
            Program program, int ifindex, TcDirection direction, TcOptions options) {
        NetDevice device = NetDevice.at(ifindex);
        require(program, direction, device.toString());
        return attach(program, device, direction, options);
    }

    /**
     * Asks which programs TCX runs (Linux 6.6); filters are not among them.
     *
     * @param interfaceName the interface's name, such as {@code eth0}
     * @param direction which packets
     * @return the programs and their revision
     * @throws BpfException if there is no such interface
     * @throws UnsupportedException if the kernel has no TCX
     * @throws io.ebpf4j.error.PermissionDeniedException if CAP_NET_ADMIN is missing
     */
    public static AttachedPrograms query(String interfaceName, TcDirection direction) {
        Kernel kernel = Kernel.shared();
        return hook(NetDevice.named(kernel, interfaceName), direction).query(kernel);
    }

    /**
     * Asks which programs TCX runs (Linux 6.6); filters are not among them.
     *
     * @param ifindex the interface's number in this network namespace
     * @param direction which packets
     * @return the programs and their revision
     * @throws BpfException if there is no such interface
     * @throws UnsupportedException if the kernel has no TCX
     * @throws io.ebpf4j.error.PermissionDeniedException if CAP_NET_ADMIN is missing
     * @throws IllegalArgumentException if the number is not positive
     */
    public static AttachedPrograms query(int ifindex, TcDirection direction) {
        return hook(NetDevice.at(ifindex), direction).query(Kernel.shared());
    }

    private static void require(Program program, TcDirection direction, String device) {
        Hooks.require(
                program, direction + " of " + device, ProgramType.SCHED_CLS, ProgramType.SCHED_ACT);
    }

    private static OrderedHook hook(NetDevice device, TcDirection direction) {
        return new OrderedHook(
                device, direction.attachType(), LINKS_SINCE, direction + " of " + device);
    }

    private static Link attach(
            Program program, NetDevice device, TcDirection direction, TcOptions options) {
        boolean action = program.type() == ProgramType.SCHED_ACT;
        if (action && (options.mode() == NetworkAttachMode.LINK || options.isOrdered())) {
            throw new IllegalArgumentException(
                    program.name()
                            + " is the action of a filter, which is no link and has a priority, but"
                            + " no anchor and no revision");
        }
        if (action || options.mode() == NetworkAttachMode.NETLINK) {
            return ClsactLink.attach(program, device, direction, options);
        }
        OrderedHook hook = hook(device, direction);
        long result = hook.create(program, options.anchor(), options.expectedRevision());
        if (result >= 0) {
            return OrderedHook.own(program, result);
        }
        int errno = (int) -result;
        boolean mayFallBack = options.mode() == NetworkAttachMode.AUTOMATIC && !options.isOrdered();
        if (mayFallBack && hook.isUnknown(program.kernel(), errno)) {
            return ClsactLink.attach(program, device, direction, options);
        }
        throw hook.failure(
                program,
                errno,
                options.anchor(),
                "attach it by NetworkAttachMode.NETLINK, with a priority in place of an anchor");
    }
}
