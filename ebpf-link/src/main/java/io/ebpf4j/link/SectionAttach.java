// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.program.Program;
import io.ebpf4j.spec.ProgramSpec;
import io.ebpf4j.spec.SectionDefinition;

import java.util.Map;
import java.util.Optional;

/**
 * Attaches programs to what their {@code SEC()} names: {@code SEC("kprobe/do_unlinkat")} to that
 * function.
 */
public final class SectionAttach {
    private enum Kind {
        KPROBE("function[+offset]", "Kprobe.attach"),
        SYSCALL("name", "Kprobe.attach"),
        KPROBE_MULTI("pattern", "KprobeMulti.attach"),
        UPROBE("binary:function[+offset]", "Uprobe.attach"),
        UPROBE_MULTI("binary:pattern", "UprobeMulti.attach"),
        USDT("binary:provider:name", "Usdt.attach"),
        TRACEPOINT("category/name", "Tracepoint.attach"),
        RAW_TRACEPOINT("name", "RawTracepoint.attach"),
        TRACING("", ""),
        TRACING_MULTI("[module:]pattern", "TracingMulti.attach"),
        ITERATOR("target", "spec.program(…).attachTarget before it is loaded");

        private final String target;
        private final String call;

        Kind(String target, String call) {
            this.target = target;
            this.call = call;
        }
    }

    private record Row(Kind kind, boolean returning) {}

    private static final String CGROUP = "a cgroup, given to Collection.attachCgroup";

    /**
     * By the name before the first slash; SectionDefinition's patterns end with a plus behind it.
     */
    private static final Map<String, Row> TABLE =
            Map.ofEntries(
                    row("kprobe", Kind.KPROBE),
                    returning("kretprobe", Kind.KPROBE),
                    row("kprobe.multi", Kind.KPROBE_MULTI),
                    returning("kretprobe.multi", Kind.KPROBE_MULTI),
                    row("kprobe.session", Kind.KPROBE_MULTI),
                    row("ksyscall", Kind.SYSCALL),
                    returning("kretsyscall", Kind.SYSCALL),
                    row("uprobe", Kind.UPROBE),
                    row("uprobe.s", Kind.UPROBE),
                    returning("uretprobe", Kind.UPROBE),
                    returning("uretprobe.s", Kind.UPROBE),
                    row("uprobe.multi", Kind.UPROBE_MULTI),
                    row("uprobe.multi.s", Kind.UPROBE_MULTI),
                    returning("uretprobe.multi", Kind.UPROBE_MULTI),
                    returning("uretprobe.multi.s", Kind.UPROBE_MULTI),
                    row("uprobe.session", Kind.UPROBE_MULTI),
                    row("uprobe.session.s", Kind.UPROBE_MULTI),
                    row("usdt", Kind.USDT),
                    row("usdt.s", Kind.USDT),
                    row("tracepoint", Kind.TRACEPOINT),
                    row("tracepoint.s", Kind.TRACEPOINT),
                    row("tp", Kind.TRACEPOINT),
                    row("tp.s", Kind.TRACEPOINT),
                    row("raw_tracepoint", Kind.RAW_TRACEPOINT),
                    row("raw_tracepoint.s", Kind.RAW_TRACEPOINT),
                    row("raw_tracepoint.w", Kind.RAW_TRACEPOINT),
                    row("raw_tp", Kind.RAW_TRACEPOINT),
                    row("raw_tp.s", Kind.RAW_TRACEPOINT),
                    row("raw_tp.w", Kind.RAW_TRACEPOINT),
                    row("tp_btf", Kind.TRACING),
                    row("tp_btf.s", Kind.TRACING),
                    row("fentry", Kind.TRACING),
                    row("fentry.s", Kind.TRACING),
                    row("fexit", Kind.TRACING),
                    row("fexit.s", Kind.TRACING),
                    row("fmod_ret", Kind.TRACING),
                    row("fmod_ret.s", Kind.TRACING),
                    row("fsession", Kind.TRACING),
                    row("fsession.s", Kind.TRACING),
                    row("fentry.multi", Kind.TRACING_MULTI),
                    row("fentry.multi.s", Kind.TRACING_MULTI),
                    row("fexit.multi", Kind.TRACING_MULTI),
                    row("fexit.multi.s", Kind.TRACING_MULTI),
                    row("fsession.multi", Kind.TRACING_MULTI),
                    row("fsession.multi.s", Kind.TRACING_MULTI),
                    row("freplace", Kind.TRACING),
                    row("lsm", Kind.TRACING),
                    row("lsm.s", Kind.TRACING),
                    row("iter", Kind.ITERATOR),
                    row("iter.s", Kind.ITERATOR));

    private SectionAttach() {}

    private static Map.Entry<String, Row> row(String family, Kind kind) {
        return Map.entry(family, new Row(kind, false));
    }

