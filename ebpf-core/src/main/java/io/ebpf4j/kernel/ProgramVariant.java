// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.kernel;

import io.ebpf4j.spec.AttachType;
import io.ebpf4j.spec.ProgramType;

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
    static final int SLEEPABLE = 1 << 4;

    /** A function that the kernel has for tests of tracing programs (Linux 5.5). */
    static final String FUNCTION = "bpf_fentry_test1";

    /** A hook whose programs may sleep. */
    static final String HOOK = "file_open";

    private static final Map<ProgramType, List<ProgramVariant>> VARIANTS = variants();

    /** Returns the ways to load a type that allow different calls, the most usual first. */
    static List<ProgramVariant> of(ProgramType type) {
        return VARIANTS.getOrDefault(type, List.of(plain(type, AttachType.NONE, 0)));
    }

    private static ProgramVariant plain(ProgramType type, AttachType attachType, int flags) {
        return new ProgramVariant(type, attachType, flags, "");
    }

    private static Map<ProgramType, List<ProgramVariant>> variants() {
        Map<ProgramType, List<ProgramVariant>> variants = new HashMap<>();
        put(variants, ProgramType.KPROBE, 0, SLEEPABLE);
        put(variants, ProgramType.SYSCALL, SLEEPABLE);
        put(
                variants,
                ProgramType.CGROUP_SKB,
                AttachType.CGROUP_INET_INGRESS,
                AttachType.CGROUP_INET_EGRESS);
        put(
                variants,
                ProgramType.CGROUP_SOCK,
                AttachType.CGROUP_INET_SOCK_CREATE,
                AttachType.CGROUP_INET4_POST_BIND);
        put(
                variants,
                ProgramType.CGROUP_SOCK_ADDR,
                AttachType.CGROUP_INET4_CONNECT,
                AttachType.CGROUP_INET4_BIND);
        put(
                variants,
                ProgramType.CGROUP_SOCKOPT,
                AttachType.CGROUP_GETSOCKOPT,
                AttachType.CGROUP_SETSOCKOPT);
        put(variants, ProgramType.SK_LOOKUP, AttachType.SK_LOOKUP);
        put(variants, ProgramType.NETFILTER, AttachType.NETFILTER);
        put(variants, ProgramType.LIRC_MODE2, AttachType.LIRC_MODE2);
        variants.put(
                ProgramType.TRACING,
                List.of(
                        new ProgramVariant(
                                ProgramType.TRACING, AttachType.TRACE_RAW_TP, 0, "sched_switch"),
                        new ProgramVariant(ProgramType.TRACING, AttachType.TRACE_ITER, 0, "task"),
                        new ProgramVariant(
                                ProgramType.TRACING, AttachType.TRACE_FENTRY, 0, FUNCTION),
                        new ProgramVariant(
                                ProgramType.TRACING, AttachType.TRACE_FEXIT, 0, FUNCTION),
                        new ProgramVariant(
                                ProgramType.TRACING, AttachType.TRACE_ITER, SLEEPABLE, "task"),
                        new ProgramVariant(
                                ProgramType.TRACING,
                                AttachType.TRACE_FENTRY,
                                SLEEPABLE,
                                FUNCTION)));
        variants.put(
                ProgramType.LSM,
                List.of(
                        new ProgramVariant(ProgramType.LSM, AttachType.LSM_MAC, 0, HOOK),
                        new ProgramVariant(ProgramType.LSM, AttachType.LSM_MAC, SLEEPABLE, HOOK),
                        new ProgramVariant(
                                ProgramType.LSM, AttachType.LSM_MAC, 0, "bprm_committed_creds"),
                        new ProgramVariant(
                                ProgramType.LSM, AttachType.LSM_CGROUP, 0, "socket_bind")));
        return variants;
    }

    private static void put(
            Map<ProgramType, List<ProgramVariant>> variants,
            ProgramType type,
            AttachType... attachTypes) {
        List<ProgramVariant> list = new java.util.ArrayList<>();
        for (AttachType attachType : attachTypes) {
            list.add(plain(type, attachType, 0));
        }
        variants.put(type, List.copyOf(list));
    }

    private static void put(
            Map<ProgramType, List<ProgramVariant>> variants, ProgramType type, int... flags) {
        List<ProgramVariant> list = new java.util.ArrayList<>();
        for (int flag : flags) {
            list.add(plain(type, AttachType.NONE, flag));
        }
        variants.put(type, List.copyOf(list));
    }
}
