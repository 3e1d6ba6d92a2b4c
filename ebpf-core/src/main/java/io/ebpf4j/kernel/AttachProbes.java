// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.kernel;

import static java.util.Map.entry;

import io.ebpf4j.asm.Assembler;
import io.ebpf4j.asm.Instructions;
import io.ebpf4j.asm.Register;
import io.ebpf4j.spec.AttachType;
import io.ebpf4j.spec.MapType;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Capability;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.LinkCreate;
import io.ebpf4j.sys.MapCreate;

import java.util.Map;

/**
 * Asks where programs can be attached, without attaching any: a target that cannot exist is named,
 * and a kernel that knows the attach type complains about the target.
 */
final class AttachProbes {
    /** {@code BPF_F_LINK} (Linux 6.4). */
    private static final int F_LINK = 1 << 13;

    /** An address that no process can read. */
    private static final long NOWHERE = 1;

    /** An interface's number that none has. */
    private static final int NO_INTERFACE = Integer.MAX_VALUE;

    private static final int NO_DESCRIPTOR = -1;

    private static final LinkCreate.Options NO_SYMBOLS =
            new LinkCreate.KprobeMulti(0, 1, NOWHERE, 0, 0);

    private static final LinkCreate.Options NO_FILE =
            new LinkCreate.UprobeMulti(NOWHERE, NOWHERE, 0, 0, 1, 0, 0);

    private static final long CAPABILITIES =
            Capability.BPF | Capability.PERFMON | Capability.NET_ADMIN;

    /** Some attach types take programs only that return 1. */
    private static final Instructions PASS = new Assembler().mov(Register.R0, 1).exit().build();

