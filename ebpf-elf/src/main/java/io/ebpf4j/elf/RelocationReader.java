// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.elf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the tables of relocations that change one section.
 *
 * <pre>
 *   SHT_REL:  0x00 | offset u64 | info u64: symbol in the high half, type in the low
 *   SHT_RELA: 0x00 | offset u64 | info u64 | addend s64
 * </pre>
 */
final class RelocationReader {
    private static final int REL_BYTES = 16;
    private static final int RELA_BYTES = 24;

    private final ElfFile file;
    private final ElfSection target;
    private final List<ElfRelocation> relocations = new ArrayList<>();

    RelocationReader(ElfFile file, ElfSection target) {
        this.file = file;
        this.target = target;
    }

    List<ElfRelocation> read() {
        for (ElfSection s : file.sections()) {
            boolean addends = s.type() == ElfSection.SHT_RELA;
            if ((addends || s.type() == ElfSection.SHT_REL)
                    && s.info() == target.index()
                    && s.info() != 0) {
                read(s, addends);
            }
        }
        return relocations;
    }

    private void read(ElfSection section, boolean addends) {
        int each = addends ? RELA_BYTES : REL_BYTES;
        int count = section.entries(each);
        if (count == 0) {
            return;
        }
        if (count > file.size() / each - relocations.size()) {
            throw file.error(
                    section.offset(),
                    section.describe() + " overlaps other relocations of " + target.describe());
        }
        List<ElfSymbol> table = symbolsOf(section);
        ByteBuffer entries = section.table();
        for (int i = 0; i < count; i++) {
            int at = i * each;
            long offset = entries.getLong(at);
            long symbol = entries.getLong(at + 8) >>> 32;
            if (file.type() == ElfFile.ET_REL && Long.compareUnsigned(offset, target.size()) >= 0) {
                throw file.error(
                        section.offset() + at,
                        "relocation "
                                + i
                                + " of "
                                + section.describe()
                                + " changes offset 0x"
                                + Long.toHexString(offset)
                                + ", but "
                                + target.describe()
                                + " has "
                                + target.size()
                                + " bytes");
            }
            if (symbol >= table.size()) {
                throw file.error(
                        section.offset() + at,
                        "relocation "
                                + i
                                + " of "
                                + section.describe()
                                + " refers to symbol "
                                + symbol
                                + ", but there are "
                                + table.size());
            }
            relocations.add(
                    new ElfRelocation(
                            offset,
                            table.get((int) symbol),
                            entries.getInt(at + typeOffset()),
                            addends ? entries.getLong(at + 16) : 0));
        }
    }

    private int typeOffset() {
        return file.order() == ByteOrder.LITTLE_ENDIAN ? 8 : 12;
    }

    private List<ElfSymbol> symbolsOf(ElfSection section) {
        ElfSection table = file.linked(section, "symbol table");
        if (table.type() == ElfSection.SHT_SYMTAB) {
            ElfSymbolTable main = file.table(false);
            return main.section() == table ? main : new ElfSymbolTable(file, table);
        }
        if (table.type() == ElfSection.SHT_DYNSYM) {
            ElfSymbolTable main = file.table(true);
            return main.section() == table ? main : new ElfSymbolTable(file, table);
        }
        throw file.error(
                table.offset(),
                table.describe()
                        + " should be the symbol table of "
                        + section.describe()
                        + ", but has type "
                        + table.type());
    }
}
