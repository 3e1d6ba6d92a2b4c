// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.program.Program;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.Architecture;
import io.ebpf4j.sys.Capability;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.Failure;

/**
 * One attachment to a kernel function: PMU first, then tracefs; the name as given first, then with
 * the prefix.
 */
final class KprobeLadder {
    private static final int EADDRNOTAVAIL = 99;
    private static final String SYSCALL = "sys_";

    private final HostFiles files;
    private final Kernel kernel;
    private final Program program;
    private final String function;
    private final KprobeOptions options;
    private final String where;

    KprobeLadder(HostFiles files, Program program, String function, KprobeOptions options) {
        this.files = files;
        this.kernel = program.kernel();
        this.program = program;
        this.function = function;
        this.options = options;
        this.where =
                (options.returning() ? "kretprobe " : "kprobe ")
                        + function
                        + (options.offset() == 0 ? "" : "+0x" + Long.toHexString(options.offset()));
    }

    Link attach() {
        Hooks.require(program, where, ProgramType.KPROBE);
        Pmu pmu = options.mode().mayUsePmu() ? Pmu.ofKprobes(files) : null;
        if (pmu != null) {
            int event = openByPmu(pmu);
            if (event >= 0) {
                return finish(event, null);
            }
            // The PMU of kernels before 5.0 makes an event's name of the function's and refuses one
            // with a dot.
            if (!options.mode().mayUseTracefs()
                    || event != -Errno.EINVAL
                    || function.indexOf('.') < 0) {
                throw refused("perf_event_open", -event);
            }
        } else if (!options.mode().mayUseTracefs()) {
            throw absent("the kprobe PMU is not there", "4.17");
        }
        return attachByTracefs();
    }

    private Link finish(int event, ProbeEvent probe) {
        return new PerfAttachment(program, where)
                .attach(event, probe, options.cookie(), options.mode());
    }

    private int openByPmu(Pmu pmu) {
        long config = pmu.config(options.returning(), 0);
        long event = PerfEvents.probe(kernel, pmu, config, function, options.offset(), -1);
        String prefixed = prefixed();
        if (prefixed != null && mayHaveOtherName((int) -event)) {
            event = PerfEvents.probe(kernel, pmu, config, prefixed, options.offset(), -1);
        }
        return (int) event;
    }

    private Link attachByTracefs() {
        Tracefs tracefs = Tracefs.findOrNull(files);
        if (tracefs == null) {
            if (!new KernelFunctions(files).hasKprobes()) {
                throw absent("the kernel is built without CONFIG_KPROBES", "");
            }
            tracefs = Tracefs.find(files);
        }
        if (!files.exists(tracefs.absolute("kprobe_events"))) {
            throw absent("the kernel is built without CONFIG_KPROBES or CONFIG_KPROBE_EVENTS", "");
        }
        ProbeEvent probe = createEvent(tracefs);
        long event = -1;
        try {
            event = PerfEvents.tracepoint(kernel, probe.id(), -1);
            if (event < 0) {
                throw refused("perf_event_open", (int) -event);
            }
        } finally {
            if (event < 0) {
                probe.close();
            }
        }
        return finish((int) event, probe);
    }

    private ProbeEvent createEvent(Tracefs tracefs) {
        try {
            return createEvent(tracefs, function);
        } catch (BpfException e) {
            String prefixed = prefixed();
            if (prefixed == null || !mayHaveOtherName(e.errno())) {
                throw e.errno() == 0 || isDenied(e.errno()) ? e : refused(e.command(), e.errno());
            }
        }
        try {
            return createEvent(tracefs, prefixed());
        } catch (BpfException e) {
            throw refused(e.command(), e.errno());
        }
    }

    private ProbeEvent createEvent(Tracefs tracefs, String name) {
        return ProbeEvent.create(
                kernel.calls(),
                tracefs,
                ProbeEvent.Kind.KPROBE,
                options.returning(),
                name,
                options.offset() == 0 ? name : name + "+0x" + Long.toHexString(options.offset()));
    }

    private static boolean mayHaveOtherName(int errno) {
        return errno == Errno.ENOENT || errno == Errno.EINVAL;
    }

    private static boolean isDenied(int errno) {
        return errno == Errno.EACCES || errno == Errno.EPERM;
    }

    /**
     * Returns the name of a system call's function on this machine, or null
     * (arch/ARCH/include/asm/syscall_wrapper.h).
     */
    private String prefixed() {
        if (!function.startsWith(SYSCALL)) {
            return null;
        }
        return switch (Architecture.current()) {
            case X86_64 -> "__x64_" + function;
            case AARCH64 -> "__arm64_" + function;
            case RISCV64 -> "__riscv_" + function;
            case S390X -> "__s390x_" + function;
            default -> null;
        };
    }

    private UnsupportedException absent(String why, String since) {
        return new UnsupportedException(
                "cannot attach " + program.name() + " to " + where + ": " + why,
                since,
                "attach to a tracepoint or raw tracepoint instead");
    }

    private BpfException refused(String call, int errno) {
        String what = "cannot attach " + program.name() + " to " + where;
        switch (errno) {
            case Errno.ENOENT, Errno.EINVAL -> what += new KernelFunctions(files).explain(function);
            case Errno.EILSEQ -> what += ": no instruction begins at that offset";
            case Errno.ERANGE -> what += ": the offset lies behind the function's end";
            case EADDRNOTAVAIL -> what += ": the kernel has several functions of that name";
            default -> {
                // The errno says it all.
            }
        }
        return Failure.of(call, errno, what, Capability.PERFMON);
    }
}
