// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.spec;

import io.ebpf4j.asm.Instructions;
import io.ebpf4j.elf.ElfSection;
import io.ebpf4j.elf.ElfSymbol;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The functions of an object: one for each function symbol in a section of instructions. */
final class Functions {

    /**
     * A function before its BTF records are attached.
     *
     * @param name a name that no other function of the object has
     * @param section the section it is in
     * @param slot where it begins in its section, in 8-byte slots
     * @param symbol its symbol
     * @param instructions its instructions, whose references are added later
     */
    record Function(
            String name,
            ElfSection section,
            int slot,
            ElfSymbol symbol,
            Instructions instructions) {

        boolean contains(int sectionSlot) {
            return sectionSlot >= slot && sectionSlot - slot < instructions.slotCount();
        }
    }

    private final ObjectFile file;
    private final List<Function> functions = new ArrayList<>();
    private final Set<String> names = new HashSet<>();

    Functions(ObjectFile file) {
        this.file = file;
        List<ElfSymbol> symbols = functionSymbols();
        for (ElfSymbol symbol : symbols) {
            if (symbol.binding() != ElfSymbol.Binding.LOCAL && !names.add(symbol.name())) {
                throw file.bad("two global functions are called " + symbol.name());
            }
        }
        byte[] bytes = null;
        ElfSection section = null;
        for (ElfSymbol symbol : symbols) {
            if (section == null || section.index() != symbol.sectionIndex()) {
                section = file.elf().sections().get(symbol.sectionIndex());
                bytes = section.bytes();
            }
            add(section, bytes, symbol);
        }
    }

    /** Returns the functions ordered by section and place. */
    List<Function> all() {
        return functions;
    }

    /** Returns the function that a slot of a section belongs to, or null. */
    Function at(ElfSection section, int slot) {
        int low = 0;
        int high = functions.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            Function candidate = functions.get(middle);
            int order = Integer.compare(candidate.section().index(), section.index());
            if (order == 0 && candidate.contains(slot)) {
                return candidate;
            }
            if (order < 0 || order == 0 && candidate.slot() < slot) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return null;
    }

    private List<ElfSymbol> functionSymbols() {
        boolean[] code = new boolean[file.elf().sections().size()];
        for (ElfSection section : file.code()) {
            code[section.index()] = true;
        }
        List<ElfSymbol> symbols = new ArrayList<>();
        for (ElfSymbol symbol : file.symbols()) {
            if (symbol.type() == ElfSymbol.Type.FUNC
                    && symbol.inSection()
                    && code[symbol.sectionIndex()]) {
                symbols.add(symbol);
            }
        }
        symbols.sort(ObjectFile.BY_PLACE);
        return symbols;
    }

    private void add(ElfSection section, byte[] bytes, ElfSymbol symbol) {
        check(section, symbol);
        int start = (int) symbol.value();
        byte[] code = Arrays.copyOfRange(bytes, start, start + (int) symbol.size());
        functions.add(
                new Function(
                        uniqueName(symbol),
                        section,
                        start / Instructions.SLOT_BYTES,
                        symbol,
                        Instructions.decode(code, file.elf().order())));
    }

    private void check(ElfSection section, ElfSymbol symbol) {
        long start = symbol.value();
        long size = symbol.size();
        if (start < 0
                || size <= 0
                || start > section.size() - size
                || (start | size) % Instructions.SLOT_BYTES != 0) {
            throw file.bad(
                    section,
                    0,
                    "function "
                            + symbol.name()
                            + " takes "
                            + Long.toUnsignedString(size)
                            + " bytes from "
                            + Long.toUnsignedString(start)
                            + " on; whole slots of 8 bytes within the section's "
                            + section.size()
                            + " bytes were expected");
        }
        Function before = functions.isEmpty() ? null : functions.get(functions.size() - 1);
        if (before != null
                && before.section() == section
                && before.contains((int) (start / Instructions.SLOT_BYTES))) {
            throw file.bad(
                    section,
                    start,
                    "functions " + before.name() + " and " + symbol.name() + " overlap");
        }
        if (section != file.text() && symbol.binding() == ElfSymbol.Binding.LOCAL) {
            throw file.unsupported(
                    "section " + section.name() + ": function " + symbol.name() + " is static",
                    "make it global, or remove its SEC() to make it a subprogram");
        }
    }

    private String uniqueName(ElfSymbol symbol) {
        String name = symbol.name();
        if (symbol.binding() != ElfSymbol.Binding.LOCAL || names.add(name)) {
            return name;
        }
        // The symbol's index is unique, but an object may have a function that is called so.
        String unique = name + "." + symbol.index();
        while (!names.add(unique)) {
            unique += ".";
        }
        return unique;
    }
}
