// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.program.Program;

import java.util.List;

/**
 * Attaches a program to many functions of the kernel by one link and one system call: at their
 * entry, their return, or both ({@code kprobe.multi}, {@code kretprobe.multi}; {@code
 * kprobe.session}). Linux 5.18, sessions 6.10, and a kernel built with {@code CONFIG_FPROBE}.
 *
 * <p>The program has to be loaded for it, as that of {@code SEC("kprobe.multi")} or {@code
 * SEC("kprobe.session")} is. A session runs the program when a function is entered and again when
 * it returns, unless the program returned 1 at the entry.
 *
 * <p>A pattern has {@code *} for any characters and {@code ?} for one, and stands for the functions
 * of the kernel and its loaded modules that can be traced and are not on the blacklist for probes,
 * each under one of its names only, as tracefs lists them. All functions are attached to or none.
 */
public final class KprobeMulti {
    private KprobeMulti() {}

    /**
     * Attaches a program to the entries of the functions that a pattern matches.
     *
     * @param program a program of type KPROBE, loaded for many functions
     * @param pattern a pattern such as {@code vfs_*}, or a function's name
     * @return the link; close it to detach
     * @throws BpfException if the pattern matches no function, or the program was loaded for
     *     something else
     * @throws io.ebpf4j.error.UnsupportedException if the kernel is older than 5.18 (6.10 for a
     *     session), or built without CONFIG_FPROBE
     * @throws io.ebpf4j.error.PermissionDeniedException if CAP_PERFMON is missing, or lockdown is
     *     in the way
     * @throws IllegalStateException if the program is closed
     */
    public static Link attach(Program program, String pattern) {
        return attach(program, pattern, KprobeMultiOptions.DEFAULT);
    }

    /**
     * Attaches a program to the functions that a pattern matches.
     *
     * @param program a program of type KPROBE, loaded for many functions
     * @param pattern a pattern such as {@code vfs_*}, or a function's name
     * @param options how
     * @return the link; close it to detach
     * @throws BpfException if the pattern matches no function, or several when the options allow
     *     one, or the program was loaded for something else
     * @throws io.ebpf4j.error.UnsupportedException if the kernel is older than 5.18 (6.10 for a
     *     session), or built without CONFIG_FPROBE
     * @throws io.ebpf4j.error.PermissionDeniedException if CAP_PERFMON is missing, or lockdown is
     *     in the way
     * @throws IllegalArgumentException if the options have a cookie for each function, or make a
     *     session return
     * @throws IllegalStateException if the program is closed
     */
    public static Link attach(Program program, String pattern, KprobeMultiOptions options) {
        return attach(HostFiles.SYSTEM, program, pattern, options);
    }

    /**
     * Attaches a program to the functions of a list.
     *
     * @param program a program of type KPROBE, loaded for many functions
     * @param functions their names, as {@code /proc/kallsyms} has them; one that is there twice
     *     counts once
     * @param options how
     * @return the link; close it to detach
     * @throws BpfException if there is no such function or it cannot be traced, or the program was
     *     loaded for something else
     * @throws io.ebpf4j.error.UnsupportedException if the kernel is older than 5.18 (6.10 for a
     *     session), or built without CONFIG_FPROBE
     * @throws io.ebpf4j.error.PermissionDeniedException if CAP_PERFMON is missing, or lockdown is
     *     in the way
     * @throws IllegalArgumentException if the list is empty, there are not as many cookies as
     *     functions, a name has two cookies, or the options make a session return
     * @throws IllegalStateException if the program is closed
     */
    public static Link attach(Program program, List<String> functions, KprobeMultiOptions options) {
        return attach(HostFiles.SYSTEM, program, functions, options);
    }

    /**
     * Attaches a program to the functions at addresses.
     *
     * @param program a program of type KPROBE, loaded for many functions
     * @param addresses where the functions begin, as {@code /proc/kallsyms} has it
     * @param options how
     * @return the link; close it to detach
     * @throws BpfException if an address is not that of a function that can be traced, or the
     *     program was loaded for something else
     * @throws io.ebpf4j.error.UnsupportedException if the kernel is older than 5.18 (6.10 for a
     *     session), or built without CONFIG_FPROBE
     * @throws io.ebpf4j.error.PermissionDeniedException if CAP_PERFMON is missing, or lockdown is
     *     in the way
     * @throws IllegalArgumentException if there is no address, there are not as many cookies as
     *     addresses, or the options make a session return
     * @throws IllegalStateException if the program is closed
     */
    public static Link attach(Program program, long[] addresses, KprobeMultiOptions options) {
        return new KprobeMultiAttachment(
                        HostFiles.SYSTEM, program, addresses.length + " addresses", options)
                .toAddresses(addresses);
    }

    static Link attach(
            HostFiles files, Program program, String pattern, KprobeMultiOptions options) {
        return new KprobeMultiAttachment(files, program, pattern, options).toPattern(pattern);
    }

    static Link attach(
            HostFiles files, Program program, List<String> functions, KprobeMultiOptions options) {
        String what = functions.size() == 1 ? functions.get(0) : functions.size() + " functions";
        return new KprobeMultiAttachment(files, program, what, options).toFunctions(functions);
    }
}
