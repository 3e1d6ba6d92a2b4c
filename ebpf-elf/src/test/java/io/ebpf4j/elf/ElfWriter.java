// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.elf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes files with more sections than sixteen bits can count, as no compiler here does. */
final class ElfWriter {
    static final int SECTION_BYTES = 64;

    private final ByteOrder order;

    ElfWriter(ByteOrder order) {
        this.order = order;
    }

    /**
     * Returns a relocatable object in which symbol 1, "far", is in the last of many sections of
     * code.
     *
     * <p>Sections are: 0, {@code plain} sections named "code" of 8 bytes, then string table,
     * symbols, extended indices.
     */
    byte[] manySections(int plain) {
        byte[] names = "\0code\0far\0".getBytes(StandardCharsets.US_ASCII);
        int code = ElfHeader.BYTES;
        int strings = code + 8;
        int symbols = strings + 16;
        int indices = symbols + 48;
        int headers = indices + 8;
        int count = plain + 4;
        int stringTable = plain + 1;
        ByteBuffer out = ByteBuffer.allocate(headers + count * SECTION_BYTES).order(order);
        header(out, headers, stringTable);
        out.put(strings, names);
        out.putInt(symbols + 24, 6)
                .put(symbols + 28, (byte) 0x12)
                .putShort(symbols + 30, (short) 0xffff);
        out.putInt(indices + 4, plain);
        section(out, headers, 0, 0, 0, 0, count, stringTable, 0);
        for (int i = 1; i <= plain; i++) {
            section(out, headers + i * SECTION_BYTES, 1, ElfSection.SHT_PROGBITS, 0, code, 8, 0, 0);
        }
        int at = headers + stringTable * SECTION_BYTES;
        section(out, at, 0, ElfSection.SHT_STRTAB, 0, strings, names.length, 0, 0);
        section(out, at + 64, 0, ElfSection.SHT_SYMTAB, 0, symbols, 48, stringTable, 24);
        section(out, at + 128, 0, ElfSection.SHT_SYMTAB_SHNDX, 0, indices, 8, stringTable + 1, 4);
        return out.array();
    }

    private void header(ByteBuffer out, int headers, int stringTable) {
        out.put(
                0,
                new byte[] {
                    0x7f, 'E', 'L', 'F', 2, (byte) (order == ByteOrder.LITTLE_ENDIAN ? 1 : 2), 1
                });
        out.putShort(0x10, (short) ElfFile.ET_REL)
                .putShort(0x12, (short) ElfFile.EM_BPF)
                .putInt(0x14, 1);
        out.putLong(0x28, headers)
                .putShort(0x34, (short) ElfHeader.BYTES)
                .putShort(0x3a, (short) SECTION_BYTES);
        out.putShort(0x3c, (short) 0)
                .putShort(0x3e, (short) (stringTable >= 0xff00 ? 0xffff : stringTable));
    }

    private static void section(
            ByteBuffer out,
            int at,
            int name,
            int type,
            long flags,
            long offset,
            long size,
            int link,
            long entry) {
        out.putInt(at, name).putInt(at + 4, type).putLong(at + 8, flags).putLong(at + 0x18, offset);
        out.putLong(at + 0x20, size).putInt(at + 0x28, link).putLong(at + 0x38, entry);
    }
}
