// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.spec;

import io.ebpf4j.elf.ElfFile;
import io.ebpf4j.elf.ElfSection;
import io.ebpf4j.elf.ElfSymbol;
import io.ebpf4j.error.ObjectFormatException;
import io.ebpf4j.error.UnsupportedException;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A BPF object's ELF file, checked to be one, with its sections sorted by what they hold. */
final class ObjectFile {

    static final String TEXT = ".text";

    /** Where clang puts variables of the address space that arenas have. */
    static final String ARENA = ".addr_space.1";

    /** Orders symbols by section and place. */
    static final Comparator<ElfSymbol> BY_PLACE = new ByPlace();

    /** Where an ELF64 header has e_type. */
    private static final int TYPE_OFFSET = 16;

    /** Where an ELF64 header has e_machine. */
    private static final int MACHINE_OFFSET = 18;

    private static final int EM_NONE = 0;

    /** How often the names of symbols may name every byte of the file. */
    private static final long MOST_READINGS = 16;

    private final String label;
    private final ElfFile elf;
    private final List<ElfSymbol> symbols;
    private final Map<String, ElfSymbol> globalObjects = new HashMap<>();
    private final List<ElfSection> code = new ArrayList<>();
    private final List<ElfSection> data = new ArrayList<>();
    private final List<ElfSection> structOps = new ArrayList<>();
    private ElfSection text;
    private ElfSection maps;
    private ElfSection arena;
    private ElfSection jumpTables;

    ObjectFile(String label, byte[] bytes) {
        this.label = label;
        this.elf = ElfFile.parse(label, bytes);
        checkHeader();
        this.symbols = readSymbols(bytes.length);
        for (ElfSymbol symbol : symbols) {
            if (symbol.type() == ElfSymbol.Type.OBJECT && isGlobal(symbol)) {
                globalObjects.putIfAbsent(symbol.name(), symbol);
            }
        }
        for (ElfSection section : elf.sections()) {
            classify(section);
        }
        checkOverlap(bytes.length);
    }

    ElfFile elf() {
        return elf;
    }

    List<ElfSymbol> symbols() {
        return symbols;
    }

    /** Returns the sections with instructions, in the file's order. */
    List<ElfSection> code() {
        return code;
    }

    /** Returns the sections with global data, in the file's order. */
    List<ElfSection> data() {
        return data;
    }

    /** Returns the sections with structures of functions for the kernel, in the file's order. */
    List<ElfSection> structOps() {
        return structOps;
    }

    /** Returns the section of subprograms, or null. */
    ElfSection text() {
        return text;
    }

    /** Returns the section of map definitions, or null. */
    ElfSection maps() {
        return maps;
    }

    /** Returns the section of an arena's global variables, or null. */
    ElfSection arena() {
        return arena;
    }

    /** Returns the section of the tables that indirect jumps go by, or null. */
    ElfSection jumpTables() {
        return jumpTables;
    }

    ElfSection section(String name) {
        return elf.section(name).orElse(null);
    }

    String sectionName(int index) {
        return index > 0 && index < elf.sections().size()
                ? elf.sections().get(index).name()
                : "number " + index;
    }

    /** Returns the global or weak variable of a name, or null. */
    ElfSymbol globalObject(String name) {
        return globalObjects.get(name);
    }

    ObjectFormatException bad(ElfSection section, long offset, String message) {
        return new ObjectFormatException(
                section.offset() + offset, label + ": section " + section.name() + ": " + message);
    }

    ObjectFormatException bad(String message) {
        return new ObjectFormatException(label + ": " + message);
    }

    UnsupportedException unsupported(String what, String instead) {
        return new UnsupportedException(label + ": " + what, "", instead);
    }

    static boolean isGlobal(ElfSymbol symbol) {
        return symbol.binding() == ElfSymbol.Binding.GLOBAL
                || symbol.binding() == ElfSymbol.Binding.WEAK;
    }

    static FunctionSpec.Linkage linkage(ElfSymbol symbol) {
        if (symbol.binding() == ElfSymbol.Binding.LOCAL) {
            return FunctionSpec.Linkage.STATIC;
        }
        if (symbol.visibility() == ElfSymbol.Visibility.HIDDEN
                || symbol.visibility() == ElfSymbol.Visibility.INTERNAL) {
            return FunctionSpec.Linkage.HIDDEN;
        }
        return symbol.binding() == ElfSymbol.Binding.WEAK
                ? FunctionSpec.Linkage.WEAK
                : FunctionSpec.Linkage.GLOBAL;
    }

