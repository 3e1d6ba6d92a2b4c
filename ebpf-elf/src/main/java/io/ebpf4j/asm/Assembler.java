// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.asm;

import static io.ebpf4j.asm.Opcode.BPF_ABS;
import static io.ebpf4j.asm.Opcode.BPF_ALU;
import static io.ebpf4j.asm.Opcode.BPF_ALU64;
import static io.ebpf4j.asm.Opcode.BPF_ATOMIC;
import static io.ebpf4j.asm.Opcode.BPF_END;
import static io.ebpf4j.asm.Opcode.BPF_EXIT;
import static io.ebpf4j.asm.Opcode.BPF_IND;
import static io.ebpf4j.asm.Opcode.BPF_JA;
import static io.ebpf4j.asm.Opcode.BPF_JCOND;
import static io.ebpf4j.asm.Opcode.BPF_JMP;
import static io.ebpf4j.asm.Opcode.BPF_JMP32;
import static io.ebpf4j.asm.Opcode.BPF_LD;
import static io.ebpf4j.asm.Opcode.BPF_LDX;
import static io.ebpf4j.asm.Opcode.BPF_LOAD_ACQ;
import static io.ebpf4j.asm.Opcode.BPF_MEM;
import static io.ebpf4j.asm.Opcode.BPF_MEMSX;
import static io.ebpf4j.asm.Opcode.BPF_MOV;
import static io.ebpf4j.asm.Opcode.BPF_NEG;
import static io.ebpf4j.asm.Opcode.BPF_PSEUDO_CALL;
import static io.ebpf4j.asm.Opcode.BPF_PSEUDO_FUNC;
import static io.ebpf4j.asm.Opcode.BPF_PSEUDO_KFUNC_CALL;
import static io.ebpf4j.asm.Opcode.BPF_PSEUDO_MAP_FD;
import static io.ebpf4j.asm.Opcode.BPF_PSEUDO_MAP_VALUE;
import static io.ebpf4j.asm.Opcode.BPF_ST;
import static io.ebpf4j.asm.Opcode.BPF_STORE_REL;
import static io.ebpf4j.asm.Opcode.BPF_STX;
import static io.ebpf4j.asm.Opcode.BPF_TO_BE;
import static io.ebpf4j.asm.Opcode.BPF_TO_LE;
import static io.ebpf4j.asm.Opcode.BPF_X;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Writes a function instruction by instruction, with labels for jumps and names for maps and
 * functions.
 *
 * {@snippet :
 * Instructions count = new Assembler()
 *     .mov(R1, 0)
 *     .store(Width.W, R10, -4, R1)
 *     .loadMap(R1, "counts")
 *     .mov(R2, R10)
 *     .add(R2, -4)
 *     .callHelper("bpf_map_lookup_elem")
 *     .jumpIf(Condition.EQ, R0, 0, "out")
 *     .mov(R1, 1)
 *     .atomic(Atomic.ADD, Width.DW, R0, 0, R1)
 *     .label("out")
 *     .mov(R0, 0)
 *     .exit()
 *     .build();
 * }
 *
 * <p>Every method that adds an instruction returns the assembler, and throws {@link
 * IllegalArgumentException} when a number does not fit its bits: 16 signed bits for offsets into
 * memory, 32 signed bits for immediates. The kernel version that an instruction needs is given
 * where it is newer than Linux 4.16. Instances are for one thread.
 */
public final class Assembler {
    private static final int UNRESOLVED = -1;

    private final Instructions instructions;
    private final Map<String, Integer> labels = new HashMap<>();
    private final List<Jump> jumps = new ArrayList<>();

    /**
     * A jump to a label, or a call of one; {@code wide} when the distance goes into the immediate.
     */
    private record Jump(int slot, String label, boolean wide) {}

    /** Creates an assembler for the machine that the JVM runs on. */
    public Assembler() {
        this(ByteOrder.nativeOrder());
    }

    /**
     * Creates an assembler for a machine of a byte order.
     *
     * @param order the byte order of the machine that will run the instructions
     */
    public Assembler(ByteOrder order) {
        this.instructions = Instructions.empty(order);
    }

    /**
     * Adds an instruction as it is.
     *
     * @param instruction the instruction
     * @return this
     */
    public Assembler emit(Instruction instruction) {
        instructions.add(instruction);
        return this;
    }

