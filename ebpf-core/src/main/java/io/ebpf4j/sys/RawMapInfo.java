// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.sys;

import io.ebpf4j.sys.InfoLayout.MapInfo;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * {@code struct bpf_map_info}; members that the kernel is too old for are 0.
 *
 * @param type {@code BPF_MAP_TYPE_*}
 * @param id the map's id
 * @param keySize bytes of a key
 * @param valueSize bytes of a value
 * @param maxEntries most elements
 * @param flags {@code BPF_F_*}
 * @param name at most 15 characters
 * @param vmlinuxValueTypeId for struct_ops: the value's type in kernel BTF
 * @param btfId id of the BTF that has the types, or 0
 * @param btfKeyTypeId the key's type, or 0
 * @param btfValueTypeId the value's type, or 0
 * @param mapExtra what a map type makes of it; Linux 5.16
 */
public record RawMapInfo(
        int type,
        int id,
        int keySize,
        int valueSize,
        int maxEntries,
        int flags,
        String name,
        int vmlinuxValueTypeId,
        int btfId,
        int btfKeyTypeId,
        int btfValueTypeId,
        long mapExtra) {

    static RawMapInfo read(ObjectCommands bpf, int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(MapInfo.BYTES, Long.BYTES);
            bpf.describe(fd, info, "a map");
            ByteBuffer b = NativeText.buffer(info);
            return new RawMapInfo(
                    b.getInt(at(MapInfo.TYPE)),
                    b.getInt(at(MapInfo.ID)),
                    b.getInt(at(MapInfo.KEY_SIZE)),
                    b.getInt(at(MapInfo.VALUE_SIZE)),
                    b.getInt(at(MapInfo.MAX_ENTRIES)),
                    b.getInt(at(MapInfo.MAP_FLAGS)),
                    NativeText.string(b, at(MapInfo.NAME), AttrLayout.width(MapInfo.NAME)),
                    b.getInt(at(MapInfo.BTF_VMLINUX_VALUE_TYPE_ID)),
                    b.getInt(at(MapInfo.BTF_ID)),
                    b.getInt(at(MapInfo.BTF_KEY_TYPE_ID)),
                    b.getInt(at(MapInfo.BTF_VALUE_TYPE_ID)),
                    b.getLong(at(MapInfo.MAP_EXTRA)));
        }
    }

    private static int at(int field) {
        return AttrLayout.offset(field);
    }
}
