// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.program.Program;

import java.util.List;

/**
 * Attaches a program to many functions of an executable or library by one link and one system call:
 * at their entry, their return, or both ({@code uprobe.multi}, {@code uretprobe.multi}; {@code
 * uprobe.session}). Linux 6.6, sessions 6.13.
 *
 * <p>The program has to be loaded for it, as that of {@code SEC("uprobe.multi")} or {@code
 * SEC("uprobe.session")} is. A session runs the program when a function is entered and again when
 * it returns, unless the program returned 1 at the entry.
 *
 * <p>A pattern has {@code *} for any characters and {@code ?} for one, and stands for the functions
 * that the file's symbol tables define; those that are chosen when the file is loaded
 * (STT_GNU_IFUNC) are left out. Binaries are found as {@link Uprobe} finds them. All functions are
 * attached to or none.
 */
public final class UprobeMulti {
    private UprobeMulti() {}

    /**
     * Attaches a program to the entries of the functions that a pattern matches, in every process.
     *
     * @param program a program of type KPROBE, loaded for many functions
     * @param binary a path, a library's soname or an executable's name
     * @param pattern a pattern such as {@code SSL_*}, or a function's symbol
     * @return the link; close it to detach
     * @throws BpfException if there is no such binary, the pattern matches none of its functions,
     *     or the program was loaded for something else
     * @throws io.ebpf4j.error.ObjectFormatException if the binary is no ELF64 file
     * @throws io.ebpf4j.error.UnsupportedException if the kernel is older than 6.6 (6.13 for a
     *     session), or built without uprobes
     * @throws io.ebpf4j.error.PermissionDeniedException if a capability is missing
     * @throws IllegalStateException if the program is closed
     */
    public static Link attach(Program program, String binary, String pattern) {
        return attach(program, binary, pattern, UprobeMultiOptions.DEFAULT);
    }

    /**
     * Attaches a program to the functions that a pattern matches.
     *
     * @param program a program of type KPROBE, loaded for many functions
     * @param binary a path, a library's soname or an executable's name
     * @param pattern a pattern such as {@code SSL_*}, or a function's symbol
     * @param options how
     * @return the link; close it to detach
     * @throws BpfException if there is no such binary, the pattern matches none of its functions,
     *     or the program was loaded for something else
     * @throws io.ebpf4j.error.ObjectFormatException if the binary is no ELF64 file
     * @throws io.ebpf4j.error.UnsupportedException if the kernel is older than 6.6 (6.13 for a
     *     session, 6.10 for one process), or built without uprobes
     * @throws io.ebpf4j.error.PermissionDeniedException if a capability is missing
     * @throws IllegalArgumentException if the options have a cookie or counter for each place, or
     *     make a session return
     * @throws IllegalStateException if the program is closed
     */
    public static Link attach(
            Program program, String binary, String pattern, UprobeMultiOptions options) {
        return attach(HostFiles.SYSTEM, BinarySearch.ofSystem(), program, binary, pattern, options);
    }

    /**
     * Attaches a program to the functions of a list.
     *
     * @param program a program of type KPROBE, loaded for many functions
     * @param binary a path, a library's soname or an executable's name
     * @param symbols the functions' symbols
     * @param options how
     * @return the link; close it to detach
     * @throws BpfException if there is no such binary or symbol, or the program was loaded for
     *     something else
     * @throws io.ebpf4j.error.ObjectFormatException if the binary is no ELF64 file
     * @throws io.ebpf4j.error.UnsupportedException if the kernel is older than 6.6 (6.13 for a
     *     session, 6.10 for one process), or built without uprobes
     * @throws io.ebpf4j.error.PermissionDeniedException if a capability is missing
     * @throws IllegalArgumentException if the list is empty, there are not as many cookies or
     *     counters as symbols, or the options make a session return
     * @throws IllegalStateException if the program is closed
     */
    public static Link attach(
            Program program, String binary, List<String> symbols, UprobeMultiOptions options) {
        return attach(HostFiles.SYSTEM, BinarySearch.ofSystem(), program, binary, symbols, options);
    }

    /**
     * Attaches a program to places in a file.
     *
     * @param program a program of type KPROBE, loaded for many functions
     * @param binary a path, a library's soname or an executable's name
     * @param fileOffsets the instructions' places in bytes from the start of the file, or of the
     *     entry of an archive
     * @param options how
     * @return the link; close it to detach
     * @throws BpfException if there is no such binary, no instruction at one of the places, or the
     *     program was loaded for something else
     * @throws io.ebpf4j.error.UnsupportedException if the kernel is older than 6.6 (6.13 for a
     *     session, 6.10 for one process), or built without uprobes
     * @throws io.ebpf4j.error.PermissionDeniedException if a capability is missing
     * @throws IllegalArgumentException if there is no offset, there are not as many cookies or
     *     counters as offsets, or the options make a session return
     * @throws IllegalStateException if the program is closed
     */
    public static Link attach(
            Program program, String binary, long[] fileOffsets, UprobeMultiOptions options) {
        return attach(
                HostFiles.SYSTEM, BinarySearch.ofSystem(), program, binary, fileOffsets, options);
    }

    static Link attach(
            HostFiles files,
            BinarySearch search,
            Program program,
            String binary,
            String pattern,
            UprobeMultiOptions options) {
        if (!Glob.isPattern(pattern)) {
            return attach(files, search, program, binary, List.of(pattern), options);
        }
        try (BinaryFile file = BinaryFile.open(files, search.find(binary, options.pid()))) {
            return new UprobeMultiAttachment(program, file, pattern, options).toPattern(pattern);
        }
    }

    static Link attach(
            HostFiles files,
            BinarySearch search,
            Program program,
            String binary,
            List<String> symbols,
            UprobeMultiOptions options) {
        String what = symbols.size() == 1 ? symbols.get(0) : symbols.size() + " symbols";
        try (BinaryFile file = BinaryFile.open(files, search.find(binary, options.pid()))) {
            return new UprobeMultiAttachment(program, file, what, options).toSymbols(symbols);
        }
    }

    static Link attach(
            HostFiles files,
            BinarySearch search,
            Program program,
            String binary,
            long[] fileOffsets,
            UprobeMultiOptions options) {
        BinaryFile file = BinaryFile.locate(files, search.find(binary, options.pid()));
        return new UprobeMultiAttachment(program, file, fileOffsets.length + " offsets", options)
                .toOffsets(files, fileOffsets);
    }
}
