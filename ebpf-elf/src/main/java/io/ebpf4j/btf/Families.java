// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.btf;

/**
 * Which kinds the records of a class, or of a family of classes, stand for. A class of records is
 * loaded when it is first compared with, so that looking for a struct does not load what stands for
 * tags.
 */
final class Families {
    private Families() {}

    /** Returns the bit set, by number, of the kinds whose records are instances of a class. */
    static int kinds(Class<? extends BtfType> family) {
        if (family == BtfType.class) {
            return (1 << Kind.COUNT) - 1;
        }
        if (family == BtfType.Composite.class) {
            return bit(Kind.STRUCT) | bit(Kind.UNION);
        }
        if (family == BtfType.Enumeration.class) {
            return bit(Kind.ENUM) | bit(Kind.ENUM64);
        }
        if (family == BtfType.Alias.class) {
            return bit(Kind.TYPEDEF)
                    | bit(Kind.VOLATILE)
                    | bit(Kind.CONST)
                    | bit(Kind.RESTRICT)
                    | bit(Kind.TYPE_TAG);
        }
        return family == BtfType.Unknown.class ? 0 : bit(recorded(family));
    }

    /** Returns the kind that a record is written as. */
    static Kind kind(BtfType type) {
        return recorded(type.getClass());
    }

    private static int bit(Kind kind) {
        return 1 << kind.number;
    }

    private static Kind recorded(Class<? extends BtfType> record) {
        for (int number = 0; number < Kind.COUNT; number++) {
            Kind kind = number == 0 ? Kind.VOID : Kind.of(number);
            if (record(kind) == record) {
                return kind;
            }
        }
        throw new IllegalArgumentException(
                "no kind of BTF is written as " + record.getSimpleName());
    }

    private static Class<? extends BtfType> record(Kind kind) {
        return switch (kind) {
            case VOID -> BtfType.Void.class;
            case INT -> BtfType.Int.class;
            case PTR -> BtfType.Ptr.class;
            case ARRAY -> BtfType.Array.class;
            case STRUCT -> BtfType.Struct.class;
            case UNION -> BtfType.Union.class;
            case ENUM -> BtfType.Enum.class;
            case FWD -> BtfType.Fwd.class;
            case TYPEDEF -> BtfType.Typedef.class;
            case VOLATILE -> BtfType.Volatile.class;
            case CONST -> BtfType.Const.class;
            case RESTRICT -> BtfType.Restrict.class;
            case FUNC -> BtfType.Func.class;
            case FUNC_PROTO -> BtfType.FuncProto.class;
            case VAR -> BtfType.Var.class;
            case DATASEC -> BtfType.DataSec.class;
            case FLOAT -> BtfType.Float.class;
            case DECL_TAG -> BtfType.DeclTag.class;
            case TYPE_TAG -> BtfType.TypeTag.class;
            case ENUM64 -> BtfType.Enum64.class;
        };
    }
}
