// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

/**
 * Which of the kernel's mechanisms attaches a program to a cgroup, and beside which others it runs.
 *
 * <p>Programs by {@link #LINK} and {@link #MULTI} run beside each other, and beside those of the
 * cgroups below. The older {@link #OVERRIDE} and {@link #EXCLUSIVE} allow one program in a cgroup,
 * and no other kind at the same hook of that cgroup.
 */
public enum CgroupMode {
    /** {@link #LINK}, or where the kernel has no links for cgroups (before 5.7) {@link #MULTI}. */
    AUTOMATIC(0),
    /** A {@code bpf_link}, which ends with its last descriptor and can be pinned. Linux 5.7. */
    LINK(0),
    /**
     * {@code BPF_PROG_ATTACH} with {@code BPF_F_ALLOW_MULTI}. The program stays attached when the
     * process ends without closing the link. Linux 4.15.
     */
    MULTI(1 << 1),
    /**
     * {@code BPF_PROG_ATTACH} with {@code BPF_F_ALLOW_OVERRIDE}: a program of a cgroup below runs
     * in its place there. It takes the place of one attached so before. Linux 4.10.
     */
    OVERRIDE(1),
    /**
     * {@code BPF_PROG_ATTACH} without flags: cgroups below can have no program. It takes the place
     * of one attached so before. Linux 4.10.
     */
    EXCLUSIVE(0);

    private final int flags;

    CgroupMode(int flags) {
        this.flags = flags;
    }

    /** Returns the {@code BPF_F_*} of BPF_PROG_ATTACH. */
    int flags() {
        return this == AUTOMATIC ? MULTI.flags : flags;
    }

    boolean mayUseLink() {
        return this == AUTOMATIC || this == LINK;
    }
}