    private static Map.Entry<String, Row> returning(String family, Kind kind) {
        return Map.entry(family, new Row(kind, true));
    }

    /**
     * Says whether {@link #attach} can attach a program: its section's family is one it knows, and
     * names a target.
     *
     * @param spec the program
     * @return false for a program that has to be attached by a call that names the target
     */
    public static boolean isComplete(ProgramSpec spec) {
        Optional<SectionDefinition> definition = spec.definition();
        Row row = definition.isEmpty() ? null : TABLE.get(family(definition.get()));
        if (row == null || row.kind == Kind.TRACING) {
            return row != null;
        }
        boolean alone =
                row.kind != Kind.ITERATOR || IteratorChoice.wantedBy(spec.attachTarget()) == null;
        return alone && !spec.attachTarget().isEmpty();
    }

    /**
     * Attaches a program to what its section names.
     *
     * @param program the loaded program
     * @param spec what it was loaded from; its attach target counts, as the section or a later
     *     change has it
     * @return the link; close it to detach
     * @throws UnsupportedException if the section's family cannot be attached by its name alone
     * @throws BpfException if the section names no target, or the target is malformed or not there
     * @throws io.ebpf4j.error.PermissionDeniedException if a capability is missing, or lockdown is
     *     in the way
     * @throws IllegalStateException if the program is closed
     */
    public static Link attach(Program program, ProgramSpec spec) {
        return attach(program, spec, null);
    }

    /**
     * Attaches a program to what its section names.
     *
     * @param program the loaded program
     * @param spec what it was loaded from; its attach target counts, as the section or a later
     *     change has it
     * @param usdt the maps by which programs of its object find the arguments of static probes, or
     *     null when it has none
     * @return the link; close it to detach
     * @throws UnsupportedException if the section's family cannot be attached by its name alone
     * @throws BpfException if the section names no target, or the target is malformed or not there
     * @throws io.ebpf4j.error.PermissionDeniedException if a capability is missing, or lockdown is
     *     in the way
     * @throws IllegalStateException if the program is closed
     */
    public static Link attach(Program program, ProgramSpec spec, UsdtMaps usdt) {
        return attach(program, spec.section(), spec.definition(), spec.attachTarget(), usdt);
    }

    /**
     * Attaches a program to what a section names.
     *
     * @param program the loaded program
     * @param section a section's name, such as {@code tp/syscalls/sys_enter_openat}
     * @return the link; close it to detach
     * @throws UnsupportedException if the section's family cannot be attached by its name alone
     * @throws BpfException if the section names no target, or the target is malformed or not there
     * @throws io.ebpf4j.error.PermissionDeniedException if a capability is missing, or lockdown is
     *     in the way
     * @throws IllegalStateException if the program is closed
     */
    public static Link attach(Program program, String section) {
        Optional<SectionDefinition> definition = SectionDefinition.lookup(section);
        String target = definition.isEmpty() ? "" : definition.get().target(section);
        return attach(program, section, definition, target, null);
    }

    private static Link attach(
            Program program,
            String section,
            Optional<SectionDefinition> definition,
            String target,
            UsdtMaps usdt) {
        Row row = definition.isEmpty() ? null : TABLE.get(family(definition.get()));
        if (row == null) {
            throw notByName(program, section);
        }
        if (target.isEmpty() && row.kind != Kind.TRACING) {
            throw new BpfException(
                    "SEC(\""
                            + section
                            + "\") of "
                            + program.name()
                            + " names no target; write SEC(\""
                            + section
                            + "/"
                            + row.kind.target
                            + "\"), or name it with "
                            + row.kind.call);
        }
        return switch (row.kind) {
            case KPROBE -> Kprobe.attach(program, target, kprobe(row));
            case SYSCALL -> Kprobe.attach(program, "sys_" + target, kprobe(row));
            case KPROBE_MULTI ->
                    KprobeMulti.attach(
                            program,
                            target,
                            KprobeMultiOptions.DEFAULT.withReturning(row.returning));
            case UPROBE -> uprobe(program, UprobeTarget.parse(target), row);
            case UPROBE_MULTI -> uprobes(program, section, target, row);
            case USDT -> usdt(program, UsdtTarget.parse(target), usdt);
            case TRACEPOINT -> tracepoint(program, section, target);
            case RAW_TRACEPOINT -> RawTracepoint.attach(program, target);
            case TRACING -> Tracing.attach(program);
            case TRACING_MULTI -> TracingMulti.attach(program, target);
            case ITERATOR -> iterator(program, section, target);
        };
    }

    private static Link iterator(Program program, String section, String target) {
        String wanted = IteratorChoice.wantedBy(target);
        if (wanted != null) {
            throw notByName(program, section, wanted + ", named with Collection.attachIterator");
        }
        return BpfIterator.attach(program);
    }

