// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.elf;

import io.ebpf4j.error.ObjectFormatException;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The bytes of an ELF file; every range is checked against the file's end before it is handed out.
 *
 * <p>Tables are read through a {@link ByteBuffer} each: absolute gets on a buffer cost half of what
 * gets on a memory segment cost in interpreted code, and a table of its own keeps files of more
 * than 2 GiB readable.
 */
final class ElfBytes {
    private final String file;
    private final MemorySegment segment;
    private final byte[] array;
    private final long size;
    private final ByteOrder order;

    private ElfBytes(String file, MemorySegment segment, byte[] array, long size, ByteOrder order) {
        this.file = file;
        this.segment = segment;
        this.array = array;
        this.size = size;
        this.order = order;
    }

    static ElfBytes of(String file, byte[] array) {
        return new ElfBytes(file, null, array, array.length, ByteOrder.LITTLE_ENDIAN);
    }

    static ElfBytes of(String file, MemorySegment segment) {
        if (segment.isNative()) {
            return new ElfBytes(file, segment, null, segment.byteSize(), ByteOrder.LITTLE_ENDIAN);
        }
        if (segment.byteSize() > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(
                    "heap segment of " + segment.byteSize() + " bytes; map the file instead");
        }
        return of(file, segment.toArray(ValueLayout.JAVA_BYTE));
    }

    ElfBytes order(ByteOrder other) {
        return new ElfBytes(file, segment, array, size, other);
    }

    ByteOrder order() {
        return order;
    }

    long size() {
        return size;
    }

    /** Says whether a range, both numbers unsigned, lies in the file. */
    boolean holds(long offset, long length) {
        return offset >= 0 && length >= 0 && offset <= size && length <= size - offset;
    }

    /** Returns a table's bytes; {@code what} is printed in the error, and only then. */
    ByteBuffer table(long offset, long length, Object what) {
        if (!holds(offset, length)) {
            throw error(
                    offset,
                    what
                            + " takes "
                            + Long.toUnsignedString(length)
                            + " bytes and leaves the file, which ends at 0x"
                            + Long.toHexString(size)
                            + "; the file may be truncated");
        }
        if (length > Integer.MAX_VALUE) {
            throw error(
                    offset, what + " has " + length + " bytes, but at most 2 GiB are supported");
        }
        return view(offset, (int) length).order(order);
    }

    /** Returns a range that was checked before. */
    MemorySegment slice(long offset, long length) {
        MemorySegment all = segment != null ? segment : MemorySegment.ofArray(array);
        return all.asSlice(offset, length).asReadOnly();
    }

    private ByteBuffer view(long offset, int length) {
        if (array != null) {
            return ByteBuffer.wrap(array, (int) offset, length).slice();
        }
        return segment.asSlice(offset, length).asByteBuffer();
    }

    ObjectFormatException error(long offset, String message) {
        return new ObjectFormatException(offset, file.isEmpty() ? message : file + ": " + message);
    }

    /**
     * Decodes the NUL-terminated string at a place of a string table, or returns null when it is no
     * such string.
     */
    static String string(ByteBuffer table, int at, int longest) {
        int end = at;
        int limit = (int) Math.min(table.limit(), (long) at + longest + 1);
        while (end < limit && table.get(end) != 0) {
            end++;
        }
        if (end >= limit) {
            return null;
        }
        byte[] bytes = new byte[end - at];
        table.get(at, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Says whether the NUL-terminated string at a place of a string table is the given one. */
    static boolean matches(ByteBuffer table, int at, byte[] name) {
        if (at < 0 || at >= table.limit() - name.length || table.get(at + name.length) != 0) {
            return false;
        }
        for (int i = 0; i < name.length; i++) {
            if (table.get(at + i) != name[i]) {
                return false;
            }
        }
        return true;
    }
}
