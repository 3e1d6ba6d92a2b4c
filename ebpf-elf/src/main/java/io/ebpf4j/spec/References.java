// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.spec;

import io.ebpf4j.asm.Instruction;
import io.ebpf4j.asm.Instructions;
import io.ebpf4j.asm.Reference;
import io.ebpf4j.elf.ElfRelocation;
import io.ebpf4j.elf.ElfSection;
import io.ebpf4j.elf.ElfSymbol;

import java.util.Map;

/**
 * Turns relocations, and calls that need none, into {@link Reference}s of the functions that hold
 * them.
 *
 * <p>What a relocation adds is in the instruction. A call of a global function holds -1; one of a
 * static function is relocated against the section and holds the function's slot less one. A 64-bit
 * load of a function's or a variable's address holds an offset in bytes in its first slot.
 */
final class References {

    private static final int PSEUDO_CALL = 1;
    private static final int PSEUDO_FUNC = 4;

    private final ObjectFile file;
    private final Functions functions;
    private final MapDefinitions definitions;
    private final DataSections data;
    private final JumpTables jumpTables;
    private final Map<String, ExternSpec> externs;

    References(
            ObjectFile file,
            Functions functions,
            MapDefinitions definitions,
            DataSections data,
            Map<String, ExternSpec> externs) {
        this.file = file;
        this.functions = functions;
        this.definitions = definitions;
        this.data = data;
        this.jumpTables = new JumpTables(file);
        this.externs = externs;
    }

    void collect() {
        for (ElfSection section : file.code()) {
            for (ElfRelocation relocation : file.elf().relocations(section)) {
                relocate(section, relocation);
            }
        }
        for (Functions.Function function : functions.all()) {
            collectCalls(function);
        }
    }

    private void relocate(ElfSection section, ElfRelocation relocation) {
        long at = relocation.offset();
        if (at % Instructions.SLOT_BYTES != 0 || at < 0 || at >= section.size()) {
            throw bad(section, relocation, "is not at an instruction");
        }
        Functions.Function function = functions.at(section, (int) (at / Instructions.SLOT_BYTES));
        // A static linker leaves behind the code of weak functions that others replaced.
        if (function != null) {
            int slot = (int) (at / Instructions.SLOT_BYTES) - function.slot();
            function.instructions().references().add(reference(function, slot, relocation));
        }
    }

    private Reference reference(Functions.Function function, int slot, ElfRelocation relocation) {
        Instructions instructions = function.instructions();
        ElfSymbol symbol = relocation.symbol();
        int opcode = instructions.opcode(slot);
        boolean call = opcode == Instruction.CALL;
        boolean load = opcode == Instruction.LOAD_IMM64 && slot + 1 < instructions.slotCount();
        if (!call && !load) {
            throw bad(
                    function.section(),
                    relocation,
                    "changes an instruction with opcode 0x"
                            + Integer.toHexString(opcode)
                            + "; only calls and 64-bit loads can refer to symbols");
        }
        if (externs.containsKey(symbol.name()) && Externs.isExtern(symbol)) {
            return new Reference.Extern(slot, symbol.name());
        }
        if (!symbol.inSection()) {
            throw bad(
                    function.section(),
                    relocation,
                    "needs a symbol of this object; is it a global variable without initial value,"
                            + " compiled with -fcommon?");
        }
        return call ? call(function, slot, relocation) : load(function, slot, relocation);
    }

    private Reference call(Functions.Function function, int slot, ElfRelocation relocation) {
        Instructions instructions = function.instructions();
        ElfSymbol symbol = relocation.symbol();
        if (instructions.src(slot) != PSEUDO_CALL) {
            throw bad(function.section(), relocation, "changes a call of a helper");
        }
        checkSubprogram(function, relocation, symbol.value());
        long target = symbol.value() / Instructions.SLOT_BYTES + instructions.imm(slot) + 1;
        return new Reference.Call(slot, subprogram(function, slot, target));
    }

