// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.asm;

import static io.ebpf4j.asm.Opcode.BPF_ALU;
import static io.ebpf4j.asm.Opcode.BPF_ALU64;
import static io.ebpf4j.asm.Opcode.BPF_END;
import static io.ebpf4j.asm.Opcode.BPF_MOV;
import static io.ebpf4j.asm.Opcode.BPF_NEG;
import static io.ebpf4j.asm.Opcode.BPF_TO_BE;
import static io.ebpf4j.asm.Opcode.BPF_TO_LE;
import static io.ebpf4j.asm.Opcode.BPF_X;

import java.nio.ByteOrder;

/**
 * Instructions that change a register by what is in it and in others.
 *
 * @param <A> the assembler, which every method returns
 */
abstract sealed class RegisterInstructions<A extends RegisterInstructions<A>>
        permits MemoryInstructions {
    final Instructions instructions;

    RegisterInstructions(ByteOrder order) {
        this.instructions = Instructions.empty(order);
    }

    abstract A self();

    /**
     * Adds an instruction as it is.
     *
     * @param instruction the instruction
     * @return this
     */
    public A emit(Instruction instruction) {
        instructions.add(instruction);
        return self();
    }

    /**
     * Copies a register: {@code dst = src}.
     *
     * @param dst the register to change
     * @param src the register to copy
     * @return this
     */
    public A mov(Register dst, Register src) {
        return alu(Arithmetic.MOV, dst, src);
    }

    /**
     * Sets a register to a sign-extended constant: {@code dst = imm}.
     *
     * @param dst the register to change
     * @param imm the value; {@link Assembler#loadImmediate} takes those of more than 32 bits
     * @return this
     * @throws IllegalArgumentException if the value does not fit 32 signed bits
     */
    public A mov(Register dst, long imm) {
        return alu(Arithmetic.MOV, dst, imm);
    }

    /**
     * Adds a register: {@code dst += src}.
     *
     * @param dst the register to change
     * @param src the register to add
     * @return this
     */
    public A add(Register dst, Register src) {
        return alu(Arithmetic.ADD, dst, src);
    }

    /**
     * Adds a constant: {@code dst += imm}.
     *
     * @param dst the register to change
     * @param imm the value to add
     * @return this
     * @throws IllegalArgumentException if the value does not fit 32 signed bits
     */
    public A add(Register dst, long imm) {
        return alu(Arithmetic.ADD, dst, imm);
    }

    /**
     * Calculates with 64 bits: {@code dst op= src}.
     *
     * @param operation what to do
     * @param dst the register to change
     * @param src the second operand
     * @return this
     */
    public A alu(Arithmetic operation, Register dst, Register src) {
        return register(BPF_ALU64 | operation.code(), dst, src, operation.offset(), 0);
    }

    /**
     * Calculates with 64 bits: {@code dst op= imm}.
     *
     * @param operation what to do
     * @param dst the register to change
     * @param imm the second operand, which is sign-extended
     * @return this
     * @throws IllegalArgumentException if the value does not fit 32 signed bits
     */
    public A alu(Arithmetic operation, Register dst, long imm) {
        return emit(
                new Instruction(
                        BPF_ALU64 | operation.code(), dst.number(), 0, operation.offset(), imm));
    }

    /**
     * Calculates with the low 32 bits and sets the high ones to zero: {@code dst op= src}.
     *
     * @param operation what to do
     * @param dst the register to change
     * @param src the second operand
     * @return this
     */
    public A alu32(Arithmetic operation, Register dst, Register src) {
        return register(BPF_ALU | operation.code(), dst, src, operation.offset(), 0);
    }

    /**
     * Calculates with the low 32 bits and sets the high ones to zero: {@code dst op= imm}.
     *
     * @param operation what to do
     * @param dst the register to change
     * @param imm the second operand
     * @return this
     * @throws IllegalArgumentException if the value does not fit 32 signed bits
     */
    public A alu32(Arithmetic operation, Register dst, long imm) {
        return emit(
                new Instruction(
                        BPF_ALU | operation.code(), dst.number(), 0, operation.offset(), imm));
    }

    /**
     * Negates 64 bits: {@code dst = -dst}.
     *
     * @param dst the register to change
     * @return this
     */
    public A negate(Register dst) {
        return emit(new Instruction(BPF_ALU64 | BPF_NEG, dst.number(), 0, 0, 0));
    }

    /**
     * Negates the low 32 bits and sets the high ones to zero.
     *
     * @param dst the register to change
     * @return this
     */
    public A negate32(Register dst) {
        return emit(new Instruction(BPF_ALU | BPF_NEG, dst.number(), 0, 0, 0));
    }

    /**
     * Copies the low bits of a register with their sign, to 64 bits (Linux 6.6).
     *
     * @param width how many bits to keep, less than 64
     * @param dst the register to change
     * @param src the register to copy
     * @return this
     * @throws IllegalArgumentException if the width is {@link Width#DW}
     */
    public A movSigned(Width width, Register dst, Register src) {
        return register(BPF_ALU64 | BPF_MOV, dst, src, narrower(width, 64), 0);
    }

    /**
     * Copies the low bits of a register with their sign, to 32 bits (Linux 6.6).
     *
     * @param width how many bits to keep, less than 32
     * @param dst the register to change
     * @param src the register to copy
     * @return this
     * @throws IllegalArgumentException if the width is {@link Width#W} or {@link Width#DW}
     */
    public A movSigned32(Width width, Register dst, Register src) {
        return register(BPF_ALU | BPF_MOV, dst, src, narrower(width, 32), 0);
    }

    /**
     * Converts a pointer between address spaces, as arenas need it (Linux 6.9).
     *
     * @param dst the register to change
     * @param src the register to convert
     * @param to number of the address space to convert to, 0 to 65,535
     * @param from number of the address space to convert from, 0 to 65,535
     * @return this
     * @throws IllegalArgumentException if a number is out of range
     */
    public A addressSpaceCast(Register dst, Register src, int to, int from) {
        if (to != (char) to || from != (char) from) {
            throw new IllegalArgumentException(
                    "address space " + to + " or " + from + " does not fit 16 bits");
        }
        return register(BPF_ALU64 | BPF_MOV, dst, src, 1, to << 16 | from);
    }

    /**
     * Converts the low bits from the machine's byte order to little endian, and zeroes the rest.
     *
     * @param width how many bits, at least 16
     * @param dst the register to change
     * @return this
     * @throws IllegalArgumentException if the width is {@link Width#B}
     */
    public A toLittleEndian(Width width, Register dst) {
        return swap(BPF_ALU | BPF_END | BPF_TO_LE, width, dst);
    }

    /**
     * Converts the low bits from the machine's byte order to big endian, and zeroes the rest.
     *
     * @param width how many bits, at least 16
     * @param dst the register to change
     * @return this
     * @throws IllegalArgumentException if the width is {@link Width#B}
     */
    public A toBigEndian(Width width, Register dst) {
        return swap(BPF_ALU | BPF_END | BPF_TO_BE, width, dst);
    }

    /**
     * Reverses the order of the low bytes, and zeroes the rest (Linux 6.6).
     *
     * @param width how many bits, at least 16
     * @param dst the register to change
     * @return this
     * @throws IllegalArgumentException if the width is {@link Width#B}
     */
    public A swapBytes(Width width, Register dst) {
        return swap(BPF_ALU64 | BPF_END, width, dst);
    }

    /**
     * Sets a register to a 64-bit constant, in two slots.
     *
     * @param dst the register to change
     * @param imm the value
     * @return this
     */
    public A loadImmediate(Register dst, long imm) {
        return emit(new Instruction(Instruction.LOAD_IMM64, dst.number(), 0, 0, imm));
    }

    private A register(int opcode, Register dst, Register src, int offset, int imm) {
        return emit(new Instruction(opcode | BPF_X, dst.number(), src.number(), offset, imm));
    }

    private A swap(int opcode, Width width, Register dst) {
        if (width == Width.B) {
            throw new IllegalArgumentException("a single byte has no byte order");
        }
        return emit(new Instruction(opcode, dst.number(), 0, 0, width.bits()));
    }

    static int narrower(Width width, int than) {
        if (width.bits() >= than) {
            throw new IllegalArgumentException(
                    "width of " + width.bits() + " bits, expected fewer than " + than);
        }
        return width.bits();
    }
}
