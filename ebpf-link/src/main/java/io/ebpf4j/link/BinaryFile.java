// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.elf.ElfFile;

import java.nio.file.Path;

/**
 * An executable or library as a uprobe needs it: the file that the kernel is told, and where in
 * that file the ELF file begins.
 *
 * @param name what the user calls it: a path, or {@code archive!/entry}
 * @param path the file that the kernel is told
 * @param start bytes before the ELF file
 * @param elf the ELF file, or null when nobody wants to know
 */
record BinaryFile(String name, String path, long start, ElfFile elf) implements AutoCloseable {
    private static final String IN_ARCHIVE = "!/";

    /** Returns where the name of an archive ends, or -1 when the path leads into none. */
    static int archiveEnd(HostFiles files, String path) {
        int end = path.indexOf(IN_ARCHIVE);
        return end > 0 && !files.exists(path) ? end : -1;
    }

    /**
     * Opens a binary.
     *
     * @throws io.ebpf4j.error.BpfException if the file cannot be read, or is in an archive from
     *     which it cannot be mapped
     * @throws io.ebpf4j.error.ObjectFormatException if it is no ELF64 file
     */
    static BinaryFile open(HostFiles files, String path) {
        int end = archiveEnd(files, path);
        if (end < 0) {
            return new BinaryFile(path, path, 0, ElfFile.open(files.path(path)));
        }
        Path archive = files.path(path.substring(0, end));
        StoredEntry entry = StoredEntry.find(archive, path.substring(end + IN_ARCHIVE.length()));
        return new BinaryFile(
                path,
                path.substring(0, end),
                entry.offset(),
                ElfFile.parse(path, entry.read(archive)));
    }

    /** Finds a binary without reading it. */
    static BinaryFile locate(HostFiles files, String path) {
        int end = archiveEnd(files, path);
        if (end < 0) {
            return new BinaryFile(path, path, 0, null);
        }
        String archive = path.substring(0, end);
        String entry = path.substring(end + IN_ARCHIVE.length());
        long start = StoredEntry.find(files.path(archive), entry).offset();
        return new BinaryFile(path, archive, start, null);
    }

    @Override
    public void close() {
        if (elf != null) {
            elf.close();
        }
    }
}
