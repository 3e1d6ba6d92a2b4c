// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import java.util.List;
import java.util.Optional;

/**
 * What the kernel says about a link ({@code struct bpf_link_info}).
 *
 * @param type the kind; {@link LinkType#UNSPEC} for an attachment that is no kernel link (perf
 *     events before 5.15)
 * @param id the link's id, or 0 when it is no kernel link
 * @param programId the id of the attached program, or 0 for a structure of several
 * @param detail what belongs to the kind; {@link None} where the kernel or this library knows
 *     nothing more
 */
public record LinkInfo(LinkType type, int id, int programId, Detail detail) {

    /**
     * What a link of one kind knows beyond its ids. Cookies are 0 on kernels that do not report
     * them.
     */
    public sealed interface Detail {}

    /** Nothing more is known. */
    public record None() implements Detail {}

    /**
     * A raw tracepoint, or a tp_btf program's.
     *
     * @param name the tracepoint
     * @param cookie the cookie, reported since Linux 6.17
     */
    public record RawTracepoint(String name, long cookie) implements Detail {}

    /**
     * A tracing program on a function.
     *
     * @param attachType the kernel's number of the attach type ({@code enum bpf_attach_type})
     * @param targetObjectId the id of the BTF object, or of the program, that holds the function
     * @param targetBtfId the function's type id in it
     * @param cookie the cookie, reported since Linux 6.17
     */
    public record Tracing(int attachType, int targetObjectId, int targetBtfId, long cookie)
            implements Detail {}

    /**
     * A tracepoint through a perf event. Reported since Linux 6.6.
     *
     * @param name the tracepoint, without its category
     * @param cookie the cookie, reported since Linux 6.9
     */
    public record Tracepoint(String name, long cookie) implements Detail {}

    /**
     * A kprobe or kretprobe through a perf event. Reported since Linux 6.6.
     *
     * @param function the function
     * @param offset bytes into it
     * @param address the probed address; 0 when {@code kptr_restrict} hides it
     * @param missed how often the probe hit but the program could not run
     * @param cookie the cookie, reported since Linux 6.9
     * @param returning whether it is a kretprobe
     */
    public record Kprobe(
            String function, long offset, long address, long missed, long cookie, boolean returning)
            implements Detail {}

    /**
     * A uprobe or uretprobe through a perf event. Reported since Linux 6.6.
     *
     * @param path the binary
     * @param fileOffset the probed place, in bytes from the start of the file
     * @param refCtrOffset the reference counter's file offset, or 0; reported since Linux 6.16
     * @param cookie the cookie, reported since Linux 6.9
     * @param returning whether it is a uretprobe
     */
    public record Uprobe(
            String path, long fileOffset, long refCtrOffset, long cookie, boolean returning)
            implements Detail {}

    /**
     * Many kprobes. Reported since Linux 6.6.
     *
     * @param addresses the functions, in the kernel's order: where they begin, or where they call
     *     the tracer if they were attached to by a pattern; 0 when {@code kptr_restrict} hides them
     * @param cookies the cookie of each, reported since Linux 6.9
     * @param missed how often a function was entered but the program could not run, reported since
     *     Linux 6.7
     * @param returning whether they are kretprobes
     */
    public record KprobeMulti(
            List<Long> addresses, List<Long> cookies, long missed, boolean returning)
            implements Detail {

        /** Makes the lists unmodifiable. */
        public KprobeMulti {
            addresses = List.copyOf(addresses);
            cookies = List.copyOf(cookies);
        }
    }

    /**
     * Many uprobes of one file. Reported since Linux 6.8.
     *
     * @param path the binary
     * @param fileOffsets the probed places, in bytes from the start of the file
     * @param refCtrOffsets the reference counter's file offset for each place, or 0
     * @param cookies the cookie of each place
     * @param pid the process that is watched, or 0 for all
     * @param returning whether they are uretprobes
     */
    public record UprobeMulti(
            String path,
            List<Long> fileOffsets,
            List<Long> refCtrOffsets,
            List<Long> cookies,
            int pid,
            boolean returning)
            implements Detail {

        /** Makes the lists unmodifiable. */
        public UprobeMulti {
            fileOffsets = List.copyOf(fileOffsets);
            refCtrOffsets = List.copyOf(refCtrOffsets);
            cookies = List.copyOf(cookies);
        }
    }

    /**
     * Another perf event, such as a sampling timer. Reported since Linux 6.6.
     *
     * @param type {@code perf_event_attr.type}; newer kernels tell clocks by the number of their
     *     own event source
     * @param config {@code perf_event_attr.config}
     * @param cookie the cookie, reported since Linux 6.9
     */
    public record PerfEvent(int type, long config, long cookie) implements Detail {}

