// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.program.Program;

import java.util.List;

/**
 * Attaches a program to many functions of the kernel by one link and one system call, by their ids
 * in the kernel's types: at their entry, their return, or both ({@code fentry.multi}, {@code
 * fexit.multi}, {@code fsession.multi}). Linux 7.2.
 *
 * <p>The program has to be loaded for it, as that of {@code SEC("fentry.multi")} is: for functions
 * of the kernel itself, or for those of one module when its section names one, as {@code
 * SEC("fentry.multi/veth:veth_*")} does.
 *
 * <p>A pattern has {@code *} for any characters and {@code ?} for one, and stands for the functions
 * that the BTF has, that can be traced, and that take and return what such a program can be given:
 * at most twelve arguments of sixteen bytes, no variable ones, and no structure returned. All
 * functions are attached to or none. A program that may sleep is attached to functions that may,
 * which no list names: the kernel refuses a pattern that matches any other.
 */
public final class TracingMulti {
    private TracingMulti() {}

    /**
     * Attaches a program to the functions that a pattern matches.
     *
     * @param program a program of type TRACING, loaded for many functions
     * @param pattern a pattern such as {@code vfs_*}, or a function's name; behind a module's name
     *     and a colon, of that module
     * @return the link; close it to detach
     * @throws BpfException if the pattern matches no function, or the program was loaded for
     *     something else
     * @throws io.ebpf4j.error.UnsupportedException if the kernel is older than 7.2, or its
     *     machine's architecture lacks this
     * @throws io.ebpf4j.error.PermissionDeniedException if a capability is missing, or lockdown is
     *     in the way
     * @throws IllegalStateException if the program is closed
     */
    public static Link attach(Program program, String pattern) {
        return attach(program, pattern, TracingMultiOptions.DEFAULT);
    }

    /**
     * Attaches a program to the functions that a pattern matches.
     *
     * @param program a program of type TRACING, loaded for many functions
     * @param pattern a pattern such as {@code vfs_*}, or a function's name; behind a module's name
     *     and a colon, of that module
     * @param options how
     * @return the link; close it to detach
     * @throws BpfException if the pattern matches no function, or the program was loaded for
     *     something else
     * @throws io.ebpf4j.error.UnsupportedException if the kernel is older than 7.2, or its
     *     machine's architecture lacks this
     * @throws io.ebpf4j.error.PermissionDeniedException if a capability is missing, or lockdown is
     *     in the way
     * @throws IllegalArgumentException if the options have a cookie for each function
     * @throws IllegalStateException if the program is closed
     */
    public static Link attach(Program program, String pattern, TracingMultiOptions options) {
        return attach(HostFiles.SYSTEM, program, pattern, options);
    }

    /**
     * Attaches a program to the functions of a list.
     *
     * @param program a program of type TRACING, loaded for many functions
     * @param functions their names; those of a module, all behind its name and a colon
     * @param options how
     * @return the link; close it to detach
     * @throws BpfException if there is no such function, or the program was loaded for something
     *     else
     * @throws io.ebpf4j.error.UnsupportedException if the kernel is older than 7.2, or its
     *     machine's architecture lacks this
     * @throws io.ebpf4j.error.PermissionDeniedException if a capability is missing, or lockdown is
     *     in the way
     * @throws IllegalArgumentException if the list is empty, a name is there twice, not all are of
     *     one module, or there are not as many cookies as functions
     * @throws IllegalStateException if the program is closed
     */
    public static Link attach(
            Program program, List<String> functions, TracingMultiOptions options) {
        return attach(HostFiles.SYSTEM, program, functions, options);
    }

    static Link attach(
            HostFiles files, Program program, String pattern, TracingMultiOptions options) {
        return new TracingMultiAttachment(files, program, pattern, options).toPattern(pattern);
    }

    static Link attach(
            HostFiles files, Program program, List<String> functions, TracingMultiOptions options) {
        String what = functions.size() == 1 ? functions.get(0) : functions.size() + " functions";
        return new TracingMultiAttachment(files, program, what, options).toFunctions(functions);
    }
}
