// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.program.Program;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.Capability;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.Failure;

/** One attachment to a place in a file: PMU first, then tracefs. */
final class UprobeLadder {
    private static final int EIO = 5;
    private static final String COUNTER_SINCE = "4.20";

    private final HostFiles files;
    private final Kernel kernel;
    private final Program program;
    private final String path;
    private final long offset;
    private final UprobeOptions options;
    private final String where;

    /** Describes the attachment; the options' offset is added to {@code offset}. */
    UprobeLadder(
            HostFiles files,
            Program program,
            String path,
            long offset,
            String place,
            UprobeOptions options) {
        this.files = files;
        this.kernel = program.kernel();
        this.program = program;
        this.path = path;
        this.offset = Math.addExact(offset, options.offset());
        this.options = options;
        this.where =
                (options.returning() ? "uretprobe " : "uprobe ")
                        + place
                        + (options.offset() == 0 ? "" : "+0x" + Long.toHexString(options.offset()));
    }

    Link attach() {
        Hooks.require(program, where, ProgramType.KPROBE);
        Pmu pmu = options.mode().mayUsePmu() ? Pmu.ofUprobes(files) : null;
        if (pmu == null) {
            if (!options.mode().mayUseTracefs()) {
                throw new UnsupportedException(
                        what() + ": the uprobe PMU is not there",
                        "4.17",
                        "let the mode be AUTOMATIC");
            }
            return attachByTracefs();
        }
        if (options.refCtrOffset() != 0 && pmu.refCounterShift() < 0) {
            throw new UnsupportedException(
                    "a reference counter for " + where,
                    COUNTER_SINCE,
                    "raise the counter in the process yourself");
        }
        long config = pmu.config(options.returning(), options.refCtrOffset());
        long event = PerfEvents.probe(kernel, pmu, config, path, offset, options.pid());
        return finish(event, null);
    }

    private Link attachByTracefs() {
        Tracefs tracefs = Tracefs.find(files);
        String counter =
                options.refCtrOffset() == 0
                        ? ""
                        : "(0x" + Long.toHexString(options.refCtrOffset()) + ")";
        String label = path.substring(path.lastIndexOf('/') + 1);
        ProbeEvent probe;
        try {
            probe =
                    ProbeEvent.create(
                            kernel.calls(),
                            tracefs,
                            ProbeEvent.Kind.UPROBE,
                            options.returning(),
                            label,
                            path + ":0x" + Long.toHexString(offset) + counter);
        } catch (BpfException e) {
            throw e.errno() == 0 || isDenied(e.errno()) ? e : refused(e.command(), e.errno());
        }
        long event = -1;
        try {
            event = PerfEvents.tracepoint(kernel, probe.id(), options.pid());
        } finally {
            if (event < 0) {
                probe.close();
            }
        }
        return finish(event, probe);
    }

    private Link finish(long event, ProbeEvent probe) {
        if (event < 0) {
            throw refused("perf_event_open", (int) -event);
        }
        return new PerfAttachment(program, where)
                .attach((int) event, probe, options.cookie(), options.mode());
    }

    private static boolean isDenied(int errno) {
        return errno == Errno.EACCES || errno == Errno.EPERM;
    }

    private String what() {
        return "cannot attach " + program.name() + " to " + where;
    }

    private BpfException refused(String call, int errno) {
        String what = what();
        switch (errno) {
            case Errno.ESRCH -> what += ": there is no process " + options.pid();
            case Errno.EINVAL, EIO ->
                    what +=
                            ": file offset 0x"
                                    + Long.toHexString(offset)
                                    + " holds no instruction that can be probed";
            case Errno.ENOTSUPP ->
                    what +=
                            ": the instruction at file offset 0x"
                                    + Long.toHexString(offset)
                                    + " cannot be probed";
            default -> {
                // The errno says it all.
            }
        }
        return Failure.of(call, errno, what, Capability.PERFMON);
    }
}
