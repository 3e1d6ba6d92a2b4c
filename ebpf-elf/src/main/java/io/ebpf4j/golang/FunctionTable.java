// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.golang;

import io.ebpf4j.elf.ElfFile;
import io.ebpf4j.elf.ElfSection;
import io.ebpf4j.elf.ElfSymbol;
import io.ebpf4j.error.ObjectFormatException;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The table by which Go's runtime finds functions, and which no tool strips: {@code .gopclntab}.
 *
 * <pre>
 * 0x00 | magic u32 | 0 u16 | instruction unit u8 | pointer size u8 | functions u64 |
 * 0x10 | go1.2:  entries |
 * 0x10 | go1.16:              files u64 | names u64 | units u64 | file names u64 | pcs u64 | entries u64 |
 * 0x10 | go1.18, go1.20: files u64 | text u64 | names u64 | units u64 | file names u64 | pcs u64 | entries u64 |
 *
 * entries: address, place of the function's description | ... | address of the end
 * description: address | place of the name i32 | ...
 * </pre>
 *
 * <p>Addresses are 8 bytes; since Go 1.18 they, and the places in entries, are 4 bytes and counted
 * from the beginning of the text. Names count from {@code names}, descriptions from {@code
 * entries}, before 1.16 both from the beginning. The format is that of Go's {@code debug/gosym}.
 */
final class FunctionTable {

    private enum Format {
        GO_1_2(0xffff_fffb),
        GO_1_16(0xffff_fffa),
        GO_1_18(0xffff_fff0),
        GO_1_20(0xffff_fff1);

        private final int magic;

        Format(int magic) {
            this.magic = magic;
        }

        static Format of(int magic) {
            for (Format format : values()) {
                if (format.magic == magic) {
                    return format;
                }
            }
            return null;
        }
    }

    /** Where linkers put the table; the last two hold other things too. */
    private static final List<String> SECTIONS =
            List.of(".gopclntab", ".data.rel.ro.gopclntab", ".data.rel.ro", ".rodata");

    private static final int HEADER = 0x48;
    private static final int COUNT = 0x08;
    private static final int TEXT = 0x18;
    private static final int LONGEST_NAME = 1 << 16;
    private static final int MODULE_TEXT = 0xb0;

    private final ElfSection section;
    private final long start;
    private final ByteBuffer bytes;
    private final boolean relative;
    private final long text;
    private final long names;
    private final long descriptions;
    private final long entries;
    private final int entryBytes;
    private final int count;

    private FunctionTable(ElfFile file, ElfSection section, int start, Format format) {
        this.section = section;
        this.start = start;
        ByteBuffer all = section.data().asByteBuffer();
        bytes = all.slice(start, all.limit() - start).order(file.order());
        relative = format.compareTo(Format.GO_1_18) >= 0;
        boolean old = format == Format.GO_1_2;
        names = old ? 0 : bytes.getLong(relative ? 0x20 : 0x18);
        descriptions = old ? 0 : bytes.getLong(relative ? 0x40 : 0x38);
        entries = old ? 0x10 : descriptions;
        entryBytes = relative ? 2 * Integer.BYTES : 2 * Long.BYTES;
        long functions = bytes.getLong(COUNT);
        if (entries < 0
                || entries > bytes.limit()
                || functions < 0
                || functions > (bytes.limit() - entries - entryBytes / 2) / entryBytes) {
            throw error(
                    "has "
                            + Long.toUnsignedString(functions)
                            + " functions at 0x"
                            + Long.toHexString(entries)
                            + " and ends before they do");
        }
        count = (int) functions;
        text = relative ? text(file) : 0;
    }

    /**
     * Finds a file's table.
     *
     * @return the table, or empty when there is none of a form that is known
     * @throws ObjectFormatException if it is malformed
     */
    static Optional<FunctionTable> find(ElfFile file) {
        for (String name : SECTIONS) {
            Optional<ElfSection> section = file.section(name);
            if (section.isPresent() && section.get().size() <= Integer.MAX_VALUE) {
                boolean alone = name.endsWith("pclntab");
                FunctionTable table = find(file, section.get(), alone);
                if (table != null) {
                    return Optional.of(table);
                }
            }
        }
        return Optional.empty();
    }

