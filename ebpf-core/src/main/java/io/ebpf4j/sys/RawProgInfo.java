// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.sys;

import io.ebpf4j.sys.InfoLayout.ProgInfo;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code struct bpf_prog_info}, as far as this library reads it; members that the kernel is too old
 * for are 0.
 *
 * @param type {@code BPF_PROG_TYPE_*}
 * @param id the program's id
 * @param tag eight bytes of a hash of the instructions, read as one big-endian number
 * @param name at most 15 characters
 * @param jitedBytes length of the machine code; 0 without permission to see it
 * @param xlatedBytes length of the rewritten instructions
 * @param loadNanos nanoseconds from boot to load
 * @param uid who loaded it
 * @param gplCompatible whether its license opened GPL-only helpers
 * @param mapIds ids of its maps
 * @param btfId id of its BTF, or 0
 * @param attachBtfObjId id of the BTF that {@code attachBtfId} is in, or 0; Linux 6.0
 * @param attachBtfId what it was loaded for, or 0; Linux 6.0
 * @param runNanos nanoseconds it ran, while statistics were on
 * @param runCount times it ran, while statistics were on
 * @param recursionMisses runs left out since it was running already; Linux 5.12
 * @param verifiedInstructions instructions the verifier looked at; Linux 5.16
 * @param functionRecords number of function records; Linux 5.0
 * @param lineRecords number of line records; Linux 5.0
 */
public record RawProgInfo(
        int type,
        int id,
        long tag,
        String name,
        int jitedBytes,
        int xlatedBytes,
        long loadNanos,
        int uid,
        boolean gplCompatible,
        List<Integer> mapIds,
        int btfId,
        int attachBtfObjId,
        int attachBtfId,
        long runNanos,
        long runCount,
        long recursionMisses,
        int verifiedInstructions,
        int functionRecords,
        int lineRecords) {

    /** Where {@code gpl_compatible}, a bit field, lies; its bit is the machine's first. */
    private static final int GPL_OFFSET = 84;

    static RawProgInfo read(ObjectCommands bpf, int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(ProgInfo.BYTES, Long.BYTES);
            bpf.describe(fd, info, "a program");
            ByteBuffer b = NativeText.buffer(info);
            List<Integer> mapIds = mapIds(bpf, fd, b.getInt(at(ProgInfo.NR_MAP_IDS)));
            return new RawProgInfo(
                    b.getInt(at(ProgInfo.TYPE)),
                    b.getInt(at(ProgInfo.ID)),
                    tag(b),
                    NativeText.string(b, at(ProgInfo.NAME), AttrLayout.width(ProgInfo.NAME)),
                    b.getInt(at(ProgInfo.JITED_PROG_LEN)),
                    b.getInt(at(ProgInfo.XLATED_PROG_LEN)),
                    b.getLong(at(ProgInfo.LOAD_TIME)),
                    b.getInt(at(ProgInfo.CREATED_BY_UID)),
                    b.getInt(GPL_OFFSET) != 0,
                    mapIds,
                    b.getInt(at(ProgInfo.BTF_ID)),
                    b.getInt(at(ProgInfo.ATTACH_BTF_OBJ_ID)),
                    b.getInt(at(ProgInfo.ATTACH_BTF_ID)),
                    b.getLong(at(ProgInfo.RUN_TIME_NS)),
                    b.getLong(at(ProgInfo.RUN_CNT)),
                    b.getLong(at(ProgInfo.RECURSION_MISSES)),
                    b.getInt(at(ProgInfo.VERIFIED_INSNS)),
                    b.getInt(at(ProgInfo.NR_FUNC_INFO)),
                    b.getInt(at(ProgInfo.NR_LINE_INFO)));
        }
    }

    private static long tag(ByteBuffer info) {
        long tag = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            tag = tag << Byte.SIZE | info.get(at(ProgInfo.TAG) + i) & 0xff;
        }
        return tag;
    }

    private static List<Integer> mapIds(ObjectCommands bpf, int fd, int count) {
        if (count == 0) {
            return List.of();
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ids = arena.allocate((long) count * Integer.BYTES, Long.BYTES);
            MemorySegment info = arena.allocate(ProgInfo.BYTES, Long.BYTES);
            ByteBuffer b = NativeText.buffer(info);
            b.putInt(at(ProgInfo.NR_MAP_IDS), count).putLong(at(ProgInfo.MAP_IDS), ids.address());
            bpf.describe(fd, info, "a program's maps");
            int filled = Math.min(count, b.getInt(at(ProgInfo.NR_MAP_IDS)));
            ByteBuffer values = NativeText.buffer(ids);
            List<Integer> list = new ArrayList<>(filled);
            for (int i = 0; i < filled; i++) {
                list.add(values.getInt(i * Integer.BYTES));
            }
            return List.copyOf(list);
        }
    }

    /**
     * Reads the instructions as the kernel rewrote them.
     *
     * @param bpf what issues the call
     * @param fd the program
     * @return whole slots of 8 bytes; empty when the kernel hides them ({@code kptr_restrict},
     *     {@code bpf_jit_harden})
     * @throws io.ebpf4j.error.BpfException if the kernel refuses
     */
    public static byte[] translated(Bpf bpf, int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(ProgInfo.BYTES, Long.BYTES);
            bpf.describe(fd, info, "a program");
            ByteBuffer b = NativeText.buffer(info);
            int length = b.getInt(at(ProgInfo.XLATED_PROG_LEN));
            if (length == 0) {
                return new byte[0];
            }
            MemorySegment code = arena.allocate(length, Long.BYTES);
            info.fill((byte) 0);
            b.putInt(at(ProgInfo.XLATED_PROG_LEN), length)
                    .putLong(at(ProgInfo.XLATED_PROG_INSNS), code.address());
            bpf.describe(fd, info, "a program's instructions");
            if (b.getLong(at(ProgInfo.XLATED_PROG_INSNS)) == 0) {
                return new byte[0];
            }
            byte[] bytes = new byte[Math.min(length, b.getInt(at(ProgInfo.XLATED_PROG_LEN)))];
            NativeText.buffer(code).get(bytes);
            return bytes;
        }
    }

    private static int at(int field) {
        return AttrLayout.offset(field);
    }
}
