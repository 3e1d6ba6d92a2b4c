// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

/**
 * Which of the kernel's mechanisms attaches a tracepoint, kprobe or uprobe.
 *
 * <p>{@link #AUTOMATIC} is right nearly always. The others force one step of the same ladder, to
 * compare mechanisms or to work around one; where the kernel lacks the step, attaching fails
 * instead of falling back.
 */
public enum AttachMode {
    /** The newest mechanism the kernel has, then older ones. */
    AUTOMATIC,
    /**
     * A perf event attached by a {@code bpf_link}, which can be pinned and carries a cookie. Linux
     * 5.15.
     */
    LINK,
    /**
     * A perf event attached by {@code ioctl(PERF_EVENT_IOC_SET_BPF)}; for probes, the event comes
     * from the kprobe or uprobe PMU. Linux 4.7 for tracepoints, 4.17 for probes.
     */
    PERF,
    /**
     * A probe event written to tracefs ({@code kprobe_events}, {@code uprobe_events}), attached by
     * {@code ioctl}. For a tracepoint the same as {@link #PERF}. Linux 4.1 for kprobes, 4.3 for
     * uprobes.
     */
    LEGACY;

    boolean mayUseLink() {
        return this == AUTOMATIC || this == LINK;
    }

    boolean mayUseIoctl() {
        return this != LINK;
    }

    boolean mayUsePmu() {
        return this != LEGACY;
    }

    boolean mayUseTracefs() {
        return this == AUTOMATIC || this == LEGACY;
    }
}
