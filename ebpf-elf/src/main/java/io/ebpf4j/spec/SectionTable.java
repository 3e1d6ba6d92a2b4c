// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.spec;

import static io.ebpf4j.spec.AttachType.*;
import static io.ebpf4j.spec.SectionDefinition.Flag.ATTACH_BTF;
import static io.ebpf4j.spec.SectionDefinition.Flag.AUTO_ATTACH;
import static io.ebpf4j.spec.SectionDefinition.Flag.EXPECTED_ATTACH_OPTIONAL;
import static io.ebpf4j.spec.SectionDefinition.Flag.SLEEPABLE;
import static io.ebpf4j.spec.SectionDefinition.Flag.USDT;
import static io.ebpf4j.spec.SectionDefinition.Flag.XDP_FRAGS;

import io.ebpf4j.spec.SectionDefinition.Flag;

import java.util.List;
import java.util.Set;

/**
 * The section names that stand for a program and an attach type: one row each, sorted by name; no
 * row shadows another.
 */
final class SectionTable {

    private static final SectionDefinition[] TABLE = {
        row("action", ProgramType.SCHED_ACT, NONE, "4.1"),
        row("cgroup/bind4", ProgramType.CGROUP_SOCK_ADDR, CGROUP_INET4_BIND, "4.17"),
        row("cgroup/bind6", ProgramType.CGROUP_SOCK_ADDR, CGROUP_INET6_BIND, "4.17"),
        row("cgroup/connect4", ProgramType.CGROUP_SOCK_ADDR, CGROUP_INET4_CONNECT, "4.17"),
        row("cgroup/connect6", ProgramType.CGROUP_SOCK_ADDR, CGROUP_INET6_CONNECT, "4.17"),
        row("cgroup/connect_unix", ProgramType.CGROUP_SOCK_ADDR, CGROUP_UNIX_CONNECT, "6.7"),
        row(
                "cgroup/dev",
                ProgramType.CGROUP_DEVICE,
                CGROUP_DEVICE,
                "4.15",
                EXPECTED_ATTACH_OPTIONAL),
        row("cgroup/getpeername4", ProgramType.CGROUP_SOCK_ADDR, CGROUP_INET4_GETPEERNAME, "5.8"),
        row("cgroup/getpeername6", ProgramType.CGROUP_SOCK_ADDR, CGROUP_INET6_GETPEERNAME, "5.8"),
        row(
                "cgroup/getpeername_unix",
                ProgramType.CGROUP_SOCK_ADDR,
                CGROUP_UNIX_GETPEERNAME,
                "6.7"),
        row("cgroup/getsockname4", ProgramType.CGROUP_SOCK_ADDR, CGROUP_INET4_GETSOCKNAME, "5.8"),
        row("cgroup/getsockname6", ProgramType.CGROUP_SOCK_ADDR, CGROUP_INET6_GETSOCKNAME, "5.8"),
        row(
                "cgroup/getsockname_unix",
                ProgramType.CGROUP_SOCK_ADDR,
                CGROUP_UNIX_GETSOCKNAME,
                "6.7"),
        row("cgroup/getsockopt", ProgramType.CGROUP_SOCKOPT, CGROUP_GETSOCKOPT, "5.3"),
        row("cgroup/post_bind4", ProgramType.CGROUP_SOCK, CGROUP_INET4_POST_BIND, "4.17"),
        row("cgroup/post_bind6", ProgramType.CGROUP_SOCK, CGROUP_INET6_POST_BIND, "4.17"),
        row("cgroup/recvmsg4", ProgramType.CGROUP_SOCK_ADDR, CGROUP_UDP4_RECVMSG, "5.2"),
        row("cgroup/recvmsg6", ProgramType.CGROUP_SOCK_ADDR, CGROUP_UDP6_RECVMSG, "5.2"),
        row("cgroup/recvmsg_unix", ProgramType.CGROUP_SOCK_ADDR, CGROUP_UNIX_RECVMSG, "6.7"),
        row("cgroup/sendmsg4", ProgramType.CGROUP_SOCK_ADDR, CGROUP_UDP4_SENDMSG, "4.18"),
        row("cgroup/sendmsg6", ProgramType.CGROUP_SOCK_ADDR, CGROUP_UDP6_SENDMSG, "4.18"),
        row("cgroup/sendmsg_unix", ProgramType.CGROUP_SOCK_ADDR, CGROUP_UNIX_SENDMSG, "6.7"),
        row("cgroup/setsockopt", ProgramType.CGROUP_SOCKOPT, CGROUP_SETSOCKOPT, "5.3"),
        row("cgroup/skb", ProgramType.CGROUP_SKB, NONE, "4.10"),
        row(
                "cgroup/sock",
                ProgramType.CGROUP_SOCK,
                CGROUP_INET_SOCK_CREATE,
                "4.10",
                EXPECTED_ATTACH_OPTIONAL),
        row("cgroup/sock_create", ProgramType.CGROUP_SOCK, CGROUP_INET_SOCK_CREATE, "4.10"),
        row("cgroup/sock_release", ProgramType.CGROUP_SOCK, CGROUP_INET_SOCK_RELEASE, "5.9"),
        row("cgroup/sysctl", ProgramType.CGROUP_SYSCTL, CGROUP_SYSCTL, "5.2"),
        row(
                "cgroup_skb/egress",
                ProgramType.CGROUP_SKB,
                CGROUP_INET_EGRESS,
                "4.10",
                EXPECTED_ATTACH_OPTIONAL),
        row(
                "cgroup_skb/ingress",
                ProgramType.CGROUP_SKB,
                CGROUP_INET_INGRESS,
                "4.10",
                EXPECTED_ATTACH_OPTIONAL),
        row("classifier", ProgramType.SCHED_CLS, NONE, "4.1"),
        row("fentry+", ProgramType.TRACING, TRACE_FENTRY, "5.5", ATTACH_BTF, AUTO_ATTACH),
        row("fentry.multi+", ProgramType.TRACING, TRACE_FENTRY_MULTI, "7.2", AUTO_ATTACH),
        row(
                "fentry.multi.s+",
                ProgramType.TRACING,
                TRACE_FENTRY_MULTI,
                "7.2",
                SLEEPABLE,
                AUTO_ATTACH),
        row(
                "fentry.s+",
                ProgramType.TRACING,
                TRACE_FENTRY,
                "5.10",
                ATTACH_BTF,
                SLEEPABLE,
                AUTO_ATTACH),
        row("fexit+", ProgramType.TRACING, TRACE_FEXIT, "5.5", ATTACH_BTF, AUTO_ATTACH),
        row("fexit.multi+", ProgramType.TRACING, TRACE_FEXIT_MULTI, "7.2", AUTO_ATTACH),
        row(
                "fexit.multi.s+",
                ProgramType.TRACING,
                TRACE_FEXIT_MULTI,
                "7.2",
                SLEEPABLE,
                AUTO_ATTACH),
        row(
                "fexit.s+",
                ProgramType.TRACING,
                TRACE_FEXIT,
                "5.10",
                ATTACH_BTF,
                SLEEPABLE,
                AUTO_ATTACH),
        row(
                "flow_dissector",
                ProgramType.FLOW_DISSECTOR,
                FLOW_DISSECTOR,
                "4.20",
                EXPECTED_ATTACH_OPTIONAL),
        row("fmod_ret+", ProgramType.TRACING, MODIFY_RETURN, "5.7", ATTACH_BTF, AUTO_ATTACH),
        row(
                "fmod_ret.s+",
                ProgramType.TRACING,
                MODIFY_RETURN,
                "5.10",
                ATTACH_BTF,
                SLEEPABLE,
                AUTO_ATTACH),
        row("freplace+", ProgramType.EXT, NONE, "5.6", ATTACH_BTF, AUTO_ATTACH),
        row("fsession+", ProgramType.TRACING, TRACE_FSESSION, "7.0", ATTACH_BTF, AUTO_ATTACH),
        row("fsession.multi+", ProgramType.TRACING, TRACE_FSESSION_MULTI, "7.2", AUTO_ATTACH),
        row(
                "fsession.multi.s+",
                ProgramType.TRACING,
                TRACE_FSESSION_MULTI,
                "7.2",
                SLEEPABLE,
                AUTO_ATTACH),
        row(
                "fsession.s+",
                ProgramType.TRACING,
                TRACE_FSESSION,
                "7.0",
                ATTACH_BTF,
                SLEEPABLE,
                AUTO_ATTACH),
        row("iter+", ProgramType.TRACING, TRACE_ITER, "5.8", ATTACH_BTF, AUTO_ATTACH),
        row("iter.s+", ProgramType.TRACING, TRACE_ITER, "5.18", ATTACH_BTF, SLEEPABLE, AUTO_ATTACH),
        row("kprobe+", ProgramType.KPROBE, NONE, "4.1", AUTO_ATTACH),
        row("kprobe.multi+", ProgramType.KPROBE, TRACE_KPROBE_MULTI, "5.18", AUTO_ATTACH),
        row("kprobe.session+", ProgramType.KPROBE, TRACE_KPROBE_SESSION, "6.10", AUTO_ATTACH),
        row("kretprobe+", ProgramType.KPROBE, NONE, "4.1", AUTO_ATTACH),
        row("kretprobe.multi+", ProgramType.KPROBE, TRACE_KPROBE_MULTI, "5.18", AUTO_ATTACH),
        row("kretsyscall+", ProgramType.KPROBE, NONE, "4.1", AUTO_ATTACH),
        row("ksyscall+", ProgramType.KPROBE, NONE, "4.1", AUTO_ATTACH),
        row("lirc_mode2", ProgramType.LIRC_MODE2, LIRC_MODE2, "4.18", EXPECTED_ATTACH_OPTIONAL),
        row("lsm+", ProgramType.LSM, LSM_MAC, "5.7", ATTACH_BTF, AUTO_ATTACH),
        row("lsm.s+", ProgramType.LSM, LSM_MAC, "5.11", ATTACH_BTF, SLEEPABLE, AUTO_ATTACH),
        row("lsm_cgroup+", ProgramType.LSM, LSM_CGROUP, "6.0", ATTACH_BTF),
        row("lwt_in", ProgramType.LWT_IN, NONE, "4.10"),
        row("lwt_out", ProgramType.LWT_OUT, NONE, "4.10"),
        row("lwt_seg6local", ProgramType.LWT_SEG6LOCAL, NONE, "4.18"),
        row("lwt_xmit", ProgramType.LWT_XMIT, NONE, "4.10"),
        row("netfilter", ProgramType.NETFILTER, NETFILTER, "6.4"),
        row("netkit/peer", ProgramType.SCHED_CLS, NETKIT_PEER, "6.7"),
        row("netkit/primary", ProgramType.SCHED_CLS, NETKIT_PRIMARY, "6.7"),
        row("perf_event", ProgramType.PERF_EVENT, NONE, "4.9"),
        row("raw_tp+", ProgramType.RAW_TRACEPOINT, NONE, "4.17", AUTO_ATTACH),
        row("raw_tp.s+", ProgramType.RAW_TRACEPOINT, NONE, "7.2", SLEEPABLE, AUTO_ATTACH),
        row("raw_tp.w+", ProgramType.RAW_TRACEPOINT_WRITABLE, NONE, "5.2", AUTO_ATTACH),
        row("raw_tracepoint+", ProgramType.RAW_TRACEPOINT, NONE, "4.17", AUTO_ATTACH),
        row("raw_tracepoint.s+", ProgramType.RAW_TRACEPOINT, NONE, "7.2", SLEEPABLE, AUTO_ATTACH),
        row("raw_tracepoint.w+", ProgramType.RAW_TRACEPOINT_WRITABLE, NONE, "5.2", AUTO_ATTACH),
        row("sk_lookup", ProgramType.SK_LOOKUP, SK_LOOKUP, "5.9"),
        row("sk_msg", ProgramType.SK_MSG, SK_MSG_VERDICT, "4.17", EXPECTED_ATTACH_OPTIONAL),
        row("sk_reuseport", ProgramType.SK_REUSEPORT, SK_REUSEPORT_SELECT, "4.19"),
        row(
                "sk_reuseport/migrate",
                ProgramType.SK_REUSEPORT,
                SK_REUSEPORT_SELECT_OR_MIGRATE,
                "5.14"),
        row("sk_skb", ProgramType.SK_SKB, NONE, "4.14"),
        row(
                "sk_skb/stream_parser",
                ProgramType.SK_SKB,
                SK_SKB_STREAM_PARSER,
                "4.14",
                EXPECTED_ATTACH_OPTIONAL),
        row(
                "sk_skb/stream_verdict",
                ProgramType.SK_SKB,
                SK_SKB_STREAM_VERDICT,
                "4.14",
                EXPECTED_ATTACH_OPTIONAL),
        row("sk_skb/verdict", ProgramType.SK_SKB, SK_SKB_VERDICT, "5.13", EXPECTED_ATTACH_OPTIONAL),
        row("socket", ProgramType.SOCKET_FILTER, NONE, "3.19"),
        row("sockops", ProgramType.SOCK_OPS, CGROUP_SOCK_OPS, "4.13", EXPECTED_ATTACH_OPTIONAL),
        row("struct_ops+", ProgramType.STRUCT_OPS, NONE, "5.6"),
        row("struct_ops.s+", ProgramType.STRUCT_OPS, NONE, "6.3", SLEEPABLE),
        row("syscall", ProgramType.SYSCALL, NONE, "5.14", SLEEPABLE),
        row("tc", ProgramType.SCHED_CLS, NONE, "4.1"),
        row("tc/egress", ProgramType.SCHED_CLS, TCX_EGRESS, "6.6"),
        row("tc/ingress", ProgramType.SCHED_CLS, TCX_INGRESS, "6.6"),
        row("tcx/egress", ProgramType.SCHED_CLS, TCX_EGRESS, "6.6"),
        row("tcx/ingress", ProgramType.SCHED_CLS, TCX_INGRESS, "6.6"),
        row("tp+", ProgramType.TRACEPOINT, NONE, "4.7", AUTO_ATTACH),
        row("tp.s+", ProgramType.TRACEPOINT, NONE, "7.2", SLEEPABLE, AUTO_ATTACH),
        row("tp_btf+", ProgramType.TRACING, TRACE_RAW_TP, "5.5", ATTACH_BTF, AUTO_ATTACH),
        row(
                "tp_btf.s+",
                ProgramType.TRACING,
                TRACE_RAW_TP,
                "7.2",
                ATTACH_BTF,
                SLEEPABLE,
                AUTO_ATTACH),
        row("tracepoint+", ProgramType.TRACEPOINT, NONE, "4.7", AUTO_ATTACH),
        row("tracepoint.s+", ProgramType.TRACEPOINT, NONE, "7.2", SLEEPABLE, AUTO_ATTACH),
        row("uprobe+", ProgramType.KPROBE, NONE, "4.3", AUTO_ATTACH),
        row("uprobe.multi+", ProgramType.KPROBE, TRACE_UPROBE_MULTI, "6.6", AUTO_ATTACH),
        row(
                "uprobe.multi.s+",
                ProgramType.KPROBE,
                TRACE_UPROBE_MULTI,
                "6.6",
                SLEEPABLE,
                AUTO_ATTACH),
        row("uprobe.s+", ProgramType.KPROBE, NONE, "6.0", SLEEPABLE, AUTO_ATTACH),
        row("uprobe.session+", ProgramType.KPROBE, TRACE_UPROBE_SESSION, "6.13", AUTO_ATTACH),
        row(
                "uprobe.session.s+",
                ProgramType.KPROBE,
                TRACE_UPROBE_SESSION,
                "6.13",
                SLEEPABLE,
                AUTO_ATTACH),
        row("uretprobe+", ProgramType.KPROBE, NONE, "4.3", AUTO_ATTACH),
        row("uretprobe.multi+", ProgramType.KPROBE, TRACE_UPROBE_MULTI, "6.6", AUTO_ATTACH),
        row(
                "uretprobe.multi.s+",
                ProgramType.KPROBE,
                TRACE_UPROBE_MULTI,
                "6.6",
                SLEEPABLE,
                AUTO_ATTACH),
        row("uretprobe.s+", ProgramType.KPROBE, NONE, "6.0", SLEEPABLE, AUTO_ATTACH),
        row("usdt+", ProgramType.KPROBE, NONE, "4.1", USDT, AUTO_ATTACH),
        row("usdt.s+", ProgramType.KPROBE, NONE, "6.0", USDT, SLEEPABLE, AUTO_ATTACH),
        row("xdp", ProgramType.XDP, XDP, "4.8", EXPECTED_ATTACH_OPTIONAL),
        row("xdp.frags", ProgramType.XDP, XDP, "5.18", XDP_FRAGS),
        row("xdp.frags/cpumap", ProgramType.XDP, XDP_CPUMAP, "5.18", XDP_FRAGS),
        row("xdp.frags/devmap", ProgramType.XDP, XDP_DEVMAP, "5.18", XDP_FRAGS),
        row("xdp/cpumap", ProgramType.XDP, XDP_CPUMAP, "5.9"),
        row("xdp/devmap", ProgramType.XDP, XDP_DEVMAP, "5.8")
    };

    static final List<SectionDefinition> ROWS = List.of(TABLE);

    private SectionTable() {}

    private static SectionDefinition row(
            String pattern, ProgramType type, AttachType attachType, String since, Flag... flags) {
        return new SectionDefinition(pattern, type, attachType, Set.of(flags), since);
    }
}
