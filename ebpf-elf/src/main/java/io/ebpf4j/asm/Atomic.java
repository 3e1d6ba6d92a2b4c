// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.asm;

/** What an atomic instruction does to memory. Those that return a value need Linux 5.12. */
public enum Atomic {
    /** Adds the source. */
    ADD(Opcode.BPF_ADD, "+="),
    /** Ors the source in (Linux 5.12). */
    OR(Opcode.BPF_OR, "|="),
    /** Ands the source in (Linux 5.12). */
    AND(Opcode.BPF_AND, "&="),
    /** Xors the source in (Linux 5.12). */
    XOR(Opcode.BPF_XOR, "^="),
    /** Adds the source, which receives the old value. */
    FETCH_ADD(Opcode.BPF_ADD | Opcode.BPF_FETCH, "atomic_fetch_add"),
    /** Ors the source in, which receives the old value. */
    FETCH_OR(Opcode.BPF_OR | Opcode.BPF_FETCH, "atomic_fetch_or"),
    /** Ands the source in, which receives the old value. */
    FETCH_AND(Opcode.BPF_AND | Opcode.BPF_FETCH, "atomic_fetch_and"),
    /** Xors the source in, which receives the old value. */
    FETCH_XOR(Opcode.BPF_XOR | Opcode.BPF_FETCH, "atomic_fetch_xor"),
    /** Exchanges memory and source. */
    XCHG(Opcode.BPF_XCHG, "xchg"),
    /** Writes the source if memory equals R0; R0 receives the old value. */
    CMPXCHG(Opcode.BPF_CMPXCHG, "cmpxchg");

    private static final Atomic[] ALL = values();

    private final int code;
    private final String text;

    Atomic(int code, String text) {
        this.code = code;
        this.text = text;
    }

    /**
     * Returns the operation's immediate.
     *
     * @return such as {@link Opcode#BPF_XCHG}
     */
    public int code() {
        return code;
    }

    String text() {
        return text;
    }

    /** Returns the operation of an immediate, or null. */
    static Atomic of(int immediate) {
        for (Atomic a : ALL) {
            if (a.code == immediate) {
                return a;
            }
        }
        return null;
    }
}
