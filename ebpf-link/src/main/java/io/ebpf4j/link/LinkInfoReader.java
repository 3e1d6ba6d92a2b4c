// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.sys.Failure;
import io.ebpf4j.sys.NativeText;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Decodes {@code struct bpf_link_info} (include/uapi/linux/bpf.h).
 *
 * <pre>
 *  0 u32 type       4 u32 id         8 u32 prog_id
 * raw_tracepoint:  16 u64 tp_name   24 u32 tp_name_len     32 u64 cookie
 * tracing:         16 u32 attach_type  20 u32 target_obj_id  24 u32 target_btf_id  32 u64 cookie
 * perf_event:      16 u32 type
 *   uprobe:        24 u64 file_name 32 u32 name_len  36 u32 offset  40 u64 cookie  48 u64 ref_ctr_offset
 *   kprobe:        24 u64 func_name 32 u32 name_len  36 u32 offset  40 u64 addr    48 u64 missed  56 u64 cookie
 *   tracepoint:    24 u64 tp_name   32 u32 name_len                 40 u64 cookie
 *   event:         24 u64 config    32 u32 type                     40 u64 cookie
 * struct_ops:      16 u32 map_id
 * iter:            16 u64 target_name  24 u32 target_name_len  28 u32 map.map_id
 *   task:          32 u32 tid       36 u32 pid
 *   cgroup:        32 u64 cgroup_id 40 u32 order
 * xdp:             16 u32 ifindex
 * tcx, netkit:     16 u32 ifindex  20 u32 attach_type
 * netfilter:       16 u32 pf       20 u32 hooknum        24 s32 priority       28 u32 flags
 * cgroup:          16 u64 cgroup_id    24 u32 attach_type
 * netns:           16 u32 netns_ino    20 u32 attach_type
 * sockmap:         16 u32 map_id       20 u32 attach_type
 * </pre>
 *
 * <p>A name is written where its pointer, passed in with its room, says; so a second call asks for
 * it once the first has told the kind. {@link MultiInfoReader} does so for lists of many probes.
 */
final class LinkInfoReader {
    private static final int INFO_BYTES = 64;
    private static final int NAME_BYTES = 4096;
    private static final int TYPE = 0;
    private static final int ID = 4;
    private static final int PROG_ID = 8;
    private static final int NAME = 16;
    private static final int PERF_TYPE = 16;
    private static final int PERF_NAME = 24;

    // enum bpf_perf_event_type
    private static final int UPROBE = 1;
    private static final int URETPROBE = 2;
    private static final int KPROBE = 3;
    private static final int KRETPROBE = 4;
    private static final int TRACEPOINT = 5;
    private static final int EVENT = 6;

    private final ByteBuffer info;
    private final ByteBuffer name;

    private LinkInfoReader(ByteBuffer info, ByteBuffer name) {
        this.info = info;
        this.name = name;
    }

