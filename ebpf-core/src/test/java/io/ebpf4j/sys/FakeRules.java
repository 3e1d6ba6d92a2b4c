// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.sys;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfFeature;
import io.ebpf4j.kernel.KernelVersion;
import io.ebpf4j.spec.AttachType;
import io.ebpf4j.spec.MapType;
import io.ebpf4j.spec.ProgramType;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;

/** What a kernel of some version refuses, and with which error number. */
final class FakeRules {
    private static final int F_MMAPABLE = 1 << 10;
    private static final int F_LINK = 1 << 13;
    private static final int LDDW = 0x18;
    private static final int HEADER = 24;
    private static final int CALL = 0x85;
    private static final int PSEUDO_MAP_VALUE = 2;
    private static final int GET_FUNC_IP = 173;
    private static final int FAR = 1 << 29;

    // enum bpf_link_type
    private static final int CGROUP = 3;
    static final int ITER = 4;
    private static final int NETNS = 5;
    private static final int XDP = 6;
    private static final int TCX = 11;
    private static final int NETKIT = 13;
    private static final int SOCKMAP = 14;

    /** What lies below is mapped by no process. */
    private static final long FIRST_ADDRESS = 1 << 16;

    /** The kernel that introduced a helper, for those that tests call. */
    private static final Map<Integer, String> HELPERS =
            Map.of(
                    112, "5.5", 113, "5.5", 114, "5.5", 115, "5.5", 160, "5.11", 173, "5.15", 174,
                    "5.15", 9999, "99.0");

    private final KernelVersion version;

    FakeRules(KernelVersion version) {
        this.version = version;
    }

    /** Returns the constant that has a number of the kernel's, or null. */
    static <E extends Enum<E>> E constant(E[] inKernelOrder, int number) {
        return number >= 0 && number < inKernelOrder.length ? inKernelOrder[number] : null;
    }

    private boolean lacks(String since) {
        return !version.isAtLeast(since);
    }

    int map(FakeObject.Table map) {
        MapType type = constant(MapType.values(), map.type);
        if (type == null || lacks(type.since())) {
            return Errno.EINVAL;
        }
        if ((map.flags & F_LINK) != 0 && lacks("6.4")) {
            return Errno.EINVAL;
        }
        return (map.flags & F_MMAPABLE) != 0 && lacks("5.5") ? Errno.EINVAL : 0;
    }

    /**
     * Returns E2BIG when a member is set that the kernel is too old for, EINVAL for an unknown
     * program type.
     */
    int ignoredByProgLoad(ByteBuffer attr) {
        boolean tooLong =
                lacks("4.15") && attr.get(AttrLayout.offset(AttrLayout.ProgLoad.PROG_NAME)) != 0
                        || lacks("4.17") && set(attr, AttrLayout.ProgLoad.EXPECTED_ATTACH_TYPE)
                        || lacks("5.0") && set(attr, AttrLayout.ProgLoad.PROG_BTF_FD)
                        || lacks("5.5") && set(attr, AttrLayout.ProgLoad.ATTACH_BTF_ID)
                        || lacks("5.14") && set(attr, AttrLayout.ProgLoad.FD_ARRAY);
        if (tooLong) {
            return Errno.E2BIG;
        }
        int number = attr.getInt(AttrLayout.offset(AttrLayout.ProgLoad.PROG_TYPE));
        ProgramType type = constant(ProgramType.values(), number);
        if (type == null || lacks(type.since())) {
            return Errno.EINVAL;
        }
        boolean kprobe = type == ProgramType.KPROBE;
        boolean versioned =
                attr.getInt(AttrLayout.offset(AttrLayout.ProgLoad.KERN_VERSION)) == version.code();
        return kprobe && lacks("5.0") && !versioned ? Errno.EINVAL : 0;
    }

    private static boolean set(ByteBuffer attr, int field) {
        int offset = AttrLayout.offset(field);
        return AttrLayout.width(field) == Long.BYTES
                ? attr.getLong(offset) != 0
                : attr.getInt(offset) != 0;
    }

