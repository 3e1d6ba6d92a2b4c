// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.elf.ElfFile;
import io.ebpf4j.elf.ElfSection;
import io.ebpf4j.error.ObjectFormatException;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A small file cannot make its reader allocate a large amount of memory. */
class OverlappingNamesTest {

    private static final int HEADER = 64;
    private static final int SECTION = 64;
    private static final int SYMBOL = 24;

    /** Returns an object in which each symbol has the same long name. */
    private static byte[] object(int symbols, int nameLength) {
        int names = HEADER + 3 * SECTION;
        int table = names + nameLength + 2;
        ByteBuffer out =
                ByteBuffer.allocate(table + symbols * SYMBOL).order(ByteOrder.LITTLE_ENDIAN);
        out.put(0, new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1});
        out.putShort(0x10, (short) ElfFile.ET_REL).putShort(0x12, (short) ElfFile.EM_BPF);
        out.putLong(0x28, HEADER).putShort(0x3a, (short) SECTION).putShort(0x3c, (short) 3);
        section(out, 1, ElfSection.SHT_STRTAB, names, nameLength + 2, 0);
        section(out, 2, ElfSection.SHT_SYMTAB, table, (long) symbols * SYMBOL, SYMBOL);
        out.putInt(HEADER + 2 * SECTION + 0x28, 1);
        Arrays.fill(out.array(), names + 1, names + 1 + nameLength, (byte) 'a');
        for (int i = 1; i < symbols; i++) {
            out.putInt(table + i * SYMBOL, 1);
        }
        return out.array();
    }

    private static void section(
            ByteBuffer out, int index, int type, long offset, long size, long entry) {
        int at = HEADER + index * SECTION;
        out.putInt(at + 4, type).putLong(at + 0x18, offset).putLong(at + 0x20, size);
        out.putLong(at + 0x38, entry);
    }

    @Test
    void areRefusedWhenTheyAmountToMoreThanTheFile() {
        byte[] object = object(100_000, 60_000);

        assertThatThrownBy(() -> CollectionSpec.parse("names.o", object))
                .isInstanceOf(ObjectFormatException.class)
                .hasMessageContaining("names.o")
                .hasMessageContaining("overlap");
    }

    @Test
    void areFineWithinReason() {
        assertThat(CollectionSpec.parse("names.o", object(100, 100)).programs()).isEmpty();
    }
}
