// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.link.Link;
import io.ebpf4j.link.Netfilter;
import io.ebpf4j.link.NetfilterFamily;
import io.ebpf4j.link.NetfilterHook;
import io.ebpf4j.link.NetfilterOptions;
import io.ebpf4j.link.Netkit;
import io.ebpf4j.link.NetkitOptions;
import io.ebpf4j.link.NetkitSide;
import io.ebpf4j.link.Route;
import io.ebpf4j.link.RouteOptions;
import io.ebpf4j.link.Tc;
import io.ebpf4j.link.TcDirection;
import io.ebpf4j.link.TcOptions;
import io.ebpf4j.link.Xdp;
import io.ebpf4j.link.XdpOptions;

/**
 * The hooks by which an object's programs see the packets of network interfaces and routes. Both
 * are those of the network namespace that the calling thread is in.
 */
abstract class InterfaceHooks extends TracingHooks {
    InterfaceHooks() {}

    /**
     * Attaches a program to the receiving end of a network interface that has no XDP program.
     *
     * @param program the program's name
     * @param interfaceName the interface's name, such as {@code eth0}
     * @return the link; closed with this collection
     * @throws BpfException if there is no such program or interface, or the kernel refuses
     */
    public Link attachXdp(String program, String interfaceName) {
        return attachXdp(program, interfaceName, XdpOptions.builder().build());
    }

    /**
     * Attaches a program to the receiving end of a network interface.
     *
     * @param program the program's name
     * @param interfaceName the interface's name, such as {@code eth0}
     * @param options where it runs, what it may replace, mechanism
     * @return the link; closed with this collection
     * @throws BpfException if there is no such program or interface, or the kernel refuses
     */
    public Link attachXdp(String program, String interfaceName, XdpOptions options) {
        return keep(Xdp.attach(program(program), interfaceName, options));
    }

    /**
     * Attaches a program to the receiving end of a network interface.
     *
     * @param program the program's name
     * @param ifindex the interface's number
     * @param options where it runs, what it may replace, mechanism
     * @return the link; closed with this collection
     * @throws BpfException if there is no such program or interface, or the kernel refuses
     */
    public Link attachXdp(String program, int ifindex, XdpOptions options) {
        return keep(Xdp.attach(program(program), ifindex, options));
    }

    /**
     * Attaches a program to the packets that arrive at a network interface or leave it, behind the
     * programs that are there.
     *
     * @param program the program's name
     * @param interfaceName the interface's name, such as {@code eth0}
     * @param direction which packets
     * @return the link; closed with this collection
     * @throws BpfException if there is no such program or interface, or the kernel refuses
     */
    public Link attachTc(String program, String interfaceName, TcDirection direction) {
        return attachTc(program, interfaceName, direction, TcOptions.builder().build());
    }

    /**
     * Attaches a program to the packets that arrive at a network interface or leave it.
     *
     * @param program the program's name
     * @param interfaceName the interface's name, such as {@code eth0}
     * @param direction which packets
     * @param options its place among the programs that are there, mechanism
     * @return the link; closed with this collection
     * @throws BpfException if there is no such program or interface, or the kernel refuses
     */
    public Link attachTc(
            String program, String interfaceName, TcDirection direction, TcOptions options) {
        return keep(Tc.attach(program(program), interfaceName, direction, options));
    }

    /**
     * Attaches a program to the packets that arrive at a network interface or leave it.
     *
     * @param program the program's name
     * @param ifindex the interface's number
     * @param direction which packets
     * @param options its place among the programs that are there, mechanism
     * @return the link; closed with this collection
     * @throws BpfException if there is no such program or interface, or the kernel refuses
     */
    public Link attachTc(String program, int ifindex, TcDirection direction, TcOptions options) {
        return keep(Tc.attach(program(program), ifindex, direction, options));
    }

    /**
     * Attaches a program to a pair of netkit interfaces (Linux 6.7), behind the programs that are
     * there.
     *
     * @param program the program's name
     * @param interfaceName the primary interface's name
     * @param side whose packets
     * @return the link; closed with this collection
     * @throws BpfException if there is no such program or interface, or the kernel refuses
     */
    public Link attachNetkit(String program, String interfaceName, NetkitSide side) {
        return attachNetkit(program, interfaceName, side, NetkitOptions.builder().build());
    }

