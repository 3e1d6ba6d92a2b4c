// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.elf;

import java.nio.ByteBuffer;

/**
 * One program header: how a part of the file is mapped into memory.
 *
 * <pre>
 *   0x00 | type u32 | flags u32 | offset u64 | vaddr u64 | paddr u64 | filesz u64 | memsz u64 | align u64
 * </pre>
 *
 * <p>Ranges are as the file says and may leave it: the separate debug file of a library keeps the
 * headers of the whole.
 *
 * @param type what the entry describes, such as {@link #PT_LOAD}
 * @param flags {@link #PF_X}, {@link #PF_W} and {@link #PF_R}
 * @param offset where the segment begins in the file, in bytes
 * @param virtualAddress where it begins in memory, before a load bias
 * @param fileSize bytes that come from the file
 * @param memorySize bytes in memory; those beyond {@code fileSize} are zero
 * @param alignment the alignment of offset and address in bytes, a power of two, or 0 or 1 for none
 */
public record ProgramHeader(
        int type,
        int flags,
        long offset,
        long virtualAddress,
        long fileSize,
        long memorySize,
        long alignment) {

    /** A segment that is mapped into memory. */
    public static final int PT_LOAD = 1;

    /** Dynamic linking information. */
    public static final int PT_DYNAMIC = 2;

    /** The path of the program interpreter. */
    public static final int PT_INTERP = 3;

    /** Notes, such as the build id. */
    public static final int PT_NOTE = 4;

    /** The segment can be executed. */
    public static final int PF_X = 1;

    /** The segment can be written. */
    public static final int PF_W = 2;

    /** The segment can be read. */
    public static final int PF_R = 4;

    static final int BYTES = 56;

    static ProgramHeader decode(ByteBuffer table, int index) {
        int at = index * BYTES;
        return new ProgramHeader(
                table.getInt(at),
                table.getInt(at + 0x04),
                table.getLong(at + 0x08),
                table.getLong(at + 0x10),
                table.getLong(at + 0x20),
                table.getLong(at + 0x28),
                table.getLong(at + 0x30));
    }
}
