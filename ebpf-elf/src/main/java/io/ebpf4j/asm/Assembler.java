// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.asm;

import static io.ebpf4j.asm.Opcode.BPF_EXIT;
import static io.ebpf4j.asm.Opcode.BPF_JA;
import static io.ebpf4j.asm.Opcode.BPF_JCOND;
import static io.ebpf4j.asm.Opcode.BPF_JMP;
import static io.ebpf4j.asm.Opcode.BPF_JMP32;
import static io.ebpf4j.asm.Opcode.BPF_PSEUDO_CALL;
import static io.ebpf4j.asm.Opcode.BPF_PSEUDO_FUNC;
import static io.ebpf4j.asm.Opcode.BPF_PSEUDO_KFUNC_CALL;
import static io.ebpf4j.asm.Opcode.BPF_PSEUDO_MAP_FD;
import static io.ebpf4j.asm.Opcode.BPF_PSEUDO_MAP_VALUE;
import static io.ebpf4j.asm.Opcode.BPF_X;

import java.nio.ByteOrder;
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
public final class Assembler extends MemoryInstructions<Assembler> {
    private static final int UNRESOLVED = -1;

    private final Labels labels = new Labels();

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
        super(order);
    }

    @Override
    Assembler self() {
        return this;
    }

    /**
     * Names the place where the next instruction will be.
     *
     * @param name the label
     * @return this
     * @throws IllegalArgumentException if there is such a label already
     */
    public Assembler label(String name) {
        labels.put(name, instructions.slotCount());
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
        labels.resolve(built);
        return built;
    }

    private Assembler jump(String label, boolean wide, Instruction instruction) {
        labels.refer(instructions.slotCount(), label, wide);
        return emit(instruction);
    }

    private Assembler loadPseudo(Register dst, int pseudo, long imm) {
        return emit(new Instruction(Instruction.LOAD_IMM64, dst.number(), pseudo, 0, imm));
    }
}
