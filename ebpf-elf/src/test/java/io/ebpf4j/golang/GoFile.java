// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.golang;

import io.ebpf4j.elf.ElfFile;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes executables as Go's linker does, with one segment that holds everything.
 *
 * <p>Code begins at {@link #TEXT}; each function follows the one before, filled up to 16 bytes.
 */
final class GoFile {
    static final long BASE = 0x40_0000;
    static final long TEXT = BASE + 0x1000;

    private static final int SIZE = 0x8000;
    private static final int CODE = 0x1000;
    private static final int INFO = 0x3000;
    private static final int TABLE = 0x4000;
    private static final int SYMBOLS = 0x5000;
    private static final int STRINGS = 0x5800;
    private static final int RELOCATIONS = 0x6000;
    private static final int NAMES = 0x6800;
    private static final int SECTIONS = 0x7000;
    private static final int FILL = 16;

    private record Function(String name, int offset, int size) {}

    private final ByteBuffer file;
    private final List<Function> functions = new ArrayList<>();
    private final StringBuilder names = new StringBuilder("\0");
    private int end;
    private int sections = 1;
    private int infoBytes;
    private int tableBytes;
    private String tableSection = ".gopclntab";
    private boolean relocated;
    private boolean symbols;
    private short machine = 62;

    GoFile(ByteOrder order) {
        file = ByteBuffer.allocate(SIZE).order(order);
    }

    GoFile machine(int number) {
        machine = (short) number;
        return this;
    }

    GoFile function(String name, String hex) {
        byte[] code = X86DecoderTest.bytes(hex);
        file.put(CODE + end, code);
        functions.add(new Function(name, end, code.length));
        int next = end + code.length + FILL - 1 & -FILL;
        for (int i = end + code.length; i < next; i++) {
            file.put(CODE + i, (byte) 0xcc);
        }
        end = next;
        return this;
    }

    GoFile symbols() {
        symbols = true;
        return this;
    }

    /** Has the table where the system's linker merges it with other data. */
    GoFile merged() {
        tableSection = ".data.rel.ro";
        return this;
    }

    /** Has the dynamic linker write pointers. */
    GoFile relocated() {
        relocated = true;
        return this;
    }

    GoFile inlineInfo(String version, String modules) {
        magic(0, 2);
        int at = text(INFO + 32, version);
        infoBytes = text(at, modules.isEmpty() ? "" : marked(modules)) - INFO;
        return this;
    }

    GoFile pointedInfo(String version, String modules) {
        magic(8, file.order() == ByteOrder.BIG_ENDIAN ? 1 : 0);
        int texts = INFO + 0x100;
        pointed(INFO + 16, texts, texts + 0x40, version);
        if (!modules.isEmpty()) {
            pointed(INFO + 24, texts + 0x10, texts + 0x80, marked(modules));
        }
        infoBytes = 0x40;
        return this;
    }

    private void magic(int pointer, int flags) {
        file.put(INFO, "\u00ff Go buildinf:".getBytes(StandardCharsets.ISO_8859_1));
        file.put(INFO + 14, (byte) pointer).put(INFO + 15, (byte) flags);
    }

    private static String marked(String modules) {
        return "0123456789abcdef" + modules + "0123456789abcdef";
    }

    private int text(int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int next = at;
        int left = bytes.length;
        for (; left > 0x7f; left >>>= 7) {
            file.put(next++, (byte) (left | 0x80));
        }
        file.put(next++, (byte) left).put(next, bytes);
        return next + bytes.length;
    }

    private void pointed(int at, int string, int bytes, String text) {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        file.putLong(at, BASE + string).putLong(string, BASE + bytes);
        file.putLong(string + 8, content.length).put(bytes, content);
    }

    /** Writes the table of functions, in the form of Go 1.2, 1.16, 1.18 or 1.20. */
    GoFile table(int since) {
        int magic =
                switch (since) {
                    case 2 -> 0xffff_fffb;
                    case 16 -> 0xffff_fffa;
                    case 18 -> 0xffff_fff0;
                    default -> 0xffff_fff1;
                };
        int start = merged(0x38);
        file.putInt(start, magic).put(start + 6, (byte) 1).put(start + 7, (byte) 8);
        file.putLong(start + 8, functions.size());
        boolean relative = since >= 18;
        int header = since == 2 ? 0x10 : relative ? 0x48 : 0x40;
        int texts = since == 2 ? 0x400 : header;
        int entries = since == 2 ? 0x10 : 0x200;
        if (since > 2) {
            file.putLong(start + (relative ? 0x20 : 0x18), texts);
            file.putLong(start + (relative ? 0x40 : 0x38), entries);
        }
        if (relative && !relocated) {
            file.putLong(start + 0x18, TEXT);
        }
        int base = since == 2 ? 0 : entries;
        int width = relative ? 4 : 8;
        int description = 0x300 - base;
        int name = 0;
        for (int i = 0; i <= functions.size(); i++) {
            boolean last = i == functions.size();
            int at = start + entries + 2 * i * width;
            long place = last ? end : functions.get(i).offset;
            number(at, width, relative ? place : TEXT + place);
            if (last) {
                break;
            }
            number(at + width, width, description);
            number(start + base + description, width, relative ? place : TEXT + place);
            int from = since == 2 ? texts + name : name;
            file.putInt(start + base + description + width, from);
            byte[] text = (functions.get(i).name + '\0').getBytes(StandardCharsets.UTF_8);
            file.put(start + texts + name, text);
            name += text.length;
            description += 16;
        }
        tableBytes = 0x600;
        return this;
    }

    private int merged(int behind) {
        return TABLE + (tableSection.equals(".gopclntab") ? 0 : behind);
    }

    private void number(int at, int width, long value) {
        if (width == 4) {
            file.putInt(at, (int) value);
        } else {
            file.putLong(at, value);
        }
    }

    /** Changes four bytes of the table of functions. */
    GoFile damage(int offset, int value) {
        file.putInt(merged(0x38) + offset, value);
        return this;
    }

    ElfFile build() {
        return ElfFile.parse("app", bytes());
    }

    byte[] bytes() {
        byte kind = (byte) (file.order() == ByteOrder.LITTLE_ENDIAN ? 1 : 2);
        file.put(0, new byte[] {0x7f, 'E', 'L', 'F', 2, kind, 1});
        file.putShort(0x10, (short) 2).putShort(0x12, machine).putInt(0x14, 1);
        file.putLong(0x20, 64).putLong(0x28, SECTIONS);
        file.putShort(0x34, (short) 64).putShort(0x36, (short) 56).putShort(0x38, (short) 1);
        file.putInt(64, 1).putInt(68, 7).putLong(64 + 16, BASE);
        file.putLong(64 + 32, SIZE).putLong(64 + 40, 2 * SIZE);
        section(".text", 1, CODE, end, 0, 0);
        section(tableSection, 1, TABLE, tableBytes, 0, 0);
        if (infoBytes > 0) {
            section(".go.buildinfo", 1, INFO, infoBytes, 0, 0);
        }
        if (relocated) {
            file.putLong(RELOCATIONS, BASE + merged(0x38) + 0x18);
            file.putLong(RELOCATIONS + 8, 8).putLong(RELOCATIONS + 16, TEXT);
            section(".rela.dyn", 4, RELOCATIONS, 24, 0, 24);
        }
        if (symbols) {
            writeSymbols();
        }
        section(".shstrtab", 3, NAMES, 0x400, 0, 0);
        file.put(NAMES, names.toString().getBytes(StandardCharsets.UTF_8));
        file.putShort(0x3a, (short) 64).putShort(0x3c, (short) sections);
        file.putShort(0x3e, (short) (sections - 1));
        return file.array();
    }

    private void writeSymbols() {
        int at = SYMBOLS + 24;
        int name = 1;
        for (Function f : functions) {
            byte[] text = f.name.getBytes(StandardCharsets.UTF_8);
            file.put(STRINGS + name, text);
            file.putInt(at, name).put(at + 4, (byte) 2).putShort(at + 6, (short) 1);
            file.putLong(at + 8, TEXT + f.offset).putLong(at + 16, f.size);
            at += 24;
            name += text.length + 1;
        }
        section(".symtab", 2, SYMBOLS, at - SYMBOLS, sections + 1, 24);
        section(".strtab", 3, STRINGS, name, 0, 0);
    }

    private void section(String name, int type, int at, int size, int link, int entry) {
        int header = SECTIONS + sections++ * 64;
        file.putInt(header, names.length()).putInt(header + 4, type);
        file.putLong(header + 0x10, BASE + at).putLong(header + 0x18, at);
        file.putLong(header + 0x20, size).putInt(header + 0x28, link);
        file.putLong(header + 0x38, entry);
        names.append(name).append('\0');
    }
}
