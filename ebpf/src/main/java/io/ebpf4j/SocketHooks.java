// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.link.AttachedPrograms;
import io.ebpf4j.link.Cgroup;
import io.ebpf4j.link.CgroupOptions;
import io.ebpf4j.link.Link;
import io.ebpf4j.link.NetworkNamespace;
import io.ebpf4j.link.Reuseport;
import io.ebpf4j.link.SocketFilter;
import io.ebpf4j.link.SocketMapHook;
import io.ebpf4j.map.MapHandle;
import io.ebpf4j.program.Program;
import io.ebpf4j.spec.AttachType;

import java.nio.channels.NetworkChannel;
import java.nio.file.Path;

/** The hooks by which an object's programs see and steer what goes through sockets. */
abstract class SocketHooks extends InterfaceHooks {
    SocketHooks() {}

    /**
     * Attaches a program to a cgroup of version 2, at the hook that its section names.
     *
     * @param program the program's name
     * @param cgroup the cgroup's directory, such as {@code /sys/fs/cgroup/app}
     * @return the link; closed with this collection
     * @throws BpfException if there is no such program, the directory is no cgroup, or the kernel
     *     refuses
     */
    public Link attachCgroup(String program, Path cgroup) {
        return attachCgroup(program, cgroup, CgroupOptions.builder().build());
    }

    /**
     * Attaches a program to a cgroup of version 2.
     *
     * @param program the program's name
     * @param cgroup the cgroup's directory, such as {@code /sys/fs/cgroup/app}
     * @param options mechanism, hook, order
     * @return the link; closed with this collection
     * @throws BpfException if there is no such program, the directory is no cgroup, or the kernel
     *     refuses
     */
    public Link attachCgroup(String program, Path cgroup, CgroupOptions options) {
        return keep(Cgroup.attach(program(program), cgroup, options));
    }

    /**
     * Attaches an {@code sk_lookup} or {@code flow_dissector} program to the network namespace that
     * the calling thread is in.
     *
     * @param program the program's name
     * @return the link; closed with this collection
     * @throws BpfException if there is no such program, it is of another kind, or the kernel
     *     refuses
     */
    public Link attachNetns(String program) {
        return keep(NetworkNamespace.attach(program(program)));
    }

    /**
     * Attaches an {@code sk_lookup} or {@code flow_dissector} program to a network namespace.
     *
     * @param program the program's name
     * @param namespace the namespace's file, such as {@code /proc/1234/ns/net} or {@code
     *     /run/netns/blue}
     * @return the link; closed with this collection
     * @throws BpfException if there is no such program, it is of another kind, the file is no
     *     network namespace, or the kernel refuses
     */
    public Link attachNetns(String program, Path namespace) {
        return keep(NetworkNamespace.attach(program(program), namespace));
    }

    /**
     * Attaches an {@code sk_skb} or {@code sk_msg} program to a map of sockets of this object.
     *
     * @param program the program's name
     * @param map the name of a map of type SOCKMAP or SOCKHASH
     * @return the link; closed with this collection
     * @throws BpfException if there is no such program or map, they are of other kinds, or the
     *     kernel refuses
     */
    public Link attachSocketMap(String program, String map) {
        return attachSocketMap(program, map(map), AttachType.NONE);
    }

    /**
     * Attaches an {@code sk_skb} or {@code sk_msg} program to a map of sockets.
     *
     * @param program the program's name
     * @param map a map of type SOCKMAP or SOCKHASH
     * @param type the hook, or {@link AttachType#NONE} for the one that the section names
     * @return the link; closed with this collection
     * @throws BpfException if there is no such program, it or the map is of another kind, or the
     *     kernel refuses
     */
    public Link attachSocketMap(String program, MapHandle map, AttachType type) {
        Program p = program(program);
        return keep(SocketMapHook.attach(p.kernel(), map.descriptor(), map.name(), p, type));
    }

    /**
     * Lists the program that a map of sockets of this object has at a hook (Linux 5.17).
     *
     * @param map the name of a map of type SOCKMAP or SOCKHASH
     * @param type the hook, such as {@link AttachType#SK_MSG_VERDICT}
     * @return the program, if there is one
     * @throws BpfException if there is no such map, it is of another kind, or the kernel refuses
     * @throws io.ebpf4j.error.PermissionDeniedException if CAP_NET_ADMIN is missing
     */
    public AttachedPrograms querySocketMap(String map, AttachType type) {
        return querySocketMap(map(map), type);
    }

    /**
     * Lists the program that a map of sockets has at a hook (Linux 5.17).
     *
     * @param map a map of type SOCKMAP or SOCKHASH
     * @param type the hook, such as {@link AttachType#SK_MSG_VERDICT}
     * @return the program, if there is one
     * @throws BpfException if the map is of another kind, or the kernel refuses
     * @throws io.ebpf4j.error.PermissionDeniedException if CAP_NET_ADMIN is missing
     * @throws IllegalStateException if the map is closed
     */
    public AttachedPrograms querySocketMap(MapHandle map, AttachType type) {
        return SocketMapHook.query(map.kernel(), map.descriptor(), map.name(), type);
    }

    /**
     * Attaches a {@code socket} program to the socket of a channel, whose received packets it
     * filters.
     *
     * @param program the program's name
     * @param channel an open channel, bound to an internet address; see {@link
     *     SocketFilter#attach(Program, NetworkChannel)}
     * @return the link; closed with this collection
     * @throws BpfException if there is no such program, it is of another kind, the channel's
     *     descriptor cannot be told, or the kernel refuses
     */
    public Link attachSocketFilter(String program, NetworkChannel channel) {
        return keep(SocketFilter.attach(program(program), channel));
    }

    /**
     * Attaches a {@code socket} program to a socket, whose received packets it filters.
     *
     * @param program the program's name
     * @param fd the socket's descriptor
     * @return the link; closed with this collection
     * @throws BpfException if there is no such program, it is of another kind, the descriptor is of
     *     no socket, or the kernel refuses
     */
    public Link attachSocketFilter(String program, int fd) {
        return keep(SocketFilter.attach(program(program), fd));
    }

    /**
     * Attaches an {@code sk_reuseport} program to the sockets that share a channel's port.
     *
     * @param program the program's name
     * @param channel an open channel with {@code SO_REUSEPORT}, bound to an internet address
     * @return the link; closed with this collection
     * @throws BpfException if there is no such program, it is of another kind, the channel's
     *     descriptor cannot be told, or the kernel refuses
     */
    public Link attachReuseport(String program, NetworkChannel channel) {
        return keep(Reuseport.attach(program(program), channel));
    }

    /**
     * Attaches an {@code sk_reuseport} program to the sockets that share a socket's port.
     *
     * @param program the program's name
     * @param fd the socket's descriptor
     * @return the link; closed with this collection
     * @throws BpfException if there is no such program, it is of another kind, the descriptor is of
     *     no socket, or the kernel refuses
     */
    public Link attachReuseport(String program, int fd) {
        return keep(Reuseport.attach(program(program), fd));
    }
}
