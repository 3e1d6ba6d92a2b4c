// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.btf.BtfType;

/** Says how an integer, a boolean or an enum fits a bitfield. */
final class BitfieldCheck {
    private BitfieldCheck() {}

    /**
     * Fits a component.
     *
     * @param slot the component
     * @param c the bitfield's type, without typedefs and modifiers
     * @param member the bitfield
     */
    static LayoutCheck.Fit fit(Slot slot, BtfType c, CTypes.Member member) {
        Class<?> type = slot.type();
        int bits = member.bits();
        boolean signed =
                c instanceof BtfType.Int i
                        ? i.signed()
                        : c instanceof BtfType.Enumeration e && e.signed();
        LayoutCheck.Fit constant =
                type.isEnum()
                        ? EnumCheck.fit(type, c, member.size())
                        : new LayoutCheck.Fit(null, "");
        Bitfield declared = slot.get(Bitfield.class);
        String problem = constant.problem();
        if (problem.isEmpty()) {
            problem = problem(slot, bits);
        }
        if (problem.isEmpty()
                && declared != null
                && (declared.value() != bits || declared.signed() != signed)) {
            problem = "@Bitfield(" + declared.value() + ") differs";
        }
        return new LayoutCheck.Fit(
                shape(
                        type,
                        member.shift(),
                        bits,
                        signed,
                        constant.shape() instanceof Shape.Constant s ? s : null),
                problem);
    }

    /** Returns the shape of a bitfield. */
    static Shape.Bits shape(
            Class<?> type, int shift, int bits, boolean signed, Shape.Constant constant) {
        if (constant != null) {
            return new Shape.Bits(type, shift, bits, signed, constant);
        }
        Class<?> kind = Shapes.unboxed(type);
        // at full width the sign bit is a bit as any other, and a boolean has no sign
        boolean full =
                kind.isPrimitive()
                        && kind != char.class
                        && bits == Shapes.primitiveSize(kind) * Byte.SIZE;
        boolean extended = (signed || full) && kind != boolean.class;
        return new Shape.Bits(kind, shift, bits, extended, null);
    }

    /** Returns the bytes that bitfields of a type share. */
    static int unit(Class<?> type) {
        Class<?> kind = Shapes.unboxed(type);
        return kind.isPrimitive() && kind != void.class
                ? Shapes.primitiveSize(kind)
                : Integer.BYTES;
    }

    /** Says why a type does not hold so many bits; empty if it does. */
    static String problem(Slot slot, int bits) {
        Class<?> kind = Shapes.unboxed(slot.type());
        boolean number = kind.isPrimitive() && kind != float.class && kind != double.class;
        if (!number && !kind.isEnum()) {
            return "a bitfield is a number, boolean or enum";
        }
        if (slot.has(BigEndian.class) || slot.has(Unsigned.class)) {
            return "a bitfield takes no @BigEndian and no @Unsigned";
        }
        if (kind == boolean.class) {
            return bits == 1 ? "" : "boolean is 1 bit; use " + fitting(bits);
        }
        int lost = bits - unit(kind) * Byte.SIZE;
        return lost <= 0
                ? ""
                : kind.getSimpleName() + " loses the upper " + lost + " bits; use " + fitting(bits);
    }

    private static String fitting(int bits) {
        if (bits <= Byte.SIZE) {
            return "byte or wider";
        }
        return bits <= Integer.SIZE ? "int or long" : "long";
    }
}
