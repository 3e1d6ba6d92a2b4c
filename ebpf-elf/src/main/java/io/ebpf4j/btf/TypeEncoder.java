// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.btf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Turns records into the bytes of a type section; the opposite of {@link TypeDecoder}. */
final class TypeEncoder {
    private static final int INITIAL_BYTES = 1024;
    private static final int MAX_VLEN = 0xff_ffff;
    private static final int MAX_FLAGGED_OFFSET = 0xff_ffff;

    private final StringPool strings;
    private ByteBuffer out;

    TypeEncoder(StringPool strings, ByteOrder order) {
        this.strings = strings;
        this.out = ByteBuffer.allocate(INITIAL_BYTES).order(order);
    }

    byte[] toByteArray() {
        byte[] bytes = new byte[out.position()];
        out.get(0, bytes);
        return bytes;
    }

    /** Copies bytes that are in the right order already. */
    void copy(ByteBuffer from, int start, int length) {
        reserve(length);
        out.put(out.position(), from, start, length);
        out.position(out.position() + length);
    }

    void encode(BtfType type) {
        Kind kind = Families.kind(type);
        switch (kind) {
            case VOID ->
                    throw new IllegalArgumentException("void has the id 0 and cannot be added");
            case INT -> integer((BtfType.Int) type);
            case PTR -> prefix(kind, type, false, 0, ((BtfType.Ptr) type).type());
            case ARRAY -> array((BtfType.Array) type);
            case STRUCT, UNION -> composite(kind, (BtfType.Composite) type);
            case ENUM -> enumeration((BtfType.Enum) type);
            case ENUM64 -> enumeration64((BtfType.Enum64) type);
            case FWD -> prefix(kind, type, ((BtfType.Fwd) type).union(), 0, 0);
            case TYPEDEF, VOLATILE, CONST, RESTRICT ->
                    prefix(kind, type, false, 0, ((BtfType.Alias) type).type());
            case TYPE_TAG -> typeTag((BtfType.TypeTag) type);
            case FUNC -> function((BtfType.Func) type);
            case FUNC_PROTO -> prototype((BtfType.FuncProto) type);
            case VAR -> variable((BtfType.Var) type);
            case DATASEC -> dataSection((BtfType.DataSec) type);
            case FLOAT -> prefix(kind, type, false, 0, ((BtfType.Float) type).size());
            case DECL_TAG -> declTag((BtfType.DeclTag) type);
        }
    }

    private void prefix(Kind kind, BtfType type, boolean flag, int vlen, int third) {
        if (vlen > MAX_VLEN) {
            throw new IllegalArgumentException(
                    "BTF counts to 2^24 - 1; " + type.name() + " has " + vlen + " elements");
        }
        reserve((int) Kind.size(kind.number, kind.elementSize == 0 ? 0 : vlen));
        out.putInt(strings.add(type.name()));
        out.putInt((flag ? 1 << 31 : 0) | kind.number << 24 | vlen);
        out.putInt(third);
    }

    private void reserve(int length) {
        if (out.remaining() < length) {
            int capacity = Math.max(out.capacity() * 2, out.position() + length);
            ByteBuffer larger = ByteBuffer.allocate(capacity).order(out.order());
            out = larger.put(out.flip());
        }
    }

    private void integer(BtfType.Int type) {
        check(type.encoding(), 0xf, "encoding of an integer");
        check(type.bitOffset(), 0xff, "bit offset of an integer");
        check(type.bits(), 0xff, "bit count of an integer");
        prefix(Kind.INT, type, false, 0, type.size());
        out.putInt(type.encoding() << 24 | type.bitOffset() << 16 | type.bits());
    }

    private void array(BtfType.Array type) {
        prefix(Kind.ARRAY, type, false, 0, 0);
        out.putInt(type.type()).putInt(type.indexType()).putInt(type.count());
    }

    private void composite(Kind kind, BtfType.Composite type) {
        List<BtfType.Member> members = type.members();
        boolean bitfields = false;
        for (BtfType.Member member : members) {
            bitfields |= member.bitfieldBits() != 0;
        }
        prefix(kind, type, bitfields, members.size(), type.size());
        for (BtfType.Member member : members) {
            int offset = member.bitOffset();
            if (bitfields) {
                check(offset, MAX_FLAGGED_OFFSET, "bit offset of a member beside bitfields");
                check(member.bitfieldBits(), 0xff, "bit count of a bitfield");
                offset |= member.bitfieldBits() << 24;
            }
            out.putInt(strings.add(member.name())).putInt(member.type()).putInt(offset);
        }
    }

    private void enumeration(BtfType.Enum type) {
        prefix(Kind.ENUM, type, type.signed(), type.enumerators().size(), type.size());
        for (BtfType.Enumerator enumerator : type.enumerators()) {
            long value = enumerator.value();
            if (value < Integer.MIN_VALUE || value > 0xffff_ffffL) {
                throw new IllegalArgumentException(
                        enumerator.name()
                                + " = "
                                + value
                                + " does not fit the 32 bits of an enum; use an enum64");
            }
            out.putInt(strings.add(enumerator.name())).putInt((int) value);
        }
    }

    private void enumeration64(BtfType.Enum64 type) {
        prefix(Kind.ENUM64, type, type.signed(), type.enumerators().size(), type.size());
        for (BtfType.Enumerator enumerator : type.enumerators()) {
            long value = enumerator.value();
            out.putInt(strings.add(enumerator.name()))
                    .putInt((int) value)
                    .putInt((int) (value >> 32));
        }
    }

    private void typeTag(BtfType.TypeTag type) {
        prefix(Kind.TYPE_TAG, type, type.attribute(), 0, type.type());
    }

    private void function(BtfType.Func type) {
        prefix(
                Kind.FUNC,
                type,
                false,
                check(type.linkage(), 0xffff, "linkage of a function"),
                type.type());
    }

    private void prototype(BtfType.FuncProto type) {
        prefix(Kind.FUNC_PROTO, type, false, type.parameters().size(), type.returnType());
        for (BtfType.Parameter parameter : type.parameters()) {
            out.putInt(strings.add(parameter.name())).putInt(parameter.type());
        }
    }

    private void variable(BtfType.Var type) {
        prefix(Kind.VAR, type, false, 0, type.type());
        out.putInt(type.linkage());
    }

    private void dataSection(BtfType.DataSec type) {
        prefix(Kind.DATASEC, type, false, type.variables().size(), type.size());
        for (BtfType.Section variable : type.variables()) {
            out.putInt(variable.type()).putInt(variable.offset()).putInt(variable.size());
        }
    }

    private void declTag(BtfType.DeclTag type) {
        prefix(Kind.DECL_TAG, type, type.attribute(), 0, type.type());
        out.putInt(type.component());
    }

    private static int check(int value, int maximum, String what) {
        if (value < 0 || value > maximum) {
            throw new IllegalArgumentException(
                    "the " + what + " is " + value + "; BTF holds 0 to " + maximum);
        }
        return value;
    }
}
