// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.FileInputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What processes do that the hooks of cgroups see: by Java's channels, and by libc where they do
 * not do it.
 */
final class SocketEvents {
    private static final int AF_UNIX = 1;
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int SOCK_DGRAM = 2;

    /** The size of struct sockaddr_un, the longest of the addresses used. */
    private static final int ADDRESS_BYTES = 110;

    private static final MethodHandle SOCKET =
            link("socket", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle CLOSE = link("close", JAVA_INT, JAVA_INT);
    private static final MethodHandle BIND = link("bind", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle CONNECT =
            link("connect", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle PEER =
            link("getpeername", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle SEND =
            link("sendto", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle RECEIVE =
            link("recvfrom", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS);

    private SocketEvents() {}

    @SuppressWarnings("restricted") // libc's own functions, by their own signatures
    private static MethodHandle link(String name, MemoryLayout result, ValueLayout... parameters) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().find(name).orElseThrow(),
                FunctionDescriptor.of(result, parameters));
    }

    private static int call(MethodHandle function, Object... arguments) throws IOException {
        long result;
        try {
            result = ((Number) function.invokeWithArguments(arguments)).longValue();
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        if (result < 0) {
            throw new IOException("a call of libc failed");
        }
        return (int) result;
    }

    /** Does all that the hooks see which every supported kernel has. */
    static void ofEveryKernel() throws IOException {
        datagram(StandardProtocolFamily.INET, "127.0.0.1");
        datagram(StandardProtocolFamily.INET6, "::1");
        stream(StandardProtocolFamily.INET, "127.0.0.1");
        stream(StandardProtocolFamily.INET6, "::1");
        peerName(AF_INET, "127.0.0.1");
        peerName(AF_INET6, "::1");
        Files.readString(Path.of("/proc/sys/kernel/ostype"));
        new FileInputStream("/dev/null").close();
    }

    private static void datagram(ProtocolFamily family, String host) throws IOException {
        try (DatagramChannel server = DatagramChannel.open(family);
                DatagramChannel client = DatagramChannel.open(family)) {
            server.bind(new InetSocketAddress(InetAddress.getByName(host), 0));
            server.setOption(StandardSocketOptions.SO_RCVBUF, 1 << 16);
            server.getOption(StandardSocketOptions.SO_RCVBUF);
            client.send(ByteBuffer.allocate(8), server.getLocalAddress());
            server.receive(ByteBuffer.allocate(8));
        }
    }

    private static void stream(ProtocolFamily family, String host) throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open(family)) {
            server.bind(new InetSocketAddress(InetAddress.getByName(host), 0));
            try (SocketChannel client = SocketChannel.open(family)) {
                client.connect(server.getLocalAddress());
                server.accept().close();
            }
        }
    }

    private static void peerName(int family, String host) throws IOException {
        int fd = call(SOCKET, family, SOCK_DGRAM, 0);
        try (Arena arena = Arena.ofConfined()) {
            // struct sockaddr_in, sockaddr_in6: family, port; the address is at 4 or 8
            byte[] address = InetAddress.getByName(host).getAddress();
            MemorySegment name = arena.allocate(ADDRESS_BYTES, 4);
            name.set(ValueLayout.JAVA_SHORT, 0, (short) family);
            name.set(ValueLayout.JAVA_SHORT, 2, (short) 0x0900);
            MemorySegment.copy(
                    address,
                    0,
                    name,
                    ValueLayout.JAVA_BYTE,
                    family == AF_INET ? 4 : 8,
                    address.length);
            call(CONNECT, fd, name, family == AF_INET ? 16 : 28);
            call(PEER, fd, name, arena.allocateFrom(JAVA_INT, ADDRESS_BYTES));
        } finally {
            call(CLOSE, fd);
        }
    }

    /** Does all that the hooks of Unix domain sockets see (6.7). */
    static void ofUnixSockets() throws IOException {
        Path folder = Files.createTempDirectory("ebpf4j");
        Path name = folder.resolve("stream");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(name));
            try (SocketChannel client = SocketChannel.open(server.getLocalAddress())) {
                server.accept().close();
                client.getLocalAddress();
            }
            unixDatagram(folder.resolve("datagram"));
        } finally {
            Files.deleteIfExists(folder.resolve("datagram"));
            Files.deleteIfExists(name);
            Files.delete(folder);
        }
    }

    private static void unixDatagram(Path path) throws IOException {
        int server = call(SOCKET, AF_UNIX, SOCK_DGRAM, 0);
        int client = call(SOCKET, AF_UNIX, SOCK_DGRAM, 0);
        try (Arena arena = Arena.ofConfined()) {
            byte[] text = path.toString().getBytes(StandardCharsets.UTF_8);
            MemorySegment name = arena.allocate(ADDRESS_BYTES, 4);
            name.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
            MemorySegment.copy(text, 0, name, ValueLayout.JAVA_BYTE, 2, text.length);
            int length = 2 + text.length + 1;
            call(BIND, server, name, length);
            MemorySegment data = arena.allocate(8);
            MemorySegment room = arena.allocate(ADDRESS_BYTES, 4);
            MemorySegment size = arena.allocateFrom(JAVA_INT, ADDRESS_BYTES);
            call(SEND, client, data, 8L, 0, name, length);
            call(RECEIVE, server, data, 8L, 0, room, size);
            call(CONNECT, client, name, length);
            size.set(JAVA_INT, 0, ADDRESS_BYTES);
            call(PEER, client, room, size);
        } finally {
            call(CLOSE, server);
            call(CLOSE, client);
        }
    }
}
