// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a shared object of x86_64 with symbols and versions but no code.
 *
 * <p>Its executable segment maps file offset {@link #CODE_OFFSET} at {@link #CODE_ADDRESS}; the
 * header of {@code .text} claims another address, so that nothing that reads it gets the right
 * answer.
 */
final class TestLibrary {
    static final long CODE_OFFSET = 0x1000;
    static final long CODE_ADDRESS = 0x40_3000;
    static final long DATA_ADDRESS = 0x60_5000;
    static final int FUNC = 2;
    static final int OBJECT = 1;
    static final int NOTYPE = 0;
    static final int IFUNC = 10;
    static final int LOCAL = 0;
    static final int GLOBAL = 1;
    static final int WEAK = 2;
    static final int HIDDEN = 0x8000;

    private static final int SEGMENT_BYTES = 0x1000;
    private static final int TEXT = 1;
    private static final int SYMBOL_BYTES = 24;

    private record Section(
            String name, int type, byte[] bytes, int link, int info, int entrySize) {}

    private final ByteBuffer dynamic = buffer();
    private final ByteBuffer statics = buffer();
    private final ByteBuffer versions = buffer();
    private final ByteBuffer definitions = buffer();
    private final Strings dynamicNames = new Strings();
    private final Strings staticNames = new Strings();
    private final ByteBuffer notes = buffer();
    private int lastVersion = 1;
    private int fileType = 3;
    private byte[] code = {};
    private byte[] goBuild = {};
    private byte[] goFunctions = {};

    private static final class Strings {
        private final ByteBuffer bytes = buffer().put((byte) 0);

        int add(String text) {
            int at = bytes.position();
            bytes.put(text.getBytes(StandardCharsets.UTF_8)).put((byte) 0);
            return at;
        }
    }

    TestLibrary() {
        symbol(dynamic, 0, 0, 0, 0, 0);
        symbol(statics, 0, 0, 0, 0, 0);
        versions.putShort((short) 0);
    }

    private static ByteBuffer buffer() {
        return ByteBuffer.allocate(1 << 12).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.position()];
        buffer.get(0, bytes);
        return bytes;
    }

    private static void symbol(
            ByteBuffer to, int name, int binding, int type, int section, long value) {
        to.putInt(name).put((byte) (binding << 4 | type)).put((byte) 0).putShort((short) section);
        to.putLong(value).putLong(section == 0 ? 0 : 16);
    }

    /** Adds a version definition and returns its index. */
    int version(String name) {
        int index = ++lastVersion;
        definitions
                .putShort((short) 1)
                .putShort((short) 0)
                .putShort((short) index)
                .putShort((short) 1);
        definitions.putInt(0).putInt(20).putInt(28).putInt(dynamicNames.add(name)).putInt(0);
        return index;
    }

    /**
     * Adds a dynamic symbol; the version is an index, with {@link #HIDDEN} for all but the default
     * one.
     */
    TestLibrary dynamic(String name, int binding, int type, long value, int version) {
        symbol(dynamic, dynamicNames.add(name), binding, type, value == 0 ? 0 : TEXT, value);
        versions.putShort((short) version);
        return this;
    }

    TestLibrary dynamic(String name, long value) {
        return dynamic(name, GLOBAL, FUNC, value, 1);
    }

    TestLibrary symbol(String name, int binding, int type, long value) {
        symbol(statics, staticNames.add(name), binding, type, value == 0 ? 0 : TEXT, value);
        return this;
    }

    /** Adds the note of a static probe. */
    TestLibrary probe(
            long location, long semaphore, String provider, String name, String arguments) {
        byte[] texts =
                (provider + '\0' + name + '\0' + arguments + '\0').getBytes(StandardCharsets.UTF_8);
        notes.putInt(8)
                .putInt(24 + texts.length)
                .putInt(3)
                .put("stapsdt\0".getBytes(StandardCharsets.UTF_8));
        notes.putLong(location).putLong(0).putLong(semaphore).put(texts);
        notes.position(notes.position() + 3 & ~3);
        return this;
    }

    /** Puts code to the beginning of the executable segment, in a section {@code .init}. */
    TestLibrary code(byte... instructions) {
        code = instructions;
        return this;
    }

    /**
     * Makes it a Go program with functions of 16 bytes from the beginning of the code, of which the
     * last one is longer.
     */
    TestLibrary go(String version, int end, String... functions) {
        byte[] text = version.getBytes(StandardCharsets.UTF_8);
        ByteBuffer build =
                buffer().put("\u00ff Go buildinf:".getBytes(StandardCharsets.ISO_8859_1));
        build.position(15);
        build.put((byte) 2).position(32);
        build.put((byte) text.length).put(text).put((byte) 0).position(64);
        goBuild = bytes(build);
        ByteBuffer table = buffer().putInt(0xffff_fff1).putShort((short) 0);
        table.put((byte) 1).put((byte) 8).putLong(functions.length).putLong(0);
        table.putLong(CODE_ADDRESS).putLong(0x48).putLong(0).putLong(0).putLong(0).putLong(0x200);
        for (int i = 0; i < functions.length; i++) {
            int description = 0x100 + 8 * i;
            table.putInt(0x200 + 8 * i, 16 * i).putInt(0x204 + 8 * i, description);
            table.putInt(0x200 + description + 4, table.position() - 0x48);
            table.put(functions[i].getBytes(StandardCharsets.UTF_8)).put((byte) 0);
        }
        table.putInt(0x200 + 8 * functions.length, end).position(0x400);
        goFunctions = bytes(table);
        return this;
    }

    /** Makes it an executable at a fixed address. */
    TestLibrary fixed() {
        fileType = 2;
        return this;
    }

    byte[] build() {
        if (lastVersion > 1) {
            // The last definition of the chain has no next one.
            definitions.putInt(definitions.position() - 28 + 16, 0);
        }
        List<Section> sections = new ArrayList<>();
        sections.add(new Section("", 0, new byte[0], 0, 0, 0));
        sections.add(new Section(".text", 1, new byte[16], 0, 0, 0));
        sections.add(new Section(".dynsym", 11, bytes(dynamic), 3, 1, SYMBOL_BYTES));
        sections.add(new Section(".dynstr", 3, bytes(dynamicNames.bytes), 0, 0, 0));
        sections.add(new Section(".gnu.version", 0x6fff_ffff, bytes(versions), 2, 0, 2));
        sections.add(
                new Section(
                        ".gnu.version_d", 0x6fff_fffd, bytes(definitions), 3, lastVersion - 1, 0));
        if (statics.position() > SYMBOL_BYTES) {
            sections.add(new Section(".symtab", 2, bytes(statics), 7, 1, SYMBOL_BYTES));
            sections.add(new Section(".strtab", 3, bytes(staticNames.bytes), 0, 0, 0));
        }
        sections.add(new Section(".note.stapsdt", 7, bytes(notes), 0, 0, 0));
        if (goBuild.length > 0) {
            sections.add(new Section(".go.buildinfo", 1, goBuild, 0, 0, 0));
            sections.add(new Section(".gopclntab", 1, goFunctions, 0, 0, 0));
        }
        return write(sections);
    }

    private byte[] write(List<Section> sections) {
        Strings names = new Strings();
        ByteBuffer headers = buffer();
        ByteBuffer file = ByteBuffer.allocate(1 << 15).order(ByteOrder.LITTLE_ENDIAN);
        file.position(3 * SEGMENT_BYTES);
        for (Section s : sections) {
            header(headers, names.add(s.name), s, file.position());
            file.put(s.bytes);
        }
        file.put((int) CODE_OFFSET, code);
        Section init = new Section(".init", 1, code, 0, 0, 0);
        header(headers, names.add(init.name), init, (int) CODE_OFFSET);
        Section last = new Section(".shstrtab", 3, new byte[0], 0, 0, 0);
        int name = names.add(last.name);
        byte[] text = bytes(names.bytes);
        header(headers, name, new Section(last.name, 3, text, 0, 0, 0), file.position());
        file.put(text);
        int at = file.position() + 7 & ~7;
        file.position(at).put(bytes(headers));
        byte[] whole = bytes(file);
        ByteBuffer start = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN);
        start.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}).position(16);
        start.putShort((short) fileType)
                .putShort((short) 62)
                .putInt(1)
                .putLong(0)
                .putLong(64)
                .putLong(at)
                .putInt(0);
        start.putShort((short) 64).putShort((short) 56).putShort((short) 2).putShort((short) 64);
        start.putShort((short) (sections.size() + 2)).putShort((short) (sections.size() + 1));
        segment(start, 5, CODE_OFFSET, CODE_ADDRESS);
        segment(start, 6, 2 * CODE_OFFSET, DATA_ADDRESS);
        return whole;
    }

    private static void header(ByteBuffer to, int name, Section s, int offset) {
        to.putInt(name)
                .putInt(s.type)
                .putLong(0)
                .putLong(s.type == 1 ? 0x9999_0000L : 0)
                .putLong(offset);
        to.putLong(s.bytes.length).putInt(s.link).putInt(s.info).putLong(1).putLong(s.entrySize);
    }

    private static void segment(ByteBuffer to, int flags, long offset, long address) {
        to.putInt(1).putInt(flags).putLong(offset).putLong(address).putLong(address);
        to.putLong(SEGMENT_BYTES).putLong(SEGMENT_BYTES).putLong(0x1000);
    }
}
