// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.btf;

import io.ebpf4j.error.ObjectFormatException;

import java.nio.IntBuffer;
import java.util.Arrays;

/**
 * The one pass over a type section: finds where each type begins, and collects the names by which
 * some are found.
 *
 * <p>It begins in the interpreter when a process parses its first BTF. So words are copied in bulk
 * into an array, where an access is one bytecode, the loop does no more for most types than it
 * must, and a few types are read by one call of {@link #step}: a method that is called often is
 * compiled long before a loop that runs once.
 */
final class TypeScan {
    private static final int TYPICAL_TYPE_BYTES = 24;
    private static final int TYPES_PER_NAME = 8;
    private static final int MINIMUM_TYPES = 16;
    private static final int WINDOW = 2048;
    private static final int STEP = 32;
    private static final int PREFIX_WORDS = Kind.PREFIX / Integer.BYTES;

    private final TypeTable table;
    private final Strings strings;
    private final int kinds;
    private final IntBuffer words;
    private final int total;

    /** Words of the types of a kind that have no elements and are not collected; else 0. */
    private final int[] plain = new int[Kind.NUMBERS];

    private final int[] window;
    private int base;
    private int filled;
    private int at;

    private int[] positions;
    private int count;
    private final NameIndex names;

    /**
     * Reads a type section.
     *
     * @param words the section, without the bytes after its last word
     * @param length the bytes of the section
     * @param kinds the kinds whose names are collected, a bit set by number
     */
    TypeScan(TypeTable table, IntBuffer words, int length, Strings strings, int kinds) {
        this.table = table;
        this.strings = strings;
        this.kinds = kinds;
        this.words = words;
        total = words.limit();
        window = new int[Math.min(WINDOW, total)];
        int expected = Math.max(MINIMUM_TYPES, length / TYPICAL_TYPE_BYTES);
        positions = new int[expected];
        names = new NameIndex(strings, expected / TYPES_PER_NAME);
        for (int kind = 0; kind < Kind.COUNT; kind++) {
            if (Kind.ELEMENT_WORDS[kind] == 0 && (kinds >>> kind & 1) == 0) {
                plain[kind] = Kind.WORDS[kind];
            }
        }
        while (at < total) {
            step();
        }
        if (length % Integer.BYTES != 0) {
            throw cutOff(count, total, "");
        }
        names.complete();
    }

    /** Returns how many types there are. */
    int count() {
        return count;
    }

    /** Returns the first word of each type; what follows the last is unused. */
    int[] positions() {
        return positions;
    }

    /** Returns the types of the asked kinds by name. */
    NameIndex names() {
        return names;
    }

    private void step() {
        if (count + STEP > positions.length) {
            positions = Arrays.copyOf(positions, count + (count >> 1) + STEP);
        }
        int[] positions = this.positions;
        int[] window = this.window;
        int[] plain = this.plain;
        int lastName = strings.end() - 1;
        int first = count;
        int last = first + STEP;
        int number = first;
        int base = this.base;
        int i = at - base;
        int end = filled - 1;
        int wrong = 0;
        while (number < last) {
            if (i >= end) {
                if (base + i >= total) {
                    break;
                }
                base = fill(base + i, number);
                i = 0;
                end = filled - 1;
            }
            int name = window[i];
            int info = window[i + 1];
            wrong |= name | lastName - name;
            positions[number] = base + i;
            int size = plain[info >>> 24 & 0x7f];
            i += size != 0 ? size : other(name, info, number);
            number++;
        }
        at = base + i;
        count = number;
        if (at > total) {
            int start = positions[number - 1];
            throw cutOff(number - 1, start, "of " + (at - start) * 4L + " bytes ");
        }
        if (wrong < 0) {
            throw unnamed(first);
        }
    }

    /** Returns the words of a type that has elements, a name to collect, or an unknown kind. */
    private int other(int name, int info, int number) {
        int kind = Kind.ofInfo(info);
        int size = Kind.WORDS[kind] + Kind.ELEMENT_WORDS[kind] * Kind.vlen(info);
        int start = positions[number];
        if (size == 0) {
            size = table.unknownSize(start, number, info);
        }
        if (size > total - start) {
            throw cutOff(number, start, "of " + size * 4L + " bytes ");
        }
        if (name != 0 && (kinds >>> kind & 1) != 0 && kind < Kind.COUNT) {
            names.add(name, number);
        }
        return size;
    }

    /** Moves the window to a type, and returns its word. */
    private int fill(int word, int number) {
        if (total - word < PREFIX_WORDS) {
            throw cutOff(number, word, "");
        }
        base = word;
        filled = Math.min(window.length, total - word);
        words.get(word, window, 0, filled);
        return word;
    }

    private ObjectFormatException cutOff(int number, int word, String what) {
        return table.malformed(number, word, what + "is cut off by the end of the type section");
    }

    /** Names the first of the types from a number on whose name is outside the string section. */
    private ObjectFormatException unnamed(int from) {
        int number = from;
        while (strings.contains(words.get(positions[number]))) {
            number++;
        }
        return table.malformed(
                number,
                positions[number],
                "has a name at "
                        + Integer.toUnsignedString(words.get(positions[number]))
                        + ", outside the string section, which ends at "
                        + strings.end());
    }
}
