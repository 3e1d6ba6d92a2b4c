// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.asm;

/** What an arithmetic instruction does to its destination. */
public enum Arithmetic {
    /** Addition. */
    ADD(Opcode.BPF_ADD, 0, "+="),
    /** Subtraction. */
    SUB(Opcode.BPF_SUB, 0, "-="),
    /** Multiplication. */
    MUL(Opcode.BPF_MUL, 0, "*="),
    /** Unsigned division; by zero it gives zero. */
    DIV(Opcode.BPF_DIV, 0, "/="),
    /** Signed division (Linux 6.6); by zero it gives zero. */
    SDIV(Opcode.BPF_DIV, 1, "s/="),
    /** Bitwise or. */
    OR(Opcode.BPF_OR, 0, "|="),
    /** Bitwise and. */
    AND(Opcode.BPF_AND, 0, "&="),
    /** Shift left. */
    LSH(Opcode.BPF_LSH, 0, "<<="),
    /** Logical shift right. */
    RSH(Opcode.BPF_RSH, 0, ">>="),
    /** Unsigned remainder; by zero it leaves the destination as it was. */
    MOD(Opcode.BPF_MOD, 0, "%="),
    /** Signed remainder (Linux 6.6); by zero it leaves the destination as it was. */
    SMOD(Opcode.BPF_MOD, 1, "s%="),
    /** Bitwise exclusive or. */
    XOR(Opcode.BPF_XOR, 0, "^="),
    /** Move. */
    MOV(Opcode.BPF_MOV, 0, "="),
    /** Arithmetic shift right. */
    ARSH(Opcode.BPF_ARSH, 0, "s>>=");

    private static final Arithmetic[] ALL = values();

    private final int code;
    private final int offset;
    private final String text;

    Arithmetic(int code, int offset, String text) {
        this.code = code;
        this.offset = offset;
        this.text = text;
    }

    /**
     * Returns the operation's bits in an opcode.
     *
     * @return such as {@link Opcode#BPF_ADD}
     */
    public int code() {
        return code;
    }

    /**
     * Returns what the operation writes into the offset.
     *
     * @return 1 for the signed operations, else 0
     */
    public int offset() {
        return offset;
    }

    String text() {
        return text;
    }

    /** Returns the operation of an instruction, or null. */
    static Arithmetic of(int opcode, int offset) {
        for (Arithmetic a : ALL) {
            if (a.code == (opcode & 0xf0) && a.offset == offset) {
                return a;
            }
        }
        return null;
    }
}