    private static KprobeOptions kprobe(Row row) {
        return KprobeOptions.DEFAULT.withReturning(row.returning);
    }

    private static Link uprobe(Program program, UprobeTarget target, Row row) {
        UprobeOptions options = UprobeOptions.DEFAULT.withReturning(row.returning);
        return target.symbol().isEmpty()
                ? Uprobe.attach(program, target.binary(), target.offset(), options)
                : Uprobe.attach(
                        program,
                        target.binary(),
                        target.symbol(),
                        options.withOffset(target.offset()));
    }

    private static Link uprobes(Program program, String section, String target, Row row) {
        // The first colon: paths seldom have one, symbols of Go and Objective-C do.
        int colon = target.indexOf(':');
        if (colon <= 0 || colon == target.length() - 1) {
            throw new BpfException(
                    "SEC(\""
                            + section
                            + "\") of "
                            + program.name()
                            + " names no functions of a binary: \""
                            + target
                            + "\"; they are binary:pattern, such as libssl.so.3:SSL_*");
        }
        return UprobeMulti.attach(
                program,
                target.substring(0, colon),
                target.substring(colon + 1),
                UprobeMultiOptions.DEFAULT.withReturning(row.returning));
    }

    private static Link usdt(Program program, UsdtTarget target, UsdtMaps maps) {
        return Usdt.attach(
                program,
                maps,
                target.binary(),
                target.provider(),
                target.name(),
                UsdtOptions.DEFAULT);
    }

    private static Link tracepoint(Program program, String section, String target) {
        int slash = target.indexOf('/');
        if (slash <= 0 || slash == target.length() - 1) {
            throw new BpfException(
                    "SEC(\""
                            + section
                            + "\") of "
                            + program.name()
                            + " names the tracepoint \""
                            + target
                            + "\"; a tracepoint is category/name, such as"
                            + " syscalls/sys_enter_openat");
        }
        return Tracepoint.attach(program, target.substring(0, slash), target.substring(slash + 1));
    }

    private static String family(SectionDefinition definition) {
        String pattern = definition.pattern();
        return pattern.endsWith("+") ? pattern.substring(0, pattern.length() - 1) : pattern;
    }

    private static UnsupportedException notByName(Program program, String section) {
        String needs =
                switch (program.type()) {
                    case XDP -> xdp(program);
                    case SCHED_CLS, SCHED_ACT -> packets(program);
                    case NETFILTER -> "a hook of netfilter, named with Netfilter.attach";
                    case CGROUP_SKB,
                            CGROUP_SOCK,
                            CGROUP_SOCK_ADDR,
                            CGROUP_SOCKOPT,
                            CGROUP_SYSCTL,
                            CGROUP_DEVICE,
                            SOCK_OPS ->
                            CGROUP;
                    // what is left of LSM programs is lsm_cgroup
                    case LSM -> CGROUP;
                    case SOCKET_FILTER -> "a socket, given to Collection.attachSocketFilter";
                    case SK_REUSEPORT -> "a socket, given to Collection.attachReuseport";
                    case SK_SKB, SK_MSG -> "a socket map, given to Collection.attachSocketMap";
                    case LWT_IN, LWT_OUT, LWT_XMIT, LWT_SEG6LOCAL ->
                            "a route, described with Collection.attachRoute";
                    case FLOW_DISSECTOR, SK_LOOKUP ->
                            "a network namespace, given to Collection.attachNetns";
                    case PERF_EVENT -> "a perf event, described with Sampling.attach";
                    case KPROBE -> "a function, named with Kprobe.attach or Uprobe.attach";
                    case TRACEPOINT -> "a tracepoint, named with Tracepoint.attach";
                    case RAW_TRACEPOINT, RAW_TRACEPOINT_WRITABLE ->
                            "a tracepoint, named with RawTracepoint.attach";
                    case LIRC_MODE2 -> "an infrared receiver, which this library cannot name";
                    case SYSCALL -> "no hook: it runs when it is told to, with Program.testRun";
                    default -> "a call that names its target";
                };
        return notByName(program, section, needs);
    }

    private static UnsupportedException notByName(Program program, String section, String needs) {
        return new UnsupportedException(
                "attaching " + program.name() + " by its SEC(\"" + section + "\")",
                "",
                "it needs " + needs);
    }

    private static String packets(Program program) {
        return switch (program.attachType()) {
            case NETKIT_PRIMARY, NETKIT_PEER ->
                    "a pair of netkit interfaces, named with Netkit.attach";
            default -> "a network interface, named with Tc.attach";
        };
    }

    private static String xdp(Program program) {
        return switch (program.attachType()) {
            case XDP_DEVMAP -> "an entry of a map of devices, made with DeviceMap.put";
            case XDP_CPUMAP -> "an entry of a map of CPUs, made with CpuMap.put";
            default -> "a network interface, named with Xdp.attach";
        };
    }
}
