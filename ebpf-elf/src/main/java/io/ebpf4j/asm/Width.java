// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.asm;

/** How many bytes a load, a store or an atomic operation moves. */
public enum Width {
    /** One byte. */
    B(Opcode.BPF_B, 8),
    /** Two bytes. */
    H(Opcode.BPF_H, 16),
    /** Four bytes. */
    W(Opcode.BPF_W, 32),
    /** Eight bytes. */
    DW(Opcode.BPF_DW, 64);

    private static final Width[] BY_CODE = {W, H, B, DW};

    private final int code;
    private final int bits;

    Width(int code, int bits) {
        this.code = code;
        this.bits = bits;
    }

    /**
     * Returns the width's bits in an opcode.
     *
     * @return such as {@link Opcode#BPF_W}
     */
    public int code() {
        return code;
    }

    /**
     * Returns the width.
     *
     * @return 8, 16, 32 or 64 bits
     */
    public int bits() {
        return bits;
    }

    static Width ofOpcode(int opcode) {
        return BY_CODE[opcode >> 3 & 3];
    }
}