    private Reference load(Functions.Function function, int slot, ElfRelocation relocation) {
        ElfSymbol symbol = relocation.symbol();
        ElfSection target = file.elf().sections().get(symbol.sectionIndex());
        long offset = symbol.value() + function.instructions().imm(slot);
        if (target == file.maps()) {
            MapSpec map = definitions.at(symbol.value());
            if (map == null) {
                throw bad(
                        function.section(),
                        relocation,
                        "points into section .maps where no map begins");
            }
            return new Reference.MapDescriptor(slot, map.name());
        }
        if (target == file.jumpTables()) {
            return jumpTables.reference(function, slot, symbol);
        }
        MapSpec map = data.map(target.index());
        if (map != null) {
            if (symbol.value() < 0 || symbol.value() > map.dataSize() || offset != (int) offset) {
                throw bad(
                        function.section(), relocation, "points outside section " + target.name());
            }
            return new Reference.MapValue(slot, map.name(), (int) offset);
        }
        checkSubprogram(function, relocation, offset);
        return new Reference.FunctionAddress(
                slot, subprogram(function, slot, offset / Instructions.SLOT_BYTES));
    }

    private void checkSubprogram(
            Functions.Function function, ElfRelocation relocation, long offset) {
        ElfSection target = file.elf().sections().get(relocation.symbol().sectionIndex());
        if (target != file.text()) {
            throw bad(
                    function.section(),
                    relocation,
                    "leads into section "
                            + target.name()
                            + "; only functions without SEC(), maps and global data can be referred"
                            + " to");
        }
        if (offset % Instructions.SLOT_BYTES != 0) {
            throw bad(function.section(), relocation, "leads between two instructions");
        }
    }

    /**
     * Adds the calls of static functions in the same section, for which no relocation is needed.
     */
    private void collectCalls(Functions.Function function) {
        Instructions instructions = function.instructions();
        boolean[] relocated = relocated(function);
        int slot = 0;
        while (slot < instructions.slotCount()) {
            int opcode = instructions.opcode(slot);
            if (!relocated[slot]
                    && opcode == Instruction.CALL
                    && instructions.src(slot) == PSEUDO_CALL) {
                long target = (long) function.slot() + slot + instructions.imm(slot) + 1;
                instructions
                        .references()
                        .add(new Reference.Call(slot, ownSubprogram(function, slot, target)));
            } else if (!relocated[slot]
                    && opcode == Instruction.LOAD_IMM64
                    && instructions.src(slot) == PSEUDO_FUNC) {
                throw bad(function, slot, "loads a function's address without a relocation");
            }
            slot += opcode == Instruction.LOAD_IMM64 ? 2 : 1;
        }
    }

    private boolean[] relocated(Functions.Function function) {
        boolean[] relocated = new boolean[function.instructions().slotCount()];
        for (Reference reference : function.instructions().references()) {
            if (relocated[reference.slot()]) {
                throw bad(function, reference.slot(), "has two relocations");
            }
            relocated[reference.slot()] = true;
        }
        return relocated;
    }

    private String ownSubprogram(Functions.Function function, int slot, long target) {
        if (function.section() != file.text()) {
            throw bad(
                    function,
                    slot,
                    "calls into its own section; only functions without SEC() can be called");
        }
        return subprogram(function, slot, target);
    }

    private String subprogram(Functions.Function function, int slot, long target) {
        Functions.Function callee =
                target == (int) target ? functions.at(file.text(), (int) target) : null;
        if (callee == null || callee.slot() != target) {
            throw bad(
                    function,
                    slot,
                    "refers to slot " + target + " of section .text, where no function begins");
        }
        return callee.name();
    }

    private RuntimeException bad(Functions.Function function, int slot, String message) {
        return file.bad(
                function.section(),
                (long) (function.slot() + slot) * Instructions.SLOT_BYTES,
                "instruction " + slot + " of function " + function.name() + " " + message);
    }

    private RuntimeException bad(ElfSection section, ElfRelocation relocation, String message) {
        ElfSymbol symbol = relocation.symbol();
        String name =
                symbol.name().isEmpty()
                        ? "section " + file.sectionName(symbol.sectionIndex())
                        : "symbol " + symbol.name();
        return file.bad(
                section,
                relocation.offset(),
                "relocation at 0x"
                        + Long.toHexString(relocation.offset())
                        + " against "
                        + name
                        + " "
                        + message);
    }
}
