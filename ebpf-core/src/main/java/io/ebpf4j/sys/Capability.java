// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.sys;

/**
 * The capabilities that bpf() asks for, as bits of {@code CapEff} in /proc/self/status
 * (include/uapi/linux/capability.h).
 *
 * <p>CAP_BPF and CAP_PERFMON came with Linux 5.8; before it CAP_SYS_ADMIN stood for both, and it
 * still does.
 */
public final class Capability {
    /** CAP_NET_ADMIN: programs on network hooks. */
    public static final long NET_ADMIN = 1L << 12;

    /** CAP_SYS_ADMIN: everything, and objects by id. */
    public static final long SYS_ADMIN = 1L << 21;

    /** CAP_PERFMON: tracing. */
    public static final long PERFMON = 1L << 38;

    /** CAP_BPF: maps, programs and BTF. */
    public static final long BPF = 1L << 39;

    private Capability() {}

    /**
     * Returns what a process lacks.
     *
     * @param needed a set of the bits above
     * @param effective the bits the process has
     * @return the bits it has neither themselves nor through CAP_SYS_ADMIN
     */
    static long missing(long needed, long effective) {
        long has = (effective & SYS_ADMIN) != 0 ? effective | BPF | PERFMON | NET_ADMIN : effective;
        return needed & ~has;
    }

    /**
     * Names a set.
     *
     * @param set the bits
     * @return such as {@code CAP_BPF and CAP_PERFMON}
     */
    static String names(long set) {
        StringBuilder names = new StringBuilder();
        append(names, set & BPF, "CAP_BPF");
        append(names, set & PERFMON, "CAP_PERFMON");
        append(names, set & NET_ADMIN, "CAP_NET_ADMIN");
        append(names, set & SYS_ADMIN, "CAP_SYS_ADMIN");
        return names.toString();
    }

    private static void append(StringBuilder names, long bit, String name) {
        if (bit != 0) {
            names.append(names.isEmpty() ? "" : " and ").append(name);
        }
    }
}
