// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.btf;

import io.ebpf4j.error.ObjectFormatException;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Where each type begins, and an index over essential names, both filled in one pass over the
 * bytes.
 *
 * <p>The index chains types of one hash by their local number (id minus first id, plus one; 0 ends
 * a chain), newest first. A blob that repeats one name for every type therefore costs no more to
 * index than any other, unless the name is so long that hashing it for each would take minutes:
 * such a blob is refused.
 */
final class TypeTable {
    private static final int TYPICAL_TYPE_BYTES = 16;
    private static final int MINIMUM_TYPES = 16;
    private static final int LAYOUT_ENTRY = 4;

    /** How often the names of types may name every byte of the string section. */
    private static final long MOST_READINGS = 64;

    /** What the names of types may take however small the string section is, in bytes. */
    private static final long ALWAYS_READ = 1 << 20;

    private final ByteBuffer bytes;
    private final Header header;
    private final Strings strings;
    private final TypeTable base;
    private final int firstId;

    private int count;
    private long hashed;
    private int[] offsets;
    private int[] next;
    private int[] heads;

    TypeTable(ByteBuffer bytes, Header header, Strings strings, int firstId, TypeTable base) {
        this.bytes = bytes;
        this.header = header;
        this.strings = strings;
        this.firstId = firstId;
        this.base = base;
        int expected = Math.max(MINIMUM_TYPES, header.typeLength() / TYPICAL_TYPE_BYTES);
        this.offsets = new int[expected];
        this.next = new int[expected];
        this.heads = new int[Integer.highestOneBit(expected) * 2];
        if (header.layoutLength() % LAYOUT_ENTRY != 0) {
            throw new ObjectFormatException(
                    "BTF layout section of "
                            + header.layoutLength()
                            + " bytes does not hold whole entries of 4 bytes");
        }
        scan();
    }

    int count() {
        return count;
    }

    /** Returns the position of a type in the blob; the id must be one of this table. */
    int position(int id) {
        return offsets[id - firstId];
    }

    // Runs in the interpreter when a process parses its first BTF, so it keeps calls per type few.
    private void scan() {
        ByteBuffer bytes = this.bytes;
        int position = header.typeStart();
        int end = position + header.typeLength();
        while (position < end) {
            if (end - position < Kind.PREFIX) {
                throw malformed(position, "is cut off by the end of the type section");
            }
            int name = bytes.getInt(position);
            int info = bytes.getInt(position + 4);
            int kind = info >>> 24 & 0x7f;
            boolean known = kind > 0 && kind < Kind.COUNT;
            long size = known ? Kind.size(kind, info & 0xff_ffff) : unknownSize(position, info);
            if (size > end - position) {
                throw malformed(
                        position,
                        "of " + size + " bytes is cut off by the end of the type section");
            }
            if (count == offsets.length) {
                grow();
            }
            offsets[count++] = position;
            if (name != 0) {
                link(name, known && (Kind.ALL_INDEXED >>> kind & 1) != 0);
            }
            position += (int) size;
        }
    }

    private void link(int name, boolean indexed) {
        if (!strings.contains(name)) {
            count--;
            throw malformed(
                    offsets[count],
                    "has a name at "
                            + Integer.toUnsignedString(name)
                            + ", outside the string section, which ends at "
                            + strings.end());
        }
        if (indexed) {
            long hash = strings.essentialHash(name);
            hashed += hash >>> Integer.SIZE;
            if (hashed > ALWAYS_READ + MOST_READINGS * strings.end()) {
                count--;
                throw malformed(
                        offsets[count],
                        "ends a row of names that take more than "
                                + MOST_READINGS
                                + " times the string section of "
                                + strings.end()
                                + " bytes");
            }
            int bucket = bucket((int) hash);
            next[count - 1] = heads[bucket];
            heads[bucket] = count;
        }
    }

    private void grow() {
        int capacity = count + (count >> 1);
        offsets = Arrays.copyOf(offsets, capacity);
        next = Arrays.copyOf(next, capacity);
    }

    private long unknownSize(int position, int info) {
        int kind = Kind.ofInfo(info);
        TypeTable table = this;
        while (table.header.layoutLength() == 0 && table.base != null) {
            table = table.base;
        }
        if (kind >= table.header.layoutLength() / LAYOUT_ENTRY) {
            throw malformed(
                    position,
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
                    position,
                    "has the unknown kind "
                            + kind
                            + ", whose layout of "
                            + fixed
                            + " bytes and "
                            + element
                            + " per element is not made of 4-byte words");
        }
        return Kind.PREFIX + fixed + (long) Kind.vlen(info) * element;
    }

    private int bucket(int hash) {
        int mixed = (hash ^ hash >>> 15) * 0x2c1b3c6d;
        return (mixed ^ mixed >>> 12) & heads.length - 1;
    }

    /** Returns the lowest id of a type with this very name and a kind in the set, or -1. */
    int find(String name, int kinds) {
        byte[] key = name.getBytes(StandardCharsets.UTF_8);
        byte[] essential =
                name.substring(0, Strings.essentialLength(name)).getBytes(StandardCharsets.UTF_8);
        int found = -1;
        for (int i = heads[bucket(Strings.hash(essential, essential.length))];
                i != 0;
                i = next[i - 1]) {
            int position = offsets[i - 1];
            if (isOneOf(kinds, position) && strings.equal(bytes.getInt(position), key)) {
                found = firstId + i - 1;
            }
        }
        return found;
    }

    /** Returns the ids, ascending, of types with this essential name and a kind in the set. */
    int[] candidates(String essentialName, int kinds) {
        byte[] key = essentialName.getBytes(StandardCharsets.UTF_8);
        int[] found = new int[4];
        int length = 0;
        for (int i = heads[bucket(Strings.hash(key, key.length))]; i != 0; i = next[i - 1]) {
            int position = offsets[i - 1];
            if (isOneOf(kinds, position) && strings.essentialEqual(bytes.getInt(position), key)) {
                if (length == found.length) {
                    found = Arrays.copyOf(found, length * 2);
                }
                found[length++] = firstId + i - 1;
            }
        }
        int[] ascending = new int[length];
        for (int i = 0; i < length; i++) {
            ascending[i] = found[length - 1 - i];
        }
        return ascending;
    }

    private boolean isOneOf(int kinds, int position) {
        return (kinds >>> Kind.ofInfo(bytes.getInt(position + 4)) & 1) != 0;
    }

    private ObjectFormatException malformed(int position, String problem) {
        return new ObjectFormatException(
                "BTF type ["
                        + (firstId + count)
                        + "] at byte 0x"
                        + Integer.toHexString(position)
                        + " of the BTF "
                        + problem);
    }
}
