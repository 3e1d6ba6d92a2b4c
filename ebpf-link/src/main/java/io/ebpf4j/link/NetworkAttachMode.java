// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

/**
 * Which of the kernel's mechanisms attaches a program to a network interface.
 *
 * <p>{@link #AUTOMATIC} is right nearly always. The others force one mechanism; where the kernel
 * lacks it, attaching fails instead of falling back.
 */
public enum NetworkAttachMode {
    /** A {@code bpf_link} where the kernel has one, or else netlink. */
    AUTOMATIC,
    /** A {@code bpf_link}, which ends with its last descriptor. XDP: Linux 5.9, TCX: Linux 6.6. */
    LINK,
    /**
     * A netlink request: XDP on the interface itself (Linux 4.8), or a filter of the {@code clsact}
     * qdisc (Linux 4.5). The program stays attached when the process ends without closing the link.
     */
    NETLINK
}
