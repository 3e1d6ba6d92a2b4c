// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.program.Program;

/**
 * Attaches programs to functions of Go programs, at their entry or where they return. Linux 4.3.
 *
 * <p>A return probe of the kernel replaces the return address on the stack. Goroutines move their
 * stacks, and Go's runtime ends the process when it finds an address there that is none of the
 * program's. So where a function returns is probed by a uprobe on each of its return instructions.
 * The entry is probed behind the check whether the stack has room, which runs again when it had
 * not: each call counts once.
 *
 * <p>Functions are found in stripped programs too, by the table that Go's runtime has of them.
 * Machines: x86_64 and aarch64.
 */
public final class GoProbe {
    private GoProbe() {}

    /**
     * Attaches a program to a function's entry, in every process.
     *
     * @param program a program of type KPROBE
     * @param binary a path, a library's soname or an executable's name
     * @param function the function's name, such as {@code main.(*Server).handle}
     * @return the link; close it to detach
     * @throws BpfException if there is no such binary or function, it was not made by Go's linker,
     *     or the program is of another type
     * @throws io.ebpf4j.error.ObjectFormatException if the binary is no ELF64 file, or its tables
     *     or the function's code cannot be read
     * @throws io.ebpf4j.error.UnsupportedException if the kernel is built without uprobes, or the
     *     binary is for another machine
     * @throws io.ebpf4j.error.PermissionDeniedException if a capability is missing
     * @throws IllegalStateException if the program is closed
     */
    public static Link attach(Program program, String binary, String function) {
        return attach(program, binary, function, GoProbeOptions.DEFAULT);
    }

    /**
     * Attaches a program to a function.
     *
     * @param program a program of type KPROBE
     * @param binary a path, a library's soname or an executable's name
     * @param function the function's name, such as {@code main.(*Server).handle}
     * @param options how
     * @return the link; close it to detach from all places
     * @throws BpfException if there is no such binary or function, it was not made by Go's linker,
     *     the program is of another type, or the function ends with a tail call, which hides its
     *     return; nothing is attached then
     * @throws io.ebpf4j.error.ObjectFormatException if the binary is no ELF64 file, or its tables
     *     or the function's code cannot be read
     * @throws io.ebpf4j.error.UnsupportedException if the kernel is built without uprobes, or lacks
     *     what an option asks for, or the binary is for another machine
     * @throws io.ebpf4j.error.PermissionDeniedException if a capability is missing
     * @throws IllegalStateException if the program is closed
     */
    public static Link attach(
            Program program, String binary, String function, GoProbeOptions options) {
        return attach(
                HostFiles.SYSTEM, BinarySearch.ofSystem(), program, binary, function, options);
    }

    static Link attach(
            HostFiles files,
            BinarySearch search,
            Program program,
            String binary,
            String function,
            GoProbeOptions options) {
        String path = search.find(binary, options.pid());
        try (BinaryFile file = BinaryFile.open(files, path)) {
            return new GoLadder(files, program, file, function, options).attach();
        }
    }
}
