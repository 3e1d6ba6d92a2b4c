// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.btf;

import java.util.List;

/**
 * Which kinds the records of a class, or of a family of classes, stand for. Apart from {@link
 * Kind}, so that parsing does not load the class of every record.
 */
final class Families {
    /** The records' classes in the order of the kinds' numbers. */
    private static final List<Class<? extends BtfType>> RECORDS =
            List.of(
                    BtfType.Void.class,
                    BtfType.Int.class,
                    BtfType.Ptr.class,
                    BtfType.Array.class,
                    BtfType.Struct.class,
                    BtfType.Union.class,
                    BtfType.Enum.class,
                    BtfType.Fwd.class,
                    BtfType.Typedef.class,
                    BtfType.Volatile.class,
                    BtfType.Const.class,
                    BtfType.Restrict.class,
                    BtfType.Func.class,
                    BtfType.FuncProto.class,
                    BtfType.Var.class,
                    BtfType.DataSec.class,
                    BtfType.Float.class,
                    BtfType.DeclTag.class,
                    BtfType.TypeTag.class,
                    BtfType.Enum64.class);

    private Families() {}

    /** Returns the bit set, by number, of the kinds whose records are instances of a class. */
    static int kinds(Class<? extends BtfType> family) {
        int kinds = 0;
        for (int number = 0; number < Kind.COUNT; number++) {
            if (family.isAssignableFrom(RECORDS.get(number))) {
                kinds |= 1 << number;
            }
        }
        return kinds;
    }

    /** Returns the kind that a record is written as. */
    static Kind kind(BtfType type) {
        int number = RECORDS.indexOf(type.getClass());
        if (number < 0) {
            throw new IllegalArgumentException(
                    "a type of an unknown kind cannot be written: " + type);
        }
        return number == 0 ? Kind.VOID : Kind.of(number);
    }
}
