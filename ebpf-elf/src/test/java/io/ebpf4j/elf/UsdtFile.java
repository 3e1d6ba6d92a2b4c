// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.elf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes shared objects with notes of static probes, of either byte order. */
final class UsdtFile {
    static final long CODE = 0x40_1000;
    static final long CODE_OFFSET = 0x800;
    static final long DATA = 0x60_2000;
    static final long DATA_OFFSET = 0xc00;
    static final long BASE = 0x40_0100;

    private static final int NAMES = 0x200;
    private static final int NOTES = 0x240;
    private static final int SECTIONS = 0x1000;
    private static final String TEXT = "\0.note.stapsdt\0.stapsdt.base\0.names\0";

    private final ByteBuffer notes;
    private final ByteOrder order;

    UsdtFile(ByteOrder order) {
        this.order = order;
        this.notes = ByteBuffer.allocate(0x400).order(order);
    }

    UsdtFile probe(
            long location, long base, long semaphore, String provider, String name, String text) {
        byte[] texts =
                (provider + '\0' + name + '\0' + text + '\0').getBytes(StandardCharsets.UTF_8);
        note(3, "stapsdt", 24 + texts.length);
        notes.putLong(location).putLong(base).putLong(semaphore).put(texts);
        return pad();
    }

    /** Adds a note of another kind, whose description is 5 bytes. */
    UsdtFile other(int type, String owner) {
        note(type, owner, 5);
        notes.put(new byte[5]);
        return pad();
    }

    private void note(int type, String owner, int bytes) {
        byte[] name = (owner + '\0').getBytes(StandardCharsets.UTF_8);
        notes.putInt(name.length).putInt(bytes).putInt(type).put(name);
        pad();
    }

    private UsdtFile pad() {
        notes.position(notes.position() + 3 & ~3);
        return this;
    }

    /** Takes bytes from the end of the last note. */
    UsdtFile cut(int bytes) {
        notes.position(notes.position() - bytes);
        return this;
    }

    byte[] build(int machine) {
        ByteBuffer file = ByteBuffer.allocate(SECTIONS + 4 * 64).order(order);
        byte kind = (byte) (order == ByteOrder.LITTLE_ENDIAN ? 1 : 2);
        file.put(0, new byte[] {0x7f, 'E', 'L', 'F', 2, kind, 1});
        file.putShort(0x10, (short) 3).putShort(0x12, (short) machine).putInt(0x14, 1);
        file.putLong(0x20, 64).putLong(0x28, SECTIONS);
        file.putShort(0x34, (short) 64).putShort(0x36, (short) 56).putShort(0x38, (short) 2);
        file.putShort(0x3a, (short) 64).putShort(0x3c, (short) 4).putShort(0x3e, (short) 3);
        segment(file, 64, 5, CODE_OFFSET, CODE);
        segment(file, 64 + 56, 6, DATA_OFFSET, DATA);
        file.put(NAMES, TEXT.getBytes(StandardCharsets.US_ASCII));
        file.put(NOTES, notes.array(), 0, notes.position());
        section(file, 1, ".note.stapsdt", 7, 0, NOTES, notes.position());
        section(file, 2, ".stapsdt.base", 1, BASE, NAMES, 1);
        section(file, 3, ".names", 3, 0, NAMES, TEXT.length());
        return file.array();
    }

    private static void segment(ByteBuffer file, int at, int flags, long offset, long address) {
        file.putInt(at, 1).putInt(at + 4, flags).putLong(at + 8, offset);
        file.putLong(at + 16, address).putLong(at + 32, 0x100).putLong(at + 40, 0x100);
    }

    private static void section(
            ByteBuffer file, int index, String name, int type, long address, int at, int size) {
        int header = SECTIONS + index * 64;
        file.putInt(header, TEXT.indexOf(name)).putInt(header + 4, type);
        file.putLong(header + 0x10, address).putLong(header + 0x18, at);
        file.putLong(header + 0x20, size);
    }
}
