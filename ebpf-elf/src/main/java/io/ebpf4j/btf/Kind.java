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
 *   info: bits 0-23 vlen (0-15 before Linux 7.1, the rest zero), 24-30 kind (24-28 before 7.1), 31 kind_flag
 * </pre>
 */
enum Kind {
    VOID(0, BtfType.Void.class, 0, 0, 0),
    INT(1, BtfType.Int.class, 4, 0, Kind.INDEXED),
    PTR(2, BtfType.Ptr.class, 0, 0, Kind.REFERS),
    ARRAY(3, BtfType.Array.class, 12, 0, Kind.INFO_TYPES),
    STRUCT(
            4,
            BtfType.Struct.class,
            0,
            12,
            Kind.INDEXED | Kind.ELEMENT_NAME | Kind.ELEMENT_TYPE_SECOND),
    UNION(
            5,
            BtfType.Union.class,
            0,
            12,
            Kind.INDEXED | Kind.ELEMENT_NAME | Kind.ELEMENT_TYPE_SECOND),
    ENUM(6, BtfType.Enum.class, 0, 8, Kind.INDEXED | Kind.ELEMENT_NAME),
    FWD(7, BtfType.Fwd.class, 0, 0, Kind.INDEXED),
    TYPEDEF(8, BtfType.Typedef.class, 0, 0, Kind.INDEXED | Kind.REFERS | Kind.ALIAS),
    VOLATILE(9, BtfType.Volatile.class, 0, 0, Kind.REFERS | Kind.ALIAS),
    CONST(10, BtfType.Const.class, 0, 0, Kind.REFERS | Kind.ALIAS),
    RESTRICT(11, BtfType.Restrict.class, 0, 0, Kind.REFERS | Kind.ALIAS),
    FUNC(12, BtfType.Func.class, 0, 0, Kind.INDEXED | Kind.REFERS),
    FUNC_PROTO(
            13,
            BtfType.FuncProto.class,
            0,
            8,
            Kind.REFERS | Kind.ELEMENT_NAME | Kind.ELEMENT_TYPE_SECOND),
    VAR(14, BtfType.Var.class, 4, 0, Kind.INDEXED | Kind.REFERS),
    DATASEC(15, BtfType.DataSec.class, 0, 12, Kind.INDEXED | Kind.ELEMENT_TYPE_FIRST),
    FLOAT(16, BtfType.Float.class, 0, 0, Kind.INDEXED),
    // Tags repeat one text thousands of times and nobody looks a type up by them.
    DECL_TAG(17, BtfType.DeclTag.class, 4, 0, Kind.REFERS),
    TYPE_TAG(18, BtfType.TypeTag.class, 0, 0, Kind.REFERS | Kind.ALIAS),
    ENUM64(19, BtfType.Enum64.class, 0, 12, Kind.INDEXED | Kind.ELEMENT_NAME);

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

    final int number;
    final Class<? extends BtfType> type;
    final int infoSize;
    final int elementSize;
    final int traits;

    Kind(int number, Class<? extends BtfType> type, int infoSize, int elementSize, int traits) {
        this.number = number;
        this.type = type;
        this.infoSize = infoSize;
        this.elementSize = elementSize;
        this.traits = traits;
    }

    /** Returns the kind with a number, or null when this library does not know it. */
    static Kind of(int number) {
        return number > 0 && number < VALUES.length ? VALUES[number] : null;
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

    /** Returns the bit set of the kinds, by number, whose types are instances of a class. */
    static int mask(Class<? extends BtfType> type) {
        int mask = 0;
        for (Kind kind : VALUES) {
            if (type.isAssignableFrom(kind.type)) {
                mask |= 1 << kind.number;
            }
        }
        return mask;
    }

    boolean is(int trait) {
        return (traits & trait) != 0;
    }
}
