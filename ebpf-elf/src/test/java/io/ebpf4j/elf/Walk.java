// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.elf;

/** Reads whatever an {@link ElfFile} offers. */
final class Walk {

    private Walk() {}

    /**
     * Returns how many bytes, symbols and relocations there were, so that nothing is optimised
     * away.
     */
    static long everything(ElfFile file) {
        long sum = file.type() + file.machine() + file.fileOffset(0x1000);
        for (ElfSection section : file.sections()) {
            sum += section.name().length() + section.bytes().length + section.data().byteSize();
            sum += file.relocations(section).size();
        }
        for (ElfSymbol symbol : file.symbols()) {
            sum += symbol.name().length();
        }
        for (ElfSymbol symbol : file.dynamicSymbols()) {
            sum += symbol.name().length();
        }
        sum += file.symbols("on_first").size() + file.dynamicSymbols("on_first").size();
        return sum + file.programHeaders().size();
    }
}
