// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.sys.Errno;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The routes of a fake kernel, which tells those of IPv4 apart by their programs' names. */
final class FakeRoutes {
    /**
     * A route.
     *
     * @param family its family's number
     * @param destination its prefix in hexadecimal digits, behind its length
     * @param program the program's name, or the empty string
     */
    record Route(
            int family,
            String destination,
            int table,
            int metric,
            int ifindex,
            int tunnel,
            String program) {
        boolean isOf(Route other) {
            return destination.equals(other.destination)
                    && table == other.table
                    && metric == other.metric;
        }
    }

    private static final int AF_INET = 2;
    private static final int ATTRIBUTES = 28;

    // RTA_*
    private static final int DST = 1;
    private static final int OIF = 4;
    private static final int PRIORITY = 6;
    private static final int TABLE = 15;
    private static final int ENCAP_TYPE = 21;
    private static final int ENCAP = 22;
    private static final int NAME = 2;

    final List<Route> all = new ArrayList<>();

    /** The last request, for what a fake does not look at. */
    ByteBuffer request;

    byte[] answer(int type, ByteBuffer message, FakeAnswer answer) {
        if (type == NetlinkMessage.GETROUTE) {
            for (Route route : all) {
                if (route.family == message.get(16)) {
                    describe(route, answer);
                }
            }
            return answer.done();
        }
        request = message;
        Route route = read(message);
        if (type == NetlinkMessage.DELROUTE) {
            boolean gone =
                    all.removeIf(
                            each ->
                                    each.isOf(route)
                                            && (route.family != AF_INET
                                                    || each.program.equals(route.program)));
            return answer.end(gone ? 0 : Errno.ESRCH, "");
        }
        if (all.stream().anyMatch(route::isOf)) {
            return answer.end(Errno.EEXIST, "");
        }
        all.add(route);
        return answer.end(0, "");
    }

    private static Route read(ByteBuffer message) {
        ByteBuffer to = NetlinkMessage.find(message, ATTRIBUTES, DST);
        byte[] bytes = new byte[to.limit()];
        to.get(0, bytes);
        ByteBuffer encap = NetlinkMessage.find(message, ATTRIBUTES, ENCAP);
        return new Route(
                message.get(16),
                (message.get(17) & 0xff) + " " + HexFormat.of().formatHex(bytes),
                NetlinkMessage.number(message, ATTRIBUTES, TABLE),
                NetlinkMessage.number(message, ATTRIBUTES, PRIORITY),
                NetlinkMessage.number(message, ATTRIBUTES, OIF),
                NetlinkMessage.find(message, ATTRIBUTES, ENCAP_TYPE).getShort(0),
                name(encap));
    }

    private static String name(ByteBuffer encap) {
        for (int place : new int[] {1, 2, 3, 8}) {
            ByteBuffer program = NetlinkMessage.find(encap, 0, place);
            if (program != null && program.limit() > Integer.BYTES) {
                return place + " " + NetlinkMessage.text(program, 0, NAME);
            }
        }
        throw new AssertionError("no program");
    }

    private static void describe(Route route, FakeAnswer answer) {
        int start = answer.begin(NetlinkMessage.NEWROUTE);
        String[] to = route.destination.split(" ", 2);
        answer.bytes.put((byte) route.family).put((byte) Integer.parseInt(to[0]));
        answer.bytes.putShort((short) 0).putLong(0);
        answer.put(DST, HexFormat.of().parseHex(to[1]));
        answer.put(TABLE, route.table);
        answer.put(PRIORITY, route.metric);
        answer.put(OIF, route.ifindex);
        if (!route.program.isEmpty()) {
            String[] program = route.program.split(" ", 2);
            int encap = answer.bytes.position();
            answer.bytes.putShort((short) 0).putShort((short) ENCAP);
            int place = answer.bytes.position();
            answer.bytes.putShort((short) 0).putShort(Short.parseShort(program[0]));
            answer.put(NAME, (program[1] + "\0").getBytes(StandardCharsets.UTF_8));
            answer.bytes.putShort(place, (short) (answer.bytes.position() - place));
            answer.bytes.putShort(encap, (short) (answer.bytes.position() - encap));
        }
        answer.finish(start);
    }
}
