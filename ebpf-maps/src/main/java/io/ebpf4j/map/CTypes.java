// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.error.ObjectFormatException;

import java.util.ArrayList;
import java.util.List;

/** Flattens C structs. */
final class CTypes {
    private static final int MOST_NESTED = 32;

    private CTypes() {}

    /**
     * A member of a struct or of an anonymous one in it.
     *
     * @param name its name
     * @param type its type id
     * @param offset bytes from the start of the outermost struct
     * @param size bytes
     * @param bits bits of a bitfield, else 0
     * @param shift bits of the first byte before a bitfield, else 0
     * @param union number of the outermost union it is in, or -1
     */
    record Member(String name, int type, int offset, int size, int bits, int shift, int union) {

        /** Returns a member that is no bitfield. */
        static Member of(Btf btf, String name, int type) {
            return new Member(name, type, 0, (int) btf.sizeOf(type), 0, 0, -1);
        }

        /** Says whether the name is one that C programmers give to padding. */
        boolean padding() {
            int i = 0;
            while (i < name.length() && name.charAt(i) == '_') {
                i++;
            }
            return size == 0
                    || name.startsWith("pad", i)
                    || name.startsWith("reserved", i)
                    || name.startsWith("unused", i);
        }
    }

    /**
     * Returns the members of a struct or union in order, with those of anonymous ones in their
     * place.
     */
    static List<Member> members(Btf btf, BtfType.Composite type) {
        List<Member> members = new ArrayList<>();
        flatten(btf, type, 0, -1, 0, members);
        return members;
    }

    private static void flatten(
            Btf btf, BtfType.Composite type, int base, int union, int depth, List<Member> members) {
        if (depth > MOST_NESTED) {
            throw new ObjectFormatException(
                    "BTF nests anonymous structs more than " + MOST_NESTED + " deep");
        }
        int group = union < 0 && type instanceof BtfType.Union ? members.size() : union;
        for (BtfType.Member m : type.members()) {
            int offset = base + m.bitOffset() / Byte.SIZE;
            if (m.name().isEmpty() && btf.resolve(m.type()) instanceof BtfType.Composite inner) {
                flatten(btf, inner, offset, group, depth + 1, members);
            } else if (!m.name().isEmpty()) {
                int bits = m.bitfieldBits();
                int shift = bits == 0 ? 0 : m.bitOffset() % Byte.SIZE;
                int size =
                        bits != 0
                                ? (shift + bits + Byte.SIZE - 1) / Byte.SIZE
                                : (int) btf.sizeOf(m.type());
                members.add(new Member(m.name(), m.type(), offset, size, bits, shift, group));
            }
        }
    }
}
