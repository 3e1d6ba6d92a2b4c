// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.program;

import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.Capability;

/**
 * Which capabilities a program type asks for (kernel/bpf/syscall.c, is_net_admin_prog_type and
 * is_perfmon_prog_type).
 */
final class Requirements {
    private Requirements() {}

    static long capabilities(ProgramType type) {
        return switch (type) {
            case KPROBE,
                    TRACEPOINT,
                    PERF_EVENT,
                    RAW_TRACEPOINT,
                    RAW_TRACEPOINT_WRITABLE,
                    TRACING,
                    LSM,
                    STRUCT_OPS ->
                    Capability.BPF | Capability.PERFMON;
            case EXT -> Capability.BPF | Capability.PERFMON | Capability.NET_ADMIN;
            case SCHED_CLS,
                    SCHED_ACT,
                    XDP,
                    LWT_IN,
                    LWT_OUT,
                    LWT_XMIT,
                    LWT_SEG6LOCAL,
                    SK_SKB,
                    SK_MSG,
                    FLOW_DISSECTOR,
                    CGROUP_DEVICE,
                    CGROUP_SOCK,
                    CGROUP_SOCK_ADDR,
                    CGROUP_SOCKOPT,
                    CGROUP_SYSCTL,
                    SOCK_OPS,
                    LIRC_MODE2,
                    NETFILTER ->
                    Capability.BPF | Capability.NET_ADMIN;
            case UNSPEC, SOCKET_FILTER, CGROUP_SKB, SK_LOOKUP, SK_REUSEPORT, SYSCALL ->
                    Capability.BPF;
        };
    }
}
