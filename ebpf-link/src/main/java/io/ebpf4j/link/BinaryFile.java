// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.elf.ElfFile;

import java.nio.file.Path;

/**
 * An executable or library as a uprobe needs it: the file that the kernel is told, and where in
 * that file the ELF file begins.
 *
 * @param path the file that the kernel is told
 * @param start bytes before the ELF file
 * @param elf the ELF file
 */
record BinaryFile(String path, long start, ElfFile elf) implements AutoCloseable {

    /**
     * Opens a binary.
     *
     * @throws io.ebpf4j.error.BpfException if the file cannot be read
     * @throws io.ebpf4j.error.ObjectFormatException if it is no ELF64 file
     */
    static BinaryFile open(HostFiles files, String path) {
        Path file = files.path(path);
        return new BinaryFile(path, 0, ElfFile.open(file));
    }

    @Override
    public void close() {
        elf.close();
    }
}
