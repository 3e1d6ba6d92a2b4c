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
import io.ebpf4j.sys.PerfEvent;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Runs programs of {@code SEC("perf_event")} whenever a counter has got so far, as profilers do
 * with the CPU's clock. Linux 4.9.
 *
 * <p>Without a process there is one event for each CPU that is online. One that comes online later
 * is not sampled until {@link #refresh} looks for such. With a process there is one event for each
 * of its threads.
 */
public final class Sampling {
    private static final String MAX_RATE = "/proc/sys/kernel/perf_event_max_sample_rate";

    private final HostFiles files;
    private final Program program;
    private final PerfEventOptions options;
    private final String where;

    private Sampling(HostFiles files, Program program, PerfEventOptions options) {
        this.files = files;
        this.program = program;
        this.options = options;
        this.where = "samples of " + PerfCounter.describe(options.type(), options.config());
    }

    /**
     * Has a program run 99 times per second on every CPU.
     *
     * @param program a program of type PERF_EVENT
     * @return the link; close it to detach
     * @throws BpfException if the program is of another type, or the kernel refuses
     * @throws io.ebpf4j.error.PermissionDeniedException if CAP_PERFMON is missing
     * @throws IllegalStateException if the program is closed
     */
    public static Link attach(Program program) {
        return attach(program, PerfEventOptions.DEFAULT);
    }

    /**
     * Has a program run whenever a counter has got so far.
     *
     * <p>All events of the attachment are there, or none. A link of a single event, that is, for
     * one CPU, can be pinned.
     *
     * @param program a program of type PERF_EVENT
     * @param options what is counted, how often it is sampled, and where
     * @return the link; close it to detach
     * @throws BpfException if the program is of another type, there is no such process or CPU, or
     *     the kernel refuses
     * @throws UnsupportedException if the machine does not have the counter, or the kernel lacks
     *     what an option asks for
     * @throws io.ebpf4j.error.PermissionDeniedException if CAP_PERFMON is missing
     * @throws IllegalStateException if the program is closed
     */
    public static Link attach(Program program, PerfEventOptions options) {
        return attach(HostFiles.SYSTEM, program, options);
    }

    static Link attach(HostFiles files, Program program, PerfEventOptions options) {
        Sampling sampling = new Sampling(files, program, options);
        Hooks.require(program, sampling.where, ProgramType.PERF_EVENT);
        List<Link> events = new ArrayList<>();
        try {
            return options.pid() < 0 && options.cpu() < 0
                    ? sampling.attachToCpus(events)
                    : sampling.attachToOne(events);
        } catch (RuntimeException | Error e) {
            PlacesLink.closeAfter(e, events);
            throw e;
        }
    }

    /**
     * Looks which CPUs are online, has a link for all CPUs sample those that came online since it
     * was attached or last looked, and closes the events of those that went offline. A CPU that was
     * offline and came back in between is not noticed: its event is one that no longer counts.
     *
     * @param link what {@link #attach(Program)} returned, for every CPU and every process
     * @return how many CPUs came in
     * @throws IllegalArgumentException if the link is another
     * @throws IllegalStateException if the link, or the program, is closed
     * @throws BpfException if the kernel refuses a new event; all is then as it was before
     */
    public static int refresh(Link link) {
        int came = link instanceof SamplingLink sampling ? sampling.refresh() : -1;
        if (came < 0) {
            throw new IllegalArgumentException(link + " does not sample all CPUs");
        }
        return came;
    }

    private Link attachToOne(List<Link> events) {
        if (options.pid() >= 0) {
            for (int thread : threads()) {
                attach(thread, options.cpu(), events);
            }
        } else {
            attach(-1, options.cpu(), events);
        }
        requireSome(events);
        return events.size() == 1
                ? events.get(0)
                : new SamplingLink(where, detail(), events, program.info().id());
    }

    private Link attachToCpus(List<Link> events) {
        Map<Integer, Link> byCpu = new TreeMap<>();
        for (int cpu : onlineCpus()) {
            attachTo(cpu, events, byCpu);
        }
        requireSome(events);
        return new SamplingLink(this, where, detail(), byCpu, program.info().id());
    }

    int[] onlineCpus() {
        return program.kernel().onlineCpus();
    }

    /** Attaches to a CPU, unless it went offline meanwhile. */
    void attachTo(int cpu, List<Link> events, Map<Integer, Link> byCpu) {
        int before = events.size();
        attach(-1, cpu, events);
        if (events.size() > before) {
            byCpu.put(cpu, events.get(before));
        }
    }

    private void requireSome(List<Link> events) {
        if (events.isEmpty()) {
            throw new BpfException(
                    "cannot attach " + program.name() + " to " + where + ": there is no " + gone());
        }
    }

    private LinkInfo.PerfEvent detail() {
        return new LinkInfo.PerfEvent(options.type(), options.config(), options.cookie());
    }

    private void attach(int thread, int cpu, List<Link> into) {
        long event = open(thread, cpu);
        // a CPU that went offline, or a thread that ended, since they were listed
        boolean passed =
                event == -Errno.ESRCH && thread > 0
                        || event == -Errno.ENODEV && options.cpu() < 0 && thread < 0;
        if (passed) {
            return;
        }
        if (event < 0) {
            throw refused((int) -event);
        }
        into.add(
                new PerfAttachment(program, where)
                        .attach((int) event, null, options.cookie(), options.mode()));
    }

    // Threads that a sampled one starts are counted by its event too, while it is open.
    private long open(int thread, int cpu) {
        long bits = options.frequency() > 0 ? PerfEvent.FREQUENCY : 0;
        bits |= options.excludeKernel() ? PerfEvent.EXCLUDE_KERNEL : 0;
        bits |= options.excludeUser() ? PerfEvent.EXCLUDE_USER : 0;
        bits |= thread > 0 ? PerfEvent.INHERIT : 0;
        long often = options.frequency() > 0 ? options.frequency() : options.period();
        Kernel kernel = program.kernel();
        return PerfEvents.open(
                kernel,
                new PerfEvent(options.type(), options.config(), 0, 0, often, 0, 0, bits),
                thread,
                cpu);
    }

    private int[] threads() {
        long pid = options.pid() == 0 ? ProcessHandle.current().pid() : options.pid();
        String[] names = files.path("/proc/" + pid + "/task").toFile().list();
        int[] threads = new int[names == null ? 0 : names.length];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = Integer.parseInt(names[i]);
        }
        return threads;
    }

    private String gone() {
        return options.pid() >= 0
                ? "process " + (options.pid() == 0 ? "of this id" : options.pid())
                : "CPU online";
    }

    private BpfException refused(int errno) {
        String what = "cannot attach " + program.name() + " to " + where;
        switch (errno) {
            case Errno.ENOENT, Errno.EOPNOTSUPP -> {
                return new UnsupportedException(
                        what + ": this machine cannot sample that, as many virtual machines cannot",
                        "",
                        "sample PerfCounter.CPU_CLOCK",
                        "perf_event_open",
                        errno);
            }
            case Errno.ENODEV ->
                    what += options.cpu() >= 0 ? " (is CPU " + options.cpu() + " online?)" : "";
            case Errno.EINVAL -> what += tooOften();
            default -> {
                // The errno says it all.
            }
        }
        return Failure.of("perf_event_open", errno, what, Capability.PERFMON);
    }

    private String tooOften() {
        String most = files.readOrNull(MAX_RATE);
        return options.frequency() > 0 && most != null
                ? " ("
                        + options.frequency()
                        + " times per second; "
                        + MAX_RATE
                        + " is "
                        + most
                        + ")"
                : "";
    }
}
