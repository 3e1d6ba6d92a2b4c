// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.kernel;

import io.ebpf4j.spec.AttachType;
import io.ebpf4j.spec.ProgramType;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A way to load a program of a type. What a program may call depends on the way, too.
 *
 * @param type the program's type
 * @param attachType its expected attach type
 * @param flags {@code BPF_F_*}
 * @param target what it is loaded for, named as {@link KernelBtf#attachTarget} takes it; empty for
 *     types that are loaded for nothing in particular
 */
record ProgramVariant(ProgramType type, AttachType attachType, int flags, String target) {
    /** {@code BPF_F_SLEEPABLE} (Linux 5.10). */
    private static final int SLEEPABLE = 1 << 4;

    /** A function that the kernel has for tests of tracing programs (Linux 5.5). */
    private static final String FUNCTION = "bpf_fentry_test1";

    private static final Map<ProgramType, List<ProgramVariant>> VARIANTS =
            byType(
                    plain(ProgramType.KPROBE, AttachType.NONE, 0),
                    plain(ProgramType.KPROBE, AttachType.NONE, SLEEPABLE),
                    plain(ProgramType.SYSCALL, AttachType.NONE, SLEEPABLE),
                    plain(ProgramType.CGROUP_SKB, AttachType.CGROUP_INET_INGRESS, 0),
                    plain(ProgramType.CGROUP_SKB, AttachType.CGROUP_INET_EGRESS, 0),
                    plain(ProgramType.CGROUP_SOCK, AttachType.CGROUP_INET_SOCK_CREATE, 0),
                    plain(ProgramType.CGROUP_SOCK, AttachType.CGROUP_INET4_POST_BIND, 0),
                    plain(ProgramType.CGROUP_SOCK_ADDR, AttachType.CGROUP_INET4_CONNECT, 0),
                    plain(ProgramType.CGROUP_SOCK_ADDR, AttachType.CGROUP_INET4_BIND, 0),
                    plain(ProgramType.CGROUP_SOCKOPT, AttachType.CGROUP_GETSOCKOPT, 0),
                    plain(ProgramType.CGROUP_SOCKOPT, AttachType.CGROUP_SETSOCKOPT, 0),
                    plain(ProgramType.SK_LOOKUP, AttachType.SK_LOOKUP, 0),
                    plain(ProgramType.NETFILTER, AttachType.NETFILTER, 0),
                    plain(ProgramType.LIRC_MODE2, AttachType.LIRC_MODE2, 0),
                    tracing(AttachType.TRACE_RAW_TP, 0, "sched_switch"),
                    tracing(AttachType.TRACE_ITER, 0, "task"),
                    tracing(AttachType.TRACE_FENTRY, 0, FUNCTION),
                    tracing(AttachType.TRACE_FEXIT, 0, FUNCTION),
                    tracing(AttachType.TRACE_ITER, SLEEPABLE, "task"),
                    tracing(AttachType.TRACE_FENTRY, SLEEPABLE, FUNCTION),
                    lsm(AttachType.LSM_MAC, 0, "file_open"),
                    lsm(AttachType.LSM_MAC, SLEEPABLE, "file_open"),
                    lsm(AttachType.LSM_MAC, 0, "bprm_committed_creds"),
                    lsm(AttachType.LSM_CGROUP, 0, "socket_bind"));

    /** Returns the ways to load a type that allow different calls, the most usual first. */
    static List<ProgramVariant> of(ProgramType type) {
        return VARIANTS.getOrDefault(type, List.of(plain(type, AttachType.NONE, 0)));
    }

    private static ProgramVariant plain(ProgramType type, AttachType attachType, int flags) {
        return new ProgramVariant(type, attachType, flags, "");
    }

    private static ProgramVariant tracing(AttachType attachType, int flags, String target) {
        return new ProgramVariant(ProgramType.TRACING, attachType, flags, target);
    }

    private static ProgramVariant lsm(AttachType attachType, int flags, String hook) {
        return new ProgramVariant(ProgramType.LSM, attachType, flags, hook);
    }

    private static Map<ProgramType, List<ProgramVariant>> byType(ProgramVariant... variants) {
        Map<ProgramType, List<ProgramVariant>> byType = new HashMap<>();
        for (ProgramVariant variant : variants) {
            byType.computeIfAbsent(variant.type(), type -> new ArrayList<>()).add(variant);
        }
        return byType;
    }
}