    /** Returns the verifier's words for instructions it does not know, or null. */
    String rejection(ByteBuffer attr, byte[] instructions) {
        ByteBuffer code = ByteBuffer.wrap(instructions).order(ByteOrder.nativeOrder());
        for (int at = 0; at < instructions.length; at += 8) {
            int opcode = code.get(at) & 0xff;
            int src = code.get(at + 1) >> 4 & 0xf;
            if (opcode == CALL
                    && src == 0
                    && lacks(HELPERS.getOrDefault(code.getInt(at + 4), "3.18"))) {
                return at / 8
                        + ": (85) call unknown#"
                        + code.getInt(at + 4)
                        + "\ninvalid func unknown#"
                        + code.getInt(at + 4)
                        + "\n";
            }
            if (opcode == LDDW && src == PSEUDO_MAP_VALUE && lacks("5.2")) {
                return "unrecognized bpf_ld_imm64 insn\n";
            }
            if (opcode == LDDW && src == PSEUDO_MAP_VALUE && code.getInt(at + 12) >= FAR) {
                return lacks("7.0")
                        ? "direct value offset of 1073741824 is not allowed\n"
                        : "invalid access to map value pointer, value_size=4 off=1073741824\n";
            }
            boolean contextOnly = opcode == CALL && src == 0 && code.getInt(at + 4) == GET_FUNC_IP;
            if (contextOnly && at != 0 && lacks("6.8")) {
                return "arg#0 reference type('UNKNOWN ') size cannot be determined\n";
            }
        }
        return null;
    }

    /** Returns the kernel's words for kinds it does not know, or null. */
    String btf(byte[] bytes) {
        int header = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getInt(4);
        if (header > HEADER && lacks("7.1")) {
            return "Unsupported btf_header\n";
        }
        for (BtfFeature feature : BtfFeature.usedBy(Btf.parse(bytes))) {
            if (lacks(feature.since())) {
                return "[2] Invalid kind of " + feature + "\n";
            }
        }
        return null;
    }

    int link(ByteBuffer attr) {
        int attachType = attr.getInt(AttrLayout.offset(LinkLayout.Create.ATTACH_TYPE));
        boolean uprobeSession = attachType == AttachType.TRACE_UPROBE_SESSION.number();
        if (uprobeSession || attachType == AttachType.TRACE_UPROBE_MULTI.number()) {
            int process = attr.getInt(AttrLayout.offset(LinkLayout.UprobeMulti.PID));
            if (lacks(uprobeSession ? "6.13" : "6.6") || process < 0 && !lacks("6.10")) {
                return Errno.EINVAL;
            }
            long path = attr.getLong(AttrLayout.offset(LinkLayout.UprobeMulti.PATH));
            boolean readable = path >= FIRST_ADDRESS;
            return !readable
                    ? Errno.EFAULT
                    : FakeSystemCalls.string(path).equals("/") ? Errno.EBADF : 0;
        }
        boolean session = attachType == AttachType.TRACE_KPROBE_SESSION.number();
        if (session || attachType == AttachType.TRACE_KPROBE_MULTI.number()) {
            long functions =
                    attr.getLong(AttrLayout.offset(LinkLayout.KprobeMulti.SYMS))
                            | attr.getLong(AttrLayout.offset(LinkLayout.KprobeMulti.ADDRS));
            return lacks(session ? "6.10" : "5.18")
                    ? Errno.EINVAL
                    : Long.compareUnsigned(functions, FIRST_ADDRESS) < 0 ? Errno.EFAULT : 0;
        }
        boolean tooOld =
                attachType == AttachType.PERF_EVENT.number() && lacks("5.15")
                        || linkType(attachType) == SOCKMAP && lacks("6.10")
                        || linkType(attachType) == NETNS && lacks("5.8");
        return tooOld ? Errno.EINVAL : 0;
    }

    /** Returns the kind of link that an attach type makes, of those that can be updated; else 0. */
    static int linkType(int attachType) {
        for (AttachType type : AttachType.values()) {
            if (type.number() == attachType && type != AttachType.NONE) {
                return switch (type) {
                    case SK_LOOKUP, FLOW_DISSECTOR -> NETNS;
                    case XDP -> XDP;
                    case TCX_INGRESS, TCX_EGRESS -> TCX;
                    case NETKIT_PRIMARY, NETKIT_PEER -> NETKIT;
                    case SK_MSG_VERDICT,
                            SK_SKB_STREAM_PARSER,
                            SK_SKB_STREAM_VERDICT,
                            SK_SKB_VERDICT ->
                            SOCKMAP;
                    default -> type.name().contains("CGROUP_") ? CGROUP : 0;
                };
            }
        }
        return 0;
    }
}
