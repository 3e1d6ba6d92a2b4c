// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.elf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What the ELF header says, with the extended numbering of section 0 already applied.
 *
 * <pre>
 *   0x00 | 7f 'E' 'L' 'F' class data version abi ...          e_ident, 16 bytes
 *   0x10 | type u16 | machine u16 | version u32 | entry u64
 *   0x20 | phoff u64              | shoff u64
 *   0x30 | flags u32 | ehsize u16 | phentsize u16 | phnum u16 | shentsize u16 | shnum u16 | shstrndx u16
 * </pre>
 */
record ElfHeader(
        int type,
        int machine,
        long programHeaders,
        int programHeaderCount,
        long sectionHeaders,
        int sectionCount,
        int nameSection) {

    static final int BYTES = 64;

    private static final int IDENT_BYTES = 16;
    private static final int CLASS = 4;
    private static final int DATA = 5;
    private static final int CLASS_32 = 1;
    private static final int CLASS_64 = 2;
    private static final int DATA_LITTLE = 1;
    private static final int DATA_BIG = 2;
    private static final int PN_XNUM = 0xffff;
    private static final int SHN_LORESERVE = 0xff00;

    /** Checks the identification and returns the byte order it names. */
    static ByteOrder identify(ElfBytes bytes) {
        if (bytes.size() < 4) {
            throw bytes.error(
                    0,
                    "not an ELF file: "
                            + bytes.size()
                            + " bytes, but the magic number alone takes 4");
        }
        ByteBuffer magic = bytes.table(0, 4, "the magic number");
        if (magic.get(0) != 0x7f
                || magic.get(1) != 'E'
                || magic.get(2) != 'L'
                || magic.get(3) != 'F') {
            throw bytes.error(
                    0, "not an ELF file: it begins with " + hex(magic) + ", expected 7f 45 4c 46");
        }
        ByteBuffer ident = bytes.table(0, IDENT_BYTES, "the ELF identification");
        int elfClass = ident.get(CLASS);
        if (elfClass == CLASS_32) {
            throw bytes.error(CLASS, "ELF32 is not supported, only ELF64");
        }
        if (elfClass != CLASS_64) {
            throw bytes.error(CLASS, "ELF class " + elfClass + ", expected 2 (ELF64)");
        }
        return switch (ident.get(DATA)) {
            case DATA_LITTLE -> ByteOrder.LITTLE_ENDIAN;
            case DATA_BIG -> ByteOrder.BIG_ENDIAN;
            default ->
                    throw bytes.error(
                            DATA,
                            "ELF data encoding "
                                    + ident.get(DATA)
                                    + ", expected 1 (little) or 2 (big endian)");
        };
    }

    static ElfHeader parse(ElfBytes bytes) {
        ByteBuffer h = bytes.table(0, BYTES, "the ELF header");
        long phoff = h.getLong(0x20);
        long shoff = h.getLong(0x28);
        int phentsize = h.getShort(0x36) & 0xffff;
        int phnum = h.getShort(0x38) & 0xffff;
        int shentsize = h.getShort(0x3a) & 0xffff;
        long shnum = h.getShort(0x3c) & 0xffff;
        int shstrndx = h.getShort(0x3e) & 0xffff;
        if (shoff == 0) {
            shnum = 0;
            shstrndx = 0;
        } else {
            entrySize(bytes, 0x3a, shentsize, ElfSection.HEADER_BYTES, "section");
            ByteBuffer first =
                    bytes.table(shoff, ElfSection.HEADER_BYTES, "the first section header");
            if (shnum == 0) {
                shnum = first.getLong(0x20);
            }
            if (shstrndx == ElfSection.SHN_XINDEX) {
                shstrndx = first.getInt(0x28);
            } else if (shstrndx >= SHN_LORESERVE) {
                throw bytes.error(
                        0x3e,
                        "section name table index 0x"
                                + Integer.toHexString(shstrndx)
                                + " is reserved");
            }
            if (phnum == PN_XNUM) {
                phnum = first.getInt(0x2c);
            }
        }
        count(bytes, shoff, shnum, ElfSection.HEADER_BYTES, "section");
        if (phoff == 0 || phnum == 0) {
            phnum = 0;
        } else {
            entrySize(bytes, 0x36, phentsize, ProgramHeader.BYTES, "program");
            count(bytes, phoff, phnum & 0xffff_ffffL, ProgramHeader.BYTES, "program");
        }
        if (shstrndx < 0 || (shstrndx != 0 && shstrndx >= shnum)) {
            throw bytes.error(
                    0x3e,
                    "section name table is section "
                            + Integer.toUnsignedString(shstrndx)
                            + ", but there are "
                            + shnum
                            + " sections");
        }
        return new ElfHeader(
                h.getShort(0x10) & 0xffff,
                h.getShort(0x12) & 0xffff,
                phoff,
                phnum,
                shoff,
                (int) shnum,
                shstrndx);
    }

    private static void entrySize(ElfBytes bytes, int at, int found, int expected, String what) {
        if (found != expected) {
            throw bytes.error(at, what + " headers of " + found + " bytes, expected " + expected);
        }
    }

    /** Checks a count before anything is allocated for it. */
    private static void count(ElfBytes bytes, long offset, long count, int each, String what) {
        if (!bytes.holds(offset, 0)) {
            throw bytes.error(
                    offset,
                    "the "
                            + what
                            + " headers begin beyond the end of the file at 0x"
                            + Long.toHexString(bytes.size())
                            + "; the file may be truncated");
        }
        long room = Math.min(bytes.size() - offset, Integer.MAX_VALUE) / each;
        if (count < 0 || count > room) {
            throw bytes.error(
                    offset,
                    Long.toUnsignedString(count)
                            + " "
                            + what
                            + " headers are announced here, but the file has room for "
                            + room
                            + "; the file may be truncated");
        }
    }

    private static String hex(ByteBuffer bytes) {
        StringBuilder s = new StringBuilder();
        for (int i = 0; i < bytes.limit(); i++) {
            int b = bytes.get(i) & 0xff;
            s.append(i == 0 ? "" : " ")
                    .append(Character.forDigit(b >> 4, 16))
                    .append(Character.forDigit(b & 0xf, 16));
        }
        return s.toString();
    }
}
