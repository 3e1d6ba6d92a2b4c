// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.btf;

import io.ebpf4j.error.ObjectFormatException;

import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;

/**
 * The one pass over a type section: finds where each type begins, and indexes the names of all but
 * functions.
 *
 * <p>It begins in the interpreter when a process parses its first BTF. So words are copied in bulk
 * into an array, where an access is one bytecode, types take hardly a call each, and a few are read
 * by one call of {@link #step}: a method that is called often is compiled long before a loop that
 * runs once.
 */
final class TypeScan {
    private static final int TYPICAL_TYPE_BYTES = 24;
    private static final int TYPES_PER_NAME = 8;
    private static final int MINIMUM_TYPES = 16;
    private static final int WINDOW = 2048;
    private static final int STEP = 64;
    private static final int PREFIX_WORDS = Kind.PREFIX / Integer.BYTES;
    private static final int FUNC = Kind.FUNC.number;
    private static final int INDEXED = Kind.ALL_INDEXED & ~(1 << FUNC);

    private final TypeTable table;
    private final Strings strings;
    private final int namesEnd;
    private final int start;
    private final IntBuffer words;
    private final int total;
    private final int[] window;
    private int base;
    private int filled;
    private int at;

    private final NameIndex names;
    private int[] positions;
    private int count;
    private int functions;

    TypeScan(TypeTable table, ByteBuffer bytes, Header header, Strings strings) {
        this.table = table;
        this.strings = strings;
        namesEnd = strings.end();
        start = header.typeStart();
        words = bytes.slice(start, header.typeLength()).order(bytes.order()).asIntBuffer();
        total = words.limit();
        window = new int[Math.min(WINDOW, total)];
        int expected = Math.max(MINIMUM_TYPES, header.typeLength() / TYPICAL_TYPE_BYTES);
        positions = new int[expected];
        names = new NameIndex(expected / TYPES_PER_NAME);
        while (at < total) {
            step();
        }
        if (header.typeLength() % Integer.BYTES != 0) {
            throw cutOff(total, "");
        }
    }

    /** Returns how many types there are. */
    int count() {
        return count;
    }

    /** Returns where each type begins in the blob; what follows the last is unused. */
    int[] positions() {
        return positions;
    }

    /** Returns how many functions have a name. */
    int functions() {
        return functions;
    }

    /** Returns all that can be found by name, but for functions. */
    NameIndex names() {
        return names;
    }

    private void step() {
        int[] window = this.window;
        int at = this.at;
        for (int i = 0; i < STEP && at < total; i++) {
            if (at + 1 >= base + filled) {
                fill(at);
            }
            int name = window[at - base];
            int info = window[at - base + 1];
            int kind = info >>> 24 & 0x7f;
            int size = Kind.WORDS[kind] + Kind.ELEMENT_WORDS[kind] * (info & 0xff_ffff);
            if (size == 0) {
                size = table.unknownSize(position(at), count, info) / Integer.BYTES;
            }
            if (size > total - at) {
                throw cutOff(at, "of " + size * 4L + " bytes ");
            }
            if (name != 0) {
                if (name < 0 || name >= namesEnd) {
                    throw unnamed(at, name);
                }
                if (kind == FUNC) {
                    functions++;
                } else if (kind < Integer.SIZE && (INDEXED >>> kind & 1) != 0) {
                    names.add(strings.essentialHash(name), count);
                }
            }
            if (count == positions.length) {
                positions = Arrays.copyOf(positions, count + (count >> 1));
            }
            positions[count++] = position(at);
            at += size;
        }
        this.at = at;
    }

    private int position(int word) {
        return start + word * Integer.BYTES;
    }

    /** Moves the window to a type. */
    private void fill(int word) {
        if (total - word < PREFIX_WORDS) {
            throw cutOff(word, "");
        }
        base = word;
        filled = Math.min(window.length, total - word);
        words.get(word, window, 0, filled);
    }

    private ObjectFormatException cutOff(int word, String what) {
        return table.malformed(
                count, position(word), what + "is cut off by the end of the type section");
    }

    private ObjectFormatException unnamed(int word, int name) {
        return table.malformed(
                count,
                position(word),
                "has a name at "
                        + Integer.toUnsignedString(name)
                        + ", outside the string section, which ends at "
                        + strings.end());
    }
}
