// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** A socket whose descriptor is known, which Java's are not. */
final class Sockets implements AutoCloseable {
    private static final int AF_INET = 2;
    private static final int AF_XDP = 44;
    private static final int SOCK_STREAM = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_RAW = 3;
    private static final int SOL_SOCKET = 1;
    private static final int SO_REUSEPORT = 15;
    private static final int SOL_XDP = 283;
    private static final int XDP_RX_RING = 2;

    /** The size of struct sockaddr_in. */
    private static final int ADDRESS_BYTES = 16;

    private static final MethodHandle SOCKET = link("socket", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle CLOSE = link("close", JAVA_INT);
    private static final MethodHandle BIND = link("bind", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle LISTEN = link("listen", JAVA_INT, JAVA_INT);
    private static final MethodHandle OPTION =
            link("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);

    private final int fd;

    private Sockets(int fd) {
        this.fd = fd;
    }

    @SuppressWarnings("restricted") // libc's own functions, by their own signatures
    private static MethodHandle link(String name, ValueLayout... parameters) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().find(name).orElseThrow(),
                FunctionDescriptor.of(JAVA_INT, parameters));
    }

    private static int call(MethodHandle function, Object... arguments) {
        try {
            return (int) function.invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static Sockets open(int family, int type) {
        int fd = call(SOCKET, family, type, 0);
        if (fd < 0) {
            throw new IllegalStateException("no socket of family " + family);
        }
        return new Sockets(fd);
    }

    /** Opens a UDP socket, bound to some port of the loopback, that may share it. */
    static Sockets udp() {
        return open(AF_INET, SOCK_DGRAM).bound(0);
    }

    /** Opens a TCP socket that listens at some port of the loopback. */
    static Sockets listening() {
        return listening(0);
    }

    /** Opens a TCP socket that listens at a port of the loopback, which it may share. */
    static Sockets listening(int port) {
        Sockets socket = open(AF_INET, SOCK_STREAM).bound(port);
        if (call(LISTEN, socket.fd, 1) != 0) {
            throw new IllegalStateException("cannot listen");
        }
        return socket;
    }

    /** Opens a socket for whole frames; null if the kernel has none. */
    static Sockets xdp() {
        int fd = call(SOCKET, AF_XDP, SOCK_RAW, 0);
        if (fd < 0) {
            return null;
        }
        // kernels refuse those that cannot receive
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment entries = arena.allocateFrom(JAVA_INT, 64);
            call(OPTION, fd, SOL_XDP, XDP_RX_RING, entries, Integer.BYTES);
        }
        return new Sockets(fd);
    }

    private Sockets bound(int port) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment one = arena.allocateFrom(JAVA_INT, 1);
            call(OPTION, fd, SOL_SOCKET, SO_REUSEPORT, one, Integer.BYTES);
            MemorySegment address = arena.allocate(ADDRESS_BYTES, 4);
            address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_INET);
            address.set(ValueLayout.JAVA_BYTE, 2, (byte) (port >>> 8));
            address.set(ValueLayout.JAVA_BYTE, 3, (byte) port);
            address.set(ValueLayout.JAVA_BYTE, 4, (byte) 127);
            address.set(ValueLayout.JAVA_BYTE, 7, (byte) 1);
            if (call(BIND, fd, address, ADDRESS_BYTES) != 0) {
                throw new IllegalStateException("cannot bind");
            }
        }
        return this;
    }

    int fd() {
        return fd;
    }

    @Override
    public void close() {
        call(CLOSE, fd);
    }
}
