// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.sys;

import static io.ebpf4j.sys.AttrLayout.U32;
import static io.ebpf4j.sys.AttrLayout.U64;

import io.ebpf4j.sys.AttrLayout.Struct;

/**
 * Where the members lie that the commands of links are given, as {@link AttrLayout} says it of the
 * others: what all links are created with, and what those of each kind of hook are created with
 * behind it.
 */
final class LinkLayout {
    private LinkLayout() {}

    /** BPF_LINK_CREATE. */
    @Struct(value = "bpf_attr", member = "link_create")
    static final class Create {
        static final int PROG_FD = U32 | 0;
        static final int TARGET_FD = U32 | 4;
        static final int TARGET_IFINDEX = U32 | 4;
        static final int ATTACH_TYPE = U32 | 8;
        static final int FLAGS = U32 | 12;
        static final int TARGET_BTF_ID = U32 | 16;
        static final int ITER_INFO = U64 | 16;
        static final int ITER_INFO_LEN = U32 | 24;
        static final int BYTES = 28;

        private Create() {}
    }

    /** BPF_LINK_CREATE of a perf event. */
    @Struct(value = "bpf_attr", member = "link_create.perf_event", since = "5.15")
    static final class PerfEvent {
        static final int BPF_COOKIE = U64 | 16;
        static final int BYTES = 24;

        private PerfEvent() {}
    }

    /** BPF_LINK_CREATE of many kprobes. */
    @Struct(value = "bpf_attr", member = "link_create.kprobe_multi", since = "5.18")
    static final class KprobeMulti {
        static final int FLAGS = U32 | 16;
        static final int CNT = U32 | 20;
        static final int SYMS = U64 | 24;
        static final int ADDRS = U64 | 32;
        static final int COOKIES = U64 | 40;
        static final int BYTES = 48;

        private KprobeMulti() {}
    }

    /** BPF_LINK_CREATE of a tracing program. */
    @Struct(value = "bpf_attr", member = "link_create.tracing", since = "5.19")
    static final class Tracing {
        static final int TARGET_BTF_ID = U32 | 16;
        static final int COOKIE = U64 | 24;
        static final int BYTES = 32;

        private Tracing() {}
    }

    /** BPF_LINK_CREATE of a netfilter hook. */
    @Struct(value = "bpf_attr", member = "link_create.netfilter", since = "6.4")
    static final class Netfilter {
        static final int PF = U32 | 16;
        static final int HOOKNUM = U32 | 20;
        static final int PRIORITY = U32 | 24;
        static final int FLAGS = U32 | 28;
        static final int BYTES = 32;

        private Netfilter() {}
    }

    /** BPF_LINK_CREATE of a tcx hook; netkit and cgroup links have the same members. */
    @Struct(value = "bpf_attr", member = "link_create.tcx", since = "6.6")
    static final class Tcx {
        static final int RELATIVE_FD = U32 | 16;
        static final int RELATIVE_ID = U32 | 16;
        static final int EXPECTED_REVISION = U64 | 24;
        static final int BYTES = 32;

        private Tcx() {}
    }

    /** BPF_LINK_CREATE of many uprobes. */
    @Struct(value = "bpf_attr", member = "link_create.uprobe_multi", since = "6.6")
    static final class UprobeMulti {
        static final int PATH = U64 | 16;
        static final int OFFSETS = U64 | 24;
        static final int REF_CTR_OFFSETS = U64 | 32;
        static final int COOKIES = U64 | 40;
        static final int CNT = U32 | 48;
        static final int FLAGS = U32 | 52;
        static final int PID = U32 | 56;
        static final int BYTES = 60;

        private UprobeMulti() {}
    }

    /** BPF_LINK_CREATE of a tracing program for many functions. */
    @Struct(value = "bpf_attr", member = "link_create.tracing_multi", since = "7.2")
    static final class TracingMulti {
        static final int IDS = U64 | 16;
        static final int COOKIES = U64 | 24;
        static final int CNT = U32 | 32;
        static final int BYTES = 40;

        private TracingMulti() {}
    }

    /** BPF_LINK_UPDATE. */
    @Struct(value = "bpf_attr", member = "link_update")
    static final class Update {
        static final int LINK_FD = U32 | 0;
        static final int NEW_PROG_FD = U32 | 4;
        static final int FLAGS = U32 | 8;
        static final int OLD_PROG_FD = U32 | 12;
        static final int BYTES = 16;

        private Update() {}
    }

    /** BPF_LINK_DETACH. */
    @Struct(value = "bpf_attr", member = "link_detach")
    static final class Detach {
        static final int LINK_FD = U32 | 0;
        static final int BYTES = 4;

        private Detach() {}
    }

    /** {@code union bpf_iter_link_info} of an iterator over a map's elements. */
    @Struct(value = "bpf_iter_link_info", member = "map")
    static final class IterMap {
        static final int MAP_FD = U32 | 0;
        static final int BYTES = 4;

        private IterMap() {}
    }

    /** {@code union bpf_iter_link_info} of an iterator over cgroups. */
    @Struct(value = "bpf_iter_link_info", member = "cgroup", since = "6.1")
    static final class IterCgroup {
        static final int ORDER = U32 | 0;
        static final int CGROUP_FD = U32 | 4;
        static final int CGROUP_ID = U64 | 8;
        static final int BYTES = 16;

        private IterCgroup() {}
    }

    /** {@code union bpf_iter_link_info} of an iterator over tasks. */
    @Struct(value = "bpf_iter_link_info", member = "task", since = "6.1")
    static final class IterTask {
        static final int TID = U32 | 0;
        static final int PID = U32 | 4;
        static final int PID_FD = U32 | 8;
        static final int BYTES = 12;

        private IterTask() {}
    }
}
