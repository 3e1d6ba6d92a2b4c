// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import java.util.Optional;

/**
 * Which cgroups an iterator goes over, and in what order ({@code enum bpf_cgroup_iter_order},
 * include/uapi/linux/bpf.h). The kernel's number is one more than the ordinal.
 */
public enum CgroupOrder {
    /** {@code BPF_CGROUP_ITER_SELF_ONLY}: the cgroup alone. */
    SELF_ONLY,
    /** {@code BPF_CGROUP_ITER_DESCENDANTS_PRE}: the cgroup, and then all below it. */
    DESCENDANTS_PRE,
    /** {@code BPF_CGROUP_ITER_DESCENDANTS_POST}: all below the cgroup, and it last. */
    DESCENDANTS_POST,
    /** {@code BPF_CGROUP_ITER_ANCESTORS_UP}: the cgroup, and then all above it up to the root. */
    ANCESTORS_UP,
    /** {@code BPF_CGROUP_ITER_CHILDREN}: those directly below the cgroup. Linux 7.0. */
    CHILDREN;

    private static final CgroupOrder[] VALUES = values();

    /** Returns empty for a number of a kernel newer than this list. */
    static Optional<CgroupOrder> ofNumber(int number) {
        return number > 0 && number <= VALUES.length
                ? Optional.of(VALUES[number - 1])
                : Optional.empty();
    }

    @SuppressWarnings("EnumOrdinal") // declared in the kernel's order
    int number() {
        return ordinal() + 1;
    }
}
