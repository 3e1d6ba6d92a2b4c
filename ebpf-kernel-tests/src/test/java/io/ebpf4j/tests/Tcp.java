// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** TCP connections with a congestion control of one's choice, which Java's sockets cannot set. */
final class Tcp {
    private static final int AF_INET = 2;
    private static final int SOCK_STREAM = 1;
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_CONGESTION = 13;
    private static final int MSG_WAITALL = 0x100;

    /** The size of struct sockaddr_in. */
    private static final int ADDRESS_BYTES = 16;

    private static final int CHUNK = 1 << 14;

    private static final MethodHandle SOCKET = link("socket", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle CLOSE = link("close", JAVA_INT);
    private static final MethodHandle LISTEN = link("listen", JAVA_INT, JAVA_INT);
    private static final MethodHandle NAME = link("getsockname", JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle ACCEPT = link("accept", JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle CONNECT = link("connect", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle SEND = link("send", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    private static final MethodHandle RECEIVE = link("recv", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    private static final MethodHandle OPTION =
            link("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);

    private Tcp() {}

    @SuppressWarnings("restricted") // libc's own functions, by their own signatures
    private static MethodHandle link(String name, ValueLayout... parameters) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().find(name).orElseThrow(),
                FunctionDescriptor.of(JAVA_INT, parameters));
    }

    /** Returns the congestion controls that are registered. */
    static List<String> controls() throws IOException {
        Path names = Path.of("/proc/sys/net/ipv4/tcp_available_congestion_control");
        return List.of(Files.readString(names).strip().split(" ", -1));
    }

    /**
     * Sends some data over a connection to this host.
     *
     * @param control the sender's congestion control
     * @param chunks how often data is sent and received
     */
    static void send(String control, int chunks) throws Throwable {
        int server = require((int) SOCKET.invokeExact(AF_INET, SOCK_STREAM, 0), "socket");
        int client = require((int) SOCKET.invokeExact(AF_INET, SOCK_STREAM, 0), "socket");
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(control);
            int length = control.length();
            require(
                    (int) OPTION.invokeExact(client, IPPROTO_TCP, TCP_CONGESTION, name, length),
                    "setsockopt(TCP_CONGESTION, " + control + ")");
            // without a name, a socket that listens gets a free port of all addresses
            require((int) LISTEN.invokeExact(server, 1), "listen");
            MemorySegment address = arena.allocate(ADDRESS_BYTES, Integer.BYTES);
            MemorySegment size = arena.allocateFrom(JAVA_INT, ADDRESS_BYTES);
            require((int) NAME.invokeExact(server, address, size), "getsockname");
            require((int) CONNECT.invokeExact(client, address, ADDRESS_BYTES), "connect");
            int peer =
                    require(
                            (int)
                                    ACCEPT.invokeExact(
                                            server, MemorySegment.NULL, MemorySegment.NULL),
                            "accept");
            try {
                exchange(client, peer, arena.allocate(CHUNK), chunks);
            } finally {
                close(peer);
            }
        } finally {
            close(client);
            close(server);
        }
    }

    private static void exchange(int client, int peer, MemorySegment data, int chunks)
            throws Throwable {
        for (int i = 0; i < chunks; i++) {
            int sent = require((int) SEND.invokeExact(client, data, CHUNK, 0), "send");
            require((int) RECEIVE.invokeExact(peer, data, sent, MSG_WAITALL), "recv");
        }
    }

    private static void close(int fd) throws Throwable {
        require((int) CLOSE.invokeExact(fd), "close");
    }

    private static int require(int result, String what) throws IOException {
        if (result < 0) {
            throw new IOException(what + " failed");
        }
        return result;
    }
}
