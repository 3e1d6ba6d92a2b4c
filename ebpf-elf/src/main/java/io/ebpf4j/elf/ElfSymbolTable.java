// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.elf;

import io.ebpf4j.error.ObjectFormatException;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.RandomAccess;

/**
 * A symbol table that decodes a symbol when it is asked for.
 *
 * <pre>
 *   0x00 | name u32 | info u8 | other u8 | shndx u16 | value u64 | size u64
 * </pre>
 *
 * <p>Small tables keep what they decoded, since relocations ask for the same symbols again and
 * again; those of large libraries are walked once and keep nothing.
 */
final class ElfSymbolTable extends AbstractList<ElfSymbol> implements RandomAccess {
    private static final int ENTRY_BYTES = 24;
    private static final int LONGEST_NAME = 1 << 16;
    private static final int LARGEST_KEPT = 1 << 13;
    private static final int SHN_LORESERVE = 0xff00;
    private static final int VERSION_HIDDEN = 0x8000;

    private final ElfFile file;
    private final ElfSection section;
    private final ByteBuffer entries;
    private final ByteBuffer names;
    private final ByteBuffer extendedIndices;
    private final ByteBuffer versions;
    private final int count;
    private final ElfSymbol[] kept;

    ElfSymbolTable(ElfFile file, ElfSection section) {
        this.file = file;
        this.section = section;
        this.count = section.entries(ENTRY_BYTES);
        this.entries = section.table();
        ElfSection strings = file.linked(section, "string table");
        if (strings.type() != ElfSection.SHT_STRTAB) {
            throw file.error(
                    strings.offset(),
                    strings.describe() + " should be the string table of " + section.describe());
        }
        this.names = strings.table();
        this.extendedIndices = companion(ElfSection.SHT_SYMTAB_SHNDX, Integer.BYTES);
        this.versions = companion(ElfSection.SHT_GNU_VERSYM, Short.BYTES);
        this.kept = count <= LARGEST_KEPT ? new ElfSymbol[count] : null;
    }

    /**
     * Returns the table that has an entry for each of these symbols, or null when there is none.
     */
    private ByteBuffer companion(int type, int bytesEach) {
        for (ElfSection s : file.sections()) {
            if (s.type() == type && s.link() == section.index()) {
                if (s.entries(bytesEach) < count) {
                    throw file.error(
                            s.offset(),
                            s.describe()
                                    + " has fewer entries than the "
                                    + count
                                    + " symbols of "
                                    + section.describe());
                }
                return s.table();
            }
        }
        return null;
    }

    ElfSection section() {
        return section;
    }

    @Override
    public int size() {
        return count;
    }

    @Override
    public ElfSymbol get(int index) {
        if (index < 0 || index >= count) {
            throw new IndexOutOfBoundsException("symbol " + index + " of " + count);
        }
        if (kept == null) {
            return decode(index);
        }
        ElfSymbol symbol = kept[index];
        if (symbol == null) {
            symbol = decode(index);
            kept[index] = symbol;
        }
        return symbol;
    }

    /**
     * Finds a symbol by comparing bytes; one that the file defines comes before one that it needs,
     * and the version that new programs link to before older ones.
     */
    Optional<ElfSymbol> find(String name) {
        ElfSymbol best = null;
        int bestRank = -1;
        for (ElfSymbol symbol : findAll(name)) {
            int rank = symbol.isUndefined() ? 0 : isOldVersion(symbol.index()) ? 1 : 2;
            if (rank > bestRank) {
                best = symbol;
                bestRank = rank;
            }
        }
        return Optional.ofNullable(best);
    }

    private boolean isOldVersion(int index) {
        return versions != null && (versions.getShort(index * Short.BYTES) & VERSION_HIDDEN) != 0;
    }

    List<ElfSymbol> findAll(String name) {
        byte[] wanted = name.getBytes(StandardCharsets.UTF_8);
        List<ElfSymbol> found = new ArrayList<>(2);
        for (int i = 1; i < count; i++) {
            if (ElfBytes.matches(names, entries.getInt(i * ENTRY_BYTES), wanted)) {
                found.add(get(i));
            }
        }
        return found;
    }

    private ElfSymbol decode(int index) {
        int at = index * ENTRY_BYTES;
        int info = entries.get(at + 4) & 0xff;
        return new ElfSymbol(
                index,
                name(index, entries.getInt(at)),
                entries.getLong(at + 8),
                entries.getLong(at + 16),
                sectionIndex(index, entries.getShort(at + 6) & 0xffff),
                ElfSymbol.Binding.of(info >> 4),
                ElfSymbol.Type.of(info & 0xf),
                ElfSymbol.Visibility.of(entries.get(at + 5)));
    }

    private String name(int index, int offset) {
        if (offset == 0) {
            return "";
        }
        String name =
                offset > 0 && offset < names.limit()
                        ? ElfBytes.string(names, offset, LONGEST_NAME)
                        : null;
        if (name == null) {
            throw bad(
                    index,
                    "has the name at "
                            + Integer.toUnsignedString(offset)
                            + " of a string table of "
                            + names.limit()
                            + " bytes, where none ends within "
                            + LONGEST_NAME
                            + " bytes");
        }
        return name;
    }

    private int sectionIndex(int index, int found) {
        if (found == ElfSection.SHN_XINDEX) {
            if (extendedIndices == null) {
                throw bad(
                        index, "has an extended section index, but the file has no table of them");
            }
            found = extendedIndices.getInt(index * Integer.BYTES);
        } else if (found >= SHN_LORESERVE) {
            return (short) found;
        }
        int sections = file.sections().size();
        if (found < 0 || found >= sections) {
            throw bad(
                    index,
                    "is in section "
                            + Integer.toUnsignedString(found)
                            + ", but there are "
                            + sections);
        }
        return found;
    }

    private ObjectFormatException bad(int index, String message) {
        return file.error(
                section.offset() + (long) index * ENTRY_BYTES,
                "symbol " + index + " of " + section.describe() + " " + message);
    }
}
