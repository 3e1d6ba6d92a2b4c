// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.btf.BtfType;

import java.util.ArrayList;
import java.util.List;

/** Gives the constants of a Java enum the numbers that C gives to their names. */
final class EnumCheck {
    private EnumCheck() {}

    /**
     * Fits an enum: by name where C has one of the names, else by ordinal.
     *
     * @param type the Java enum
     * @param c the C type, without typedefs and modifiers
     * @param size its bytes
     */
    static LayoutCheck.Fit fit(Class<?> type, BtfType c, int size) {
        if (!(c instanceof BtfType.Enumeration e)) {
            boolean integer = c instanceof BtfType.Int && size <= Long.BYTES;
            return new LayoutCheck.Fit(
                    new Shape.Constant(type, size, false, List.of()), integer ? "" : "is no enum");
        }
        List<Long> values = new ArrayList<>();
        String missing = "";
        for (Object constant : type.getEnumConstants()) {
            String name = ((Enum<?>) constant).name();
            Long value = value(e, name);
            if (value != null) {
                values.add(e.signed() ? value : unsigned(value, size));
            } else if (missing.isEmpty()) {
                missing = name;
            }
        }
        boolean byName = !values.isEmpty();
        return new LayoutCheck.Fit(
                new Shape.Constant(
                        type,
                        size,
                        e.signed(),
                        byName && missing.isEmpty() ? List.copyOf(values) : List.of()),
                byName && !missing.isEmpty() ? "has no enumerator " + missing : "");
    }

    /**
     * Returns a number that BTF extended with its sign as unsigned memory of so many bytes holds
     * it.
     */
    private static long unsigned(long value, int size) {
        return size < Long.BYTES ? value & (1L << size * Byte.SIZE) - 1 : value;
    }

    private static Long value(BtfType.Enumeration e, String name) {
        for (BtfType.Enumerator enumerator : e.enumerators()) {
            if (enumerator.name().equals(name)) {
                return enumerator.value();
            }
        }
        return null;
    }
}
