// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.relocation;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.btf.CoreRelocation;
import io.ebpf4j.error.RelocationException;

import java.nio.ByteOrder;

/**
 * Where a field lies and how it is read.
 *
 * @param order byte order of the types
 * @param byteOffset offset in bytes of the field, or of the aligned word that holds a bitfield
 * @param byteSize bytes of the field, or of that word
 * @param bitOffset offset in bits of the field
 * @param bits width in bits
 * @param bitfield whether it is a bitfield
 * @param type the field's type, past modifiers and typedefs
 * @param loadSize bytes that one load takes: of one element, where the field is an array of any
 *     depth; 0 for a bitfield, which takes several instructions
 * @param indexed whether the access ends in an array index rather than a member
 */
record FieldLayout(
        ByteOrder order,
        long byteOffset,
        long byteSize,
        long bitOffset,
        long bits,
        boolean bitfield,
        BtfType type,
        long loadSize,
        boolean indexed) {

    static FieldLayout of(Access access) {
        Btf btf = access.btf();
        Access.Step last = access.last();
        if (!last.named()) {
            return plain(btf, access.bitOffset(), last.type(), true);
        }
        BtfType.Member member =
                ((BtfType.Composite) btf.type(last.type())).members().get(last.index());
        int type = btf.resolveId(member.type());
        return member.bitfieldBits() == 0
                ? plain(btf, access.bitOffset(), type, false)
                : bitfield(btf, access, type, member.bitfieldBits());
    }

    private static FieldLayout plain(Btf btf, long bitOffset, int type, boolean indexed) {
        int element = type;
        while (btf.type(element) instanceof BtfType.Array array) {
            element = btf.resolveId(array.type());
        }
        long size = btf.sizeOf(type);
        return new FieldLayout(
                btf.order(),
                bitOffset / 8,
                size,
                bitOffset,
                size * 8,
                false,
                btf.type(type),
                element == type ? size : btf.sizeOf(element),
                indexed);
    }

    /**
     * Finds the smallest aligned word that holds all of a bitfield, beginning with its declared
     * type's size.
     */
    private static FieldLayout bitfield(Btf btf, Access access, int type, int bits) {
        long bit = access.bitOffset();
        long size = Math.max(1, btf.sizeOf(type));
        long offset = bit / 8 / size * size;
        while (bit + bits - offset * 8 > size * 8) {
            if (size >= 8) {
                throw new RelocationException(
                        "bitfield " + access + " does not fit an aligned word of 8 bytes");
            }
            size *= 2;
            offset = bit / 8 / size * size;
        }
        return new FieldLayout(
                btf.order(), offset, size, bit, bits, true, btf.type(type), 0, false);
    }

    /** Computes the number that a field relocation asks for. */
    long value(CoreRelocation.Kind kind) {
        if (indexed
                && kind != CoreRelocation.Kind.FIELD_BYTE_OFFSET
                && kind != CoreRelocation.Kind.FIELD_BYTE_SIZE) {
            throw new RelocationException(kind + " cannot be asked of an array element");
        }
        return switch (kind) {
            case FIELD_BYTE_OFFSET -> byteOffset;
            case FIELD_BYTE_SIZE -> byteSize;
            case FIELD_SIGNED -> signed() ? 1 : 0;
            case FIELD_LSHIFT_U64 ->
                    order == ByteOrder.LITTLE_ENDIAN
                            ? 64 - (bitOffset + bits - byteOffset * 8)
                            : (8 - byteSize) * 8 + (bitOffset - byteOffset * 8);
            case FIELD_RSHIFT_U64 -> 64 - bits;
            default -> throw new IllegalArgumentException(kind.name());
        };
    }

    private boolean signed() {
        return type instanceof BtfType.Int i && i.signed()
                || type instanceof BtfType.Enumeration e && e.signed();
    }

    /**
     * Tells whether a load or store may be widened or narrowed from this field to another:
     * pointers, and integers without a sign, since both keep their value when zero-extended. The
     * elements of an array would move, too, and the code around a bitfield shifts by constants.
     */
    boolean resizableTo(FieldLayout other) {
        if (bitfield || other.bitfield) {
            return false;
        }
        if (type instanceof BtfType.Ptr) {
            return other.type instanceof BtfType.Ptr;
        }
        return unsigned(type) && unsigned(other.type);
    }

    private static boolean unsigned(BtfType type) {
        return type instanceof BtfType.Int i && i.encoding() != BtfType.Int.SIGNED;
    }
}
