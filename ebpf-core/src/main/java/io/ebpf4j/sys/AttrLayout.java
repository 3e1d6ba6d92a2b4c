// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.sys;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Where the members of what the kernel is given lie (include/uapi/linux/bpf.h and perf_event.h),
 * one constant each under the member's own name. A test holds every one against the running
 * kernel's BTF.
 *
 * <p>A constant is the member's width in bytes in the upper 16 bits and its offset in the lower.
 * All are compile-time constants, so that none of these classes is ever loaded. {@code BYTES} ends
 * after the last member declared here: the kernel takes a longer attribute than it knows as long as
 * the surplus is zero.
 */
final class AttrLayout {
    static final int U8 = 1 << 16;
    static final int U16 = 2 << 16;
    static final int U32 = 4 << 16;
    static final int U64 = 8 << 16;
    static final int TEXT16 = 16 << 16;

    /** The whole of {@code union bpf_attr}, with room for members that later kernels may add. */
    static final int ATTR_BYTES = 192;

    private AttrLayout() {}

    static int offset(int field) {
        return field & 0xffff;
    }

    static int width(int field) {
        return field >>> 16;
    }

    /** Names the kernel's struct that a class describes. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.TYPE)
    @interface Struct {
        /** The struct's or union's name. */
        String value();

        /**
         * Path of the member that holds these members, or empty for the struct itself or an unnamed
         * member of it.
         */
        String member() default "";

