// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.program.Program;

/**
 * Attaches programs to functions of executables and libraries, at their entry, at an instruction
 * inside, or at their return. Linux 4.3.
 *
 * <p>By the uprobe PMU (Linux 4.17), below that by an event in tracefs that is removed when the
 * link is closed.
 *
 * <p>A binary is given by its path, by a library's soname ({@code libc.so.6}) or name without
 * version ({@code libssl}), looked for as the dynamic loader does, or by an executable's name,
 * looked for in {@code PATH}. A library that an archive stores uncompressed is {@code
 * app.apk!/lib/x86_64/libapp.so}. For a process with a root or mount namespace of its own, all of
 * these are its files. A symbol is looked for in {@code .dynsym}, then in {@code .symtab}, and may
 * carry a version ({@code memcpy@GLIBC_2.14}).
 *
 * <p>Returns of Go functions are refused: their stacks move, which {@link GoProbe} allows for.
 */
public final class Uprobe {
    private Uprobe() {}

    /**
     * Attaches a program to a function's entry, in every process.
     *
     * @param program a program of type KPROBE
     * @param binary a path, a library's soname or an executable's name
     * @param symbol the function's symbol
     * @return the link; close it to detach
     * @throws BpfException if there is no such binary or symbol, or the program is of another type
     * @throws io.ebpf4j.error.ObjectFormatException if the binary is no ELF64 file
     * @throws io.ebpf4j.error.UnsupportedException if the kernel is built without uprobes
     * @throws io.ebpf4j.error.PermissionDeniedException if a capability is missing
     * @throws IllegalStateException if the program is closed
     */
    public static Link attach(Program program, String binary, String symbol) {
        return attach(program, binary, symbol, UprobeOptions.DEFAULT);
    }

    /**
     * Attaches a program to a function.
     *
     * @param program a program of type KPROBE
     * @param binary a path, a library's soname or an executable's name
     * @param symbol the function's symbol
     * @param options how
     * @return the link; close it to detach
     * @throws BpfException if there is no such binary or symbol, the program is of another type, or
     *     it is the return of a Go function
     * @throws io.ebpf4j.error.ObjectFormatException if the binary is no ELF64 file
     * @throws io.ebpf4j.error.UnsupportedException if the kernel is built without uprobes, or lacks
     *     what an option asks for
     * @throws io.ebpf4j.error.PermissionDeniedException if a capability is missing
     * @throws IllegalStateException if the program is closed
     */
    public static Link attach(
            Program program, String binary, String symbol, UprobeOptions options) {
        return attach(HostFiles.SYSTEM, BinarySearch.ofSystem(), program, binary, symbol, options);
    }

    /**
     * Attaches a program to a place in a file.
     *
     * @param program a program of type KPROBE
     * @param binary a path, a library's soname or an executable's name
     * @param fileOffset the instruction's place in bytes from the start of the file, or of the
     *     entry of an archive; the offset of the options is added
     * @param options how
     * @return the link; close it to detach
     * @throws BpfException if there is no such binary, no instruction at that place, the program is
     *     of another type, or it is the return of a Go function
     * @throws io.ebpf4j.error.UnsupportedException if the kernel is built without uprobes, or lacks
     *     what an option asks for
     * @throws io.ebpf4j.error.PermissionDeniedException if a capability is missing
     * @throws IllegalStateException if the program is closed
     */
    public static Link attach(
            Program program, String binary, long fileOffset, UprobeOptions options) {
        return attach(
                HostFiles.SYSTEM, BinarySearch.ofSystem(), program, binary, fileOffset, options);
    }

    static Link attach(
            HostFiles files,
            BinarySearch search,
            Program program,
            String binary,
            String symbol,
            UprobeOptions options) {
        String path = search.find(binary, options.pid());
        try (BinaryFile file = BinaryFile.open(files, path)) {
            long inside = SymbolOffsets.find(file.elf(), path, symbol);
            long offset = file.start() + inside;
            String where = path + ":" + symbol;
            if (options.returning()) {
                GoLadder.refuseReturns(file.elf(), program, "uretprobe " + where, inside);
            }
            return new UprobeLadder(files, program, file.path(), offset, where, options).attach();
        }
    }

    static Link attach(
            HostFiles files,
            BinarySearch search,
            Program program,
            String binary,
            long fileOffset,
            UprobeOptions options) {
        String path = search.find(binary, options.pid());
        BinaryFile file = BinaryFile.locate(files, path);
        long offset = Math.addExact(file.start(), fileOffset);
        String where = path + ":0x" + Long.toHexString(fileOffset);
        if (options.returning()) {
            GoLadder.refuseReturns(files, program, path, "uretprobe " + where, fileOffset);
        }
        return new UprobeLadder(files, program, file.path(), offset, where, options).attach();
    }
}
