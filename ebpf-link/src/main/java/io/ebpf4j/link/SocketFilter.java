// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.program.Program;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.ChannelDescriptor;

import java.nio.channels.NetworkChannel;

/**
 * Attaches filters to sockets ({@code SEC("socket")}, {@code SO_ATTACH_BPF}, Linux 3.19): the
 * program says how many bytes of each received packet the socket gets, 0 for none. A socket has one
 * filter; another one takes its place.
 */
public final class SocketFilter {
    private static final SocketAttachment.Option OPTION =
            new SocketAttachment.Option("socket filter", 50, "SO_ATTACH_BPF", 27, "SO_DETACH_BPF");

    private SocketFilter() {}

    /**
     * Attaches a program to the socket of a channel.
     *
     * <p>Java does not tell the descriptor of a channel. It is found by the channel's addresses, or
     * asked for when the JVM was started with {@code --add-exports
     * java.base/sun.nio.ch=io.ebpf4j.core} ({@code =ALL-UNNAMED} on the class path).
     *
     * @param program a program of type SOCKET_FILTER
     * @param channel an open channel, bound to an internet address
     * @return the link; close it to detach. It does not keep the socket open
     * @throws io.ebpf4j.error.BpfException if the program is of another type, the descriptor cannot
     *     be told, or the kernel refuses
     * @throws IllegalStateException if the program is closed
     */
    public static Link attach(Program program, NetworkChannel channel) {
        return attach(program, ChannelDescriptor.of(channel));
    }

    /**
     * Attaches a program to a socket.
     *
     * @param program a program of type SOCKET_FILTER
     * @param fd the socket's descriptor, which stays the caller's
     * @return the link; close it to detach. It does not keep the socket open
     * @throws io.ebpf4j.error.BpfException if the program is of another type, the descriptor is of
     *     no socket, or the kernel refuses
     * @throws IllegalStateException if the program is closed
     */
    public static Link attach(Program program, int fd) {
        return attach(HostFiles.SYSTEM, program, fd);
    }

    static Link attach(HostFiles files, Program program, int fd) {
        Hooks.require(program, "a socket", ProgramType.SOCKET_FILTER);
        return SocketAttachment.attach(files, program, fd, OPTION);
    }
}
