// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.program.Program;

/**
 * Attaches programs to routes, as lightweight tunnels: to the packets that arrive and have the
 * route ({@code SEC("lwt_in")}, Linux 4.10), that leave by it before or after the kernel has
 * completed them ({@code SEC("lwt_out")}, {@code SEC("lwt_xmit")}), and as a function of segment
 * routing ({@code SEC("lwt_seg6local")}, IPv6, Linux 4.18).
 *
 * <p>The route is made with the program, and removed with the link. There may be none to the same
 * destination in the same table with the same metric. A route stays when the process ends without
 * closing its link, until somebody removes it or sets the interface down.
 *
 * <p>Interfaces and tables are those of the network namespace that the calling thread is in.
 */
public final class Route {
    private Route() {}

    /**
     * Makes a route of the main table with a program.
     *
     * @param program a program of type LWT_IN, LWT_OUT, LWT_XMIT or LWT_SEG6LOCAL
     * @param destination an address, or a prefix such as {@code 10.1.0.0/16} or {@code fd00::/8}
     * @param interfaceName the interface that packets leave by, such as {@code eth0}, which has to
     *     be up
     * @return the link; close it to remove the route
     * @throws BpfException if there is no such interface or there is such a route, the kernel is
     *     built without CONFIG_LWTUNNEL_BPF (CONFIG_IPV6_SEG6_BPF), or the program is of another
     *     type
     * @throws io.ebpf4j.error.PermissionDeniedException if CAP_NET_ADMIN is missing
     * @throws IllegalArgumentException if the destination is no prefix
     * @throws IllegalStateException if the program is closed
     */
    public static Link attach(Program program, String destination, String interfaceName) {
        return attach(program, destination, interfaceName, RouteOptions.DEFAULT);
    }

    /**
     * Makes a route with a program.
     *
     * @param program a program of type LWT_IN, LWT_OUT, LWT_XMIT or LWT_SEG6LOCAL
     * @param destination an address, or a prefix such as {@code 10.1.0.0/16} or {@code fd00::/8}
     * @param interfaceName the interface that packets leave by, such as {@code eth0}, which has to
     *     be up
     * @param options the rest of the route
     * @return the link; close it to remove the route
     * @throws BpfException if there is no such interface or there is such a route, the kernel is
     *     built without CONFIG_LWTUNNEL_BPF (CONFIG_IPV6_SEG6_BPF), or the program is of another
     *     type
     * @throws io.ebpf4j.error.PermissionDeniedException if CAP_NET_ADMIN is missing
     * @throws IllegalArgumentException if the destination is no prefix, or the options do not go
     *     with it or with the program
     * @throws IllegalStateException if the program is closed
     */
    public static Link attach(
            Program program, String destination, String interfaceName, RouteOptions options) {
        RoutePrefix prefix = RoutePrefix.parse(destination);
        RouteHook hook = hook(program, prefix, options);
        NetDevice device = NetDevice.named(program.kernel(), interfaceName);
        return RouteLink.attach(program, hook, new RouteRequests.Route(prefix, device, options));
    }

    /**
     * Makes a route with a program.
     *
     * @param program a program of type LWT_IN, LWT_OUT, LWT_XMIT or LWT_SEG6LOCAL
     * @param destination an address, or a prefix such as {@code 10.1.0.0/16} or {@code fd00::/8}
     * @param ifindex the number of the interface that packets leave by, which has to be up
     * @param options the rest of the route
     * @return the link; close it to remove the route
     * @throws BpfException if there is no such interface or there is such a route, the kernel is
     *     built without CONFIG_LWTUNNEL_BPF (CONFIG_IPV6_SEG6_BPF), or the program is of another
     *     type
     * @throws io.ebpf4j.error.PermissionDeniedException if CAP_NET_ADMIN is missing
     * @throws IllegalArgumentException if the number is not positive, the destination is no prefix,
     *     or the options do not go with it or with the program
     * @throws IllegalStateException if the program is closed
     */
    public static Link attach(
            Program program, String destination, int ifindex, RouteOptions options) {
        RoutePrefix prefix = RoutePrefix.parse(destination);
        RouteHook hook = hook(program, prefix, options);
        NetDevice device = NetDevice.at(ifindex);
        return RouteLink.attach(program, hook, new RouteRequests.Route(prefix, device, options));
    }

    private static RouteHook hook(Program program, RoutePrefix prefix, RouteOptions options) {
        RouteHook hook = RouteHook.of(program, "the route to " + prefix);
        if (hook == RouteHook.SEG6LOCAL && !prefix.isIpv6()) {
            throw new IllegalArgumentException("segment routing is of IPv6, not of " + prefix);
        }
        if (options.headroom() != 0 && hook != RouteHook.XMIT) {
            throw new IllegalArgumentException(
                    "programs of type LWT_XMIT have headroom, not those of " + program.type());
        }
        options.gateway()
                .filter(gateway -> gateway.getAddress().length != prefix.bytes().length)
                .ifPresent(
                        gateway -> {
                            throw new IllegalArgumentException(
                                    gateway.getHostAddress()
                                            + " is an address of another family than "
                                            + prefix);
                        });
        return hook;
    }
}
