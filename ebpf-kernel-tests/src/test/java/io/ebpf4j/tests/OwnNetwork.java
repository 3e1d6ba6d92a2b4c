// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.ebpf4j.sys.NativeSystemCalls;
import io.ebpf4j.sys.NativeText;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A network namespace that the calling thread is in until it closes this, with two interfaces that
 * hand each other what they send. Whatever a test leaves there ends with it.
 */
final class OwnNetwork implements AutoCloseable {
    static final String NEAR = "near";
    static final String FAR = "far";

    private static final int CLONE_NEWNET = 0x40000000;
    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW = 3;
    private static final int SOL_SOCKET = 1;
    private static final int RECEIVE_TIMEOUT = 20;
    private static final int SECONDS = 30;

    /** The size of struct sockaddr_ll. */
    private static final int ADDRESS_BYTES = 20;

    /** A number for experiments, in which interfaces.bpf.c counts. */
    static final int PROTOCOL = 0x88b5;

    private static final int FRAME_BYTES = 60;
    private static final int HEADER_BYTES = 14;

    private static final MethodHandle UNSHARE = link("unshare", JAVA_INT);
    private static final MethodHandle SETNS = link("setns", JAVA_INT, JAVA_INT);
    private static final MethodHandle BIND = link("bind", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle INDEX = link("if_nametoindex", ADDRESS);

    private final NativeSystemCalls calls = NativeSystemCalls.instance();
    private final int outside;
    private int sender = -1;
    private int receiver = -1;

    private OwnNetwork() {
        outside = (int) calls.open("/proc/thread-self/ns/net", 0, 0);
        if (outside < 0) {
            throw new IllegalStateException("network namespace: errno " + -outside);
        }
        if (call(UNSHARE, CLONE_NEWNET) != 0) {
            calls.close(outside);
            throw new IllegalStateException("no network namespace can be made");
        }
    }

    /**
     * Enters a namespace with a pair of interfaces, both up.
     *
     * @param kind {@code veth} or {@code netkit}
     */
    static OwnNetwork of(String kind) {
        return of(kind, NEAR, FAR);
    }

    /**
     * Enters a namespace with a pair of interfaces, both up.
     *
     * @param kind {@code veth} or {@code netkit}
     * @param primary the interface that is made: {@link #NEAR} or {@link #FAR}
     * @param peer the interface that is made with it: the other one
     */
    static OwnNetwork of(String kind, String primary, String peer) {
        OwnNetwork network = new OwnNetwork();
        try {
            int errno = Rtnetlink.pair(kind, primary, peer);
            if (errno != 0) {
                throw new IllegalStateException("no " + kind + ": errno " + errno);
            }
            Rtnetlink.up(index("lo"));
            // the second of a pair finds a carrier and can send at once, the first some time later
            Rtnetlink.up(index(FAR));
            Rtnetlink.up(index(NEAR));
            network.sender = network.packetSocket(0, NEAR);
            network.receiver = network.packetSocket(PROTOCOL, FAR);
            return network;
        } catch (Throwable t) {
            network.close();
            throw t;
        }
    }

    /** Tells whether there can be one: what is missing, or the empty string. */
    static String missing(String kind) {
        try (OwnNetwork network = of(kind)) {
            return network.sender < 0 ? kind + " missing" : "";
        } catch (IllegalStateException e) {
            return kind + " missing (" + e.getMessage() + ")";
        }
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

    /** Returns the number of an interface. */
    static int index(String name) {
        try (Arena arena = Arena.ofConfined()) {
            return call(INDEX, arena.allocateFrom(name));
        }
    }

    private int packetSocket(int protocol, String device) {
        int bigEndian = Short.toUnsignedInt(Short.reverseBytes((short) protocol));
        boolean swap = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
        int socket = (int) calls.socket(AF_PACKET, SOCK_RAW, swap ? bigEndian : protocol);
        if (socket < 0) {
            throw new IllegalStateException("no packet socket: errno " + -socket);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(ADDRESS_BYTES, 4);
            NativeText.buffer(address)
                    .putShort(0, (short) AF_PACKET)
                    .putShort(2, (short) (swap ? bigEndian : protocol))
                    .putInt(4, index(device));
            MemorySegment timeout = arena.allocate(16, 8);
            NativeText.buffer(timeout).putLong(0, SECONDS);
            calls.setSocketOption(socket, SOL_SOCKET, RECEIVE_TIMEOUT, timeout);
            if (call(BIND, socket, address, ADDRESS_BYTES) != 0) {
                calls.close(socket);
                throw new IllegalStateException("cannot bind to " + device);
            }
        }
        return socket;
    }

    /**
     * Sends frames from one interface, and waits until each came out of the other: behind all that
     * looks at it on its way.
     */
    void send(int times) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment frame = frame(arena, PROTOCOL, new byte[FRAME_BYTES - HEADER_BYTES]);
            MemorySegment room = arena.allocate(2 * FRAME_BYTES);
            for (int i = 0; i < times; i++) {
                check("sending", calls.write(sender, frame));
                check("receiving", calls.read(receiver, room));
            }
        }
    }

    /** Sends a packet of a protocol, and waits until a frame behind it came out. */
    void send(int protocol, byte[] packet) {
        sendFrame(protocol, packet);
        send(1);
    }

    /** Sends a frame from the one interface, whatever becomes of it. */
    void sendFrame(int protocol, byte[] packet) {
        try (Arena arena = Arena.ofConfined()) {
            check("sending", calls.write(sender, frame(arena, protocol, packet)));
        }
    }

    private static MemorySegment frame(Arena arena, int protocol, byte[] packet) {
        MemorySegment frame = arena.allocate(Math.max(FRAME_BYTES, HEADER_BYTES + packet.length));
        ByteBuffer bytes = frame.asByteBuffer().order(ByteOrder.BIG_ENDIAN);
        for (int i = 0; i < 6; i++) {
            bytes.put(i, (byte) 0xff);
        }
        bytes.put(6, (byte) 2).putShort(12, (short) protocol).put(HEADER_BYTES, packet);
        return frame;
    }

    private static void check(String what, long result) {
        if (result < FRAME_BYTES) {
            throw new AssertionError(what + " a frame: " + result);
        }
    }

    @Override
    public void close() {
        if (sender >= 0) {
            calls.close(sender);
        }
        if (receiver >= 0) {
            calls.close(receiver);
        }
        int result = call(SETNS, outside, CLONE_NEWNET);
        calls.close(outside);
        if (result != 0) {
            throw new IllegalStateException("cannot return to the machine's network namespace");
        }
    }
}