    private void checkHeader() {
        if (elf.type() != ElfFile.ET_REL
                || elf.machine() != ElfFile.EM_BPF && elf.machine() != EM_NONE) {
            throw new ObjectFormatException(
                    elf.type() != ElfFile.ET_REL ? TYPE_OFFSET : MACHINE_OFFSET,
                    label
                            + ": an ELF file of type "
                            + elf.type()
                            + " for machine "
                            + elf.machine()
                            + ", not a BPF object (type 1, machine 247); compile it with clang"
                            + " -target bpf");
        }
        int tables = 0;
        for (ElfSection section : elf.sections()) {
            tables += section.type() == ElfSection.SHT_SYMTAB ? 1 : 0;
        }
        if (tables != 1) {
            throw bad(
                    "has "
                            + tables
                            + " symbol tables and needs one; was it stripped of more than debug"
                            + " information (llvm-strip -g)?");
        }
    }

    /** Decodes all symbols; names that overlap must not take far more memory than the file. */
    private List<ElfSymbol> readSymbols(long fileSize) {
        List<ElfSymbol> table = elf.symbols();
        List<ElfSymbol> read = new ArrayList<>(table.size());
        long characters = 0;
        for (ElfSymbol symbol : table) {
            characters += symbol.name().length();
            if (characters > MOST_READINGS * fileSize) {
                throw bad(
                        "the names of symbols overlap: they take more than "
                                + MOST_READINGS
                                + " times the file's "
                                + fileSize
                                + " bytes");
            }
            read.add(symbol);
        }
        return read;
    }

    private void classify(ElfSection section) {
        String name = section.name();
        boolean bytes = section.type() == ElfSection.SHT_PROGBITS && section.size() > 0;
        if (name.equals("maps")) {
            throw unsupported(
                    "section maps: legacy map definitions",
                    "define maps in SEC(\".maps\") with the macros of bpf_helpers.h");
        } else if (name.equals(".maps")) {
            maps = section;
        } else if (bytes && (section.flags() & ElfSection.SHF_EXECINSTR) != 0) {
            code.add(section);
            text = text == null && name.equals(TEXT) ? section : text;
        } else if (bytes && (isFamily(name, ".data") || isFamily(name, ".rodata"))
                || section.type() == ElfSection.SHT_NOBITS
                        && section.size() != 0
                        && isFamily(name, ".bss")) {
            checkSize(section);
            data.add(section);
        } else if (bytes && name.equals(ARENA)) {
            checkSize(section);
            arena = section;
        } else if (bytes && StructOpsMaps.isSection(name)) {
            checkSize(section);
            structOps.add(section);
        } else if (bytes && name.equals(".jumptables")) {
            jumpTables = section;
        }
    }

    /** Refuses sections that share bytes, for each is copied. */
    private void checkOverlap(long fileSize) {
        long total = 0;
        for (ElfSection section : code) {
            total += section.size();
        }
        for (ElfSection section : data) {
            total += section.hasBytes() ? section.size() : 0;
        }
        total += arena == null ? 0 : arena.size();
        if (total > fileSize) {
            throw bad(
                    "sections overlap: code and data take " + total + " of " + fileSize + " bytes");
        }
    }

    private static boolean isFamily(String name, String family) {
        return name.startsWith(family)
                && (name.length() == family.length() || name.charAt(family.length()) == '.');
    }

    private void checkSize(ElfSection section) {
        if (section.size() < 0 || section.size() > Integer.MAX_VALUE) {
            throw bad(
                    section,
                    0,
                    Long.toUnsignedString(section.size())
                            + " bytes of global data; a map's value holds at most "
                            + Integer.MAX_VALUE);
        }
    }

    /** A class, because spinning up the first lambda costs more than parsing an object. */
    private static final class ByPlace implements Comparator<ElfSymbol> {
        @Override
        public int compare(ElfSymbol a, ElfSymbol b) {
            int order = Integer.compare(a.sectionIndex(), b.sectionIndex());
            if (order == 0) {
                order = Long.compare(a.value(), b.value());
            }
            return order == 0 ? Integer.compare(a.index(), b.index()) : order;
        }
    }
}
