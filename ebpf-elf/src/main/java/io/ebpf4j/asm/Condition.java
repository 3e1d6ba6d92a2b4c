// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.asm;

/** When a conditional jump is taken: how its first operand compares with its second. */
public enum Condition {
    /** Equal. */
    EQ(Opcode.BPF_JEQ, "=="),
    /** Greater, unsigned. */
    GT(Opcode.BPF_JGT, ">"),
    /** Greater or equal, unsigned. */
    GE(Opcode.BPF_JGE, ">="),
    /** At least one bit is set in both. */
    SET(Opcode.BPF_JSET, "&"),
    /** Not equal. */
    NE(Opcode.BPF_JNE, "!="),
    /** Greater, signed. */
    SGT(Opcode.BPF_JSGT, "s>"),
    /** Greater or equal, signed. */
    SGE(Opcode.BPF_JSGE, "s>="),
    /** Less, unsigned (Linux 4.14). */
    LT(Opcode.BPF_JLT, "<"),
    /** Less or equal, unsigned (Linux 4.14). */
    LE(Opcode.BPF_JLE, "<="),
    /** Less, signed (Linux 4.14). */
    SLT(Opcode.BPF_JSLT, "s<"),
    /** Less or equal, signed (Linux 4.14). */
    SLE(Opcode.BPF_JSLE, "s<=");

    private static final Condition[] ALL = values();

    private final int code;
    private final String text;

    Condition(int code, String text) {
        this.code = code;
        this.text = text;
    }

    /**
     * Returns the condition's bits in an opcode.
     *
     * @return such as {@link Opcode#BPF_JEQ}
     */
    public int code() {
        return code;
    }

    String text() {
        return text;
    }

    /** Returns the condition of an opcode, or null. */
    static Condition of(int opcode) {
        for (Condition c : ALL) {
            if (c.code == (opcode & 0xf0)) {
                return c;
            }
        }
        return null;
    }
}
