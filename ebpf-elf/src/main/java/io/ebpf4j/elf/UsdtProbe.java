// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.elf;

import io.ebpf4j.error.ObjectFormatException;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One place in an executable or shared object where a static probe (USDT) is hit, as its note says.
 * A probe has as many as the compiler made of it, with arguments in different places each.
 *
 * <pre>
 * .note.stapsdt: u32 name bytes | u32 description bytes | u32 type 3 | "stapsdt\0" | description, padded to 4
 * description:   u64 location | u64 base | u64 semaphore | provider\0 | name\0 | arguments\0
 * </pre>
 *
 * <p>All addresses are those from before a tool moved the file (prelink), if one did: {@code
 * .stapsdt.base} is where the base is now. The format is SystemTap's ({@code sys/sdt.h}).
 *
 * @param provider the provider's name, such as {@code hotspot}
 * @param name the probe's name, such as {@code gc__begin}
 * @param address the instruction's virtual address, before a load bias
 * @param fileOffset the instruction's place in bytes from the start of the file, or -1 when no
 *     executable segment holds it, as in relocatable objects and separate debug files
 * @param semaphore the virtual address of a 16-bit counter that the process looks at to know
 *     whether anybody listens, or 0 when the probe has none
 * @param semaphoreOffset the counter's place in bytes from the start of the file, 0 when there is
 *     no counter, or -1 when no segment holds it
 * @param arguments where the arguments are, in words of the assembler; {@link UsdtArgument#parse}
 *     reads them
 */
public record UsdtProbe(
        String provider,
        String name,
        long address,
        long fileOffset,
        long semaphore,
        long semaphoreOffset,
        String arguments) {

    private static final String SECTION = ".note.stapsdt";
    private static final int NOTE_HEADER = 12;
    private static final int ADDRESSES = 24;
    private static final int TYPE = 3;
    private static final int LONGEST_TEXT = 1 << 12;
    private static final byte[] OWNER = {'s', 't', 'a', 'p', 's', 'd', 't', 0};

    /**
     * Lists the places of all static probes of a file.
     *
     * @param file an executable or shared object
     * @return the places, in the file's order; empty when the file has none
     * @throws ObjectFormatException if the notes are malformed
     */
    public static List<UsdtProbe> list(ElfFile file) {
        Optional<ElfSection> notes = file.section(SECTION);
        if (notes.isEmpty()) {
            return List.of();
        }
        ElfSection section = notes.get();
        long base = file.section(".stapsdt.base").map(ElfSection::address).orElse(0L);
        List<UsdtProbe> probes = new ArrayList<>();
        ByteBuffer bytes = section.table();
        int at = 0;
        while (at < bytes.limit()) {
            if (bytes.limit() - at < NOTE_HEADER) {
                throw section.error(at, "a note is cut off in its header");
            }
            long name = (long) at + NOTE_HEADER;
            long description = name + padded(bytes.getInt(at));
            long size = Integer.toUnsignedLong(bytes.getInt(at + 4));
            long next = description + padded(bytes.getInt(at + 4));
            // the last one need not be padded
            if (description + size > bytes.limit()) {
                throw section.error(at, "a note takes more bytes than the section has");
            }
            if (bytes.getInt(at + 8) == TYPE && isOurs(bytes, at)) {
                probes.add(read(file, section, bytes, (int) description, (int) size, base));
            }
            at = (int) Math.min(next, bytes.limit());
        }
        return List.copyOf(probes);
    }

    private static long padded(int size) {
        return (Integer.toUnsignedLong(size) + 3) & -4L;
    }

    private static boolean isOurs(ByteBuffer bytes, int note) {
        if (bytes.getInt(note) != OWNER.length || bytes.limit() - note < NOTE_HEADER + 8) {
            return false;
        }
        for (int i = 0; i < OWNER.length; i++) {
            if (bytes.get(note + NOTE_HEADER + i) != OWNER[i]) {
                return false;
            }
        }
        return true;
    }

    private static UsdtProbe read(
            ElfFile file, ElfSection section, ByteBuffer bytes, int at, int size, long base) {
        if (size < ADDRESSES) {
            throw section.error(at, "a probe's note has no room for its addresses");
        }
        String[] texts = new String[3];
        int from = at + ADDRESSES;
        ByteBuffer note = bytes.slice(0, at + size);
        for (int i = 0; i < texts.length; i++) {
            texts[i] = from < note.limit() ? ElfBytes.string(note, from, LONGEST_TEXT) : null;
            if (texts[i] == null) {
                throw section.error(from, "a probe's provider, name or arguments do not end");
            }
            while (note.get(from++) != 0) {
                // to the next text
            }
        }
        long baseThen = bytes.getLong(at + 8);
        long moved = base == 0 || baseThen == 0 ? 0 : base - baseThen;
        long address = bytes.getLong(at) + moved;
        long semaphore = bytes.getLong(at + 16);
        semaphore += semaphore == 0 ? 0 : moved;
        return new UsdtProbe(
                texts[0],
                texts[1],
                address,
                codeOffset(file, address),
                semaphore,
                semaphore == 0 ? 0 : file.fileOffset(semaphore),
                texts[2]);
    }

    private static long codeOffset(ElfFile file, long address) {
        for (ProgramHeader segment : file.programHeaders()) {
            long distance = address - segment.virtualAddress();
            if (segment.type() == ProgramHeader.PT_LOAD
                    && (segment.flags() & ProgramHeader.PF_X) != 0
                    && Long.compareUnsigned(distance, segment.fileSize()) < 0) {
                return segment.offset() + distance;
            }
        }
        return -1;
    }
}
