// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.btf;

import io.ebpf4j.error.ObjectFormatException;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The string section: strings that end with a zero byte, named by their offset. Offsets of split
 * BTF continue those of its base.
 */
final class Strings {
    private static final int HASH_FACTOR = 31;
    private static final int SEPARATOR = 3;

    /** How many bytes of a name are hashed; hardly any two names differ only behind them. */
    private static final int MOST_HASHED = 64;

    private final ByteBuffer bytes;
    private final int start;
    private final int first;
    private final int end;
    private final Strings base;

    Strings(ByteBuffer bytes, Header header, Strings base) {
        this.bytes = bytes;
        this.start = header.stringStart();
        this.base = base;
        this.first = base == null ? 0 : base.end;
        int length = header.stringLength();
        if (length < 0 || first + length < 0) {
            throw new ObjectFormatException("BTF string section is larger than 2 GiB");
        }
        this.end = first + length;
        if (length == 0 ? base == null : bytes.get(start + length - 1) != 0) {
            throw new ObjectFormatException(
                    "BTF string section of " + length + " bytes does not end with a zero byte");
        }
        if (base == null && bytes.get(start) != 0) {
            throw new ObjectFormatException(
                    "BTF string section does not begin with the empty string;"
                            + " split BTF has to be parsed together with its base");
        }
    }

    /** Returns the offset after the last one. */
    int end() {
        return end;
    }

    /** Returns the offset of the first string that is not the base's. */
    int first() {
        return first;
    }

    /** Copies the strings that are not the base's. */
    byte[] toByteArray() {
        byte[] copy = new byte[end - first];
        bytes.get(start, copy);
        return copy;
    }

    boolean contains(int offset) {
        return offset >= 0 && offset < end;
    }

    /** Returns the string, or throws when the offset is outside. */
    String get(int offset) {
        if (offset == 0) {
            return "";
        }
        check(offset);
        Strings owner = owner(offset);
        int from = owner.position(offset);
        int to = from;
        while (owner.bytes.get(to) != 0) {
            to++;
        }
        byte[] copy = new byte[to - from];
        owner.bytes.get(from, copy);
        return new String(copy, StandardCharsets.UTF_8);
    }

    private void check(int offset) {
        if (!contains(offset)) {
            throw new ObjectFormatException(
                    "BTF string offset "
                            + Integer.toUnsignedString(offset)
                            + " is outside the string section, which ends at "
                            + end);
        }
    }

    private Strings owner(int offset) {
        Strings owner = this;
        while (offset < owner.first) {
            owner = owner.base;
        }
        return owner;
    }

    private int position(int offset) {
        return start + offset - first;
    }

    /**
     * Returns a hash that is the same for a name with and without its flavour; the offset must be
     * inside.
     */
    int essentialHash(int offset) {
        if (offset < first) {
            return base.essentialHash(offset);
        }
        return essentialHash(bytes, start + offset - first);
    }

    /** Returns the same for a name that is not in the section. */
    static int essentialHash(byte[] name) {
        return essentialHash(ByteBuffer.wrap(Arrays.copyOf(name, name.length + 1)), 0);
    }

    /**
     * Hashes the characters other than underscores that are before the first two underscores in a
     * row, which begin the separator or are part of an essential name.
     */
    private static int essentialHash(ByteBuffer bytes, int from) {
        int hash = 0;
        byte before = '_';
        for (int i = from; i < from + MOST_HASHED; i++) {
            byte b = bytes.get(i);
            if (b == 0) {
                break;
            }
            if (b != '_') {
                hash = hash * HASH_FACTOR + b;
            } else if (before == '_' && i > from + 1) {
                break;
            }
            before = b;
        }
        return hash;
    }

    /** Returns whether a string consists of exactly these bytes; the offset must be inside. */
    boolean equal(int offset, byte[] name) {
        Strings owner = owner(offset);
        int from = owner.position(offset);
        return startsWith(owner.bytes, from, name, name.length)
                && owner.bytes.get(from + name.length) == 0;
    }

    /**
     * Returns whether the essential part of a string consists of exactly these bytes; the offset
     * must be inside.
     */
    boolean essentialEqual(int offset, byte[] name) {
        Strings owner = owner(offset);
        int from = owner.position(offset);
        return startsWith(owner.bytes, from, name, name.length)
                && essentialLength(owner.bytes, from) == name.length;
    }

    private static boolean startsWith(ByteBuffer bytes, int from, byte[] name, int length) {
        for (int i = 0; i < length; i++) {
            // A zero byte ends the comparison, so it cannot leave the section.
            if (bytes.get(from + i) != name[i] || name[i] == 0) {
                return false;
            }
        }
        return true;
    }

    private static int essentialLength(ByteBuffer bytes, int from) {
        int length = -1;
        int run = 0;
        int i = from;
        for (; bytes.get(i) != 0; i++) {
            if (bytes.get(i) == '_') {
                run++;
                continue;
            }
            if (run == SEPARATOR && i - from > SEPARATOR) {
                length = i - from - SEPARATOR;
            }
            run = 0;
        }
        return length < 0 ? i - from : length;
    }

    /**
     * Returns the length of a name without its flavour: it is cut at the last {@code ___} with
     * another character than an underscore on both sides.
     */
    static int essentialLength(CharSequence name) {
        for (int i = name.length() - SEPARATOR - 2; i >= 0; i--) {
            if (name.charAt(i) != '_'
                    && name.charAt(i + 1) == '_'
                    && name.charAt(i + 2) == '_'
                    && name.charAt(i + 3) == '_'
                    && name.charAt(i + 4) != '_') {
                return i + 1;
            }
        }
        return name.length();
    }
}
