// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.spec.MapType;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What the kernel says about a map ({@code struct bpf_map_info}, include/uapi/linux/bpf.h; Linux
 * 4.13).
 *
 * @param type its type; {@link MapType#UNSPEC} for one this library does not know
 * @param typeNumber the kernel's number of the type
 * @param id its id, unique until the next boot
 * @param keySize bytes of a key
 * @param valueSize bytes of a value; of one CPU's for per-CPU maps
 * @param maxEntries most elements; bytes for a ring buffer
 * @param flags {@code BPF_F_*}
 * @param name its name, at most 15 characters; empty before Linux 4.15
 * @param interfaceIndex the network device that it is offloaded to, or 0 (Linux 4.16)
 * @param vmlinuxValueTypeId for struct_ops, its value's type in the kernel's BTF (Linux 5.6)
 * @param networkNamespaceDevice device of the network namespace of that device, or 0
 * @param networkNamespaceInode inode of the network namespace of that device, or 0
 * @param btfId id of the BTF that describes it, or 0
 * @param keyTypeId the key's type in that BTF, or 0
 * @param valueTypeId the value's type in that BTF, or 0
 * @param vmlinuxBtfId for struct_ops of a module, the id of the module's BTF, or 0 (Linux 6.9)
 * @param mapExtra the extra parameter, or 0 (Linux 5.16)
 */
public record MapInfo(
        MapType type,
        int typeNumber,
        int id,
        int keySize,
        int valueSize,
        int maxEntries,
        int flags,
        String name,
        int interfaceIndex,
        int vmlinuxValueTypeId,
        long networkNamespaceDevice,
        long networkNamespaceInode,
        int btfId,
        int keyTypeId,
        int valueTypeId,
        int vmlinuxBtfId,
        long mapExtra) {

    /** Bytes of {@code struct bpf_map_info} up to and with map_extra. */
    static final int BYTES = 88;

    private static final int NAME = 24;
    private static final int NAME_BYTES = 16;

    /** Decodes {@code struct bpf_map_info}. */
    static MapInfo decode(ByteBuffer info) {
        int number = info.getInt(0);
        byte[] name = new byte[NAME_BYTES];
        info.get(NAME, name);
        int length = 0;
        while (length < NAME_BYTES && name[length] != 0) {
            length++;
        }
        MapType[] types = MapType.values();
        return new MapInfo(
                number > 0 && number < types.length ? types[number] : MapType.UNSPEC,
                number,
                info.getInt(4),
                info.getInt(8),
                info.getInt(12),
                info.getInt(16),
                info.getInt(20),
                new String(name, 0, length, StandardCharsets.US_ASCII),
                info.getInt(40),
                info.getInt(44),
                info.getLong(48),
                info.getLong(56),
                info.getInt(64),
                info.getInt(68),
                info.getInt(72),
                info.getInt(76),
                info.getLong(80));
    }
}
