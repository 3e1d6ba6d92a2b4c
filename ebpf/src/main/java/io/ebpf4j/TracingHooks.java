// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.link.BpfIterator;
import io.ebpf4j.link.Freplace;
import io.ebpf4j.link.GoProbe;
import io.ebpf4j.link.GoProbeOptions;
import io.ebpf4j.link.IteratorOptions;
import io.ebpf4j.link.Link;
import io.ebpf4j.link.PerfEventOptions;
import io.ebpf4j.link.RawTracepoint;
import io.ebpf4j.link.RawTracepointOptions;
import io.ebpf4j.link.Sampling;
import io.ebpf4j.link.Tracepoint;
import io.ebpf4j.link.TracepointOptions;
import io.ebpf4j.link.Tracing;
import io.ebpf4j.link.TracingOptions;
import io.ebpf4j.link.Uprobe;
import io.ebpf4j.link.UprobeMulti;
import io.ebpf4j.link.UprobeMultiOptions;
import io.ebpf4j.link.UprobeOptions;
import io.ebpf4j.link.Usdt;
import io.ebpf4j.link.UsdtMaps;
import io.ebpf4j.link.UsdtOptions;
import io.ebpf4j.map.Codec;
import io.ebpf4j.map.MapHandle;
import io.ebpf4j.program.Program;
import io.ebpf4j.spec.ProgramSpec;

import java.util.List;
import java.util.stream.Stream;

/** The hooks by which an object's programs observe the kernel and other processes. */
abstract class TracingHooks extends KernelFunctionHooks {
    TracingHooks() {}

    /** Returns the maps of usdt.bpf.h, or null when the object does not include it. */
    abstract UsdtMaps usdtMaps(Program program);

    /**
     * Attaches a program to a tracepoint.
     *
     * @param program the program's name
     * @param category the tracepoint's category, such as {@code syscalls}
     * @param name the tracepoint's name, such as {@code sys_enter_openat}
     * @return the link; closed with this collection
     * @throws BpfException if there is no such program or tracepoint, or the kernel refuses
     */
    public Link attachTracepoint(String program, String category, String name) {
        return attachTracepoint(program, category, name, TracepointOptions.builder().build());
    }

    /**
     * Attaches a program to a tracepoint.
     *
     * @param program the program's name
     * @param category the tracepoint's category, such as {@code syscalls}
     * @param name the tracepoint's name, such as {@code sys_enter_openat}
     * @param options cookie, mechanism
     * @return the link; closed with this collection
     * @throws BpfException if there is no such program or tracepoint, or the kernel refuses
     */
    public Link attachTracepoint(
            String program, String category, String name, TracepointOptions options) {
        return keep(Tracepoint.attach(program(program), category, name, options));
    }

    /**
     * Attaches a program to a raw tracepoint.
     *
     * @param program the program's name
     * @param name the tracepoint's name, such as {@code sched_switch}
     * @return the link; closed with this collection
     * @throws BpfException if there is no such program or tracepoint, or the kernel refuses
     */
    public Link attachRawTracepoint(String program, String name) {
        return attachRawTracepoint(program, name, RawTracepointOptions.builder().build());
    }

    /**
     * Attaches a program to a raw tracepoint.
     *
     * @param program the program's name
     * @param name the tracepoint's name, such as {@code sched_switch}
     * @param options cookie
     * @return the link; closed with this collection
     * @throws BpfException if there is no such program or tracepoint, or the kernel refuses
     */
    public Link attachRawTracepoint(String program, String name, RawTracepointOptions options) {
        return keep(RawTracepoint.attach(program(program), name, options));
    }

    /**
     * Attaches a {@code tp_btf}, {@code fentry}, {@code fexit}, {@code fmod_ret} or {@code lsm}
     * program to the target it was loaded for. Another target is set before the load, by {@link
     * ProgramSpec#attachTarget(String)}.
     *
     * @param program the program's name
     * @return the link; closed with this collection
     * @throws BpfException if there is no such program, it is of another kind, or the kernel
     *     refuses
     */
    public Link attachTracing(String program) {
        return attachTracing(program, TracingOptions.builder().build());
    }

