// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.btf;

import io.ebpf4j.error.ObjectFormatException;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The header of a BTF blob ({@code struct btf_header}); positions count from the start of the blob.
 *
 * <pre>
 *   0       2    3    4         8          12         16        20        24           28            32
 *   +-------+----+----+---------+----------+----------+---------+---------+------------+-------------+
 *   | magic | ver| fl | hdr_len | type_off | type_len | str_off | str_len | layout_off | layout_len  |
 *   +-------+----+----+---------+----------+----------+---------+---------+------------+-------------+
 *                                 offsets count from hdr_len               since Linux 7.1
 * </pre>
 */
record Header(
        int typeStart,
        int typeLength,
        int stringStart,
        int stringLength,
        int layoutStart,
        int layoutLength) {

    static final int MAGIC = 0xeb9f;
    static final int VERSION = 1;
    static final int LENGTH = 24;
    private static final int LENGTH_WITH_LAYOUT = 32;

    /** Sets the buffer's byte order to the one the magic number is in. */
    static void detectOrder(ByteBuffer bytes, int minimum, String what) {
        if (bytes.limit() < minimum) {
            throw new ObjectFormatException(
                    what
                            + " of "
                            + bytes.limit()
                            + " bytes is shorter than its header of "
                            + minimum);
        }
        int first = bytes.get(0) & 0xff;
        int second = bytes.get(1) & 0xff;
        if (first == (MAGIC & 0xff) && second == MAGIC >>> 8) {
            bytes.order(ByteOrder.LITTLE_ENDIAN);
        } else if (first == MAGIC >>> 8 && second == (MAGIC & 0xff)) {
            bytes.order(ByteOrder.BIG_ENDIAN);
        } else {
            throw new ObjectFormatException(
                    what
                            + " begins with 0x"
                            + Integer.toHexString(first << 8 | second)
                            + " where the magic number 0xeb9f was expected");
        }
        int version = bytes.get(2) & 0xff;
        if (version != VERSION) {
            throw new ObjectFormatException(
                    what + " has version " + version + "; only version 1 is known");
        }
    }

    static Header parse(ByteBuffer bytes) {
        detectOrder(bytes, LENGTH, "BTF");
        int size = bytes.limit();
        int length = bytes.getInt(4);
        if (length < LENGTH || length > size) {
            throw new ObjectFormatException(
                    "BTF header says it has "
                            + Integer.toUnsignedString(length)
                            + " bytes; at least 24 were expected and the BTF has "
                            + size);
        }
        int typeLength = bytes.getInt(12);
        int stringLength = bytes.getInt(20);
        int typeStart = section("BTF type section", length, bytes.getInt(8), typeLength, size);
        int stringStart =
                section("BTF string section", length, bytes.getInt(16), stringLength, size);
        if (length < LENGTH_WITH_LAYOUT || bytes.getInt(28) == 0) {
            return new Header(typeStart, typeLength, stringStart, stringLength, 0, 0);
        }
        int layoutLength = bytes.getInt(28);
        int layoutStart =
                section("BTF layout section", length, bytes.getInt(24), layoutLength, size);
        return new Header(
                typeStart, typeLength, stringStart, stringLength, layoutStart, layoutLength);
    }

    /** Checks that a section lies inside {@code size} bytes and returns its start. */
    static int section(String name, int base, int offset, int length, int size) {
        long start = base + Integer.toUnsignedLong(offset);
        long end = start + Integer.toUnsignedLong(length);
        if (end > size) {
            throw new ObjectFormatException(
                    name
                            + " at bytes 0x"
                            + Long.toHexString(start)
                            + " to 0x"
                            + Long.toHexString(end)
                            + " is not inside the 0x"
                            + Integer.toHexString(size)
                            + " bytes there are");
        }
        return (int) start;
    }
}
