// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.elf;

import io.ebpf4j.error.ObjectFormatException;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * One section of an {@link ElfFile}: its header and access to its bytes.
 *
 * <pre>
 *   0x00 | name u32 | type u32 | flags u64 | addr u64 | offset u64
 *   0x20 | size u64 | link u32 | info u32 | addralign u64 | entsize u64
 * </pre>
 *
 * <p>The range of every section that has bytes lies in the file; {@link ElfFile} checked it.
 */
public final class ElfSection {

    /** The unused section 0. */
    public static final int SHT_NULL = 0;

    /** Code or data. */
    public static final int SHT_PROGBITS = 1;

    /** The symbol table. */
    public static final int SHT_SYMTAB = 2;

    /** A string table. */
    public static final int SHT_STRTAB = 3;

    /** Relocations with addends. */
    public static final int SHT_RELA = 4;

    /** Notes, such as the build id. */
    public static final int SHT_NOTE = 7;

    /** Memory that begins as zeroes and takes no bytes in the file. */
    public static final int SHT_NOBITS = 8;

    /** Relocations whose addends are in the place they change. */
    public static final int SHT_REL = 9;

    /** The symbol table of the dynamic linker. */
    public static final int SHT_DYNSYM = 11;

    /** Section indices of symbols, for files with more than 65,279 sections. */
    public static final int SHT_SYMTAB_SHNDX = 18;

    /** The versions of dynamic symbols, two bytes each. */
    public static final int SHT_GNU_VERSYM = 0x6fff_ffff;

    /** The section is writable in memory. */
    public static final long SHF_WRITE = 1;

    /** The section takes memory at run time. */
    public static final long SHF_ALLOC = 2;

    /** The section holds instructions. */
    public static final long SHF_EXECINSTR = 4;

    static final int HEADER_BYTES = 64;
    static final int SHN_XINDEX = 0xffff;

    private final ElfBytes file;
    private final int index;
    private final String name;
    private final int type;
    private final long flags;
    private final long address;
    private final long offset;
    private final long size;
    private final int link;
    private final int info;
    private final long entrySize;

    /** Decodes the header at an index of the section header table. */
    ElfSection(ElfBytes file, ByteBuffer headers, int index, String name) {
        int at = index * HEADER_BYTES;
        this.file = file;
        this.index = index;
        this.name = name;
        this.type = headers.getInt(at + 0x04);
        this.flags = headers.getLong(at + 0x08);
        this.address = headers.getLong(at + 0x10);
        this.offset = headers.getLong(at + 0x18);
        this.size = headers.getLong(at + 0x20);
        this.link = headers.getInt(at + 0x28);
        this.info = headers.getInt(at + 0x2c);
        this.entrySize = headers.getLong(at + 0x38);
    }

    /**
     * Returns the section's place in the section header table.
     *
     * @return 0 or more
     */
    public int index() {
        return index;
    }

    /**
     * Returns the section's name.
     *
     * @return the name, such as {@code .text}; empty when it has none
     */
    public String name() {
        return name;
    }

    /**
     * Returns what the section holds.
     *
     * @return such as {@link #SHT_PROGBITS}
     */
    public int type() {
        return type;
    }

    /**
     * Returns the section's flags.
     *
     * @return such as {@link #SHF_ALLOC}
     */
    public long flags() {
        return flags;
    }

    /**
     * Returns where the section is in memory.
     *
     * @return the virtual address before a load bias, 0 in relocatable objects
     */
    public long address() {
        return address;
    }

    /**
     * Returns where the section's bytes are.
     *
     * @return offset in bytes from the start of the file
     */
    public long offset() {
        return offset;
    }

    /**
     * Returns the section's size.
     *
     * @return bytes in memory; also those of a {@link #SHT_NOBITS} section, which has no bytes in
     *     the file, so that the value may then be any unsigned number
     */
    public long size() {
        return size;
    }

    /**
     * Returns the index of the section that this one belongs with: the string table of symbols, the
     * symbols of relocations.
     *
     * @return a section index as the file has it, not checked
     */
    public int link() {
        return link;
    }

    /**
     * Returns more information, which depends on the type: for relocations the section they change.
     *
     * @return the value as the file has it, not checked
     */
    public int info() {
        return info;
    }

    /**
     * Returns the size of each entry, for sections that are tables.
     *
     * @return bytes, or 0 for other sections
     */
    public long entrySize() {
        return entrySize;
    }

    /**
     * Says whether the section takes bytes in the file.
     *
     * @return false for {@link #SHT_NOBITS} and {@link #SHT_NULL}
     */
    public boolean hasBytes() {
        return type != SHT_NOBITS && type != SHT_NULL;
    }

    /**
     * Copies the section's bytes.
     *
     * @return a new array; empty when the section has no bytes in the file
     * @throws io.ebpf4j.error.ObjectFormatException if the section has more than 2 GiB
     */
    public byte[] bytes() {
        ByteBuffer table = table();
        byte[] bytes = new byte[table.limit()];
        table.get(0, bytes);
        return bytes;
    }

    /**
     * Returns the section's bytes without copying them.
     *
     * @return a read-only part of the file; empty when the section has no bytes in the file
     */
    public MemorySegment data() {
        return hasBytes() ? file.slice(offset, size) : MemorySegment.NULL;
    }

    /** Returns the bytes as a buffer in the file's byte order. */
    ByteBuffer table() {
        return hasBytes()
                ? file.table(offset, size, this)
                : ByteBuffer.allocate(0).order(file.order());
    }

    /** Checks that the section is a table of entries of a size and returns their number. */
    int entries(int bytesEach) {
        if (entrySize != bytesEach) {
            throw file.error(
                    offset,
                    describe()
                            + " has entries of "
                            + Long.toUnsignedString(entrySize)
                            + " bytes, expected "
                            + bytesEach);
        }
        if (size % bytesEach != 0) {
            throw file.error(
                    offset,
                    describe()
                            + " has "
                            + size
                            + " bytes, which is no multiple of its entries' "
                            + bytesEach);
        }
        return table().limit() / bytesEach;
    }

    /** Returns an error about a place in the section. */
    ObjectFormatException error(long at, String message) {
        return file.error(offset + at, describe() + ": " + message);
    }

    String describe() {
        return name.isEmpty() ? "section " + index : "section " + index + " \"" + name + "\"";
    }

    @Override
    public String toString() {
        return describe();
    }
}
