// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.relocation;

import io.ebpf4j.btf.BtfType;
import io.ebpf4j.btf.CoreRelocation;

/**
 * The numbers of one relocation: what the compiler wrote, and what the target needs.
 *
 * @param expected the local value, which the instruction should hold now
 * @param value the target's value
 * @param checked whether the instruction must hold {@code expected}; compilers may choose another
 *     word for a bitfield
 * @param poisoned whether the target has no such thing, so that the instruction must not be reached
 * @param localSize bytes that a load or store of the field takes locally; 0 where that does not
 *     matter
 * @param size bytes that it takes in the target
 * @param resizable whether the load or store may change from one size to the other
 */
record CoreValue(
        long expected,
        long value,
        boolean checked,
        boolean poisoned,
        long localSize,
        long size,
        boolean resizable) {

    /** Computes the numbers; {@code target} is null when nothing matched. */
    static CoreValue of(CoreRelocation.Kind kind, Access local, Access target) {
        return switch (kind) {
            case FIELD_EXISTS, TYPE_EXISTS, TYPE_MATCHES, ENUMVAL_EXISTS ->
                    plain(1, target == null ? 0 : 1, true);
            case TYPE_ID_LOCAL -> plain(local.root(), local.root(), false);
            case TYPE_ID_TARGET -> plain(local.root(), target == null ? 0 : target.root(), false);
            case TYPE_SIZE ->
                    plain(
                            local.btf().sizeOf(local.root()),
                            target == null ? 0 : target.btf().sizeOf(target.root()),
                            true);
            case ENUMVAL_VALUE ->
                    target == null
                            ? poison(enumerator(local), true)
                            : plain(enumerator(local), enumerator(target), true);
            default -> field(kind, FieldLayout.of(local), target);
        };
    }

    private static CoreValue field(CoreRelocation.Kind kind, FieldLayout local, Access target) {
        // the compiler is free to read a bitfield through another word than we would
        boolean checked =
                !local.bitfield()
                        || kind == CoreRelocation.Kind.FIELD_SIGNED
                        || kind == CoreRelocation.Kind.FIELD_RSHIFT_U64;
        long expected = local.value(kind);
        if (target == null) {
            return poison(expected, checked);
        }
        FieldLayout there = FieldLayout.of(target);
        long value = there.value(kind);
        if (kind != CoreRelocation.Kind.FIELD_BYTE_OFFSET || local.loadSize() == there.loadSize()) {
            return plain(expected, value, checked);
        }
        return new CoreValue(
                expected,
                value,
                checked,
                false,
                local.loadSize(),
                there.loadSize(),
                local.resizableTo(there));
    }

    private static CoreValue plain(long expected, long value, boolean checked) {
        return new CoreValue(expected, value, checked, false, 0, 0, true);
    }

    private static CoreValue poison(long expected, boolean checked) {
        return new CoreValue(expected, 0, checked, true, 0, 0, true);
    }

    private static long enumerator(Access access) {
        BtfType.Enumeration e = (BtfType.Enumeration) access.btf().resolve(access.root());
        return e.enumerators().get(access.last().index()).value();
    }

    /** Tells whether two candidates lead to the same instruction. */
    boolean agreesWith(CoreValue other) {
        return poisoned == other.poisoned && (poisoned || value == other.value);
    }
}
