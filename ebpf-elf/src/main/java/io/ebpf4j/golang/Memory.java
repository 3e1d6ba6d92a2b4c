// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.golang;

import io.ebpf4j.elf.ElfFile;
import io.ebpf4j.elf.ElfSection;
import io.ebpf4j.error.ObjectFormatException;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What a file puts at virtual addresses. */
final class Memory {
    private static final int RELA_BYTES = 24;

    private Memory() {}

    /**
     * Reads bytes.
     *
     * @throws ObjectFormatException if the file has none there
     */
    static ByteBuffer read(ElfFile file, long address, long size) {
        return file.contents(address, size).asByteBuffer().order(file.order());
    }

    /**
     * Reads a pointer. In a position-independent executable the dynamic linker may be the one that
     * writes it; where it comes from is then said by a relocation only.
     *
     * @throws ObjectFormatException if the file has none there
     */
    static long pointer(ElfFile file, long address) {
        long value = read(file, address, Long.BYTES).getLong(0);
        return value == 0 ? relocated(file, address) : value;
    }

    /**
     * Returns what a relocation puts at an address, or 0 when none does. Of its type nothing needs
     * to be known: that of a pointer into the file itself has the pointer as its addend.
     */
    static long relocated(ElfFile file, long address) {
        for (ElfSection section : file.sections()) {
            if (section.type() != ElfSection.SHT_RELA || section.size() > Integer.MAX_VALUE) {
                continue;
            }
            ByteBuffer entries = section.data().asByteBuffer().order(file.order());
            for (int at = 0; at <= entries.limit() - RELA_BYTES; at += RELA_BYTES) {
                if (entries.getLong(at) == address) {
                    return entries.getLong(at + 16);
                }
            }
        }
        return 0;
    }

    /** Decodes the text that a NUL ends, or returns null when none does. */
    static String text(ByteBuffer bytes, long at, int longest) {
        if (at < 0 || at >= bytes.limit()) {
            return null;
        }
        int end = (int) at;
        int limit = (int) Math.min(bytes.limit(), at + longest);
        while (end < limit && bytes.get(end) != 0) {
            end++;
        }
        if (end == limit) {
            return null;
        }
        byte[] text = new byte[end - (int) at];
        bytes.get((int) at, text);
        return new String(text, StandardCharsets.UTF_8);
    }
}
