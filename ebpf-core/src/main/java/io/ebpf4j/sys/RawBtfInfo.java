// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.sys;

import io.ebpf4j.sys.InfoLayout.BtfInfo;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * {@code struct bpf_btf_info}.
 *
 * @param id the BTF's id
 * @param bytes its length
 * @param name {@code vmlinux} or the module's name; empty for a program's; Linux 5.11
 * @param kernel whether it is the kernel's or a module's; Linux 5.11
 */
public record RawBtfInfo(int id, int bytes, String name, boolean kernel) {
    private static final int NAME_BYTES = 64;

    static RawBtfInfo read(ObjectCommands bpf, int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(BtfInfo.BYTES, Long.BYTES);
            MemorySegment name = arena.allocate(NAME_BYTES);
            ByteBuffer b = NativeText.buffer(info);
            b.putLong(at(BtfInfo.NAME), name.address()).putInt(at(BtfInfo.NAME_LEN), NAME_BYTES);
            bpf.describe(fd, info, "BTF");
            return new RawBtfInfo(
                    b.getInt(at(BtfInfo.ID)),
                    b.getInt(at(BtfInfo.BTF_SIZE)),
                    NativeText.string(NativeText.buffer(name), 0, NAME_BYTES),
                    b.getInt(at(BtfInfo.KERNEL_BTF)) != 0);
        }
    }

    /**
     * Reads the types themselves.
     *
     * @param bpf what issues the call
     * @param fd the BTF
     * @return the bytes this record says
     * @throws io.ebpf4j.error.BpfException if the kernel refuses
     */
    public byte[] types(Bpf bpf, int fd) {
        return types(bpf, fd, bytes);
    }

    /** Reads the types without asking for a name, which kernels before 5.11 refuse. */
    static byte[] readTypes(ObjectCommands bpf, int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(BtfInfo.BYTES, Long.BYTES);
            bpf.describe(fd, info, "BTF");
            return types(bpf, fd, NativeText.buffer(info).getInt(at(BtfInfo.BTF_SIZE)));
        }
    }

    private static byte[] types(ObjectCommands bpf, int fd, int bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(BtfInfo.BYTES, Long.BYTES);
            MemorySegment types = arena.allocate(bytes, Long.BYTES);
            NativeText.buffer(info)
                    .putLong(at(BtfInfo.BTF), types.address())
                    .putInt(at(BtfInfo.BTF_SIZE), bytes);
            bpf.describe(fd, info, "BTF");
            byte[] copy = new byte[bytes];
            types.asByteBuffer().get(copy);
            return copy;
        }
    }

    private static int at(int field) {
        return AttrLayout.offset(field);
    }
}
