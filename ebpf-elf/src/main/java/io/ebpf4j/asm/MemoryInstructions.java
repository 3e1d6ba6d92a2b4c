// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.asm;

import static io.ebpf4j.asm.Opcode.BPF_ABS;
import static io.ebpf4j.asm.Opcode.BPF_ATOMIC;
import static io.ebpf4j.asm.Opcode.BPF_IND;
import static io.ebpf4j.asm.Opcode.BPF_LD;
import static io.ebpf4j.asm.Opcode.BPF_LDX;
import static io.ebpf4j.asm.Opcode.BPF_LOAD_ACQ;
import static io.ebpf4j.asm.Opcode.BPF_MEM;
import static io.ebpf4j.asm.Opcode.BPF_MEMSX;
import static io.ebpf4j.asm.Opcode.BPF_ST;
import static io.ebpf4j.asm.Opcode.BPF_STORE_REL;
import static io.ebpf4j.asm.Opcode.BPF_STX;

import java.nio.ByteOrder;

/**
 * Instructions that read and change memory.
 *
 * @param <A> the assembler, which every method returns
 */
abstract sealed class MemoryInstructions<A extends MemoryInstructions<A>>
        extends RegisterInstructions<A> permits Assembler {
    MemoryInstructions(ByteOrder order) {
        super(order);
    }

    /**
     * Loads from memory, extending with zeroes: {@code dst = *(base + offset)}.
     *
     * @param width how much to load
     * @param dst the register to change
     * @param base the address
     * @param offset what to add to it, in bytes
     * @return this
     * @throws IllegalArgumentException if the offset does not fit 16 signed bits
     */
    public A load(Width width, Register dst, Register base, int offset) {
        return emit(
                new Instruction(
                        BPF_LDX | BPF_MEM | width.code(), dst.number(), base.number(), offset, 0));
    }

    /**
     * Loads from memory, extending with the sign (Linux 6.6).
     *
     * @param width how much to load, less than 64 bits
     * @param dst the register to change
     * @param base the address
     * @param offset what to add to it, in bytes
     * @return this
     * @throws IllegalArgumentException if the width is {@link Width#DW} or the offset does not fit
     *     16 signed bits
     */
    public A loadSigned(Width width, Register dst, Register base, int offset) {
        narrower(width, 64);
        return emit(
                new Instruction(
                        BPF_LDX | BPF_MEMSX | width.code(),
                        dst.number(),
                        base.number(),
                        offset,
                        0));
    }

    /**
     * Stores a register: {@code *(base + offset) = src}.
     *
     * @param width how much to store
     * @param base the address
     * @param offset what to add to it, in bytes
     * @param src the value
     * @return this
     * @throws IllegalArgumentException if the offset does not fit 16 signed bits
     */
    public A store(Width width, Register base, int offset, Register src) {
        return emit(
                new Instruction(
                        BPF_STX | BPF_MEM | width.code(), base.number(), src.number(), offset, 0));
    }

    /**
     * Stores a constant: {@code *(base + offset) = imm}.
     *
     * @param width how much to store
     * @param base the address
     * @param offset what to add to it, in bytes
     * @param imm the value
     * @return this
     * @throws IllegalArgumentException if the offset does not fit 16, or the value 32 signed bits
     */
    public A store(Width width, Register base, int offset, long imm) {
        return emit(
                new Instruction(BPF_ST | BPF_MEM | width.code(), base.number(), 0, offset, imm));
    }

    /**
     * Loads packet data at a constant offset into R0, as classic BPF does; R6 must hold the
     * context.
     *
     * @param width how much to load, at most 32 bits
     * @param offset where in the packet, in bytes
     * @return this
     * @throws IllegalArgumentException if the width is {@link Width#DW}
     */
    public A loadPacket(Width width, int offset) {
        narrower(width, 64);
        return emit(new Instruction(BPF_LD | BPF_ABS | width.code(), 0, 0, 0, offset));
    }

    /**
     * Loads packet data at the offset in a register into R0, as classic BPF does; R6 must hold the
     * context.
     *
     * @param width how much to load, at most 32 bits
     * @param offset where in the packet, in bytes
     * @return this
     * @throws IllegalArgumentException if the width is {@link Width#DW}
     */
    public A loadPacket(Width width, Register offset) {
        narrower(width, 64);
        return emit(new Instruction(BPF_LD | BPF_IND | width.code(), 0, offset.number(), 0, 0));
    }

    /**
     * Changes memory atomically.
     *
     * @param operation what to do
     * @param width 32 or 64 bits
     * @param base the address
     * @param offset what to add to it, in bytes
     * @param src the operand, and for fetching operations where the old value goes
     * @return this
     * @throws IllegalArgumentException if the width is {@link Width#B} or {@link Width#H}, or the
     *     offset does not fit 16 signed bits
     */
    public A atomic(Atomic operation, Width width, Register base, int offset, Register src) {
        if (width.bits() < 32) {
            throw new IllegalArgumentException(
                    "atomic operations of "
                            + width.bits()
                            + " bits do not exist, only of 32 and 64");
        }
        return emit(
                new Instruction(
                        BPF_STX | BPF_ATOMIC | width.code(),
                        base.number(),
                        src.number(),
                        offset,
                        operation.code()));
    }

    /**
     * Loads from memory with acquire order (Linux 6.15).
     *
     * @param width how much to load
     * @param dst the register to change
     * @param base the address
     * @param offset what to add to it, in bytes
     * @return this
     * @throws IllegalArgumentException if the offset does not fit 16 signed bits
     */
    public A loadAcquire(Width width, Register dst, Register base, int offset) {
        return emit(
                new Instruction(
                        BPF_STX | BPF_ATOMIC | width.code(),
                        dst.number(),
                        base.number(),
                        offset,
                        BPF_LOAD_ACQ));
    }

    /**
     * Stores a register with release order (Linux 6.15).
     *
     * @param width how much to store
     * @param base the address
     * @param offset what to add to it, in bytes
     * @param src the value
     * @return this
     * @throws IllegalArgumentException if the offset does not fit 16 signed bits
     */
    public A storeRelease(Width width, Register base, int offset, Register src) {
        return emit(
                new Instruction(
                        BPF_STX | BPF_ATOMIC | width.code(),
                        base.number(),
                        src.number(),
                        offset,
                        BPF_STORE_REL));
    }
}