    /**
     * Asks the kernel.
     *
     * @throws BpfException if it refuses
     */
    static LinkInfo read(Kernel kernel, int fd, String what) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(INFO_BYTES, Long.BYTES);
            MemorySegment name = arena.allocate(NAME_BYTES);
            ByteBuffer info = NativeText.buffer(memory);
            ask(kernel, fd, memory, what);
            LinkType type = LinkType.ofNumber(info.getInt(TYPE));
            int pointer = namePointer(type, info);
            if (pointer != 0) {
                memory.fill((byte) 0);
                info.putLong(pointer, name.address()).putInt(pointer + Long.BYTES, NAME_BYTES);
                ask(kernel, fd, memory, what);
            }
            LinkInfo.Detail detail =
                    switch (type) {
                        case KPROBE_MULTI ->
                                new MultiInfoReader(kernel, fd, what, memory).kprobes();
                        case UPROBE_MULTI ->
                                new MultiInfoReader(kernel, fd, what, memory).uprobes();
                        default -> new LinkInfoReader(info, NativeText.buffer(name)).detail(type);
                    };
            return new LinkInfo(type, info.getInt(ID), info.getInt(PROG_ID), detail);
        }
    }

    static void ask(Kernel kernel, int fd, MemorySegment memory, String what) {
        long result = kernel.bpf().info(fd, memory);
        if (result < 0) {
            throw Failure.of(
                    "BPF_OBJ_GET_INFO_BY_FD",
                    (int) -result,
                    "cannot read what the kernel knows about " + what);
        }
    }

    private static int namePointer(LinkType type, ByteBuffer info) {
        if (type == LinkType.RAW_TRACEPOINT || type == LinkType.ITER) {
            return NAME;
        }
        int perfType = info.getInt(PERF_TYPE);
        return type == LinkType.PERF_EVENT && perfType >= UPROBE && perfType <= TRACEPOINT
                ? PERF_NAME
                : 0;
    }

    private LinkInfo.Detail detail(LinkType type) {
        return switch (type) {
            case RAW_TRACEPOINT -> new LinkInfo.RawTracepoint(name(), info.getLong(32));
            case TRACING ->
                    new LinkInfo.Tracing(
                            info.getInt(16), info.getInt(20), info.getInt(24), info.getLong(32));
            case STRUCT_OPS -> new LinkInfo.StructOps(info.getInt(16));
            case XDP -> new LinkInfo.Xdp(info.getInt(16));
            case TCX ->
                    new LinkInfo.Tcx(info.getInt(16), TcDirection.ofAttachType(info.getInt(20)));
            case NETKIT ->
                    new LinkInfo.Netkit(info.getInt(16), NetkitSide.ofAttachType(info.getInt(20)));
            case NETFILTER ->
                    new LinkInfo.Netfilter(
                            NetfilterFamily.ofNumber(info.getInt(16)),
                            NetfilterHook.ofNumber(info.getInt(20)),
                            info.getInt(24),
                            (info.getInt(28) & 1) != 0);
            case CGROUP -> new LinkInfo.Cgroup(info.getLong(16), info.getInt(24));
            case NETNS -> new LinkInfo.NetworkNamespace(info.getInt(16), info.getInt(20));
            case SOCKMAP -> new LinkInfo.SocketMap(info.getInt(16), info.getInt(20));
            case PERF_EVENT -> perfDetail(info.getInt(PERF_TYPE));
            case ITER -> iterator(name());
            default -> new LinkInfo.None();
        };
    }

    private LinkInfo.Detail perfDetail(int type) {
        return switch (type) {
            case UPROBE, URETPROBE ->
                    new LinkInfo.Uprobe(
                            name(),
                            offset(),
                            info.getLong(48),
                            info.getLong(40),
                            type == URETPROBE);
            case KPROBE, KRETPROBE ->
                    new LinkInfo.Kprobe(
                            name(),
                            offset(),
                            info.getLong(40),
                            info.getLong(48),
                            info.getLong(56),
                            type == KRETPROBE);
            case TRACEPOINT -> new LinkInfo.Tracepoint(name(), info.getLong(40));
            case EVENT ->
                    new LinkInfo.PerfEvent(info.getInt(32), info.getLong(24), info.getLong(40));
            default -> new LinkInfo.None();
        };
    }

    /** The kind of iterator tells what its bytes are. */
    private LinkInfo.Iterator iterator(String target) {
        boolean tasks = target.startsWith("task");
        boolean cgroups = target.equals("cgroup");
        return new LinkInfo.Iterator(
                target,
                info.getInt(28),
                tasks ? info.getInt(32) : 0,
                tasks ? info.getInt(36) : 0,
                cgroups ? info.getLong(32) : 0,
                cgroups ? CgroupOrder.ofNumber(info.getInt(40)) : Optional.empty());
    }

    private long offset() {
        return Integer.toUnsignedLong(info.getInt(36));
    }

    private String name() {
        return NativeText.string(name, 0, NAME_BYTES);
    }
}
