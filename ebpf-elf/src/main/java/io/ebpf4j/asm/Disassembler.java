// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.asm;

import java.nio.ByteOrder;

/**
 * Prints instructions the way {@code llvm-objdump -d} of LLVM 19 does, where the kernel's verifier
 * or bpftool do not say more.
 *
 * <p>Numbers are hexadecimal with a sign. Loads and stores name whole registers, as {@code
 * llvm-objdump -d} does; everything else is in the dialect of {@code --mcpu=v4}, which calls the
 * low 32 bits of registers {@code w0} to {@code w10}, in atomic operations too. Fields that an
 * instruction does not use are ignored. The text differs in these:
 *
 * <ul>
 *   <li>Calls are the verifier's: {@code call bpf_map_lookup_elem#1} for helpers, {@code call pc+5}
 *       for functions of the program, {@code call kernel-function#77} for kfuncs. LLVM prints
 *       {@code call 0x1} for all.
 *   <li>64-bit loads with a pseudo source are bpftool's: {@code r1 = map[fd:5]}, {@code r1 =
 *       map[fd:5][0]+8}, {@code r1 = map[idx:0]}, {@code r1 = subprog[+5]}, {@code r1 =
 *       ksym[id:9]}. LLVM prints {@code ld_pseudo}.
 *   <li>Symbolic references print the name in place of the number: {@code r1 = map[counts]}, {@code
 *       r1 = map[.rodata][0]+8}, {@code r1 = subprog[callback]}, {@code r1 = ksym[jiffies]}, {@code
 *       call sub}.
 *   <li>What LLVM 19 does not know: {@code w0 = load_acquire((u32 *)(r1 + 0x0))}, {@code
 *       store_release((u64 *)(r1 + 0x0), r2)} (both as LLVM 20), {@code gotox r1}.
 *   <li>Anything else prints as {@code <unknown> } and its bytes in memory order, never failing.
 * </ul>
 */
public final class Disassembler {

    private Disassembler() {}

    /**
     * Prints one instruction.
     *
     * @param instruction the instruction
     * @return its text, without an address; jumps show their distance only
     */
    public static String text(Instruction instruction) {
        StringBuilder out = new StringBuilder(48);
        if (!new InstructionText(out, instruction).append()) {
            out.setLength(0);
            Instructions alone = Instructions.empty(ByteOrder.LITTLE_ENDIAN);
            alone.add(instruction);
            raw(out, alone, 0, instruction.slots());
        }
        return out.toString();
    }

    /**
     * Prints the instruction that begins at a slot, with the name of what it refers to.
     *
     * @param instructions the sequence
     * @param slot index of the instruction's first slot
     * @return its text, without an address; jumps show their distance only
     * @throws IndexOutOfBoundsException if there is no such slot
     */
    public static String text(Instructions instructions, int slot) {
        Reference reference = null;
        for (Reference r : instructions.references()) {
            if (r.slot() == slot) {
                reference = r;
            }
        }
        StringBuilder out = new StringBuilder(48);
        append(out, instructions, slot, reference);
        return out.toString();
    }

    /**
     * Prints a function, one line for each instruction.
     *
     * <pre>
     * count:
     *        0:	r1 = map[counts]
     *        2:	if r0 == 0x0 goto +0x1 &lt;count+0x20&gt;
     * </pre>
     *
     * @param name the function's name, for the first line and the targets of jumps; when it is
     *     empty, neither is printed
     * @param instructions the sequence
     * @return the lines, each with the index of its slot, ending with a line feed
     */
    public static String listing(String name, Instructions instructions) {
        int slots = instructions.slotCount();
        Reference[] references = new Reference[slots];
        for (Reference r : instructions.references()) {
            if (r.slot() >= 0 && r.slot() < slots) {
                references[r.slot()] = r;
            }
        }
        StringBuilder out = new StringBuilder(slots * 40);
        if (!name.isEmpty()) {
            out.append(name).append(":\n");
        }
        for (int slot = 0; slot < slots; ) {
            address(out, slot);
            int taken = append(out, instructions, slot, references[slot]);
            target(out, name, instructions, slot);
            out.append('\n');
            slot += taken;
        }
        return out.toString();
    }

    /** Prints what begins at a slot and returns how many slots that took. */
    private static int append(StringBuilder out, Instructions all, int slot, Reference reference) {
        boolean wide = all.opcode(slot) == Instruction.LOAD_IMM64;
        if (wide && slot + 1 >= all.slotCount()) {
            raw(out, all, slot, 1);
            return 1;
        }
        Instruction instruction = all.at(slot);
        if (reference != null && ReferenceText.append(out, instruction, reference)) {
            return instruction.slots();
        }
        int length = out.length();
        if (!new InstructionText(out, instruction).append()) {
            out.setLength(length);
            raw(out, all, slot, instruction.slots());
        }
        return instruction.slots();
    }

    private static void address(StringBuilder out, int slot) {
        String number = Integer.toString(slot);
        for (int i = number.length(); i < 8; i++) {
            out.append(' ');
        }
        out.append(number).append(":\t");
    }

    private static void target(StringBuilder out, String name, Instructions all, int slot) {
        if (name.isEmpty() || !InstructionText.isJump(all.opcode(slot))) {
            return;
        }
        int distance = all.opcode(slot) == InstructionText.GOTOL ? all.imm(slot) : all.offset(slot);
        long bytes = (slot + 1L + distance) * Instructions.SLOT_BYTES;
        out.append(" <").append(name);
        if (bytes != 0) {
            out.append(bytes < 0 ? "-0x" : "+0x").append(Long.toHexString(Math.abs(bytes)));
        }
        out.append('>');
    }

    private static void raw(StringBuilder out, Instructions all, int slot, int slots) {
        out.append("<unknown>");
        int end = (slot + slots) * Instructions.SLOT_BYTES;
        for (int i = slot * Instructions.SLOT_BYTES; i < end; i++) {
            int b = all.byteAt(i);
            out.append(' ')
                    .append(Character.forDigit(b >> 4, 16))
                    .append(Character.forDigit(b & 0xf, 16));
        }
    }
}
