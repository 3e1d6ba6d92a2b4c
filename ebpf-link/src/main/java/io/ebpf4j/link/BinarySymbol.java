// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.elf.ElfSymbol;

/**
 * A symbol that an executable or library defines.
 *
 * @param name its name, without a version
 * @param version its version, such as {@code GLIBC_2.14}; empty when it has none
 * @param defaultVersion whether the name without a version means this one
 * @param type what it names
 * @param address its virtual address, before a load bias
 * @param fileOffset its place in bytes from the start of the ELF file, or -1 when no segment takes
 *     it from there
 * @param size bytes, or 0 when unknown
 * @param dynamic whether other files can link to it ({@code .dynsym})
 */
public record BinarySymbol(
        String name,
        String version,
        boolean defaultVersion,
        ElfSymbol.Type type,
        long address,
        long fileOffset,
        long size,
        boolean dynamic) {

    /**
     * Returns what {@link Uprobe} is given to find this symbol.
     *
     * @return the name, with {@code @} and the version unless it is the default one
     */
    public String target() {
        return version.isEmpty() || defaultVersion ? name : name + "@" + version;
    }
}
