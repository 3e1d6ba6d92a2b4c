// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.elf.ElfFile;
import io.ebpf4j.elf.ElfSymbol;
import io.ebpf4j.elf.UsdtProbe;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.golang.GoBinary;
import io.ebpf4j.golang.GoBuild;
import io.ebpf4j.golang.GoFunction;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An executable or library, and what in it can be probed. Reading needs neither privileges nor a
 * kernel.
 */
public final class Binary {
    private final HostFiles files;
    private final String path;

    Binary(HostFiles files, String path) {
        this.files = files;
        this.path = path;
    }

    /**
     * Finds a binary.
     *
     * @param name a path, one in an archive ({@code app.apk!/lib/x86_64/libapp.so}), a library's
     *     soname or an executable's name
     * @return the binary; it is not opened yet
     * @throws BpfException if there is no such file; the message says where it was looked for
     */
    public static Binary find(String name) {
        return find(name, UprobeOptions.EVERY_PROCESS);
    }

    /**
     * Finds a binary as a process sees it: among what it has mapped, and in its mount namespace.
     *
     * @param name a path, one in an archive, a library's soname or an executable's name
     * @param pid the process; 0 for this one
     * @return the binary; it is not opened yet
     * @throws BpfException if there is no such file; the message says where it was looked for
     */
    public static Binary find(String name, int pid) {
        return new Binary(HostFiles.SYSTEM, BinarySearch.ofSystem().find(name, pid));
    }

    /**
     * Returns where it is.
     *
     * @return an absolute path, below {@code /proc/PID/root} for a process with files of its own;
     *     what is in an archive has {@code !/} and the entry behind it
     */
    public String path() {
        return path;
    }

    /**
     * Lists the symbols that the binary defines: functions, data and labels, of {@code .dynsym} and
     * then what only {@code .symtab} has.
     *
     * @return the symbols, in the file's order
     * @throws BpfException if the file cannot be read
     * @throws io.ebpf4j.error.ObjectFormatException if it is no ELF64 file, or its tables are
     *     malformed
     */
    public List<BinarySymbol> symbols() {
        try (BinaryFile file = BinaryFile.open(files, path)) {
            return symbols(file.elf());
        }
    }

    private record Key(String name, long address) {}

    static List<BinarySymbol> symbols(ElfFile elf) {
        List<BinarySymbol> symbols = new ArrayList<>();
        SymbolVersions versions = SymbolVersions.of(elf);
        Map<Integer, String> names = new HashMap<>();
        Set<Key> known = new HashSet<>();
        for (ElfSymbol symbol : elf.dynamicSymbols()) {
            if (isListed(symbol)) {
                String version =
                        names.computeIfAbsent(
                                versions.number(symbol.index()),
                                number -> versions.version(symbol.index()));
                boolean preferred = versions.isDefault(symbol.index());
                symbols.add(of(elf, symbol, symbol.name(), version, preferred, true));
                known.add(new Key(symbol.name(), symbol.value()));
            }
        }
        for (ElfSymbol symbol : elf.symbols()) {
            if (isListed(symbol)) {
                int at = symbol.name().indexOf('@');
                String name = at <= 0 ? symbol.name() : symbol.name().substring(0, at);
                boolean preferred = at <= 0 || symbol.name().startsWith("@@", at);
                String version =
                        at <= 0 ? "" : symbol.name().substring(preferred ? at + 2 : at + 1);
                if (known.add(new Key(name, symbol.value()))) {
                    symbols.add(of(elf, symbol, name, version, preferred, false));
                }
            }
        }
        return List.copyOf(symbols);
    }

    private static boolean isListed(ElfSymbol symbol) {
        return switch (symbol.type()) {
            case FUNC, GNU_IFUNC, OBJECT, NOTYPE ->
                    symbol.inSection() && symbol.value() != 0 && !symbol.name().isEmpty();
            default -> false;
        };
    }

    private static BinarySymbol of(
            ElfFile elf,
            ElfSymbol symbol,
            String name,
            String version,
            boolean preferred,
            boolean dynamic) {
        return new BinarySymbol(
                name,
                version,
                preferred,
                symbol.type(),
                symbol.value(),
                elf.fileOffset(symbol.value()),
                symbol.size(),
                dynamic);
    }

    /**
     * Lists the places of the binary's static probes (USDT).
     *
     * @return the places, in the file's order; empty when it has none
     * @throws BpfException if the file cannot be read
     * @throws io.ebpf4j.error.ObjectFormatException if it is no ELF64 file, or its notes are
     *     malformed
     */
    public List<UsdtProbe> probes() {
        try (BinaryFile file = BinaryFile.open(files, path)) {
            return UsdtProbe.list(file.elf());
        }
    }

    /**
     * Tells how the binary was built, if Go's linker made it.
     *
     * @return versions, modules and where arguments are; empty for other binaries
     * @throws BpfException if the file cannot be read
     * @throws io.ebpf4j.error.ObjectFormatException if it is no ELF64 file, or what it says is
     *     malformed
     */
    public Optional<GoBuild> goBuild() {
        try (BinaryFile file = BinaryFile.open(files, path)) {
            return GoBuild.read(file.elf());
        }
    }

    /**
     * Lists the functions of a Go program, which stripped ones have too.
     *
     * @return the functions, in the order of their addresses; empty when Go's linker did not make
     *     the binary
     * @throws BpfException if the file cannot be read
     * @throws io.ebpf4j.error.ObjectFormatException if it is no ELF64 file, or its tables are
     *     malformed
     */
    public List<GoFunction> goFunctions() {
        try (BinaryFile file = BinaryFile.open(files, path)) {
            return GoBinary.read(file.elf()).map(GoBinary::functions).orElse(List.of());
        }
    }

    @Override
    public String toString() {
        return path;
    }
}
