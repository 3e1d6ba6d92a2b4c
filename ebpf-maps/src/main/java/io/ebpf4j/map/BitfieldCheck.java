// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.btf.BtfType;

import java.lang.reflect.AnnotatedElement;

/** Says how an integer, a boolean or an enum fits a bitfield. */
final class BitfieldCheck {
    private BitfieldCheck() {}

    /**
     * Fits a component.
     *
     * @param type the Java type
     * @param annotations the component
     * @param c the bitfield's type, without typedefs and modifiers
     * @param member the bitfield
     */
    static LayoutCheck.Fit fit(
            Class<?> type, AnnotatedElement annotations, BtfType c, CTypes.Member member) {
        Class<?> kind = Shapes.unboxed(type);
        int bits = member.bits();
        boolean signed =
                c instanceof BtfType.Int i
                        ? i.signed()
                        : c instanceof BtfType.Enumeration e && e.signed();
        if (type.isEnum()) {
            LayoutCheck.Fit constant = EnumCheck.fit(type, c, member.size());
            return new LayoutCheck.Fit(
                    new Shape.Bits(
                            type,
                            member.shift(),
                            bits,
                            signed,
                            constant.shape() instanceof Shape.Constant s ? s : null),
                    constant.problem());
        }
        // at full width the sign bit is a bit as any other, and a boolean has no sign
        boolean full =
                kind.isPrimitive()
                        && kind != char.class
                        && bits == Shapes.primitiveSize(kind) * Byte.SIZE;
        boolean extended = (signed || full) && kind != boolean.class;
        return new LayoutCheck.Fit(
                new Shape.Bits(kind, member.shift(), bits, extended, null),
                problem(kind, annotations, bits));
    }

    private static String problem(Class<?> kind, AnnotatedElement annotations, int bits) {
        if (!kind.isPrimitive() || kind == float.class || kind == double.class) {
            return "a bitfield is a number, boolean or enum";
        }
        if (annotations.isAnnotationPresent(BigEndian.class)
                || annotations.isAnnotationPresent(Unsigned.class)) {
            return "a bitfield takes no @BigEndian and no @Unsigned";
        }
        if (kind == boolean.class) {
            return bits == 1 ? "" : "boolean is 1 bit; use " + fitting(bits);
        }
        int lost = bits - Shapes.primitiveSize(kind) * Byte.SIZE;
        return lost <= 0 ? "" : kind + " loses the upper " + lost + " bits; use " + fitting(bits);
    }

    private static String fitting(int bits) {
        if (bits <= Byte.SIZE) {
            return "byte or wider";
        }
        return bits <= Integer.SIZE ? "int or long" : "long";
    }
}