    /**
     * Attaches a {@code tp_btf}, {@code fentry}, {@code fexit}, {@code fmod_ret} or {@code lsm}
     * program to the target it was loaded for.
     *
     * @param program the program's name
     * @param options cookie
     * @return the link; closed with this collection
     * @throws BpfException if there is no such program, it is of another kind, or the kernel
     *     refuses
     */
    public Link attachTracing(String program, TracingOptions options) {
        return keep(Tracing.attach(program(program), options));
    }

    /**
     * Replaces a function of a loaded program (Linux 5.10). The function that a program was loaded
     * for, see {@link LoadOptions.Builder#attachTo(String, Program)}, is replaced by {@link
     * Collection#attach(String)} too.
     *
     * @param program the name of a {@code SEC("freplace")} program
     * @param target the program whose function is replaced
     * @param function the function, whose arguments and result are those of the function that the
     *     replacement was loaded for
     * @return the link; closed with this collection
     * @throws BpfException if there is no such program or function, or the kernel refuses
     */
    public Link attachFreplace(String program, Program target, String function) {
        return keep(Freplace.attach(program(program), target, function));
    }

    /**
     * Attaches a program to the entry of a function of an executable or shared library.
     *
     * @param program the program's name
     * @param binary a path, or a name to look for as the dynamic linker and the shell do, such as
     *     {@code libc.so.6}
     * @param symbol the function, or {@code function+offset}
     * @return the link; closed with this collection
     * @throws BpfException if there is no such program, file or function, or the kernel refuses
     */
    public Link attachUprobe(String program, String binary, String symbol) {
        return attachUprobe(program, binary, symbol, UprobeOptions.builder().build());
    }

    /**
     * Attaches a program to a function of an executable or shared library.
     *
     * @param program the program's name
     * @param binary a path, or a name to look for as the dynamic linker and the shell do, such as
     *     {@code libc.so.6}
     * @param symbol the function, or {@code function+offset}
     * @param options entry or return, process, cookie, mechanism
     * @return the link; closed with this collection
     * @throws BpfException if there is no such program, file or function, or the kernel refuses
     */
    public Link attachUprobe(String program, String binary, String symbol, UprobeOptions options) {
        return keep(Uprobe.attach(program(program), binary, symbol, options));
    }

    /**
     * Attaches a program to the return of a function of an executable or shared library.
     *
     * @param program the program's name
     * @param binary a path, or a name to look for as the dynamic linker and the shell do, such as
     *     {@code libc.so.6}
     * @param symbol the function
     * @return the link; closed with this collection
     * @throws BpfException if there is no such program, file or function, or the kernel refuses
     */
    public Link attachUretprobe(String program, String binary, String symbol) {
        return attachUprobe(program, binary, symbol, UprobeOptions.builder().returning().build());
    }

    /**
     * Attaches a program to all functions of an executable or shared library that a pattern
     * matches, by one link, in every process (Linux 6.6). A {@code SEC("uprobe.session")} program
     * (6.13) runs at their entry and their return.
     *
     * @param program the name of a {@code SEC("uprobe.multi")} or {@code SEC("uprobe.session")}
     *     program
     * @param binary a path, or a name to look for as the dynamic linker and the shell do, such as
     *     {@code libc.so.6}
     * @param pattern a pattern such as {@code SSL_*}, with {@code *} and {@code ?}, or a function
     * @return the link; closed with this collection
     * @throws BpfException if there is no such program, file or function, or the kernel refuses
     */
    public Link attachUprobeMulti(String program, String binary, String pattern) {
        return attachUprobeMulti(program, binary, pattern, UprobeMultiOptions.builder().build());
    }

    /**
     * Attaches a program to all functions of an executable or shared library that a pattern
     * matches, by one link (Linux 6.6).
     *
     * @param program the name of a {@code SEC("uprobe.multi")} or {@code SEC("uprobe.session")}
     *     program
     * @param binary a path, or a name to look for as the dynamic linker and the shell do, such as
     *     {@code libc.so.6}
     * @param pattern a pattern such as {@code SSL_*}, with {@code *} and {@code ?}, or a function
     * @param options entry or return, process, cookie
     * @return the link; closed with this collection
     * @throws BpfException if there is no such program, file or function, or the kernel refuses
     */
    public Link attachUprobeMulti(
            String program, String binary, String pattern, UprobeMultiOptions options) {
        return keep(UprobeMulti.attach(program(program), binary, pattern, options));
    }

