// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.sys.Bpf;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.FakeSystemCalls;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The qdisc of clsact's kind, and the BPF filters, of the one interface that a test attaches to.
 */
final class FakeFilters {
    /** A filter; its parent says which direction it is for. */
    record Filter(int parent, int priority, int handle, int programId, String name) {}

    private static final int EXCLUSIVE = 0x200;
    private static final int CREATE = 0x400;
    private static final int ECHO = 0x8;
    private static final int FIRST_PRIORITY = 0xc000;

    // TCA_* and TCA_BPF_*; TCA_ACT_BPF_* are one and two less
    private static final int KIND = 1;
    private static final int OPTIONS = 2;
    private static final int FD = 6;
    private static final int NAME = 7;
    private static final int ID = 11;

    /** From the options of a filter for all packets to those of its first action. */
    private static final int[] TO_ACTION = {2, 1, 2};

    private static final int ATTRIBUTES = 36;

    private final FakeSystemCalls fake;

    /** Its kind, or the empty string when there is none. */
    String qdisc = "";

    final List<Filter> all = new ArrayList<>();

    /** Those that run their programs as actions. */
    final Set<Filter> actions = new HashSet<>();

    FakeFilters(FakeSystemCalls fake) {
        this.fake = fake;
    }

    byte[] answer(int type, ByteBuffer message, boolean dump, FakeAnswer answer) {
        int flags = message.getShort(6);
        return switch (type) {
            case NetlinkMessage.NEWQDISC -> makeQdisc(message, answer);
            case NetlinkMessage.DELQDISC -> removeQdisc(answer);
            case NetlinkMessage.GETQDISC -> getQdisc(flags, answer);
            default -> dump ? dump(message.getInt(28), answer) : filter(type, message, answer);
        };
    }

    private byte[] makeQdisc(ByteBuffer message, FakeAnswer answer) {
        if (!qdisc.isEmpty()) {
            return answer.end(Errno.EEXIST, "Exclusivity flag on, cannot modify");
        }
        qdisc = NetlinkMessage.text(message, ATTRIBUTES, KIND);
        return answer.end(0, "");
    }

    private byte[] removeQdisc(FakeAnswer answer) {
        boolean was = !qdisc.isEmpty();
        qdisc = "";
        all.clear();
        return answer.end(was ? 0 : Errno.ENOENT, "");
    }

    private byte[] getQdisc(int flags, FakeAnswer answer) {
        if (!qdisc.isEmpty() && (flags & ECHO) != 0) {
            int start = begin(answer, 0, 0, 0);
            answer.put(KIND, (qdisc + "\0").getBytes(StandardCharsets.UTF_8));
            answer.finish(start);
        }
        return answer.end(qdisc.isEmpty() ? Errno.ENOENT : 0, "");
    }

    private byte[] dump(int parent, FakeAnswer answer) {
        for (Filter filter : all) {
            if (filter.parent == parent) {
                describe(filter, answer);
            }
        }
        return answer.done();
    }

    private byte[] filter(int type, ByteBuffer message, FakeAnswer answer) {
        if (qdisc.isEmpty()) {
            return answer.end(Errno.EINVAL, "Parent Qdisc doesn't exists");
        }
        Filter found = null;
        for (Filter each : all) {
            if (each.parent == message.getInt(28)
                    && each.priority == message.getInt(32) >>> 16
                    && each.handle == message.getInt(24)) {
                found = each;
            }
        }
        if (type == NetlinkMessage.NEWTFILTER) {
            return set(found, message, answer);
        }
        if (found == null) {
            return answer.end(Errno.ENOENT, "");
        }
        if (type == NetlinkMessage.DELTFILTER) {
            all.remove(found);
        } else {
            describe(found, answer);
        }
        return answer.end(0, "");
    }

    private byte[] set(Filter found, ByteBuffer message, FakeAnswer answer) {
        int flags = message.getShort(6);
        if (found != null && (flags & EXCLUSIVE) != 0) {
            return answer.end(Errno.EEXIST, "Filter already exists");
        }
        if (found == null && (flags & CREATE) == 0) {
            return answer.end(Errno.ENOENT, "");
        }
        boolean action = NetlinkMessage.text(message, ATTRIBUTES, KIND).equals("matchall");
        if (action && found != null) {
            return answer.end(Errno.EEXIST, "");
        }
        ByteBuffer options = NetlinkMessage.find(message, ATTRIBUTES, OPTIONS);
        for (int each : action ? TO_ACTION : new int[0]) {
            options = NetlinkMessage.find(options, 0, each);
        }
        int priority = message.getInt(32) >>> 16;
        int handle = message.getInt(24);
        Filter filter =
                new Filter(
                        message.getInt(28),
                        priority == 0 ? FIRST_PRIORITY - all.size() : priority,
                        handle == 0 ? 1 : handle,
                        new Bpf(fake)
                                .progInfo(NetlinkMessage.number(options, 0, action ? FD - 1 : FD))
                                .id(),
                        NetlinkMessage.text(options, 0, action ? NAME - 1 : NAME));
        if (action) {
            actions.add(filter);
        }
        all.remove(found);
        all.add(filter);
        if (action) {
            // as cls_matchall.c does
            int start = begin(answer, 0, filter.parent, filter.priority << 16);
            answer.put(KIND, "matchall\0".getBytes(StandardCharsets.UTF_8));
            answer.finish(start);
        } else {
            describe(filter, answer);
        }
        return answer.end(0, "");
    }

    private void describe(Filter filter, FakeAnswer answer) {
        boolean action = actions.contains(filter);
        int start = begin(answer, filter.handle, filter.parent, filter.priority << 16);
        String kind = action ? "matchall\0" : "bpf\0";
        answer.put(KIND, kind.getBytes(StandardCharsets.UTF_8));
        List<Integer> nests = new ArrayList<>();
        nest(answer, nests, OPTIONS);
        for (int each : action ? TO_ACTION : new int[0]) {
            nest(answer, nests, each);
        }
        answer.put(action ? ID - 2 : ID, filter.programId);
        for (int nest : nests) {
            answer.bytes.putShort(nest, (short) (answer.bytes.position() - nest));
        }
        answer.finish(start);
    }

    private static void nest(FakeAnswer answer, List<Integer> nests, int type) {
        nests.add(answer.bytes.position());
        answer.bytes.putShort((short) 0).putShort((short) type);
    }

    private static int begin(FakeAnswer answer, int handle, int parent, int info) {
        int start = answer.begin(NetlinkMessage.NEWTFILTER);
        answer.bytes.putInt(0).putInt(2).putInt(handle).putInt(parent).putInt(info);
        return start;
    }
}
