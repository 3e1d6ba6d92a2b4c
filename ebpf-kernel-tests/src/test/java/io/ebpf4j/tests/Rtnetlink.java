// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.NativeSystemCalls;
import io.ebpf4j.sys.NativeText;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes interfaces and looks at qdiscs in the calling thread's network namespace, without the
 * library's netlink and without {@code ip}, which a machine may lack.
 */
final class Rtnetlink {
    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW = 3;
    private static final int ROOM = 64 << 10;
    private static final int HEADER = 16;

    private static final int NEWLINK = 16;
    private static final int DELLINK = 17;
    private static final int NEWROUTE = 24;
    private static final int NEWQDISC = 36;
    private static final int GETQDISC = 38;
    private static final int GETTFILTER = 46;
    private static final int REQUEST_ACK = 0x5;
    private static final int REQUEST_DUMP = 0x301;
    private static final int CREATE_EXCLUSIVE = 0x600;
    private static final int CREATE_REPLACING = 0x500;
    private static final int ERROR = 2;
    private static final int DONE = 3;

    private static final int IFNAME = 3;
    private static final int MTU = 4;
    private static final int LINKINFO = 18;
    private static final int INFO_KIND = 1;
    private static final int INFO_DATA = 2;
    private static final int PEER = 1;
    private static final int NETKIT_MODE = 5;
    private static final int KIND = 1;

    private final ByteBuffer message = ByteBuffer.allocate(512).order(ByteOrder.nativeOrder());

    private Rtnetlink(int type, int flags) {
        message.putInt(0).putShort((short) type).putShort((short) flags).putLong(0);
    }

    /** Makes a pair of interfaces; returns the error number, or 0. */
    static int pair(String kind, String one, String other) {
        Rtnetlink r = new Rtnetlink(NEWLINK, REQUEST_ACK | CREATE_EXCLUSIVE);
        r.message.put(new byte[16]);
        r.text(IFNAME, one);
        int info = r.begin(LINKINFO);
        r.text(INFO_KIND, kind);
        int data = r.begin(INFO_DATA);
        int peer = r.begin(PEER);
        r.message.put(new byte[16]);
        r.text(IFNAME, other);
        r.end(peer);
        if (kind.equals("netkit")) {
            // with Ethernet headers
            r.message.putShort((short) 8).putShort((short) NETKIT_MODE).putInt(0);
        }
        r.end(data);
        r.end(info);
        return r.ask(new ArrayList<>());
    }

    /** Sets an interface up. */
    static void up(int ifindex) {
        Rtnetlink r = new Rtnetlink(NEWLINK, REQUEST_ACK);
        r.message.putInt(0).putInt(ifindex).putInt(1).putInt(1);
        int errno = r.ask(new ArrayList<>());
        if (errno != 0) {
            throw new IllegalStateException("setting interface " + ifindex + " up: " + errno);
        }
    }

    /** Has an interface take packets of so many bytes and no more. */
    static void limit(int ifindex, int bytes) {
        Rtnetlink r = new Rtnetlink(NEWLINK, REQUEST_ACK);
        r.message.putInt(0).putInt(ifindex).putLong(0);
        r.message.putShort((short) 8).putShort((short) MTU).putInt(bytes);
        int errno = r.ask(new ArrayList<>());
        if (errno != 0) {
            throw new IllegalStateException("limiting interface " + ifindex + ": " + errno);
        }
    }

    /** Removes an interface, and what it is paired with. */
    static void remove(int ifindex) {
        Rtnetlink r = new Rtnetlink(DELLINK, REQUEST_ACK);
        r.message.putInt(0).putInt(ifindex).putLong(0);
        int errno = r.ask(new ArrayList<>());
        if (errno != 0) {
            throw new IllegalStateException("removing interface " + ifindex + ": " + errno);
        }
    }

