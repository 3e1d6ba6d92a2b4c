// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.asm;

/**
 * One eBPF instruction.
 *
 * <p>An instruction is one slot of 8 bytes, except {@code lddw} (opcode 0x18), which takes two
 * slots and whose {@code imm} is 64 bits wide: the low half comes from the first slot, the high
 * half from the second (RFC 9669, section 3).
 *
 * @param opcode the opcode byte, 0 to 255
 * @param dst the destination register's number, 0 to 15
 * @param src the source register's number, or a pseudo code such as BPF_PSEUDO_MAP_FD, 0 to 15
 * @param offset the signed 16-bit offset
 * @param imm the signed 32-bit immediate, or all 64 bits of a {@code lddw}
 */
public record Instruction(int opcode, int dst, int src, int offset, long imm) {

    /** The opcode of the two-slot 64-bit immediate load, {@code BPF_LD | BPF_IMM | BPF_DW}. */
    public static final int LOAD_IMM64 = 0x18;

    /** The opcode of a call, {@code BPF_JMP | BPF_CALL}. */
    public static final int CALL = 0x85;

    /**
     * Checks the ranges of all fields.
     *
     * @throws IllegalArgumentException if a field does not fit its bits
     */
    public Instruction {
        if ((opcode & ~0xff) != 0 || (dst & ~0xf) != 0 || (src & ~0xf) != 0) {
            throw new IllegalArgumentException(
                    "opcode " + opcode + ", dst " + dst + " or src " + src + " out of range");
        }
        if (offset != (short) offset) {
            throw new IllegalArgumentException("offset " + offset + " does not fit 16 bits");
        }
        if (opcode != LOAD_IMM64 && imm != (int) imm) {
            throw new IllegalArgumentException("immediate " + imm + " does not fit 32 bits");
        }
    }

    /**
     * Returns how many 8-byte slots this instruction takes.
     *
     * @return 2 for a 64-bit immediate load, else 1
     */
    public int slots() {
        return opcode == LOAD_IMM64 ? 2 : 1;
    }
}