    /**
     * Attaches a program to functions of an executable or shared library, by one link (Linux 6.6).
     *
     * @param program the name of a {@code SEC("uprobe.multi")} or {@code SEC("uprobe.session")}
     *     program
     * @param binary a path, or a name to look for as the dynamic linker and the shell do, such as
     *     {@code libc.so.6}
     * @param symbols the functions
     * @param options entry or return, process, cookies, reference counters
     * @return the link; closed with this collection
     * @throws BpfException if there is no such program, file or function, or the kernel refuses
     */
    public Link attachUprobeMulti(
            String program, String binary, List<String> symbols, UprobeMultiOptions options) {
        return keep(UprobeMulti.attach(program(program), binary, symbols, options));
    }

    /**
     * Attaches a program to places in an executable or library, by one link (Linux 6.6).
     *
     * @param program the name of a {@code SEC("uprobe.multi")} or {@code SEC("uprobe.session")}
     *     program
     * @param binary a path, a library's soname or an executable's name
     * @param fileOffsets the instructions' places in bytes from the start of the file
     * @param options entry or return, process, a cookie for all or for each
     * @return the link; closed with this collection
     * @throws BpfException if there is no such program or binary, no instruction at one of the
     *     places, or the kernel refuses
     */
    public Link attachUprobeMulti(
            String program, String binary, long[] fileOffsets, UprobeMultiOptions options) {
        return keep(UprobeMulti.attach(program(program), binary, fileOffsets, options));
    }

    /**
     * Attaches a program to the entry of a function of a Go program, in every process, each call
     * once, however often its stack has to grow.
     *
     * @param program the program's name
     * @param binary a path, or a name to look for as the shell does
     * @param function the function, such as {@code main.handle} or {@code main.(*Server).handle}
     * @return the link; closed with this collection
     * @throws BpfException if there is no such program, file or function, the file is no Go
     *     program, or the kernel refuses
     */
    public Link attachGo(String program, String binary, String function) {
        return attachGo(program, binary, function, GoProbeOptions.builder().build());
    }

    /**
     * Attaches a program to a function of a Go program.
     *
     * @param program the program's name
     * @param binary a path, or a name to look for as the shell does
     * @param function the function, such as {@code main.handle} or {@code main.(*Server).handle}
     * @param options entry or return, process, cookie, mechanism
     * @return the link; closed with this collection
     * @throws BpfException if there is no such program, file or function, the file is no Go
     *     program, the return is hidden by a tail call, or the kernel refuses
     */
    public Link attachGo(String program, String binary, String function, GoProbeOptions options) {
        return keep(GoProbe.attach(program(program), binary, function, options));
    }

    /**
     * Attaches a program to the returns of a function of a Go program, in every process, whose
     * stack moves and must not be touched: {@link #attachUretprobe} would end the process.
     *
     * @param program the program's name
     * @param binary a path, or a name to look for as the shell does
     * @param function the function, such as {@code main.handle} or {@code main.(*Server).handle}
     * @return the link; closed with this collection
     * @throws BpfException if there is no such program, file or function, the file is no Go
     *     program, the return is hidden by a tail call, or the kernel refuses
     */
    public Link attachGoReturn(String program, String binary, String function) {
        return attachGo(program, binary, function, GoProbeOptions.builder().returning().build());
    }

    /**
     * Attaches a program to a static probe (USDT) of an executable or shared library, in every
     * process.
     *
     * @param program the program's name
     * @param binary a path, or a name to look for as the dynamic linker and the shell do, such as
     *     {@code libjvm.so}
     * @param provider the probe's provider, such as {@code hotspot}
     * @param name the probe's name, such as {@code gc__begin}
     * @return the link; closed with this collection
     * @throws BpfException if there is no such program, file or probe, or the kernel refuses
     */
    public Link attachUsdt(String program, String binary, String provider, String name) {
        return attachUsdt(program, binary, provider, name, UsdtOptions.builder().build());
    }

