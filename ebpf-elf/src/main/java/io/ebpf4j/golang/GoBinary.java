// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.golang;

import io.ebpf4j.elf.ElfFile;
import io.ebpf4j.elf.ElfSymbol;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.ObjectFormatException;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An executable or shared object that Go's linker made.
 *
 * <p>Goroutines move to a larger stack when theirs is full. A return address that the kernel has
 * replaced on the stack, as it does for a return probe, is then found by Go's runtime, which ends
 * the process. So a Go function is probed where it returns, at each of its return instructions.
 */
public final class GoBinary {
    private static final List<String> GROWERS =
            List.of("runtime.morestack", "runtime.morestack_noctxt", "runtime.morestackc");

    private final ElfFile file;
    private final GoBuild build;
    private Optional<FunctionTable> table = Optional.empty();
    private boolean searched;
    private Set<Long> growers;

    private GoBinary(ElfFile file, GoBuild build) {
        this.file = file;
        this.build = build;
    }

    /**
     * Looks into a file.
     *
     * @param file an executable or shared object; it has to stay open while the result is used
     * @return the program, or empty when Go's linker did not make it
     * @throws ObjectFormatException if what it says of how it was built is malformed
     */
    public static Optional<GoBinary> read(ElfFile file) {
        return GoBuild.read(file).map(build -> new GoBinary(file, build));
    }

    /**
     * Returns how it was built.
     *
     * @return versions, and the modules' paths
     */
    public GoBuild build() {
        return build;
    }

    /**
     * Lists the functions that are written in Go or Go's assembler, by the table that stripped
     * files have too.
     *
     * @return the functions, in the order of their addresses
     * @throws ObjectFormatException if the table is malformed, or of a form that is not known
     */
    public List<GoFunction> functions() {
        return requireTable().all();
    }

    /**
     * Finds functions by their name, in {@code .symtab} when the file has it, or else in the table
     * of functions.
     *
     * @param name the name as the linker has it, such as {@code main.(*Server).handle}
     * @return the functions; several where the table abbreviates what tells them apart
     * @throws ObjectFormatException if a table is malformed, or of a form that is not known
     */
    public List<GoFunction> functions(String name) {
        List<GoFunction> found = new ArrayList<>();
        for (ElfSymbol symbol : file.symbols(name)) {
            if (symbol.type() == ElfSymbol.Type.FUNC && symbol.inSection() && symbol.size() > 0) {
                found.add(new GoFunction(name, symbol.value(), symbol.size()));
            }
        }
        return found.isEmpty() ? requireTable().named(name) : found;
    }

    /**
     * Returns the function whose code is at an address.
     *
     * @param address a virtual address, before a load bias
     * @return the function, or empty when the code there is not Go's, as that of a C library
     * @throws ObjectFormatException if the table is malformed, or of a form that is not known
     */
    public Optional<GoFunction> functionAt(long address) {
        return requireTable().at(address);
    }

    /**
     * Finds where a function's work begins: its first instruction behind the check whether the
     * stack has room. A call gets there once, with all arguments where the caller put them; the
     * instructions before run again after the stack was moved.
     *
     * @param function a function of this program
     * @return the instruction's virtual address
     * @throws ObjectFormatException if its code cannot be read
     * @throws io.ebpf4j.error.UnsupportedException if it is for another machine than x86_64 and
     *     aarch64
     * @throws BpfException if the end of the check cannot be told
     */
    public long body(GoFunction function) {
        return FunctionCode.read(file, function).body(growers());
    }

    /**
     * Finds the instructions by which a function returns.
     *
     * @param function a function of this program
     * @return their virtual addresses
     * @throws ObjectFormatException if its code cannot be read
     * @throws io.ebpf4j.error.UnsupportedException if it is for another machine than x86_64 and
     *     aarch64
     * @throws BpfException if there are none, or the function jumps to another one, which then
     *     returns in its place; the message names the jump
     */
    public List<Long> returns(GoFunction function) {
        return FunctionCode.read(file, function).returns();
    }

    private synchronized Set<Long> growers() {
        if (growers == null) {
            Set<Long> addresses = new HashSet<>();
            for (String name : GROWERS) {
                requireTable().named(name).forEach(grower -> addresses.add(grower.address()));
            }
            growers = addresses;
        }
        return growers;
    }

    private synchronized FunctionTable requireTable() {
        if (!searched) {
            table = FunctionTable.find(file);
            searched = true;
        }
        return table.orElseThrow(
                () ->
                        new ObjectFormatException(
                                "the program made by "
                                        + build.version()
                                        + " has no table of functions (.gopclntab) of a form that"
                                        + " is known, which is that of Go 1.2, 1.16, 1.18 or"
                                        + " 1.20"));
    }
}
