// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.btf;

import io.ebpf4j.error.ObjectFormatException;

import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Where each type begins, and an index over essential names, both filled in one pass over the
 * bytes. Functions, which are most of what has a name in a kernel, have an index of their own, made
 * when the first one is looked for.
 *
 * <p>A blob that repeats one name for every type costs no more to index than any other. A search
 * that would compare a long name for minutes is refused.
 */
final class TypeTable {
    private static final int LAYOUT_ENTRY = 4;
    private static final int PREFIX_WORDS = Kind.PREFIX / Integer.BYTES;

    private static final int FUNCTIONS = 1 << Kind.FUNC.number;
    private static final int INDEXED_AT_ONCE = Kind.ALL_INDEXED & ~FUNCTIONS;

    /** How often one search may read as many bytes as the string section has. */
    private static final long MOST_READINGS = 64;

    /** What one search may read however small the string section is, in bytes. */
    private static final long ALWAYS_READ = 1 << 20;

    private final ByteBuffer bytes;
    private final IntBuffer words;
    private final Header header;
    private final Strings strings;
    private final TypeTable base;
    private final int firstId;

    private final int count;
    private final int[] positions;
    private final NameIndex names;
    private volatile NameIndex functions;

    TypeTable(ByteBuffer bytes, Header header, Strings strings, int firstId, TypeTable base) {
        this.bytes = bytes;
        this.header = header;
        this.strings = strings;
        this.firstId = firstId;
        this.base = base;
        if (header.layoutLength() % LAYOUT_ENTRY != 0) {
            throw new ObjectFormatException(
                    "BTF layout section of "
                            + header.layoutLength()
                            + " bytes does not hold whole entries of 4 bytes");
        }
        this.words =
                bytes.slice(header.typeStart(), header.typeLength())
                        .order(bytes.order())
                        .asIntBuffer();
        TypeScan scan = new TypeScan(this, words, header.typeLength(), strings, INDEXED_AT_ONCE);
        this.count = scan.count();
        this.positions = scan.positions();
        this.names = scan.names();
    }

    int count() {
        return count;
    }

    /** Returns the position of a type in the blob; the id must be one of this table. */
    int position(int id) {
        return header.typeStart() + positions[id - firstId] * Integer.BYTES;
    }

    /** Copies the words of a type; of one whose kind is unknown, the first three. */
    int[] words(int id) {
        int at = positions[id - firstId];
        int info = words.get(at + 1);
        long known = Kind.size(Kind.ofInfo(info), Kind.vlen(info)) / Integer.BYTES;
        int[] copy = new int[(int) Math.max(PREFIX_WORDS, known)];
        words.get(at, copy);
        return copy;
    }

    private NameIndex functions() {
        NameIndex known = functions;
        if (known == null) {
            known = new TypeScan(this, words, header.typeLength(), strings, FUNCTIONS).names();
            functions = known;
        }
        return known;
    }

    /** Returns the words of a type of a kind that only the layout section knows. */
    int unknownSize(int word, int number, int info) {
        int kind = Kind.ofInfo(info);
        TypeTable table = this;
        while (table.header.layoutLength() == 0 && table.base != null) {
            table = table.base;
        }
        if (kind >= table.header.layoutLength() / LAYOUT_ENTRY) {
            throw malformed(
                    number,
                    word,
                    "has the unknown kind "
                            + kind
                            + " and no layout says how long it is;"
                            + " a newer release of this library may know it");
        }
        int entry = table.header.layoutStart() + kind * LAYOUT_ENTRY;
        int fixed = table.bytes.get(entry) & 0xff;
        int element = table.bytes.get(entry + 1) & 0xff;
        if (fixed % 4 != 0 || element % 4 != 0) {
            throw malformed(
                    number,
                    word,
                    "has the unknown kind "
                            + kind
                            + ", whose layout of "
                            + fixed
                            + " bytes and "
                            + element
                            + " per element is not made of 4-byte words");
        }
        long size = Kind.PREFIX + fixed + (long) Kind.vlen(info) * element;
        return (int) Math.min(size / Integer.BYTES, Integer.MAX_VALUE);
    }

    /** Returns the lowest id of a type with this very name and a kind in the set, or -1. */
    int find(String name, int kinds) {
        byte[] key = name.getBytes(StandardCharsets.UTF_8);
        int found = Integer.MAX_VALUE;
        if ((kinds & INDEXED_AT_ONCE) != 0) {
            found = find(names, key, kinds & INDEXED_AT_ONCE);
        }
        if ((kinds & FUNCTIONS) != 0) {
            found = Math.min(found, find(functions(), key, FUNCTIONS));
        }
        return found == Integer.MAX_VALUE ? -1 : firstId + found;
    }

    private int find(NameIndex index, byte[] key, int kinds) {
        int found = Integer.MAX_VALUE;
        long read = 0;
        NameIndex.Search search = index.search(key);
        for (int number = search.next(); number >= 0; number = search.next()) {
            if (number < found && isOneOf(kinds, number) && strings.equal(name(number), key)) {
                found = number;
            }
            read = limited(read + key.length);
        }
        return found;
    }

    /** Returns the ids, ascending, of types with this essential name and a kind in the set. */
    int[] candidates(String essentialName, int kinds) {
        byte[] key = essentialName.getBytes(StandardCharsets.UTF_8);
        int[] found = new int[0];
        if ((kinds & INDEXED_AT_ONCE) != 0) {
            found = candidates(names, key, kinds & INDEXED_AT_ONCE, found);
        }
        if ((kinds & FUNCTIONS) != 0) {
            found = candidates(functions(), key, FUNCTIONS, found);
        }
        if (found.length > 1) {
            // hardly ever; the first call spins a class
            Arrays.sort(found);
        }
        return found;
    }

    private int[] candidates(NameIndex index, byte[] key, int kinds, int[] before) {
        int[] found = before;
        int length = found.length;
        long read = 0;
        NameIndex.Search search = index.search(key);
        for (int number = search.next(); number >= 0; number = search.next()) {
            if (isOneOf(kinds, number) && strings.essentialEqual(name(number), key)) {
                if (length == found.length) {
                    found = Arrays.copyOf(found, length * 2 + 1);
                }
                found[length++] = firstId + number;
            }
            read = limited(read + key.length);
        }
        return Arrays.copyOf(found, length);
    }

    private long limited(long read) {
        if (read > ALWAYS_READ + MOST_READINGS * strings.end()) {
            throw new ObjectFormatException(
                    "a search among the names of BTF types takes more than "
                            + MOST_READINGS
                            + " times the string section of "
                            + strings.end()
                            + " bytes");
        }
        return read;
    }

    private int name(int number) {
        return words.get(positions[number]);
    }

    private boolean isOneOf(int kinds, int number) {
        return (kinds >>> Kind.ofInfo(words.get(positions[number] + 1)) & 1) != 0;
    }

    /** Says what is wrong with the type of a local number. */
    ObjectFormatException malformed(int number, int word, String problem) {
        return new ObjectFormatException(
                "BTF type ["
                        + (firstId + number)
                        + "] at byte 0x"
                        + Integer.toHexString(header.typeStart() + word * Integer.BYTES)
                        + " of the BTF "
                        + problem);
    }
}