    /**
     * Attaches a program to a static probe (USDT) of an executable or shared library.
     *
     * @param program the program's name
     * @param binary a path, or a name to look for as the dynamic linker and the shell do, such as
     *     {@code libjvm.so}
     * @param provider the probe's provider, such as {@code hotspot}
     * @param name the probe's name, such as {@code gc__begin}
     * @param options process, cookie
     * @return the link; closed with this collection
     * @throws BpfException if there is no such program, file or probe, or the kernel refuses
     */
    public Link attachUsdt(
            String program, String binary, String provider, String name, UsdtOptions options) {
        Program p = program(program);
        return keep(Usdt.attach(p, usdtMaps(p), binary, provider, name, options));
    }

    /**
     * Attaches a program to the iterator that its section names (Linux 5.8), such as {@code
     * SEC("iter/task")}.
     *
     * @param program the program's name
     * @return the iterator, which is read as often as one likes; closed with this collection
     * @throws BpfException if there is no such program, its iterator wants a map or cgroups, or the
     *     kernel refuses
     */
    public BpfIterator attachIterator(String program) {
        return attachIterator(program, IteratorOptions.builder().build());
    }

    /**
     * Attaches a program to the iterator that its section names, for some of its objects.
     *
     * @param program the program's name
     * @param options one thread or process, or cgroups (Linux 6.1)
     * @return the iterator, which is read as often as one likes; closed with this collection
     * @throws BpfException if there is no such program or cgroup, its iterator takes no such
     *     options, or the kernel refuses
     */
    public BpfIterator attachIterator(String program, IteratorOptions options) {
        return keep(BpfIterator.attach(program(program), options));
    }

    /**
     * Attaches a program to the elements of one of the object's maps (Linux 5.9), as {@code
     * SEC("iter/bpf_map_elem")} goes over them.
     *
     * @param program the program's name
     * @param map the map's name
     * @return the iterator, which is read as often as one likes; closed with this collection
     * @throws BpfException if there is no such program or map, the program's iterator takes no map
     *     or none of its type, or the kernel refuses
     */
    public BpfIterator attachIterator(String program, String map) {
        return attachIterator(program, map(map));
    }

    /**
     * Attaches a program to the elements of any map (Linux 5.9), as {@code
     * SEC("iter/bpf_map_elem")} goes over them.
     *
     * @param program the program's name
     * @param map the map, which the iterator keeps
     * @return the iterator, which is read as often as one likes; closed with this collection
     * @throws BpfException if there is no such program, its iterator takes no map or none of this
     *     type, or the kernel refuses
     */
    public BpfIterator attachIterator(String program, MapHandle map) {
        return keep(BpfIterator.attach(program(program), map.descriptor(), map.name()));
    }

    /**
     * Has an iterator run, and reads the records that its program writes with {@code
     * bpf_seq_write}. No types are declared for them that they could be checked against.
     *
     * @param <T> type of records
     * @param iterator the iterator
     * @param type class of records, see {@link Codec}
     * @return the records; close the stream if it may not be read to the end
     * @throws BpfException if the class has no layout, or the kernel refuses
     * @throws IllegalStateException if the iterator is closed
     */
    public <T> Stream<T> records(BpfIterator iterator, Class<T> type) {
        Codec<T> codec = Codec.of(type);
        return iterator.records(codec.size(), codec::decode);
    }

    /**
     * Has a program of {@code SEC("perf_event")} run 99 times per second on every CPU that is
     * online (Linux 4.9).
     *
     * @param program the program's name
     * @return the link; closed with this collection
     * @throws BpfException if there is no such program, or the kernel refuses
     */
    public Link attachPerfEvent(String program) {
        return attachPerfEvent(program, PerfEventOptions.builder().build());
    }

    /**
     * Has a program of {@code SEC("perf_event")} run whenever a counter has got so far.
     *
     * @param program the program's name
     * @param options what is counted, how often it is sampled, process, CPU, cookie, mechanism
     * @return the link; closed with this collection
     * @throws BpfException if there is no such program, process or CPU, the machine does not have
     *     the counter, or the kernel refuses
     */
    public Link attachPerfEvent(String program, PerfEventOptions options) {
        return keep(Sampling.attach(program(program), options));
    }
}
