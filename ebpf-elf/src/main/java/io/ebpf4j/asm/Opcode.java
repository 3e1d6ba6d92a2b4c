// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.asm;

/**
 * The numbers instructions are made of, named as in {@code linux/bpf.h} and {@code
 * linux/bpf_common.h}.
 *
 * <pre>
 *   class LD, LDX, ST, STX:   | mode 3 bits | width 2 bits | class 3 bits |
 *   class ALU, JMP, ...:      | operation 4 bits | source 1 bit | class 3 bits |
 * </pre>
 */
public final class Opcode {

    // Instruction classes, the low three bits.

    /** Loads of 64-bit immediates and of packet data. */
    public static final int BPF_LD = 0;

    /** Loads from memory into a register. */
    public static final int BPF_LDX = 1;

    /** Stores of an immediate to memory. */
    public static final int BPF_ST = 2;

    /** Stores of a register to memory, and atomic operations. */
    public static final int BPF_STX = 3;

    /** Arithmetic on the low 32 bits; the high 32 become zero. */
    public static final int BPF_ALU = 4;

    /** Jumps that compare 64 bits, calls and exit. */
    public static final int BPF_JMP = 5;

    /** Jumps that compare the low 32 bits (Linux 5.1). */
    public static final int BPF_JMP32 = 6;

    /** Arithmetic on 64 bits. */
    public static final int BPF_ALU64 = 7;

    // Widths of loads and stores.

    /** Four bytes. */
    public static final int BPF_W = 0;

    /** Two bytes. */
    public static final int BPF_H = 0x8;

    /** One byte. */
    public static final int BPF_B = 0x10;

    /** Eight bytes. */
    public static final int BPF_DW = 0x18;

    // Modes of loads and stores.

    /** A 64-bit immediate, in two slots. */
    public static final int BPF_IMM = 0;

    /** Packet data at a constant offset, as classic BPF has it. */
    public static final int BPF_ABS = 0x20;

    /** Packet data at the offset in a register, as classic BPF has it. */
    public static final int BPF_IND = 0x40;

    /** Memory. */
    public static final int BPF_MEM = 0x60;

    /** Memory, sign-extended to 64 bits (Linux 6.6). */
    public static final int BPF_MEMSX = 0x80;

    /** An atomic operation, which the immediate names. */
    public static final int BPF_ATOMIC = 0xc0;

    // Where the second operand comes from.

    /** The immediate. */
    public static final int BPF_K = 0;

    /** The source register. */
    public static final int BPF_X = 0x8;

    // Arithmetic.

    /** Addition. */
    public static final int BPF_ADD = 0;

    /** Subtraction. */
    public static final int BPF_SUB = 0x10;

    /** Multiplication. */
    public static final int BPF_MUL = 0x20;

    /** Division: unsigned, or signed when the offset is 1 (Linux 6.6). */
    public static final int BPF_DIV = 0x30;

    /** Bitwise or. */
    public static final int BPF_OR = 0x40;

    /** Bitwise and. */
    public static final int BPF_AND = 0x50;

    /** Shift left. */
    public static final int BPF_LSH = 0x60;

    /** Logical shift right. */
    public static final int BPF_RSH = 0x70;

    /** Negation. */
    public static final int BPF_NEG = 0x80;

    /** Remainder: unsigned, or signed when the offset is 1 (Linux 6.6). */
    public static final int BPF_MOD = 0x90;

    /** Bitwise exclusive or. */
    public static final int BPF_XOR = 0xa0;

    /** Move; sign-extending when the offset is 8, 16 or 32 (Linux 6.6). */
    public static final int BPF_MOV = 0xb0;

    /** Arithmetic shift right. */
    public static final int BPF_ARSH = 0xc0;

    /** Byte swaps; the immediate says how many bits. */
    public static final int BPF_END = 0xd0;

    // Byte orders of BPF_END in class BPF_ALU.

    /** To little endian. */
    public static final int BPF_TO_LE = 0;

    /** To big endian. */
    public static final int BPF_TO_BE = 0x8;

    // Jumps.

    /** Unconditional; in class BPF_JMP32 the immediate is the distance (Linux 6.6). */
    public static final int BPF_JA = 0;

    /** If equal. */
    public static final int BPF_JEQ = 0x10;

    /** If greater, unsigned. */
    public static final int BPF_JGT = 0x20;

    /** If greater or equal, unsigned. */
    public static final int BPF_JGE = 0x30;

    /** If any common bit is set. */
    public static final int BPF_JSET = 0x40;

    /** If not equal. */
    public static final int BPF_JNE = 0x50;

    /** If greater, signed. */
    public static final int BPF_JSGT = 0x60;

    /** If greater or equal, signed. */
    public static final int BPF_JSGE = 0x70;

    /** A call; the source register says of what. */
    public static final int BPF_CALL = 0x80;

    /** Return from the function. */
    public static final int BPF_EXIT = 0x90;

    /** If less, unsigned (Linux 4.14). */
    public static final int BPF_JLT = 0xa0;

    /** If less or equal, unsigned (Linux 4.14). */
    public static final int BPF_JLE = 0xb0;

    /** If less, signed (Linux 4.14). */
    public static final int BPF_JSLT = 0xc0;

    /** If less or equal, signed (Linux 4.14). */
    public static final int BPF_JSLE = 0xd0;

    /** On a condition of the verifier's; source 0 is {@code may_goto} (Linux 6.10). */
    public static final int BPF_JCOND = 0xe0;

    // Atomic operations, in the immediate.

    /** Flag: the source register receives the old value (Linux 5.12). */
    public static final int BPF_FETCH = 1;

    /** Exchange (Linux 5.12). */
    public static final int BPF_XCHG = 0xe1;

    /** Compare with R0 and exchange; R0 receives the old value (Linux 5.12). */
    public static final int BPF_CMPXCHG = 0xf1;

    /** Load with acquire order (Linux 6.15). */
    public static final int BPF_LOAD_ACQ = 0x100;

    /** Store with release order (Linux 6.15). */
    public static final int BPF_STORE_REL = 0x110;

    // Pseudo sources of 64-bit immediate loads.

    /** The immediate is a map's file descriptor. */
    public static final int BPF_PSEUDO_MAP_FD = 1;

    /**
     * The low half is a map's file descriptor, the high half an offset in its first value (Linux
     * 5.2).
     */
    public static final int BPF_PSEUDO_MAP_VALUE = 2;

    /**
     * The low half is the BTF id of a kernel variable, the high half the BTF's descriptor, 0 for
     * vmlinux (Linux 5.10).
     */
    public static final int BPF_PSEUDO_BTF_ID = 3;

    /** The distance to a function (Linux 5.13). */
    public static final int BPF_PSEUDO_FUNC = 4;

    /** An index into the load's array of map descriptors (Linux 5.14). */
    public static final int BPF_PSEUDO_MAP_IDX = 5;

    /**
     * The low half is such an index, the high half an offset in the map's first value (Linux 5.14).
     */
    public static final int BPF_PSEUDO_MAP_IDX_VALUE = 6;

    // Pseudo sources of calls.

    /** A function of the program, at the distance in the immediate (Linux 4.16). */
    public static final int BPF_PSEUDO_CALL = 1;

    /**
     * A kernel function, by its BTF id; the offset is an index into the load's array of descriptors
     * (Linux 5.13).
     */
    public static final int BPF_PSEUDO_KFUNC_CALL = 2;

    private Opcode() {}
}
