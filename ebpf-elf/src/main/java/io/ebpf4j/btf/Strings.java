// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.btf;

import io.ebpf4j.error.ObjectFormatException;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The string section: strings that end with a zero byte, named by their offset. Offsets of split
 * BTF continue those of its base.
 *
 * <p>Strings of a section that is not in an array are read from copies of its pages, made when they
 * are first touched: in the interpreter, where a young process reads most of them, a byte of an
 * array is one bytecode, and one of mapped memory is ten calls.
 */
final class Strings {
    private static final int SEPARATOR = 3;

    /** Bytes of a page, as a power of two. */
    private static final int PAGE_BITS = 13;

    /** How far a page is copied beyond its end, where its last string may end. */
    private static final int OVERLAP = 256;

    /** What shifts every position to page 0. */
    private static final int ONE_PAGE = Integer.SIZE - 1;

    private final ByteBuffer bytes;
    private final int start;
    private final int first;
    private final int end;
    private final Strings base;
    private final int pageBits;
    private final Page[] pages;

    /**
     * Bytes of the section.
     *
     * @param bytes an array of them
     * @param shift what a position in the section is more than its index in the array
     * @param last the position of the last zero byte: strings that begin behind it are cut off
     */
    private record Page(byte[] bytes, int shift, int last) {}

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
        if (bytes.hasArray()) {
            pageBits = ONE_PAGE;
            int shift = -bytes.arrayOffset() - start;
            pages = new Page[] {new Page(bytes.array(), shift, length - 1)};
        } else {
            pageBits = PAGE_BITS;
            pages = new Page[(length >>> PAGE_BITS) + 1];
        }
    }

    /** Returns a page that holds all of the string at a position in this section. */
    private Page page(int position) {
        Page page = pages[position >>> pageBits];
        if (page == null) {
            page = copy(position >>> pageBits);
        }
        return position <= page.last ? page : alone(position);
    }

    private Page copy(int number) {
        int from = number << PAGE_BITS;
        byte[] copy = new byte[Math.min((1 << PAGE_BITS) + OVERLAP, end - first - from)];
        bytes.get(start + from, copy);
        int last = copy.length - 1;
        while (last >= 0 && copy[last] != 0) {
            last--;
        }
        Page page = new Page(copy, from, from + last);
        pages[number] = page;
        return page;
    }

    /** Copies a string that is too long for its page. */
    private Page alone(int position) {
        int to = start + position;
        while (bytes.get(to) != 0) {
            to++;
        }
        byte[] copy = new byte[to + 1 - start - position];
        bytes.get(start + position, copy);
        return new Page(copy, position, position + copy.length - 1);
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
        Page page = owner.page(offset - owner.first);
        int from = offset - owner.first - page.shift;
        int to = from;
        while (page.bytes[to] != 0) {
            to++;
        }
        return new String(page.bytes, from, to - from, StandardCharsets.UTF_8);
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

    /**
     * Returns the {@linkplain NameHash hash} of a name, which is the same with and without its
     * flavour; the offset must be inside.
     */
    int essentialHash(int offset) {
        Strings owner = owner(offset);
        Page page = owner.page(offset - owner.first);
        return NameHash.of(page.bytes, offset - owner.first - page.shift);
    }

    /**
     * Reads the beginnings of names, most of which follow each other.
     *
     * @param offsets where the names are; must be inside
     * @param prefixes gets the {@link #prefix} of each
     */
    void prefixes(int[] offsets, int[] prefixes, int from, int to) {
        int start = 0;
        int end = 0;
        int shift = 0;
        byte[] bytes = null;
        for (int i = from; i < to; i++) {
            int offset = offsets[i];
            if (offset < start || offset > end || bytes == null) {
                Strings owner = owner(offset);
                Page page = owner.page(offset - owner.first);
                bytes = page.bytes;
                shift = owner.first + page.shift;
                start = Math.max(shift, owner.first);
                end = owner.first + page.last;
            }
            int first = bytes[offset - shift] & 0xff;
            prefixes[i] = first == 0 ? 0 : first | bytes[offset - shift + 1] << Byte.SIZE;
        }
    }

    /**
     * Returns the first two bytes of a name, the first lowest, with zeros for those that it does
     * not have.
     */
    static int prefix(byte[] name) {
        int first = name.length > 0 ? name[0] & 0xff : 0;
        return name.length > 1 ? first | name[1] << Byte.SIZE : first;
    }

    /** Returns whether a string consists of exactly these bytes; the offset must be inside. */
    boolean equal(int offset, byte[] name) {
        Strings owner = owner(offset);
        Page page = owner.page(offset - owner.first);
        int from = offset - owner.first - page.shift;
        return startsWith(page.bytes, from, name) && page.bytes[from + name.length] == 0;
    }

    /**
     * Returns whether the essential part of a string consists of exactly these bytes; the offset
     * must be inside.
     */
    boolean essentialEqual(int offset, byte[] name) {
        Strings owner = owner(offset);
        Page page = owner.page(offset - owner.first);
        int from = offset - owner.first - page.shift;
        return startsWith(page.bytes, from, name)
                && essentialLength(page.bytes, from) == name.length;
    }

    private static boolean startsWith(byte[] bytes, int from, byte[] name) {
        for (int i = 0; i < name.length; i++) {
            // A zero byte ends the comparison, so it cannot leave the string.
            if (bytes[from + i] != name[i] || name[i] == 0) {
                return false;
            }
        }
        return true;
    }

    private static int essentialLength(byte[] bytes, int from) {
        int length = -1;
        int run = 0;
        int i = from;
        for (; bytes[i] != 0; i++) {
            if (bytes[i] == '_') {
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
