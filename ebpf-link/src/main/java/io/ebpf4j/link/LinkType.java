// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

/**
 * The kind of a kernel link ({@code enum bpf_link_type}, include/uapi/linux/bpf.h), in the kernel's
 * order.
 *
 * <p>The ordinal is the kernel's number; {@link #UNKNOWN} stands for numbers of kernels newer than
 * this list.
 */
public enum LinkType {
    /** {@code BPF_LINK_TYPE_UNSPEC}; also what an attachment without a kernel link reports. */
    UNSPEC,
    /** {@code BPF_LINK_TYPE_RAW_TRACEPOINT}: raw_tp, and tp_btf. Linux 5.8. */
    RAW_TRACEPOINT,
    /** {@code BPF_LINK_TYPE_TRACING}: fentry, fexit, fmod_ret, lsm, freplace. Linux 5.8. */
    TRACING,
    /** {@code BPF_LINK_TYPE_CGROUP}. Linux 5.8. */
    CGROUP,
    /** {@code BPF_LINK_TYPE_ITER}. Linux 5.8. */
    ITER,
    /** {@code BPF_LINK_TYPE_NETNS}. Linux 5.8. */
    NETNS,
    /** {@code BPF_LINK_TYPE_XDP}. Linux 5.9. */
    XDP,
    /** {@code BPF_LINK_TYPE_PERF_EVENT}: tracepoint, kprobe, uprobe, perf_event. Linux 5.15. */
    PERF_EVENT,
    /** {@code BPF_LINK_TYPE_KPROBE_MULTI}. Linux 5.18. */
    KPROBE_MULTI,
    /** {@code BPF_LINK_TYPE_STRUCT_OPS}. Linux 6.4. */
    STRUCT_OPS,
    /** {@code BPF_LINK_TYPE_NETFILTER}. Linux 6.4. */
    NETFILTER,
    /** {@code BPF_LINK_TYPE_TCX}. Linux 6.6. */
    TCX,
    /** {@code BPF_LINK_TYPE_UPROBE_MULTI}. Linux 6.6. */
    UPROBE_MULTI,
    /** {@code BPF_LINK_TYPE_NETKIT}. Linux 6.7. */
    NETKIT,
    /** {@code BPF_LINK_TYPE_SOCKMAP}. Linux 6.10. */
    SOCKMAP,
    /** {@code BPF_LINK_TYPE_TRACING_MULTI}: fentry, fexit and fsession of many. Linux 7.2. */
    TRACING_MULTI,
    /** A kind newer than this library. */
    UNKNOWN;

    private static final LinkType[] VALUES = values();

    @SuppressWarnings("EnumOrdinal") // declared in the kernel's order
    static LinkType ofNumber(int number) {
        return number >= 0 && number < VALUES.length ? VALUES[number] : UNKNOWN;
    }
}
