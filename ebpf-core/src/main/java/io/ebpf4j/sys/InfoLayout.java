// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.sys;

import static io.ebpf4j.sys.AttrLayout.TEXT16;
import static io.ebpf4j.sys.AttrLayout.U32;
import static io.ebpf4j.sys.AttrLayout.U64;

import io.ebpf4j.sys.AttrLayout.Struct;

/**
 * Where the members of what BPF_OBJ_GET_INFO_BY_FD fills lie (include/uapi/linux/bpf.h), as {@link
 * AttrLayout} says it of what the kernel is given.
 *
 * <p>{@code BYTES} ends after the last member declared here: the kernel fills no more than it is
 * given room for.
 */
final class InfoLayout {
    private InfoLayout() {}

    /** {@code struct bpf_prog_info}. */
    @Struct("bpf_prog_info")
    static final class ProgInfo {
        static final int TYPE = U32 | 0;
        static final int ID = U32 | 4;
        static final int TAG = U64 | 8;
        static final int JITED_PROG_LEN = U32 | 16;
        static final int XLATED_PROG_LEN = U32 | 20;
        static final int JITED_PROG_INSNS = U64 | 24;
        static final int XLATED_PROG_INSNS = U64 | 32;
        static final int LOAD_TIME = U64 | 40;
        static final int CREATED_BY_UID = U32 | 48;
        static final int NR_MAP_IDS = U32 | 52;
        static final int MAP_IDS = U64 | 56;
        static final int NAME = TEXT16 | 64;
        static final int IFINDEX = U32 | 80;
        static final int NETNS_DEV = U64 | 88;
        static final int NETNS_INO = U64 | 96;
        static final int NR_JITED_KSYMS = U32 | 104;
        static final int NR_JITED_FUNC_LENS = U32 | 108;
        static final int JITED_KSYMS = U64 | 112;
        static final int JITED_FUNC_LENS = U64 | 120;
        static final int BTF_ID = U32 | 128;
        static final int FUNC_INFO_REC_SIZE = U32 | 132;
        static final int FUNC_INFO = U64 | 136;
        static final int NR_FUNC_INFO = U32 | 144;
        static final int NR_LINE_INFO = U32 | 148;
        static final int LINE_INFO = U64 | 152;
        static final int JITED_LINE_INFO = U64 | 160;
        static final int NR_JITED_LINE_INFO = U32 | 168;
        static final int LINE_INFO_REC_SIZE = U32 | 172;
        static final int JITED_LINE_INFO_REC_SIZE = U32 | 176;
        static final int NR_PROG_TAGS = U32 | 180;
        static final int PROG_TAGS = U64 | 184;
        static final int RUN_TIME_NS = U64 | 192;
        static final int RUN_CNT = U64 | 200;
        static final int RECURSION_MISSES = U64 | 208;
        static final int VERIFIED_INSNS = U32 | 216;
        static final int ATTACH_BTF_OBJ_ID = U32 | 220;
        static final int ATTACH_BTF_ID = U32 | 224;
        static final int BYTES = 228;

        private ProgInfo() {}
    }

    /** {@code struct bpf_map_info}. */
    @Struct("bpf_map_info")
    static final class MapInfo {
        static final int TYPE = U32 | 0;
        static final int ID = U32 | 4;
        static final int KEY_SIZE = U32 | 8;
        static final int VALUE_SIZE = U32 | 12;
        static final int MAX_ENTRIES = U32 | 16;
        static final int MAP_FLAGS = U32 | 20;
        static final int NAME = TEXT16 | 24;
        static final int IFINDEX = U32 | 40;
        static final int BTF_VMLINUX_VALUE_TYPE_ID = U32 | 44;
        static final int NETNS_DEV = U64 | 48;
        static final int NETNS_INO = U64 | 56;
        static final int BTF_ID = U32 | 64;
        static final int BTF_KEY_TYPE_ID = U32 | 68;
        static final int BTF_VALUE_TYPE_ID = U32 | 72;
        static final int BTF_VMLINUX_ID = U32 | 76;
        static final int MAP_EXTRA = U64 | 80;
        static final int HASH = U64 | 88;
        static final int HASH_SIZE = U32 | 96;
        static final int BYTES = 100;

        private MapInfo() {}
    }

    /** {@code struct bpf_btf_info}. */
    @Struct("bpf_btf_info")
    static final class BtfInfo {
        static final int BTF = U64 | 0;
        static final int BTF_SIZE = U32 | 8;
        static final int ID = U32 | 12;
        static final int NAME = U64 | 16;
        static final int NAME_LEN = U32 | 24;
        static final int KERNEL_BTF = U32 | 28;
        static final int BYTES = 32;

        private BtfInfo() {}
    }

    /** {@code struct bpf_link_info}. */
    @Struct("bpf_link_info")
    static final class LinkInfo {
        static final int TYPE = U32 | 0;
        static final int ID = U32 | 4;
        static final int PROG_ID = U32 | 8;
        static final int BYTES = 64;

        private LinkInfo() {}
    }
}