    /** Puts a plain route in the place of one of the main table. */
    static void replaceRoute(String prefix, int ifindex, int metric) throws IOException {
        int slash = prefix.indexOf('/');
        byte[] to = InetAddress.getByName(prefix.substring(0, slash)).getAddress();
        Rtnetlink r = new Rtnetlink(NEWROUTE, REQUEST_ACK | CREATE_REPLACING);
        r.message
                .put((byte) (to.length == 4 ? 2 : 10))
                .put((byte) Integer.parseInt(prefix.substring(slash + 1)))
                .putShort((short) 0)
                .put(new byte[] {(byte) 254, 4, (byte) (to.length == 4 ? 253 : 0), 1})
                .putInt(0);
        r.message.putShort((short) (4 + to.length)).putShort((short) 1).put(to);
        r.message.putShort((short) 8).putShort((short) 4).putInt(ifindex);
        r.message.putShort((short) 8).putShort((short) 6).putInt(metric);
        int errno = r.ask(new ArrayList<>());
        if (errno != 0) {
            throw new IllegalStateException("replacing the route to " + prefix + ": " + errno);
        }
    }

    /** Gives an interface the qdisc that came before clsact. */
    static void addIngress(int ifindex) {
        Rtnetlink r = new Rtnetlink(NEWQDISC, REQUEST_ACK | CREATE_EXCLUSIVE);
        r.message.putInt(0).putInt(ifindex).putInt(0xffff_0000).putInt(0xffff_fff1).putInt(0);
        r.text(KIND, "ingress");
        int errno = r.ask(new ArrayList<>());
        if (errno != 0) {
            throw new IllegalStateException("an ingress qdisc: " + errno);
        }
    }

    /** Returns the kinds of the interface's qdiscs. */
    static List<String> qdiscs(int ifindex) {
        return kinds(GETQDISC, ifindex, 0);
    }

    /** Returns the kinds of the filters of clsact at one of its places. */
    static List<String> filters(int ifindex, int parent) {
        return kinds(GETTFILTER, ifindex, parent);
    }

    private static List<String> kinds(int type, int ifindex, int parent) {
        Rtnetlink r = new Rtnetlink(type, REQUEST_DUMP);
        r.message.putInt(0).putInt(ifindex).putInt(0).putInt(parent).putInt(0);
        List<ByteBuffer> answers = new ArrayList<>();
        int errno = r.ask(answers);
        if (errno != 0 && errno != Errno.EINVAL) {
            throw new IllegalStateException("a dump of " + type + ": " + errno);
        }
        List<String> kinds = new ArrayList<>();
        for (ByteBuffer answer : answers) {
            if (answer.getInt(4) == ifindex && answer.getShort(22) == KIND) {
                kinds.add(NativeText.string(answer, 24, answer.getShort(20) - 4));
            }
        }
        return kinds;
    }

    private int begin(int type) {
        int start = message.position();
        message.putShort((short) 0).putShort((short) type);
        return start;
    }

    private void end(int start) {
        message.putShort(start, (short) (message.position() - start));
    }

    private void text(int type, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        message.putShort((short) (4 + bytes.length + 1)).putShort((short) type).put(bytes);
        message.position(message.position() + 4 & ~3);
    }

    private int ask(List<ByteBuffer> answers) {
        NativeSystemCalls calls = NativeSystemCalls.instance();
        int socket = (int) calls.socket(AF_NETLINK, SOCK_RAW, 0);
        try (Arena arena = Arena.ofConfined()) {
            byte[] bytes = new byte[message.position()];
            message.putInt(0, bytes.length).get(0, bytes);
            long sent = calls.write(socket, NativeText.bytes(arena, bytes));
            if (sent < 0) {
                throw new IllegalStateException("netlink: errno " + -sent);
            }
            MemorySegment room = arena.allocate(ROOM, Long.BYTES);
            while (true) {
                long length = calls.read(socket, room);
                byte[] part = new byte[(int) length];
                NativeText.buffer(room).get(0, part);
                ByteBuffer all = ByteBuffer.wrap(part).order(ByteOrder.nativeOrder());
                for (int at = 0; at + HEADER <= length; at += all.getInt(at) + 3 & ~3) {
                    int type = all.getShort(at + 4);
                    if (type == ERROR || type == DONE) {
                        return -all.getInt(at + HEADER);
                    }
                    answers.add(all.slice(at + HEADER, all.getInt(at) - HEADER).order(all.order()));
                }
            }
        } finally {
            calls.close(socket);
        }
    }
}
