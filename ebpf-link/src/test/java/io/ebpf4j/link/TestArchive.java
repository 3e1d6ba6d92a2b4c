// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes zip archives whose stored entries begin where they are asked to. */
final class TestArchive {
    private static final int LOCAL_BYTES = 30;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final ZipOutputStream zip = new ZipOutputStream(bytes);

    /** Adds an entry as it is, at a multiple of {@code alignment}. */
    TestArchive stored(String name, byte[] content, int alignment) throws IOException {
        zip.flush();
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCompressedSize(content.length);
        CRC32 checksum = new CRC32();
        checksum.update(content);
        entry.setCrc(checksum.getValue());
        // a field of four bytes and more fills up
        int data = bytes.size() + LOCAL_BYTES + name.length() + 4;
        int padding = (alignment - data % alignment) % alignment;
        byte[] extra = new byte[4 + padding];
        extra[0] = 0x35;
        extra[1] = (byte) 0xd9;
        extra[2] = (byte) padding;
        extra[3] = (byte) (padding >> 8);
        entry.setExtra(extra);
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
        return this;
    }

    TestArchive compressed(String name, byte[] content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(content);
        zip.closeEntry();
        return this;
    }

    byte[] build(String comment) {
        try {
            zip.setComment(comment);
            zip.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
