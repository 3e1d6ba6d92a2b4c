// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.kernel.KernelVersion;
import io.ebpf4j.sys.Bpf;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.FakeSystemCalls;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The rtnetlink of a fake kernel: interfaces with their XDP programs, which it sets and compares as
 * the kernel does, and with filters and routes.
 */
final class FakeNetwork {
    /** An error that the kernel is to answer a request with, and its words. */
    record Refusal(int type, int errno, String words) {}

    private static final int DUMP = 0x300;

    // IFLA_*
    private static final int NAME = 3;
    private static final int XDP = 43;
    private static final int ALTERNATIVE_NAME = 53;

    // IFLA_XDP_* and XDP_FLAGS_*
    private static final int FD = 1;
    private static final int ATTACHED = 2;
    private static final int FLAGS = 3;
    private static final int PROG_ID = 4;
    private static final int EXPECTED_FD = 8;
    private static final int UPDATE_IF_NOEXIST = 1;
    private static final int GENERIC = 1 << 1;
    private static final int REPLACE = 1 << 4;

    private final FakeSystemCalls fake;
    private final KernelVersion version;
    private final Map<String, Integer> interfaces = new TreeMap<>(Map.of("lo", 1, "eth0", 2));
    private final Map<Integer, Deque<byte[]>> sockets = new HashMap<>();
    private final Set<Integer> generic = new HashSet<>();

    /** The XDP program's id of each interface that has one. */
    final Map<Integer, Integer> xdp = new TreeMap<>();

    final FakeRoutes routes = new FakeRoutes();

    /** Qdiscs and filters. */
    final FakeFilters filters;

    /** What is refused once, each at the first request of its type. */
    final List<Refusal> refusals = new ArrayList<>();

    /** The types of requests, in their order. */
    final List<Integer> requests = new ArrayList<>();

    FakeNetwork(FakeSystemCalls fake, String version) {
        this.fake = fake;
        this.version = KernelVersion.parse(version);
        this.filters = new FakeFilters(fake);
    }

    void opened(int fd) {
        sockets.put(fd, new ArrayDeque<>());
    }

    boolean isSocket(int fd) {
        return sockets.containsKey(fd);
    }

    void remove(String name) {
        int index = interfaces.remove(name);
        xdp.remove(index);
        filters.qdisc = "";
        filters.all.clear();
        routes.all.removeIf(route -> route.ifindex() == index);
    }

    long write(int fd, MemorySegment bytes) {
        ByteBuffer message =
                ByteBuffer.wrap(bytes.toArray(ValueLayout.JAVA_BYTE))
                        .order(ByteOrder.nativeOrder());
        if (message.getInt(0) != message.limit()) {
            return -Errno.EINVAL;
        }
        int type = message.getShort(4);
        requests.add(type);
        sockets.get(fd).add(answer(type, message));
        return message.limit();
    }

    long read(int fd, MemorySegment room) {
        byte[] next = sockets.get(fd).poll();
        if (next == null) {
            return -Errno.EAGAIN;
        }
        room.asByteBuffer().put(next);
        return next.length;
    }

    private byte[] answer(int type, ByteBuffer message) {
        FakeAnswer answer = new FakeAnswer(message.getInt(8));
        for (Refusal refusal : refusals) {
            if (refusal.type == type) {
                refusals.remove(refusal);
                return answer.end(refusal.errno, refusal.words);
            }
        }
        int index = message.getInt(20);
        boolean dump = (message.getShort(6) & DUMP) == DUMP;
        return switch (type) {
            case NetlinkMessage.GETLINK -> dump ? allLinks(answer) : link(message, index, answer);
            case NetlinkMessage.SETLINK ->
                    interfaces.containsValue(index)
                            ? setXdp(index, NetlinkMessage.find(message, 32, XDP), answer)
                            : answer.end(Errno.ENODEV, "");
            case NetlinkMessage.NEWROUTE, NetlinkMessage.DELROUTE, NetlinkMessage.GETROUTE ->
                    routes.answer(type, message, answer);
            default ->
                    interfaces.containsValue(index)
                            ? filters.answer(type, message, dump, answer)
                            : answer.end(Errno.ENODEV, "");
        };
    }

    private byte[] allLinks(FakeAnswer answer) {
        interfaces.forEach((name, index) -> describe(name, index, answer));
        return answer.done();
    }

    private byte[] link(ByteBuffer message, int index, FakeAnswer answer) {
        String wanted = NetlinkMessage.text(message, 32, NAME);
        if (wanted.isEmpty()) {
            wanted = NetlinkMessage.text(message, 32, ALTERNATIVE_NAME);
        }
        for (Map.Entry<String, Integer> each : interfaces.entrySet()) {
            if (each.getKey().equals(wanted) || each.getValue() == index) {
                describe(each.getKey(), each.getValue(), answer);
                return answer.end(0, "");
            }
        }
        return answer.end(Errno.ENODEV, "");
    }

    private void describe(String name, int index, FakeAnswer answer) {
        int start = answer.begin(NetlinkMessage.NEWLINK);
        answer.bytes.putInt(0).putInt(index).putLong(0);
        answer.put(NAME, (name + "\0").getBytes(StandardCharsets.UTF_8));
        int nest = answer.bytes.position();
        answer.bytes.putShort((short) 0).putShort((short) XDP);
        int id = xdp.getOrDefault(index, 0);
        int mode = id == 0 ? 0 : generic.contains(index) ? 2 : 1;
        answer.put(ATTACHED, new byte[] {(byte) mode});
        if (id != 0) {
            answer.put(PROG_ID, id);
        }
        answer.bytes.putShort(nest, (short) (answer.bytes.position() - nest));
        answer.finish(start);
    }

    // as dev_xdp_attach of Linux 5.10 does, with one mode at a time
    private byte[] setXdp(int index, ByteBuffer attributes, FakeAnswer answer) {
        int flags = NetlinkMessage.number(attributes, 0, FLAGS);
        int fd = NetlinkMessage.number(attributes, 0, FD);
        int there = xdp.getOrDefault(index, 0);
        if ((flags & REPLACE) != 0) {
            if (!version.isAtLeast("5.7")) {
                return answer.end(Errno.EINVAL, "");
            }
            if (there != id(NetlinkMessage.number(attributes, 0, EXPECTED_FD))) {
                return answer.end(Errno.EEXIST, "Active program does not match expected");
            }
        }
        if ((flags & UPDATE_IF_NOEXIST) != 0 && there != 0) {
            return answer.end(Errno.EBUSY, "XDP program already attached");
        }
        if (fd < 0) {
            xdp.remove(index);
            return answer.end(0, "");
        }
        xdp.put(index, id(fd));
        if ((flags & GENERIC) != 0) {
            generic.add(index);
        } else {
            generic.remove(index);
        }
        return answer.end(0, "");
    }

    private int id(int programFd) {
        return new Bpf(fake).progInfo(programFd).id();
    }
}
