// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.elf.ElfFile;
import io.ebpf4j.elf.ElfSymbol;
import io.ebpf4j.elf.ProgramHeader;
import io.ebpf4j.error.BpfException;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns a symbol of an executable or library into the file offset that a uprobe is placed at.
 *
 * <p>{@code .dynsym} is searched before {@code .symtab}. The offset follows from the executable
 * PT_LOAD segment that holds the symbol's address, as the kernel maps it ({@code address - p_vaddr
 * + p_offset}); section headers play no part. A name may carry a version, {@code symbol@VERSION} or
 * {@code symbol@@VERSION}; without one the default version counts.
 */
final class SymbolOffsets {
    private final ElfFile file;
    private final String path;

    private SymbolOffsets(ElfFile file, String path) {
        this.file = file;
        this.path = path;
    }

    /**
     * Returns the offset of a symbol.
     *
     * @throws BpfException if the file is unreadable, has no such symbol, only imports it, defines
     *     it more than once, or it is no function
     * @throws io.ebpf4j.error.ObjectFormatException if the file is no ELF64 file or damaged
     */
    static long find(Path file, String path, String symbol) {
        try (ElfFile elf = ElfFile.open(file)) {
            return find(elf, path, symbol);
        }
    }

    /** Returns the offset of a symbol of an open file. */
    static long find(ElfFile elf, String path, String symbol) {
        return new SymbolOffsets(elf, path).find(symbol);
    }

    private long find(String wanted) {
        int at = wanted.indexOf('@');
        String name = at <= 0 ? wanted : wanted.substring(0, at);
        String version =
                at <= 0 ? "" : wanted.substring(wanted.startsWith("@@", at) ? at + 2 : at + 1);
        List<ElfSymbol> dynamic = file.dynamicSymbols(name);
        List<ElfSymbol> found = versioned(dynamic, version);
        if (best(found) == null) {
            found = new ArrayList<>(found);
            addDefined(found, file.symbols(wanted));
            if (at > 0) {
                // Linkers write versions into .symtab as text, with one or two signs.
                addDefined(found, file.symbols(name + "@" + version));
                addDefined(found, file.symbols(name + "@@" + version));
            }
        }
        ElfSymbol symbol = best(found);
        if (symbol == null) {
            throw notFound(wanted, name, dynamic, found);
        }
        requireUnambiguous(wanted, symbol, found);
        return fileOffset(wanted, symbol);
    }

    private List<ElfSymbol> versioned(List<ElfSymbol> symbols, String version) {
        if (symbols.isEmpty()) {
            return symbols;
        }
        SymbolVersions versions = SymbolVersions.of(file);
        List<ElfSymbol> chosen = new ArrayList<>();
        for (ElfSymbol symbol : symbols) {
            boolean matches =
                    version.isEmpty()
                            ? symbols.size() == 1 || versions.isDefault(symbol.index())
                            : versions.version(symbol.index()).equals(version);
            if (matches) {
                addDefined(chosen, List.of(symbol));
            }
        }
        return chosen;
    }

    private static void addDefined(List<ElfSymbol> to, List<ElfSymbol> symbols) {
        for (ElfSymbol symbol : symbols) {
            if (!symbol.isUndefined() && symbol.value() != 0) {
                to.add(symbol);
            }
        }
    }

    // Functions before labels of assembler code; among those, what is not weak.
    private static ElfSymbol best(List<ElfSymbol> symbols) {
        ElfSymbol best = null;
        for (ElfSymbol symbol : symbols) {
            if (rank(symbol) > (best == null ? 0 : rank(best))) {
                best = symbol;
            }
        }
        return best;
    }

    private static int rank(ElfSymbol symbol) {
        int strength = symbol.binding() == ElfSymbol.Binding.WEAK ? 0 : 1;
        return switch (symbol.type()) {
            case FUNC -> 5 + strength;
            case GNU_IFUNC -> 3 + strength;
            case NOTYPE -> 1 + strength;
            default -> 0;
        };
    }

    private void requireUnambiguous(String wanted, ElfSymbol chosen, List<ElfSymbol> found) {
        for (ElfSymbol other : found) {
            if (rank(other) == rank(chosen) && other.value() != chosen.value()) {
                throw new BpfException(
                        path
                                + " defines "
                                + wanted
                                + " at 0x"
                                + Long.toHexString(chosen.value())
                                + " and at 0x"
                                + Long.toHexString(other.value())
                                + "; name the place by its file offset");
            }
        }
    }

    private long fileOffset(String wanted, ElfSymbol symbol) {
        if (symbol.type() == ElfSymbol.Type.GNU_IFUNC) {
            throw new BpfException(
                    wanted
                            + " of "
                            + path
                            + " only chooses an implementation when the library is loaded"
                            + " (STT_GNU_IFUNC); name the implementation instead, such as __"
                            + wanted
                            + "_avx2");
        }
        for (ProgramHeader segment : file.programHeaders()) {
            long distance = symbol.value() - segment.virtualAddress();
            if (segment.type() == ProgramHeader.PT_LOAD
                    && (segment.flags() & ProgramHeader.PF_X) != 0
                    && Long.compareUnsigned(distance, segment.fileSize()) < 0) {
                return segment.offset() + distance;
            }
        }
        throw new BpfException(
                wanted
                        + " of "
                        + path
                        + " has the address 0x"
                        + Long.toHexString(symbol.value())
                        + ", which no executable segment of the file holds");
    }

    private BpfException notFound(
            String wanted, String name, List<ElfSymbol> dynamic, List<ElfSymbol> found) {
        if (!found.isEmpty()) {
            return new BpfException(wanted + " of " + path + " is data, not a function");
        }
        List<String> versions = new ArrayList<>();
        SymbolVersions table = SymbolVersions.of(file);
        boolean imported = false;
        for (ElfSymbol symbol : dynamic) {
            if (symbol.isUndefined() || symbol.value() == 0) {
                imported = true;
            } else if (!table.version(symbol.index()).isEmpty()) {
                versions.add(name + "@" + table.version(symbol.index()));
            }
        }
        if (!versions.isEmpty()) {
            return new BpfException(
                    path + " has no " + wanted + ", but " + String.join(", ", versions));
        }
        if (imported) {
            return new BpfException(
                    path
                            + " only imports "
                            + wanted
                            + "; put the uprobe into the library that defines it");
        }
        boolean stripped = file.section(".symtab").isEmpty();
        return new BpfException(
                path
                        + " has no symbol "
                        + wanted
                        + (stripped ? " (it is stripped: only its dynamic symbols are known)" : "")
                        + nearest(name));
    }

    private String nearest(String name) {
        Suggestions suggestions = new Suggestions(name);
        offerAll(suggestions, file.dynamicSymbols());
        offerAll(suggestions, file.symbols());
        return suggestions.sentence();
    }

    private static void offerAll(Suggestions suggestions, List<ElfSymbol> symbols) {
        for (ElfSymbol symbol : symbols) {
            if (symbol.type() == ElfSymbol.Type.FUNC && symbol.value() != 0) {
                suggestions.offer(symbol.name());
            }
        }
    }
}
