// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.link.Kprobe;
import io.ebpf4j.link.KprobeMulti;
import io.ebpf4j.link.KprobeMultiOptions;
import io.ebpf4j.link.KprobeOptions;
import io.ebpf4j.link.Link;
import io.ebpf4j.link.TracingMulti;
import io.ebpf4j.link.TracingMultiOptions;
import io.ebpf4j.program.Program;

import java.util.List;

/** The hooks at functions of the kernel. */
abstract class KernelFunctionHooks extends MapViews {
    KernelFunctionHooks() {}

    /**
     * Returns a loaded program.
     *
     * @param name the name of its function
     * @return the program
     * @throws BpfException if there is none of that name; the message lists the names there are
     */
    public abstract Program program(String name);

    /** Has the collection close what depends on it. */
    abstract <T extends AutoCloseable> T keep(T dependent);

    /**
     * Attaches a program to the entry of a kernel function.
     *
     * @param program the program's name
     * @param function the function, or {@code function+offset}
     * @return the link; closed with this collection
     * @throws BpfException if there is no such program or function, or the kernel refuses
     */
    public Link attachKprobe(String program, String function) {
        return attachKprobe(program, function, KprobeOptions.builder().build());
    }

    /**
     * Attaches a program to a kernel function.
     *
     * @param program the program's name
     * @param function the function, or {@code function+offset}
     * @param options entry or return, cookie, mechanism
     * @return the link; closed with this collection
     * @throws BpfException if there is no such program or function, or the kernel refuses
     */
    public Link attachKprobe(String program, String function, KprobeOptions options) {
        return keep(Kprobe.attach(program(program), function, options));
    }

    /**
     * Attaches a program to the return of a kernel function.
     *
     * @param program the program's name
     * @param function the function
     * @return the link; closed with this collection
     * @throws BpfException if there is no such program or function, or the kernel refuses
     */
    public Link attachKretprobe(String program, String function) {
        return attachKprobe(program, function, KprobeOptions.builder().returning().build());
    }

    /**
     * Attaches a program to all kernel functions that a pattern matches, by one link (Linux 5.18).
     * A {@code SEC("kprobe.session")} program (6.10) runs at their entry and their return.
     *
     * @param program the name of a {@code SEC("kprobe.multi")} or {@code SEC("kprobe.session")}
     *     program
     * @param pattern a pattern such as {@code vfs_*}, with {@code *} and {@code ?}, or a function's
     *     name
     * @return the link; closed with this collection
     * @throws BpfException if there is no such program or function, or the kernel refuses
     */
    public Link attachKprobeMulti(String program, String pattern) {
        return attachKprobeMulti(program, pattern, KprobeMultiOptions.builder().build());
    }

    /**
     * Attaches a program to all kernel functions that a pattern matches, by one link (Linux 5.18).
     *
     * @param program the name of a {@code SEC("kprobe.multi")} or {@code SEC("kprobe.session")}
     *     program
     * @param pattern a pattern such as {@code vfs_*}, with {@code *} and {@code ?}, or a function's
     *     name
     * @param options entry or return, cookie
     * @return the link; closed with this collection
     * @throws BpfException if there is no such program or function, or the kernel refuses
     */
    public Link attachKprobeMulti(String program, String pattern, KprobeMultiOptions options) {
        return keep(KprobeMulti.attach(program(program), pattern, options));
    }

    /**
     * Attaches a program to the kernel functions of a list, by one link (Linux 5.18).
     *
     * @param program the name of a {@code SEC("kprobe.multi")} or {@code SEC("kprobe.session")}
     *     program
     * @param functions the functions
     * @param options entry or return, a cookie for all or for each
     * @return the link; closed with this collection
     * @throws BpfException if there is no such program or function, or the kernel refuses
     */
    public Link attachKprobeMulti(
            String program, List<String> functions, KprobeMultiOptions options) {
        return keep(KprobeMulti.attach(program(program), functions, options));
    }

    /**
     * Attaches a program to the kernel functions at addresses, by one link (Linux 5.18).
     *
     * @param program the name of a {@code SEC("kprobe.multi")} or {@code SEC("kprobe.session")}
     *     program
     * @param addresses where the functions begin, as {@code /proc/kallsyms} has it
     * @param options entry or return, a cookie for all or for each
     * @return the link; closed with this collection
     * @throws BpfException if there is no such program, an address is not that of a function, or
     *     the kernel refuses
     */
    public Link attachKprobeMulti(String program, long[] addresses, KprobeMultiOptions options) {
        return keep(KprobeMulti.attach(program(program), addresses, options));
    }

    /**
     * Attaches a program to all kernel functions that a pattern matches, by one link and their ids
     * in the kernel's types (Linux 7.2).
     *
     * @param program the name of a {@code SEC("fentry.multi")}, {@code SEC("fexit.multi")} or
     *     {@code SEC("fsession.multi")} program
     * @param pattern a pattern such as {@code vfs_*} or {@code module:pattern}, with {@code *} and
     *     {@code ?}, or a function's name
     * @return the link; closed with this collection
     * @throws BpfException if there is no such program or function, or the kernel refuses
     */
    public Link attachTracingMulti(String program, String pattern) {
        return attachTracingMulti(program, pattern, TracingMultiOptions.builder().build());
    }

    /**
     * Attaches a program to all kernel functions that a pattern matches, by one link and their ids
     * in the kernel's types (Linux 7.2).
     *
     * @param program the name of a {@code SEC("fentry.multi")}, {@code SEC("fexit.multi")} or
     *     {@code SEC("fsession.multi")} program
     * @param pattern a pattern such as {@code vfs_*} or {@code module:pattern}, with {@code *} and
     *     {@code ?}, or a function's name
     * @param options cookie
     * @return the link; closed with this collection
     * @throws BpfException if there is no such program or function, or the kernel refuses
     */
    public Link attachTracingMulti(String program, String pattern, TracingMultiOptions options) {
        return keep(TracingMulti.attach(program(program), pattern, options));
    }

    /**
     * Attaches a program to the kernel functions of a list, by one link and their ids in the
     * kernel's types (Linux 7.2).
     *
     * @param program the name of a {@code SEC("fentry.multi")}, {@code SEC("fexit.multi")} or
     *     {@code SEC("fsession.multi")} program
     * @param functions the functions, all of the kernel itself or all {@code module:function} of
     *     one module
     * @param options a cookie for all or for each
     * @return the link; closed with this collection
     * @throws BpfException if there is no such program or function, or the kernel refuses
     */
    public Link attachTracingMulti(
            String program, List<String> functions, TracingMultiOptions options) {
        return keep(TracingMulti.attach(program(program), functions, options));
    }
}