    /**
     * An iterator. Reported since Linux 5.10.
     *
     * @param target what it goes over, such as {@code task} or {@code bpf_map_elem}
     * @param mapId the id of the map whose elements it goes over, or 0
     * @param tid the one thread it looks at, or 0; reported since Linux 6.1
     * @param pid the one process, or 0; reported since Linux 6.1
     * @param cgroupId the id of the cgroup where it begins, or 0
     * @param order which cgroups, and in what order; empty for iterators over something else
     */
    public record Iterator(
            String target, int mapId, int tid, int pid, long cgroupId, Optional<CgroupOrder> order)
            implements Detail {}

    /**
     * An XDP program of a network interface, also one attached by netlink.
     *
     * @param ifindex the interface's number in its network namespace; 0 once the interface is gone
     */
    public record Xdp(int ifindex) implements Detail {}

    /**
     * A program at the packets of a network interface (TCX).
     *
     * @param ifindex the interface's number in its network namespace; 0 once the interface is gone
     * @param direction which packets
     */
    public record Tcx(int ifindex, TcDirection direction) implements Detail {}

    /**
     * A program at the packets of a network interface that is a filter of its {@code clsact} qdisc,
     * without a kernel link.
     *
     * @param ifindex the interface's number in its network namespace
     * @param direction which packets
     * @param priority the filter's priority
     * @param handle what tells the filter from others of its priority
     */
    public record TcFilter(int ifindex, TcDirection direction, int priority, int handle)
            implements Detail {}

    /**
     * A program at a pair of netkit interfaces.
     *
     * @param ifindex the number of the interface at whose sending it runs, in its network
     *     namespace; 0 once the interface is gone
     * @param side whose packets
     */
    public record Netkit(int ifindex, NetkitSide side) implements Detail {}

    /**
     * A program at a hook of netfilter.
     *
     * @param family whose packets; null for one that this library does not know
     * @param hook where; null for one that this library does not know
     * @param priority its place among all that looks at them
     * @param defragmented whether fragments are put together before it
     */
    public record Netfilter(
            NetfilterFamily family, NetfilterHook hook, int priority, boolean defragmented)
            implements Detail {}

    /**
     * A program of a route, which is no kernel link.
     *
     * @param destination the prefix that its destinations have
     * @param ifindex the number of the interface that packets leave by, in its network namespace
     * @param table the number of the routing table
     * @param metric its rank among routes to the same destination
     */
    public record Route(String destination, int ifindex, int table, int metric) implements Detail {}

    /**
     * A program of a cgroup.
     *
     * @param cgroupId the cgroup's id; 0 once the link is detached
     * @param attachType the kernel's number of the hook ({@code enum bpf_attach_type})
     */
    public record Cgroup(long cgroupId, int attachType) implements Detail {}

    /**
     * A program of a network namespace.
     *
     * @param inode the namespace's number, as {@code /proc/PID/ns/net} shows it; 0 once the link is
     *     detached
     * @param attachType the kernel's number of the hook ({@code enum bpf_attach_type})
     */
    public record NetworkNamespace(int inode, int attachType) implements Detail {}

    /**
     * A program of a map of sockets.
     *
     * @param mapId the map's id; 0 once the link is detached
     * @param attachType the kernel's number of the hook ({@code enum bpf_attach_type})
     */
    public record SocketMap(int mapId, int attachType) implements Detail {}

    /**
     * A structure of programs that a subsystem of the kernel calls.
     *
     * @param mapId the id of the struct_ops map
     */
    public record StructOps(int mapId) implements Detail {}

    /**
     * A static probe, which may be hit at several places and then has a link for each; the type of
     * link is theirs, and the id 0 when there are several.
     *
     * @param path the binary; what is in an archive has {@code !/} and the entry behind it
     * @param provider the probe's provider
     * @param name the probe's name
     * @param places how many places were attached to
     * @param cookie the caller's cookie
     */
    public record Usdt(String path, String provider, String name, int places, long cookie)
            implements Detail {}

    /**
     * A function of a Go program, which has a link for each place; the type of link is theirs, and
     * the id 0 when there are several.
     *
     * @param path the binary; what is in an archive has {@code !/} and the entry behind it
     * @param function the function
     * @param places how many places were attached to
     * @param cookie the caller's cookie
     * @param returning whether they are where the function returns
     */
    public record GoFunction(
            String path, String function, int places, long cookie, boolean returning)
            implements Detail {}
}
