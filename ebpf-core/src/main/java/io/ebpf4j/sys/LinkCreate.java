// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.sys;

import java.lang.foreign.MemorySegment;

/**
 * What BPF_LINK_CREATE takes (Linux 5.7).
 *
 * @param progFd the program
 * @param target what it is attached to: a descriptor or an interface index, or 0
 * @param attachType {@code enum bpf_attach_type}
 * @param flags {@code BPF_F_*}
 * @param options the member of the union that the attach type reads
 */
public record LinkCreate(int progFd, int target, int attachType, int flags, Options options) {

    /** One member of the union in {@code bpf_attr.link_create}. */
    public sealed interface Options {
        /** Nothing beyond the common members. */
        Options NONE = new None();
    }

    private record None() implements Options {}

    /**
     * For a perf event (Linux 5.15).
     *
     * @param cookie what {@code bpf_get_attach_cookie} returns
     */
    public record PerfEvent(long cookie) implements Options {}

    /**
     * For a tracing, LSM or extension program (cookie: Linux 5.19).
     *
     * @param targetBtfId the function in {@code target}'s BTF, or 0 for the one given at load
     * @param cookie what {@code bpf_get_attach_cookie} returns
     */
    public record Tracing(int targetBtfId, long cookie) implements Options {}

    /**
     * For many kprobes (Linux 5.18). Either symbols or addresses are given.
     *
     * @param flags 1 for return probes
     * @param count number of functions
     * @param symbols address of an array of pointers to C strings, or 0
     * @param addresses address of an array of 64-bit addresses, or 0
     * @param cookies address of an array of 64-bit cookies, or 0
     */
    public record KprobeMulti(int flags, int count, long symbols, long addresses, long cookies)
            implements Options {}

    /**
     * For many uprobes of one file (Linux 6.6).
     *
     * @param path address of a C string
     * @param offsets address of an array of 64-bit file offsets
     * @param refCtrOffsets address of an array of 64-bit offsets of semaphores, or 0
     * @param cookies address of an array of 64-bit cookies, or 0
     * @param count number of offsets
     * @param flags 1 for return probes
     * @param pid the process, or 0 for all
     */
    public record UprobeMulti(
            long path,
            long offsets,
            long refCtrOffsets,
            long cookies,
            int count,
            int flags,
            int pid)
            implements Options {}

    /**
     * For a tracing program and many functions (Linux 7.2).
     *
     * @param ids address of an array of 32-bit ids of functions in the BTF that the program was
     *     loaded for
     * @param cookies address of an array of 64-bit cookies, or 0
     * @param count number of functions
     */
    public record TracingMulti(long ids, long cookies, int count) implements Options {}

    /**
     * For an iterator (Linux 5.9).
     *
     * @param info {@code union bpf_iter_link_info}, see {@link IterInfo}
     */
    public record Iteration(MemorySegment info) implements Options {}

    /**
     * For a hook with several programs in an order of its own (TCX: Linux 6.6, netkit: 6.7,
     * cgroups: 6.17).
     *
     * @param relative the program or link next to which it is put, as the flags say; or 0
     * @param expectedRevision how often the hook's programs were changed, or 0 for any number
     */
    public record Ordered(int relative, long expectedRevision) implements Options {}

    /**
     * For a netfilter hook (Linux 6.4).
     *
     * @param family {@code NFPROTO_*}
     * @param hook {@code NF_INET_*}
     * @param priority the place among the hook's functions
     * @param flags {@code BPF_F_NETFILTER_IP_DEFRAG} or 0
     */
    public record Netfilter(int family, int hook, int priority, int flags) implements Options {}

    Attr attr() {
        Attr attr =
                Attr.begin(LinkLayout.UprobeMulti.BYTES)
                        .set(LinkLayout.Create.PROG_FD, progFd)
                        .set(LinkLayout.Create.TARGET_FD, target)
                        .set(LinkLayout.Create.ATTACH_TYPE, attachType)
                        .set(LinkLayout.Create.FLAGS, flags);
        if (options instanceof PerfEvent o) {
            attr.set(LinkLayout.PerfEvent.BPF_COOKIE, o.cookie);
        } else if (options instanceof Tracing o) {
            attr.set(LinkLayout.Tracing.TARGET_BTF_ID, o.targetBtfId)
                    .set(LinkLayout.Tracing.COOKIE, o.cookie);
        } else if (options instanceof Ordered o) {
            attr.set(LinkLayout.Tcx.RELATIVE_FD, o.relative)
                    .set(LinkLayout.Tcx.EXPECTED_REVISION, o.expectedRevision);
        } else if (options instanceof KprobeMulti o) {
            attr.set(LinkLayout.KprobeMulti.FLAGS, o.flags)
                    .set(LinkLayout.KprobeMulti.CNT, o.count)
                    .set(LinkLayout.KprobeMulti.SYMS, o.symbols)
                    .set(LinkLayout.KprobeMulti.ADDRS, o.addresses)
                    .set(LinkLayout.KprobeMulti.COOKIES, o.cookies);
        } else if (options instanceof UprobeMulti o) {
            attr.set(LinkLayout.UprobeMulti.PATH, o.path)
                    .set(LinkLayout.UprobeMulti.OFFSETS, o.offsets)
                    .set(LinkLayout.UprobeMulti.REF_CTR_OFFSETS, o.refCtrOffsets)
                    .set(LinkLayout.UprobeMulti.COOKIES, o.cookies)
                    .set(LinkLayout.UprobeMulti.CNT, o.count)
                    .set(LinkLayout.UprobeMulti.FLAGS, o.flags)
                    .set(LinkLayout.UprobeMulti.PID, o.pid);
        } else if (options instanceof TracingMulti o) {
            attr.set(LinkLayout.TracingMulti.IDS, o.ids)
                    .set(LinkLayout.TracingMulti.COOKIES, o.cookies)
                    .set(LinkLayout.TracingMulti.CNT, o.count);
        } else if (options instanceof Iteration o) {
            attr.set(LinkLayout.Create.ITER_INFO, o.info)
                    .set(LinkLayout.Create.ITER_INFO_LEN, o.info.byteSize());
        } else if (options instanceof Netfilter o) {
            attr.set(LinkLayout.Netfilter.PF, o.family)
                    .set(LinkLayout.Netfilter.HOOKNUM, o.hook)
                    .set(LinkLayout.Netfilter.PRIORITY, o.priority)
                    .set(LinkLayout.Netfilter.FLAGS, o.flags);
        }
        return attr;
    }
}