    private static final Map<AttachType, Probe> PROBES =
            Map.ofEntries(
                    entry(AttachType.CGROUP_INET_INGRESS, new Attached(ProgramType.CGROUP_SKB)),
                    entry(AttachType.CGROUP_INET_EGRESS, new Attached(ProgramType.CGROUP_SKB)),
                    entry(
                            AttachType.CGROUP_INET_SOCK_CREATE,
                            new Attached(ProgramType.CGROUP_SOCK)),
                    entry(
                            AttachType.CGROUP_INET_SOCK_RELEASE,
                            new Attached(ProgramType.CGROUP_SOCK)),
                    entry(AttachType.CGROUP_INET4_POST_BIND, new Attached(ProgramType.CGROUP_SOCK)),
                    entry(AttachType.CGROUP_INET6_POST_BIND, new Attached(ProgramType.CGROUP_SOCK)),
                    entry(AttachType.CGROUP_SOCK_OPS, new Attached(ProgramType.SOCK_OPS)),
                    entry(AttachType.CGROUP_DEVICE, new Attached(ProgramType.CGROUP_DEVICE)),
                    entry(AttachType.CGROUP_SYSCTL, new Attached(ProgramType.CGROUP_SYSCTL)),
                    entry(AttachType.CGROUP_GETSOCKOPT, new Attached(ProgramType.CGROUP_SOCKOPT)),
                    entry(AttachType.CGROUP_SETSOCKOPT, new Attached(ProgramType.CGROUP_SOCKOPT)),
                    entry(AttachType.SK_SKB_STREAM_PARSER, new Attached(ProgramType.SK_SKB)),
                    entry(AttachType.SK_SKB_STREAM_VERDICT, new Attached(ProgramType.SK_SKB)),
                    entry(AttachType.SK_SKB_VERDICT, new Attached(ProgramType.SK_SKB)),
                    entry(AttachType.SK_MSG_VERDICT, new Attached(ProgramType.SK_MSG)),
                    entry(AttachType.LIRC_MODE2, new Attached(ProgramType.LIRC_MODE2)),
                    entry(AttachType.SK_REUSEPORT_SELECT, new Checked(ProgramType.SK_REUSEPORT)),
                    entry(
                            AttachType.SK_REUSEPORT_SELECT_OR_MIGRATE,
                            new Checked(ProgramType.SK_REUSEPORT)),
                    entry(AttachType.NETFILTER, new Checked(ProgramType.NETFILTER)),
                    entry(
                            AttachType.FLOW_DISSECTOR,
                            linked(ProgramType.FLOW_DISSECTOR, Errno.EBADF)),
                    entry(AttachType.SK_LOOKUP, linked(ProgramType.SK_LOOKUP, Errno.EBADF)),
                    entry(AttachType.PERF_EVENT, linked(ProgramType.TRACEPOINT, Errno.EBADF)),
                    entry(AttachType.XDP, new Named()),
                    entry(AttachType.TCX_INGRESS, linked(ProgramType.SCHED_CLS, Errno.ENODEV)),
                    entry(AttachType.TCX_EGRESS, linked(ProgramType.SCHED_CLS, Errno.ENODEV)),
                    entry(AttachType.NETKIT_PRIMARY, linked(ProgramType.SCHED_CLS, Errno.ENODEV)),
                    entry(AttachType.NETKIT_PEER, linked(ProgramType.SCHED_CLS, Errno.ENODEV)),
                    entry(
                            AttachType.TRACE_KPROBE_MULTI,
                            new Linked(ProgramType.KPROBE, 0, NO_SYMBOLS, Errno.EFAULT)),
                    entry(
                            AttachType.TRACE_KPROBE_SESSION,
                            new Linked(ProgramType.KPROBE, 0, NO_SYMBOLS, Errno.EFAULT)),
                    entry(
                            AttachType.TRACE_UPROBE_MULTI,
                            new Linked(ProgramType.KPROBE, 0, NO_FILE, Errno.EFAULT)),
                    entry(
                            AttachType.TRACE_UPROBE_SESSION,
                            new Linked(ProgramType.KPROBE, 0, NO_FILE, Errno.EFAULT)),
                    entry(AttachType.TRACE_RAW_TP, new Targeted(ProgramType.TRACING)),
                    entry(AttachType.TRACE_FENTRY, new Targeted(ProgramType.TRACING)),
                    entry(AttachType.TRACE_FEXIT, new Targeted(ProgramType.TRACING)),
                    entry(AttachType.MODIFY_RETURN, new Targeted(ProgramType.TRACING)),
                    entry(AttachType.TRACE_ITER, new Targeted(ProgramType.TRACING)),
                    entry(AttachType.TRACE_FSESSION, new Targeted(ProgramType.TRACING)),
                    entry(AttachType.TRACE_FENTRY_MULTI, new Loaded(ProgramType.TRACING)),
                    entry(AttachType.TRACE_FEXIT_MULTI, new Loaded(ProgramType.TRACING)),
                    entry(AttachType.TRACE_FSESSION_MULTI, new Loaded(ProgramType.TRACING)),
                    entry(AttachType.LSM_MAC, new Targeted(ProgramType.LSM)),
                    entry(AttachType.LSM_CGROUP, new Targeted(ProgramType.LSM)),
                    entry(AttachType.XDP_DEVMAP, new Stored(MapType.DEVMAP)),
                    entry(AttachType.XDP_CPUMAP, new Stored(MapType.CPUMAP)),
                    entry(AttachType.STRUCT_OPS, new LinkedMap()));

    private final Kernel kernel;
    private final ProgramLoads loads;
    private final MapProbes maps;

    AttachProbes(Kernel kernel, ProgramLoads loads, MapProbes maps) {
        this.kernel = kernel;
        this.loads = loads;
        this.maps = maps;
    }

    /** How to ask for an attach type. */
    private sealed interface Probe {}

    /** Loaded with the attach type, and attached to the descriptor -1 (BPF_PROG_ATTACH). */
    private record Attached(ProgramType type) implements Probe {}

    /** Attached without a program, by BPF_PROG_ATTACH. */
    private record Named() implements Probe {}

    /** Loaded with the attach type; a kernel that reads it refuses one that it does not know. */
    private record Checked(ProgramType type) implements Probe {}

    /**
     * Loaded with the attach type and attached by BPF_LINK_CREATE to what does not exist.
     *
     * @param errno what a kernel says that knows the attach type
     */
    private record Linked(ProgramType type, int target, LinkCreate.Options options, int errno)
            implements Probe {}

    /** Loaded for the kernel's type 1, an integer, which the verifier finds unfit. */
    private record Targeted(ProgramType type) implements Probe {}

