// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.btf;

/**
 * The kinds of BTF types and how each is laid out; numbers are the kernel's
 * (include/uapi/linux/btf.h).
 *
 * <pre>
 *   0         4         8              12            12 + infoSize
 *   +---------+---------+--------------+-------------+----------------------+
 *   | name    | info    | size or type | fixed part  | vlen elements        |
 *   +---------+---------+--------------+-------------+----------------------+
 *
 *   info: bits 0-23 vlen (0-15 before Linux 7.1, the rest zero),
 *         bits 24-30 kind (24-28 before Linux 7.1, the rest zero), bit 31 kind_flag
 * </pre>
 */
enum Kind {
    VOID(0, 0, 0, 0),
    INT(1, 4, 0, Kind.INDEXED),
    PTR(2, 0, 0, Kind.REFERS),
    ARRAY(3, 12, 0, Kind.INFO_TYPES),
    STRUCT(4, 0, 12, Kind.INDEXED | Kind.ELEMENT_NAME | Kind.ELEMENT_TYPE_SECOND),
    UNION(5, 0, 12, Kind.INDEXED | Kind.ELEMENT_NAME | Kind.ELEMENT_TYPE_SECOND),
    ENUM(6, 0, 8, Kind.INDEXED | Kind.ELEMENT_NAME),
    FWD(7, 0, 0, Kind.INDEXED),
    TYPEDEF(8, 0, 0, Kind.INDEXED | Kind.REFERS | Kind.ALIAS),
    VOLATILE(9, 0, 0, Kind.REFERS | Kind.ALIAS),
    CONST(10, 0, 0, Kind.REFERS | Kind.ALIAS),
    RESTRICT(11, 0, 0, Kind.REFERS | Kind.ALIAS),
    FUNC(12, 0, 0, Kind.INDEXED | Kind.REFERS),
    FUNC_PROTO(13, 0, 8, Kind.REFERS | Kind.ELEMENT_NAME | Kind.ELEMENT_TYPE_SECOND),
    VAR(14, 4, 0, Kind.INDEXED | Kind.REFERS),
    DATASEC(15, 0, 12, Kind.INDEXED | Kind.ELEMENT_TYPE_FIRST),
    FLOAT(16, 0, 0, Kind.INDEXED),
    // Tags repeat one text thousands of times, and nobody looks a type up by them.
    DECL_TAG(17, 4, 0, Kind.REFERS),
    TYPE_TAG(18, 0, 0, Kind.REFERS | Kind.ALIAS),
    ENUM64(19, 0, 12, Kind.INDEXED | Kind.ELEMENT_NAME);

    /** The type can be found by its name. */
    static final int INDEXED = 1;

    /** The third word is a type id, not a size. */
    static final int REFERS = 1 << 1;

    /** The type stands for the one it refers to. */
    static final int ALIAS = 1 << 2;

    /** The fixed part begins with two type ids. */
    static final int INFO_TYPES = 1 << 3;

    /** An element begins with a name. */
    static final int ELEMENT_NAME = 1 << 4;

    /** An element begins with a type id. */
    static final int ELEMENT_TYPE_FIRST = 1 << 5;

    /** The second word of an element is a type id. */
    static final int ELEMENT_TYPE_SECOND = 1 << 6;

    /** Bytes of the three words that every type begins with. */
    static final int PREFIX = 12;

    private static final Kind[] VALUES = values();

    /** How many kinds there are. */
    static final int COUNT = VALUES.length;

    /** How many numbers there can be. */
    static final int NUMBERS = 128;

    /** Words of 4 bytes before the elements, by number; 0 for those that are not known. */
    static final int[] WORDS = new int[NUMBERS];

    /** Words of an element, by number. */
    static final int[] ELEMENT_WORDS = new int[NUMBERS];

    /** Bit set, by number, of the kinds that can be found by name. */
    static final int ALL_INDEXED;

    static {
        int indexed = 0;
        for (Kind kind : VALUES) {
            if (kind != VOID) {
                WORDS[kind.number] = (PREFIX + kind.infoSize) / Integer.BYTES;
                ELEMENT_WORDS[kind.number] = kind.elementSize / Integer.BYTES;
            }
            indexed |= kind.is(INDEXED) ? 1 << kind.number : 0;
        }
        ALL_INDEXED = indexed;
    }

    final int number;
    final int infoSize;
    final int elementSize;
    private final int traits;

    Kind(int number, int infoSize, int elementSize, int traits) {
        this.number = number;
        this.infoSize = infoSize;
        this.elementSize = elementSize;
        this.traits = traits;
    }

    /** Returns the kind with a number, or null when this library does not know it. */
    static Kind of(int number) {
        return number > 0 && number < COUNT ? VALUES[number] : null;
    }

    /** Returns the bytes of a type whose kind is known. */
    static long size(int number, int vlen) {
        return Integer.BYTES * (WORDS[number] + (long) ELEMENT_WORDS[number] * vlen);
    }

    static int ofInfo(int info) {
        return info >>> 24 & 0x7f;
    }

    static int vlen(int info) {
        return info & 0xff_ffff;
    }

    static boolean flag(int info) {
        return info < 0;
    }

    /** Returns where in an element its type id is, or -1 when elements have none. */
    int elementTypeOffset() {
        return is(ELEMENT_TYPE_FIRST) ? 0 : is(ELEMENT_TYPE_SECOND) ? 4 : -1;
    }

    boolean is(int trait) {
        return (traits & trait) != 0;
    }
}
