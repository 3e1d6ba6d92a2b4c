// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.spec;

/**
 * A program's type ({@code enum bpf_prog_type}), with the kernel version that introduced it.
 *
 * <p>The ordinal is the kernel's number (include/uapi/linux/bpf.h).
 */
public enum ProgramType {
    /** {@code BPF_PROG_TYPE_UNSPEC}. */
    UNSPEC("3.19"),
    /** {@code BPF_PROG_TYPE_SOCKET_FILTER}. */
    SOCKET_FILTER("3.19"),
    /** {@code BPF_PROG_TYPE_KPROBE}. */
    KPROBE("4.1"),
    /** {@code BPF_PROG_TYPE_SCHED_CLS}. */
    SCHED_CLS("4.1"),
    /** {@code BPF_PROG_TYPE_SCHED_ACT}. */
    SCHED_ACT("4.1"),
    /** {@code BPF_PROG_TYPE_TRACEPOINT}. */
    TRACEPOINT("4.7"),
    /** {@code BPF_PROG_TYPE_XDP}. */
    XDP("4.8"),
    /** {@code BPF_PROG_TYPE_PERF_EVENT}. */
    PERF_EVENT("4.9"),
    /** {@code BPF_PROG_TYPE_CGROUP_SKB}. */
    CGROUP_SKB("4.10"),
    /** {@code BPF_PROG_TYPE_CGROUP_SOCK}. */
    CGROUP_SOCK("4.10"),
    /** {@code BPF_PROG_TYPE_LWT_IN}. */
    LWT_IN("4.10"),
    /** {@code BPF_PROG_TYPE_LWT_OUT}. */
    LWT_OUT("4.10"),
    /** {@code BPF_PROG_TYPE_LWT_XMIT}. */
    LWT_XMIT("4.10"),
    /** {@code BPF_PROG_TYPE_SOCK_OPS}. */
    SOCK_OPS("4.13"),
    /** {@code BPF_PROG_TYPE_SK_SKB}. */
    SK_SKB("4.14"),
    /** {@code BPF_PROG_TYPE_CGROUP_DEVICE}. */
    CGROUP_DEVICE("4.15"),
    /** {@code BPF_PROG_TYPE_SK_MSG}. */
    SK_MSG("4.17"),
    /** {@code BPF_PROG_TYPE_RAW_TRACEPOINT}. */
    RAW_TRACEPOINT("4.17"),
    /** {@code BPF_PROG_TYPE_CGROUP_SOCK_ADDR}. */
    CGROUP_SOCK_ADDR("4.17"),
    /** {@code BPF_PROG_TYPE_LWT_SEG6LOCAL}. */
    LWT_SEG6LOCAL("4.18"),
    /** {@code BPF_PROG_TYPE_LIRC_MODE2}. */
    LIRC_MODE2("4.18"),
    /** {@code BPF_PROG_TYPE_SK_REUSEPORT}. */
    SK_REUSEPORT("4.19"),
    /** {@code BPF_PROG_TYPE_FLOW_DISSECTOR}. */
    FLOW_DISSECTOR("4.20"),
    /** {@code BPF_PROG_TYPE_CGROUP_SYSCTL}. */
    CGROUP_SYSCTL("5.2"),
    /** {@code BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE}. */
    RAW_TRACEPOINT_WRITABLE("5.2"),
    /** {@code BPF_PROG_TYPE_CGROUP_SOCKOPT}. */
    CGROUP_SOCKOPT("5.3"),
    /** {@code BPF_PROG_TYPE_TRACING}. */
    TRACING("5.5"),
    /** {@code BPF_PROG_TYPE_STRUCT_OPS}. */
    STRUCT_OPS("5.6"),
    /** {@code BPF_PROG_TYPE_EXT}. */
    EXT("5.6"),
    /** {@code BPF_PROG_TYPE_LSM}. */
    LSM("5.7"),
    /** {@code BPF_PROG_TYPE_SK_LOOKUP}. */
    SK_LOOKUP("5.9"),
    /** {@code BPF_PROG_TYPE_SYSCALL}. */
    SYSCALL("5.14"),
    /** {@code BPF_PROG_TYPE_NETFILTER}. */
    NETFILTER("6.4");

    private final String since;

    ProgramType(String since) {
        this.since = since;
    }

    /**
     * Returns the kernel version that introduced this type.
     *
     * @return such as {@code 5.8}
     */
    public String since() {
        return since;
    }

    /**
     * Returns the kernel's number.
     *
     * @return the number passed in {@code bpf_attr}
     */
    @SuppressWarnings("EnumOrdinal") // declared in the kernel's order
    public int number() {
        return ordinal();
    }
}