    /** Loaded for nothing in particular, which the verifier lets only these types be. */
    private record Loaded(ProgramType type) implements Probe {}

    /** Attached by storing it in a map, whose values have room for that. */
    private record Stored(MapType map) implements Probe {}

    /** A map, attached by a link. */
    private record LinkedMap() implements Probe {}

    private static Probe linked(ProgramType type, int errno) {
        int target = errno == Errno.ENODEV ? NO_INTERFACE : NO_DESCRIPTOR;
        return new Linked(type, target, LinkCreate.Options.NONE, errno);
    }

    Outcome type(AttachType type) {
        // all that is left are the many of CGROUP_SOCK_ADDR
        return switch (PROBES.getOrDefault(type, new Attached(ProgramType.CGROUP_SOCK_ADDR))) {
            case Attached(ProgramType program) -> attached(program, type);
            case Named() -> named(NO_DESCRIPTOR, type);
            case Checked(ProgramType program) -> checked(program, type);
            case Linked probe -> linked(probe, type);
            case Targeted(ProgramType program) -> targeted(program, type);
            case Loaded(ProgramType program) -> loaded(program, type);
            case Stored(MapType map) -> maps.create(MapCreate.of(map.number(), 4, 8, 1, 0, ""));
            case LinkedMap() -> maps.structOps(F_LINK);
        };
    }

    private static ProgramLoads.Program program(
            ProgramType type, AttachType attachType, int target) {
        ProgramVariant variant = new ProgramVariant(type, attachType, 0, "");
        return new ProgramLoads.Program(variant, target, 0, PASS, 0);
    }

    private Outcome attached(ProgramType type, AttachType attachType) {
        long fd = loads.open(program(type, attachType, 0));
        if (fd < 0) {
            return loads.refusal(fd);
        }
        try {
            return named((int) fd, attachType);
        } finally {
            kernel.calls().close((int) fd);
        }
    }

    private Outcome named(int fd, AttachType attachType) {
        long result = kernel.bpf().progAttach(NO_DESCRIPTOR, fd, attachType.number(), 0);
        return result == -Errno.EBADF
                ? Outcome.YES
                : Outcome.of(kernel, BpfCommand.PROG_ATTACH, result, CAPABILITIES);
    }

    private Outcome checked(ProgramType type, AttachType attachType) {
        Outcome right = loads.refusal(loads.ask(program(type, attachType, 0)).result());
        if (right.support() != Support.YES) {
            return right;
        }
        long wrong = loads.ask(program(type, AttachType.CGROUP_INET_EGRESS, 0)).result();
        return wrong == -Errno.EINVAL
                ? Outcome.YES
                : Outcome.no("the kernel does not read the attach type of such programs");
    }

    private Outcome linked(Linked probe, AttachType attachType) {
        long fd = loads.open(program(probe.type(), attachType, 0));
        if (fd < 0) {
            return loads.refusal(fd);
        }
        try {
            LinkCreate request =
                    new LinkCreate(
                            (int) fd, probe.target(), attachType.number(), 0, probe.options());
            long link = kernel.bpf().linkCreate(request);
            if (link >= 0) {
                kernel.calls().close((int) link);
            }
            return link == -probe.errno()
                    ? Outcome.YES
                    : Outcome.of(kernel, BpfCommand.LINK_CREATE, link, CAPABILITIES);
        } finally {
            kernel.calls().close((int) fd);
        }
    }

    private Outcome targeted(ProgramType type, AttachType attachType) {
        ProgramLoads.Answer answer = loads.ask(program(type, attachType, 1));
        return answer.words().isEmpty() ? loads.refusal(answer.result()) : Outcome.YES;
    }

    private Outcome loaded(ProgramType type, AttachType attachType) {
        ProgramVariant variant = new ProgramVariant(type, attachType, 0, "");
        ProgramLoads.Answer answer =
                loads.ask(ProgramLoads.Program.of(variant, ProgramLoads.nothing()));
        return answer.words().isEmpty() || answer.result() >= 0
                ? loads.refusal(answer.result())
                : Outcome.no(answer.lastWords());
    }
}