        /** The kernel that introduced the struct or member, if newer than 5.10. */
        String since() default "";
    }

    /** BPF_MAP_CREATE. */
    @Struct("bpf_attr")
    static final class MapCreate {
        static final int MAP_TYPE = U32 | 0;
        static final int KEY_SIZE = U32 | 4;
        static final int VALUE_SIZE = U32 | 8;
        static final int MAX_ENTRIES = U32 | 12;
        static final int MAP_FLAGS = U32 | 16;
        static final int INNER_MAP_FD = U32 | 20;
        static final int NUMA_NODE = U32 | 24;
        static final int MAP_NAME = TEXT16 | 28;
        static final int MAP_IFINDEX = U32 | 44;
        static final int BTF_FD = U32 | 48;
        static final int BTF_KEY_TYPE_ID = U32 | 52;
        static final int BTF_VALUE_TYPE_ID = U32 | 56;
        static final int BTF_VMLINUX_VALUE_TYPE_ID = U32 | 60;
        static final int MAP_EXTRA = U64 | 64;
        static final int VALUE_TYPE_BTF_OBJ_FD = U32 | 72;
        static final int MAP_TOKEN_FD = U32 | 76;
        static final int EXCL_PROG_HASH = U64 | 80;
        static final int EXCL_PROG_HASH_SIZE = U32 | 88;
        static final int BYTES = 92;

        private MapCreate() {}
    }

    /**
     * BPF_MAP_LOOKUP_ELEM, BPF_MAP_UPDATE_ELEM, BPF_MAP_DELETE_ELEM, BPF_MAP_GET_NEXT_KEY,
     * BPF_MAP_FREEZE.
     */
    @Struct("bpf_attr")
    static final class MapElement {
        static final int MAP_FD = U32 | 0;
        static final int KEY = U64 | 8;
        static final int VALUE = U64 | 16;
        static final int NEXT_KEY = U64 | 16;
        static final int FLAGS = U64 | 24;
        static final int BYTES = 32;

        private MapElement() {}
    }

    /** BPF_MAP_LOOKUP_BATCH and its siblings. */
    @Struct(value = "bpf_attr", member = "batch")
    static final class Batch {
        static final int IN_BATCH = U64 | 0;
        static final int OUT_BATCH = U64 | 8;
        static final int KEYS = U64 | 16;
        static final int VALUES = U64 | 24;
        static final int COUNT = U32 | 32;
        static final int MAP_FD = U32 | 36;
        static final int ELEM_FLAGS = U64 | 40;
        static final int FLAGS = U64 | 48;
        static final int BYTES = 56;

        private Batch() {}
    }

    /** BPF_PROG_LOAD. */
    @Struct("bpf_attr")
    static final class ProgLoad {
        static final int PROG_TYPE = U32 | 0;
        static final int INSN_CNT = U32 | 4;
        static final int INSNS = U64 | 8;
        static final int LICENSE = U64 | 16;
        static final int LOG_LEVEL = U32 | 24;
        static final int LOG_SIZE = U32 | 28;
        static final int LOG_BUF = U64 | 32;
        static final int KERN_VERSION = U32 | 40;
        static final int PROG_FLAGS = U32 | 44;
        static final int PROG_NAME = TEXT16 | 48;
        static final int PROG_IFINDEX = U32 | 64;
        static final int EXPECTED_ATTACH_TYPE = U32 | 68;
        static final int PROG_BTF_FD = U32 | 72;
        static final int FUNC_INFO_REC_SIZE = U32 | 76;
        static final int FUNC_INFO = U64 | 80;
        static final int FUNC_INFO_CNT = U32 | 88;
        static final int LINE_INFO_REC_SIZE = U32 | 92;
        static final int LINE_INFO = U64 | 96;
        static final int LINE_INFO_CNT = U32 | 104;
        static final int ATTACH_BTF_ID = U32 | 108;
        static final int ATTACH_PROG_FD = U32 | 112;
        static final int ATTACH_BTF_OBJ_FD = U32 | 112;
        static final int CORE_RELO_CNT = U32 | 116;
        static final int FD_ARRAY = U64 | 120;
        static final int CORE_RELOS = U64 | 128;
        static final int CORE_RELO_REC_SIZE = U32 | 136;
        static final int LOG_TRUE_SIZE = U32 | 140;
        static final int PROG_TOKEN_FD = U32 | 144;
        static final int FD_ARRAY_CNT = U32 | 148;
        static final int SIGNATURE = U64 | 152;
        static final int SIGNATURE_SIZE = U32 | 160;
        static final int KEYRING_ID = U32 | 164;
        static final int BYTES = 168;

        private ProgLoad() {}
    }

    /** BPF_OBJ_PIN and BPF_OBJ_GET. */
    @Struct("bpf_attr")
    static final class ObjectPath {
        static final int PATHNAME = U64 | 0;
        static final int BPF_FD = U32 | 8;
        static final int FILE_FLAGS = U32 | 12;
        static final int PATH_FD = U32 | 16;
        static final int BYTES = 20;

        private ObjectPath() {}
    }

    /** BPF_PROG_ATTACH and BPF_PROG_DETACH. */
    @Struct("bpf_attr")
    static final class Attach {
        static final int TARGET_FD = U32 | 0;
        static final int TARGET_IFINDEX = U32 | 0;
        static final int ATTACH_BPF_FD = U32 | 4;
        static final int ATTACH_TYPE = U32 | 8;
        static final int ATTACH_FLAGS = U32 | 12;
        static final int REPLACE_BPF_FD = U32 | 16;
        static final int RELATIVE_FD = U32 | 20;
        static final int RELATIVE_ID = U32 | 20;
        static final int EXPECTED_REVISION = U64 | 24;
        static final int BYTES = 32;

        private Attach() {}
    }

    /** BPF_PROG_QUERY. */
    @Struct(value = "bpf_attr", member = "query")
    static final class Query {
        static final int TARGET_FD = U32 | 0;
        static final int ATTACH_TYPE = U32 | 4;
        static final int QUERY_FLAGS = U32 | 8;
        static final int ATTACH_FLAGS = U32 | 12;
        static final int PROG_IDS = U64 | 16;
        static final int PROG_CNT = U32 | 24;
        static final int PROG_ATTACH_FLAGS = U64 | 32;
        static final int LINK_IDS = U64 | 40;
        static final int LINK_ATTACH_FLAGS = U64 | 48;
        static final int REVISION = U64 | 56;
        static final int BYTES = 64;

        private Query() {}
    }

    /** BPF_PROG_TEST_RUN. */
    @Struct(value = "bpf_attr", member = "test")
    static final class TestRun {
        static final int PROG_FD = U32 | 0;
        static final int RETVAL = U32 | 4;
        static final int DATA_SIZE_IN = U32 | 8;
        static final int DATA_SIZE_OUT = U32 | 12;
        static final int DATA_IN = U64 | 16;
        static final int DATA_OUT = U64 | 24;
        static final int REPEAT = U32 | 32;
        static final int DURATION = U32 | 36;
        static final int CTX_SIZE_IN = U32 | 40;
        static final int CTX_SIZE_OUT = U32 | 44;
        static final int CTX_IN = U64 | 48;
        static final int CTX_OUT = U64 | 56;
        static final int FLAGS = U32 | 64;
        static final int CPU = U32 | 68;
        static final int BATCH_SIZE = U32 | 72;
        static final int BYTES = 76;

        private TestRun() {}
    }

    /** BPF_*_GET_NEXT_ID and BPF_*_GET_FD_BY_ID. */
    @Struct("bpf_attr")
    static final class GetId {
        static final int START_ID = U32 | 0;
        static final int NEXT_ID = U32 | 4;
        static final int OPEN_FLAGS = U32 | 8;
        static final int BYTES = 12;

        private GetId() {}
    }

    /** BPF_BTF_GET_FD_BY_ID with a token. */
    @Struct(value = "bpf_attr", since = "6.15")
    static final class GetIdByToken {
        static final int START_ID = U32 | 0;
        static final int NEXT_ID = U32 | 4;
        static final int OPEN_FLAGS = U32 | 8;
        static final int FD_BY_ID_TOKEN_FD = U32 | 12;
        static final int BYTES = 16;

        private GetIdByToken() {}
    }

    /** BPF_OBJ_GET_INFO_BY_FD. */
    @Struct(value = "bpf_attr", member = "info")
    static final class InfoByFd {
        static final int BPF_FD = U32 | 0;
        static final int INFO_LEN = U32 | 4;
        static final int INFO = U64 | 8;
        static final int BYTES = 16;

        private InfoByFd() {}
    }

    /** BPF_RAW_TRACEPOINT_OPEN. */
    @Struct(value = "bpf_attr", member = "raw_tracepoint")
    static final class RawTracepoint {
        static final int NAME = U64 | 0;
        static final int PROG_FD = U32 | 8;
        static final int COOKIE = U64 | 16;
        static final int BYTES = 24;

        private RawTracepoint() {}
    }

    /** BPF_BTF_LOAD. */
    @Struct("bpf_attr")
    static final class BtfLoad {
        static final int BTF = U64 | 0;
        static final int BTF_LOG_BUF = U64 | 8;
        static final int BTF_SIZE = U32 | 16;
        static final int BTF_LOG_SIZE = U32 | 20;
        static final int BTF_LOG_LEVEL = U32 | 24;
        static final int BTF_LOG_TRUE_SIZE = U32 | 28;
        static final int BTF_FLAGS = U32 | 32;
        static final int BTF_TOKEN_FD = U32 | 36;
        static final int BYTES = 40;

        private BtfLoad() {}
    }

    /** BPF_ENABLE_STATS. */
    @Struct(value = "bpf_attr", member = "enable_stats")
    static final class EnableStats {
        static final int TYPE = U32 | 0;
        static final int BYTES = 4;

        private EnableStats() {}
    }

    /** BPF_ITER_CREATE. */
    @Struct(value = "bpf_attr", member = "iter_create")
    static final class IterCreate {
        static final int LINK_FD = U32 | 0;
        static final int FLAGS = U32 | 4;
        static final int BYTES = 8;

        private IterCreate() {}
    }

    /** BPF_TOKEN_CREATE. */
    @Struct(value = "bpf_attr", member = "token_create", since = "6.9")
    static final class TokenCreate {
        static final int FLAGS = U32 | 0;
        static final int BPFFS_FD = U32 | 4;
        static final int BYTES = 8;

        private TokenCreate() {}
    }

    /** BPF_PROG_BIND_MAP. */
    @Struct(value = "bpf_attr", member = "prog_bind_map")
    static final class ProgBindMap {
        static final int PROG_FD = U32 | 0;
        static final int MAP_FD = U32 | 4;
        static final int FLAGS = U32 | 8;
        static final int BYTES = 12;

        private ProgBindMap() {}
    }

    /**
     * {@code struct perf_event_attr}, as far as every supported kernel has it
     * (PERF_ATTR_SIZE_VER5).
     */
    @Struct("perf_event_attr")
    static final class PerfEvent {
        static final int TYPE = U32 | 0;
        static final int SIZE = U32 | 4;
        static final int CONFIG = U64 | 8;
        static final int SAMPLE_PERIOD = U64 | 16;
        static final int SAMPLE_FREQ = U64 | 16;
        static final int SAMPLE_TYPE = U64 | 24;
        static final int READ_FORMAT = U64 | 32;
        static final int WAKEUP_EVENTS = U32 | 48;
        static final int WAKEUP_WATERMARK = U32 | 48;
        static final int BP_TYPE = U32 | 52;
        static final int BP_ADDR = U64 | 56;
        static final int KPROBE_FUNC = U64 | 56;
        static final int UPROBE_PATH = U64 | 56;
        static final int CONFIG1 = U64 | 56;
        static final int KPROBE_ADDR = U64 | 64;
        static final int PROBE_OFFSET = U64 | 64;
        static final int CONFIG2 = U64 | 64;
        static final int BRANCH_SAMPLE_TYPE = U64 | 72;
        static final int SAMPLE_REGS_USER = U64 | 80;
        static final int SAMPLE_STACK_USER = U32 | 88;
        static final int CLOCKID = U32 | 92;
        static final int SAMPLE_REGS_INTR = U64 | 96;
        static final int AUX_WATERMARK = U32 | 104;
        static final int SAMPLE_MAX_STACK = U16 | 108;
        static final int BYTES = 112;

        private PerfEvent() {}
    }
}
