// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.btf.BtfType;

/**
 * Says how a Java number or boolean fits a C number: exactly, widened, reinterpreted, or not, and
 * then what loses.
 */
final class NumberCheck {
    private NumberCheck() {}

    /**
     * Fits a number.
     *
     * @param kind the primitive Java type
     * @param slot where {@link Unsigned} may be
     * @param c the C type, without typedefs and modifiers
     */
    static LayoutCheck.Fit fit(Class<?> kind, Slot slot, BtfType c) {
        int width = Shapes.primitiveSize(kind);
        if (kind == float.class || kind == double.class) {
            boolean fits = c instanceof BtfType.Float f && f.size() == width;
            return new LayoutCheck.Fit(
                    new Shape.Floating(kind),
                    fits ? "" : "is no floating-point number of " + width + " bytes");
        }
        if (c instanceof BtfType.Int i) {
            return integral(kind, slot, i.size(), !i.signed());
        }
        if (c instanceof BtfType.Enumeration e) {
            return integral(kind, slot, e.size(), !e.signed());
        }
        // pointers of BPF are 8 bytes on every machine
        return c instanceof BtfType.Ptr
                ? integral(kind, slot, Long.BYTES, true)
                : new LayoutCheck.Fit(new Shape.Integral(kind, width, false), "is no number");
    }

    private static LayoutCheck.Fit integral(Class<?> kind, Slot slot, int size, boolean unsigned) {
        int width = Shapes.primitiveSize(kind);
        Unsigned declared = slot.get(Unsigned.class);
        String problem = problem(kind, width, size, unsigned);
        if (problem.isEmpty() && declared != null && (declared.value() != size || !unsigned)) {
            problem = "@Unsigned(" + declared.value() + ") differs";
        }
        return new LayoutCheck.Fit(
                new Shape.Integral(kind, Math.min(size, width), unsigned && size < width), problem);
    }

    private static String problem(Class<?> kind, int width, int size, boolean unsigned) {
        if (kind == boolean.class) {
            return size == 1 ? "" : "boolean is 1 byte; use " + fitting(size);
        }
        if (kind == char.class) {
            return size == width && unsigned
                    ? ""
                    : "char is an unsigned 2-byte number; use " + fitting(size);
        }
        return size <= width
                ? ""
                : kind + " loses the upper " + (size - width) + " bytes; use " + fitting(size);
    }

    private static String fitting(int size) {
        return switch (size) {
            case 1 -> "byte or wider";
            case 2 -> "short or wider";
            case 4 -> "int or long";
            case 8 -> "long";
            default -> "byte[]";
        };
    }
}
