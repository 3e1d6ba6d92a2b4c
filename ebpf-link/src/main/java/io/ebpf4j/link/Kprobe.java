// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.program.Program;

/**
 * Attaches programs to functions of the kernel, at their entry, at an instruction inside, or at
 * their return. Linux 4.1.
 *
 * <p>By the kprobe PMU (Linux 4.17), below that by an event in tracefs that is removed when the
 * link is closed.
 *
 * <p>Since Linux 4.17 the functions of system calls carry a prefix that differs by machine: {@code
 * sys_openat} is {@code __x64_sys_openat} on x86_64. Where the kernel has no function {@code
 * sys_NAME}, the prefixed one is tried.
 */
public final class Kprobe {
    private Kprobe() {}

    /**
     * Attaches a program to a function's entry.
     *
     * @param program a program of type KPROBE
     * @param function the function, as {@code /proc/kallsyms} names it, or {@code function+offset}
     * @return the link; close it to detach
     * @throws BpfException if there is no such function, it may not be probed, or the program is of
     *     another type
     * @throws io.ebpf4j.error.UnsupportedException if the kernel is built without kprobes
     * @throws io.ebpf4j.error.PermissionDeniedException if CAP_PERFMON is missing, or lockdown is
     *     in the way
     * @throws IllegalStateException if the program is closed
     */
    public static Link attach(Program program, String function) {
        return attach(program, function, KprobeOptions.DEFAULT);
    }

    /**
     * Attaches a program to a function.
     *
     * @param program a program of type KPROBE
     * @param function the function, as {@code /proc/kallsyms} names it, or {@code function+offset};
     *     the offset adds to that of the options
     * @param options how
     * @return the link; close it to detach
     * @throws BpfException if there is no such function, it may not be probed, or the program is of
     *     another type
     * @throws io.ebpf4j.error.UnsupportedException if the kernel is built without kprobes, or lacks
     *     what an option asks for
     * @throws io.ebpf4j.error.PermissionDeniedException if CAP_PERFMON is missing, or lockdown is
     *     in the way
     * @throws IllegalArgumentException if a kretprobe is given an offset
     * @throws IllegalStateException if the program is closed
     */
    public static Link attach(Program program, String function, KprobeOptions options) {
        return attach(HostFiles.SYSTEM, program, function, options);
    }

    static Link attach(HostFiles files, Program program, String function, KprobeOptions options) {
        KprobeTarget target = KprobeTarget.parse(function);
        KprobeOptions complete =
                options.withOffset(Math.addExact(options.offset(), target.offset()));
        return new KprobeLadder(files, program, target.function(), complete).attach();
    }
}
