// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.relocation;

import io.ebpf4j.asm.Instruction;
import io.ebpf4j.asm.Instructions;
import io.ebpf4j.error.RelocationException;

/**
 * Writes the number of a CO-RE relocation into the one place where each class of instruction keeps
 * it.
 */
final class CorePatch {

    /**
     * The immediate of the call that stands in for an instruction whose field the kernel does not
     * have: "0xbad relo", the value libbpf uses, so that people and tools recognise it in a
     * verifier log.
     */
    static final int POISON = 0xbad2310;

    private static final int CLASS_MASK = 0x07;
    private static final int SOURCE_MASK = 0x08;
    private static final int SIZE_MASK = 0x18;

    private CorePatch() {}

    /** Patches the instruction, and tells whether it was poisoned. */
    static boolean apply(Instructions code, int slot, CoreValue v) {
        if (v.poisoned()) {
            poison(code, slot);
            return true;
        }
        switch (code.opcode(slot) & CLASS_MASK) {
            case 0x04, 0x07 -> immediate(code, slot, v);
            case 0x01, 0x02, 0x03 -> {
                return !memory(code, slot, v);
            }
            case 0x00 -> wide(code, slot, v);
            default ->
                    throw unexpected(
                            code, slot, "only ALU, load and store instructions can be relocated");
        }
        return false;
    }

    /** Returns the number that an instruction holds where a relocation would put another. */
    static long held(Instructions code, int slot) {
        return switch (code.opcode(slot) & CLASS_MASK) {
            case 0x01, 0x02, 0x03 -> code.offset(slot);
            default -> code.at(slot).imm();
        };
    }

    private static void immediate(Instructions code, int slot, CoreValue v) {
        if ((code.opcode(slot) & SOURCE_MASK) != 0) {
            throw unexpected(code, slot, "an ALU instruction must have an immediate operand");
        }
        expect(code, slot, code.imm(slot), v);
        if (v.value() != (int) v.value() && v.value() != (v.value() & 0xffff_ffffL)) {
            throw unexpected(code, slot, "the value " + v.value() + " does not fit 32 bits");
        }
        code.setImm(slot, (int) v.value());
    }

    private static boolean memory(Instructions code, int slot, CoreValue v) {
        expect(code, slot, code.offset(slot), v);
        if (v.value() < 0 || v.value() > Short.MAX_VALUE) {
            throw unexpected(code, slot, "the offset " + v.value() + " does not fit 16 bits");
        }
        if (!v.resizable()) {
            poison(code, slot);
            return false;
        }
        int opcode = code.opcode(slot);
        if (v.localSize() != v.size()) {
            if (bytes(opcode) != v.localSize()) {
                throw unexpected(
                        code,
                        slot,
                        "it accesses " + bytes(opcode) + " bytes of a field of " + v.localSize());
            }
            opcode = (opcode & ~SIZE_MASK) | sizeBits(code, slot, v.size());
        }
        code.set(
                slot,
                new Instruction(
                        opcode, code.dst(slot), code.src(slot), (int) v.value(), code.imm(slot)));
        return true;
    }

    private static void wide(Instructions code, int slot, CoreValue v) {
        if (code.opcode(slot) != Instruction.LOAD_IMM64
                || code.src(slot) != 0
                || code.offset(slot) != 0) {
            throw unexpected(code, slot, "a load must be a plain 64-bit immediate load");
        }
        if (slot + 1 == code.slotCount()
                || code.opcode(slot + 1) != 0
                || code.dst(slot + 1) != 0
                || code.src(slot + 1) != 0
                || code.offset(slot + 1) != 0) {
            throw unexpected(code, slot, "its second slot must hold an immediate only");
        }
        Instruction old = code.at(slot);
        expect(code, slot, old.imm(), v);
        code.set(slot, new Instruction(old.opcode(), old.dst(), 0, 0, v.value()));
    }

    private static void expect(Instructions code, int slot, long found, CoreValue v) {
        if (v.checked() && found != v.expected()) {
            throw unexpected(
                    code,
                    slot,
                    "it holds " + found + ", but the object's types say " + v.expected());
        }
    }

    private static int bytes(int opcode) {
        return switch (opcode & SIZE_MASK) {
            case 0x00 -> 4;
            case 0x08 -> 2;
            case 0x10 -> 1;
            default -> 8;
        };
    }

    private static int sizeBits(Instructions code, int slot, long bytes) {
        return switch ((int) bytes) {
            case 4 -> 0x00;
            case 2 -> 0x08;
            case 1 -> 0x10;
            case 8 -> 0x18;
            default -> throw unexpected(code, slot, "no instruction accesses " + bytes + " bytes");
        };
    }

    private static void poison(Instructions code, int slot) {
        int slots = code.at(slot).slots();
        for (int i = 0; i < slots; i++) {
            code.set(slot + i, new Instruction(Instruction.CALL, 0, 0, 0, POISON));
        }
    }

    private static RelocationException unexpected(Instructions code, int slot, String why) {
        return new RelocationException(
                "instruction with opcode 0x" + Integer.toHexString(code.opcode(slot)) + ": " + why);
    }
}