    /**
     * Attaches a program to a pair of netkit interfaces (Linux 6.7).
     *
     * @param program the program's name
     * @param interfaceName the primary interface's name
     * @param side whose packets
     * @param options its place among the programs that are there
     * @return the link; closed with this collection
     * @throws BpfException if there is no such program or interface, or the kernel refuses
     */
    public Link attachNetkit(
            String program, String interfaceName, NetkitSide side, NetkitOptions options) {
        return keep(Netkit.attach(program(program), interfaceName, side, options));
    }

    /**
     * Attaches a program to a pair of netkit interfaces (Linux 6.7).
     *
     * @param program the program's name
     * @param ifindex the primary interface's number
     * @param side whose packets
     * @param options its place among the programs that are there
     * @return the link; closed with this collection
     * @throws BpfException if there is no such program or interface, or the kernel refuses
     */
    public Link attachNetkit(String program, int ifindex, NetkitSide side, NetkitOptions options) {
        return keep(Netkit.attach(program(program), ifindex, side, options));
    }

    /**
     * Attaches a program to a hook of netfilter (Linux 6.4) in this thread's network namespace, at
     * priority 0.
     *
     * @param program the program's name
     * @param family whose packets
     * @param hook where
     * @return the link; closed with this collection
     * @throws BpfException if there is no such program, or the kernel refuses
     */
    public Link attachNetfilter(String program, NetfilterFamily family, NetfilterHook hook) {
        return attachNetfilter(program, family, hook, NetfilterOptions.builder().build());
    }

    /**
     * Attaches a program to a hook of netfilter (Linux 6.4) in this thread's network namespace.
     *
     * @param program the program's name
     * @param family whose packets
     * @param hook where
     * @param options priority, fragments
     * @return the link; closed with this collection
     * @throws BpfException if there is no such program, or the kernel refuses
     */
    public Link attachNetfilter(
            String program, NetfilterFamily family, NetfilterHook hook, NetfilterOptions options) {
        return keep(Netfilter.attach(program(program), family, hook, options));
    }

    /**
     * Makes a route of the main table with a program of a lightweight tunnel.
     *
     * @param program the program's name
     * @param destination an address, or a prefix such as {@code 10.1.0.0/16} or {@code fd00::/8}
     * @param interfaceName the interface that packets leave by, which has to be up
     * @return the link, which removes the route; closed with this collection
     * @throws BpfException if there is no such program or interface, there is such a route, or the
     *     kernel refuses
     * @throws IllegalArgumentException if the destination is no prefix
     */
    public Link attachRoute(String program, String destination, String interfaceName) {
        return attachRoute(program, destination, interfaceName, RouteOptions.builder().build());
    }

    /**
     * Makes a route with a program of a lightweight tunnel.
     *
     * @param program the program's name
     * @param destination an address, or a prefix such as {@code 10.1.0.0/16} or {@code fd00::/8}
     * @param interfaceName the interface that packets leave by, which has to be up
     * @param options gateway, table, metric, headroom
     * @return the link, which removes the route; closed with this collection
     * @throws BpfException if there is no such program or interface, there is such a route, or the
     *     kernel refuses
     * @throws IllegalArgumentException if the destination is no prefix, or the options do not go
     *     with it or with the program
     */
    public Link attachRoute(
            String program, String destination, String interfaceName, RouteOptions options) {
        return keep(Route.attach(program(program), destination, interfaceName, options));
    }

    /**
     * Makes a route with a program of a lightweight tunnel.
     *
     * @param program the program's name
     * @param destination an address, or a prefix such as {@code 10.1.0.0/16} or {@code fd00::/8}
     * @param ifindex the number of the interface that packets leave by, which has to be up
     * @param options gateway, table, metric, headroom
     * @return the link, which removes the route; closed with this collection
     * @throws BpfException if there is no such program or interface, there is such a route, or the
     *     kernel refuses
     * @throws IllegalArgumentException if the number is not positive, the destination is no prefix,
     *     or the options do not go with it or with the program
     */
    public Link attachRoute(String program, String destination, int ifindex, RouteOptions options) {
        return keep(Route.attach(program(program), destination, ifindex, options));
    }
}