    /**
     * Copies a register: {@code dst = src}.
     *
     * @param dst the register to change
     * @param src the register to copy
     * @return this
     */
    public Assembler mov(Register dst, Register src) {
        return alu(Arithmetic.MOV, dst, src);
    }

    /**
     * Sets a register to a sign-extended constant: {@code dst = imm}.
     *
     * @param dst the register to change
     * @param imm the value; {@link #loadImmediate} takes those of more than 32 bits
     * @return this
     * @throws IllegalArgumentException if the value does not fit 32 signed bits
     */
    public Assembler mov(Register dst, long imm) {
        return alu(Arithmetic.MOV, dst, imm);
    }

    /**
     * Adds a register: {@code dst += src}.
     *
     * @param dst the register to change
     * @param src the register to add
     * @return this
     */
    public Assembler add(Register dst, Register src) {
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
    public Assembler add(Register dst, long imm) {
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
    public Assembler alu(Arithmetic operation, Register dst, Register src) {
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
    public Assembler alu(Arithmetic operation, Register dst, long imm) {
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
    public Assembler alu32(Arithmetic operation, Register dst, Register src) {
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
    public Assembler alu32(Arithmetic operation, Register dst, long imm) {
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
    public Assembler negate(Register dst) {
        return emit(new Instruction(BPF_ALU64 | BPF_NEG, dst.number(), 0, 0, 0));
    }

    /**
     * Negates the low 32 bits and sets the high ones to zero.
     *
     * @param dst the register to change
     * @return this
     */
    public Assembler negate32(Register dst) {
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
    public Assembler movSigned(Width width, Register dst, Register src) {
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
    public Assembler movSigned32(Width width, Register dst, Register src) {
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
    public Assembler addressSpaceCast(Register dst, Register src, int to, int from) {
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
    public Assembler toLittleEndian(Width width, Register dst) {
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
    public Assembler toBigEndian(Width width, Register dst) {
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
    public Assembler swapBytes(Width width, Register dst) {
        return swap(BPF_ALU64 | BPF_END, width, dst);
    }

    /**
     * Sets a register to a 64-bit constant, in two slots.
     *
     * @param dst the register to change
     * @param imm the value
     * @return this
     */
    public Assembler loadImmediate(Register dst, long imm) {
        return emit(new Instruction(Instruction.LOAD_IMM64, dst.number(), 0, 0, imm));
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
    public Assembler load(Width width, Register dst, Register base, int offset) {
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
    public Assembler loadSigned(Width width, Register dst, Register base, int offset) {
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
    public Assembler store(Width width, Register base, int offset, Register src) {
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
    public Assembler store(Width width, Register base, int offset, long imm) {
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
    public Assembler loadPacket(Width width, int offset) {
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
    public Assembler loadPacket(Width width, Register offset) {
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
    public Assembler atomic(
            Atomic operation, Width width, Register base, int offset, Register src) {
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
    public Assembler loadAcquire(Width width, Register dst, Register base, int offset) {
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
    public Assembler storeRelease(Width width, Register base, int offset, Register src) {
        return emit(
                new Instruction(
                        BPF_STX | BPF_ATOMIC | width.code(),
                        base.number(),
                        src.number(),
                        offset,
                        BPF_STORE_REL));
    }

    /**
     * Names the place where the next instruction will be.
     *
     * @param name the label
     * @return this
     * @throws IllegalArgumentException if there is such a label already
     */
    public Assembler label(String name) {
        Integer before = labels.putIfAbsent(name, instructions.slotCount());
        if (before != null) {
            throw new IllegalArgumentException(
                    "label \"" + name + "\" is at slot " + before + " already");
        }
        return this;
    }

    /**
     * Jumps.
     *
     * @param label where to, at most 32,767 slots away
     * @return this
     */
    public Assembler jump(String label) {
        return jump(label, false, new Instruction(BPF_JMP | BPF_JA, 0, 0, 0, 0));
    }

    /**
     * Jumps as far as need be (Linux 6.6).
     *
     * @param label where to
     * @return this
     */
    public Assembler jumpLong(String label) {
        return jump(label, true, new Instruction(BPF_JMP32 | BPF_JA, 0, 0, 0, 0));
    }

    /**
     * Jumps while the verifier's budget for loops lasts (Linux 6.10).
     *
     * @param label where to when the budget is spent
     * @return this
     */
    public Assembler mayGoto(String label) {
        return jump(label, false, new Instruction(BPF_JMP | BPF_JCOND, 0, 0, 0, 0));
    }

    /**
     * Jumps if 64 bits compare so.
     *
     * @param condition when
     * @param first the first operand
     * @param second the second operand
     * @param label where to
     * @return this
     */
    public Assembler jumpIf(Condition condition, Register first, Register second, String label) {
        int opcode = BPF_JMP | BPF_X | condition.code();
        return jump(label, false, new Instruction(opcode, first.number(), second.number(), 0, 0));
    }

    /**
     * Jumps if 64 bits compare so with a sign-extended constant.
     *
     * @param condition when
     * @param first the first operand
     * @param second the second operand
     * @param label where to
     * @return this
     * @throws IllegalArgumentException if the constant does not fit 32 signed bits
     */
    public Assembler jumpIf(Condition condition, Register first, long second, String label) {
        return jump(
                label,
                false,
                new Instruction(BPF_JMP | condition.code(), first.number(), 0, 0, second));
    }

    /**
     * Jumps if the low 32 bits compare so (Linux 5.1).
     *
     * @param condition when
     * @param first the first operand
     * @param second the second operand
     * @param label where to
     * @return this
     */
    public Assembler jumpIf32(Condition condition, Register first, Register second, String label) {
        int opcode = BPF_JMP32 | BPF_X | condition.code();
        return jump(label, false, new Instruction(opcode, first.number(), second.number(), 0, 0));
    }

    /**
     * Jumps if the low 32 bits compare so with a constant (Linux 5.1).
     *
     * @param condition when
     * @param first the first operand
     * @param second the second operand
     * @param label where to
     * @return this
     * @throws IllegalArgumentException if the constant does not fit 32 signed bits
     */
    public Assembler jumpIf32(Condition condition, Register first, long second, String label) {
        return jump(
                label,
                false,
                new Instruction(BPF_JMP32 | condition.code(), first.number(), 0, 0, second));
    }

    /**
     * Loads a map's address by its name.
     *
     * @param dst the register to change
     * @param map the map's name
     * @return this
     */
    public Assembler loadMap(Register dst, String map) {
        instructions.references().add(new Reference.MapDescriptor(instructions.slotCount(), map));
        return loadPseudo(dst, BPF_PSEUDO_MAP_FD, 0);
    }

    /**
     * Loads a map's address by its file descriptor.
     *
     * @param dst the register to change
     * @param descriptor the descriptor, open when the program is loaded
     * @return this
     */
    public Assembler loadMap(Register dst, int descriptor) {
        return loadPseudo(dst, BPF_PSEUDO_MAP_FD, descriptor);
    }

    /**
     * Loads the address of a byte in the first value of a map (Linux 5.2).
     *
     * @param dst the register to change
     * @param map the map's name
     * @param offset where in the value, in bytes
     * @return this
     */
    public Assembler loadMapValue(Register dst, String map, int offset) {
        instructions
                .references()
                .add(new Reference.MapValue(instructions.slotCount(), map, offset));
        return loadPseudo(dst, BPF_PSEUDO_MAP_VALUE, (long) offset << 32);
    }

    /**
     * Loads the address of a byte in the first value of a map (Linux 5.2).
     *
     * @param dst the register to change
     * @param descriptor the map's file descriptor, open when the program is loaded
     * @param offset where in the value, in bytes
     * @return this
     */
    public Assembler loadMapValue(Register dst, int descriptor, int offset) {
        return loadPseudo(
                dst, BPF_PSEUDO_MAP_VALUE, (descriptor & 0xffff_ffffL) | (long) offset << 32);
    }

    /**
     * Loads the address of another function, for a callback (Linux 5.13).
     *
     * @param dst the register to change
     * @param function the function's name
     * @return this
     */
    public Assembler loadFunction(Register dst, String function) {
        instructions
                .references()
                .add(new Reference.FunctionAddress(instructions.slotCount(), function));
        return loadPseudo(dst, BPF_PSEUDO_FUNC, UNRESOLVED & 0xffff_ffffL);
    }

    /**
     * Loads the address of a kernel symbol or kconfig value.
     *
     * @param dst the register to change
     * @param name the symbol's name
     * @return this
     */
    public Assembler loadExtern(Register dst, String name) {
        instructions.references().add(new Reference.Extern(instructions.slotCount(), name));
        return loadImmediate(dst, 0);
    }

    /**
     * Calls a helper of the kernel.
     *
     * @param id the helper's number, such as those of {@link Helpers}; newer ones than known here
     *     are taken
     * @return this
     * @throws IllegalArgumentException if the number is not positive
     */
    public Assembler callHelper(int id) {
        if (id <= 0) {
            throw new IllegalArgumentException("helper " + id + ", expected a positive number");
        }
        return emit(new Instruction(Instruction.CALL, 0, 0, 0, id));
    }

    /**
     * Calls a helper of the kernel by its name.
     *
     * @param name the helper's name, such as {@code bpf_map_lookup_elem}
     * @return this
     * @throws IllegalArgumentException if there is no such helper
     */
    public Assembler callHelper(String name) {
        OptionalInt id = Helpers.id(name);
        if (id.isEmpty()) {
            throw new IllegalArgumentException(
                    "no helper is called \"" + name + "\"; kernel functions need callExtern");
        }
        return callHelper(id.getAsInt());
    }

    /**
     * Calls another function of the object.
     *
     * @param function the function's name
     * @return this
     */
    public Assembler callFunction(String function) {
        instructions.references().add(new Reference.Call(instructions.slotCount(), function));
        return emit(new Instruction(Instruction.CALL, 0, BPF_PSEUDO_CALL, 0, UNRESOLVED));
    }

    /**
     * Calls a function that this assembler writes.
     *
     * @param label where the function begins
     * @return this
     */
    public Assembler callLabel(String label) {
        return jump(label, true, new Instruction(Instruction.CALL, 0, BPF_PSEUDO_CALL, 0, 0));
    }

    /**
     * Calls a function of the kernel by its BTF (Linux 5.13).
     *
     * @param name the function's name
     * @return this
     */
    public Assembler callExtern(String name) {
        instructions.references().add(new Reference.Extern(instructions.slotCount(), name));
        return emit(new Instruction(Instruction.CALL, 0, BPF_PSEUDO_KFUNC_CALL, 0, UNRESOLVED));
    }

    /**
     * Returns from the function.
     *
     * @return this
     */
    public Assembler exit() {
        return emit(new Instruction(BPF_JMP | BPF_EXIT, 0, 0, 0, 0));
    }

    /**
     * Resolves all labels.
     *
     * @return a new sequence with its open references; the assembler can go on
     * @throws IllegalStateException if a label that a jump names is missing, or too far away for a
     *     jump's 16 bits
     */
    public Instructions build() {
        Instructions built = instructions.copy();
        for (Jump jump : jumps) {
            Integer target = labels.get(jump.label());
            if (target == null) {
                throw new IllegalStateException(
                        "label \""
                                + jump.label()
                                + "\", used at slot "
                                + jump.slot()
                                + ", is missing");
            }
            int distance = target - jump.slot() - 1;
            if (jump.wide()) {
                built.setImm(jump.slot(), distance);
            } else if (distance == (short) distance) {
                built.setOffset(jump.slot(), distance);
            } else {
                throw new IllegalStateException(
                        "label \""
                                + jump.label()
                                + "\" is "
                                + distance
                                + " slots away from slot "
                                + jump.slot()
                                + ", but a jump holds 16 signed bits; go there by jumpLong");
            }
        }
        return built;
    }

    private Assembler jump(String label, boolean wide, Instruction instruction) {
        jumps.add(new Jump(instructions.slotCount(), label, wide));
        return emit(instruction);
    }

    private Assembler loadPseudo(Register dst, int pseudo, long imm) {
        return emit(new Instruction(Instruction.LOAD_IMM64, dst.number(), pseudo, 0, imm));
    }

    private Assembler register(int opcode, Register dst, Register src, int offset, int imm) {
        return emit(new Instruction(opcode | BPF_X, dst.number(), src.number(), offset, imm));
    }

    private Assembler swap(int opcode, Width width, Register dst) {
        if (width == Width.B) {
            throw new IllegalArgumentException("a single byte has no byte order");
        }
        return emit(new Instruction(opcode, dst.number(), 0, 0, width.bits()));
    }

    private static int narrower(Width width, int than) {
        if (width.bits() >= than) {
            throw new IllegalArgumentException(
                    "width of " + width.bits() + " bits, expected fewer than " + than);
        }
        return width.bits();
    }
}