    private static FunctionTable find(ElfFile file, ElfSection section, boolean alone) {
        ByteBuffer bytes = section.data().asByteBuffer().order(file.order());
        for (int at = 0; at <= bytes.limit() - HEADER; at += Long.BYTES) {
            Format format = Format.of(bytes.getInt(at));
            boolean fits =
                    format != null
                            && bytes.getShort(at + 4) == 0
                            && (bytes.get(at + 6) & 0xf8) == 0
                            && bytes.get(at + 7) == Long.BYTES;
            if (fits && (alone || namesFollow(bytes, at, format))) {
                return new FunctionTable(file, section, at, format);
            }
            if (alone) {
                break;
            }
        }
        return null;
    }

    // Among other things, four bytes and a few zeroes are no proof.
    private static boolean namesFollow(ByteBuffer bytes, int at, Format format) {
        long names =
                switch (format) {
                    case GO_1_2 -> 0;
                    case GO_1_16 -> bytes.getLong(at + 0x18);
                    case GO_1_18, GO_1_20 -> bytes.getLong(at + 0x20);
                };
        return names >= 0x40 && names <= 0x80;
    }

    // The header has had it until Go 1.26, if only as a relocation; then the linker's description
    // of the module, which has a section of its own.
    private long text(ElfFile file) {
        long address = bytes.getLong(TEXT);
        if (address == 0) {
            address = Memory.relocated(file, section.address() + start + TEXT);
        }
        if (address != 0) {
            return address;
        }
        Optional<ElfSymbol> symbol = file.symbol("runtime.text");
        if (symbol.isPresent()) {
            return symbol.get().value();
        }
        Optional<ElfSection> module = file.section(".go.module");
        if (module.isPresent()) {
            return Memory.pointer(file, module.get().address() + MODULE_TEXT);
        }
        return file.section(".text").map(ElfSection::address).orElse(0L);
    }

    /** Lists the functions in the order of their addresses. */
    List<GoFunction> all() {
        List<GoFunction> functions = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            functions.add(get(i));
        }
        return functions;
    }

    List<GoFunction> named(String name) {
        List<GoFunction> functions = new ArrayList<>(1);
        for (int i = 0; i < count; i++) {
            GoFunction function = get(i);
            if (function.name().equals(name)) {
                functions.add(function);
            }
        }
        return functions;
    }

    /** Returns the function whose code is at an address. */
    Optional<GoFunction> at(long address) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = low + high + 1 >>> 1;
            if (Long.compareUnsigned(entry(middle), address) <= 0) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        boolean inside =
                low < count
                        && Long.compareUnsigned(entry(low), address) <= 0
                        && Long.compareUnsigned(address, entry(low + 1)) < 0;
        return inside ? Optional.of(get(low)) : Optional.empty();
    }

    private long entry(int index) {
        int at = (int) entries + index * entryBytes;
        return relative ? text + Integer.toUnsignedLong(bytes.getInt(at)) : bytes.getLong(at);
    }

    private GoFunction get(int index) {
        int place = (int) entries + index * entryBytes + entryBytes / 2;
        long offset = relative ? Integer.toUnsignedLong(bytes.getInt(place)) : bytes.getLong(place);
        long at = descriptions + offset + entryBytes / 2;
        if (offset < 0 || at < 0 || at > bytes.limit() - Integer.BYTES) {
            throw error("has function " + index + " outside itself");
        }
        String name = Memory.text(bytes, names + bytes.getInt((int) at), LONGEST_NAME);
        if (name == null) {
            throw error("has the name of function " + index + " outside itself");
        }
        return new GoFunction(name, entry(index), entry(index + 1) - entry(index));
    }

    private ObjectFormatException error(String what) {
        return new ObjectFormatException(section.offset() + start, section + " " + what);
    }
}
