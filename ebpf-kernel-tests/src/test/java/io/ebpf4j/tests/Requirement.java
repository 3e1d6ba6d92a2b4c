// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import io.ebpf4j.asm.Assembler;
import io.ebpf4j.asm.Instructions;
import io.ebpf4j.asm.Register;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.elf.ElfFile;
import io.ebpf4j.error.PermissionDeniedException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.program.Program;
import io.ebpf4j.program.ProgramLoad;
import io.ebpf4j.spec.AttachType;
import io.ebpf4j.spec.ProgramType;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/**
 * What a test may need of the machine, each with the probe that looks for it.
 *
 * <p>A probe answers with what is missing, as it stands in the reason of the skip and in the
 * build's summary. It runs when a test first asks, and its answer is kept.
 */
@SuppressWarnings("ImmutableEnumChecker") // a probe's answer is kept beside it
public enum Requirement {
    /**
     * Linux, and a process that may use all of {@code bpf()}; every {@link KernelTest} requires it.
     */
    BPF(Requirement::bpf),
    /** tracefs: tracepoint ids and the event files of the older attach mechanism. */
    TRACEFS(Mounts.TRACEFS::ensure),
    /** bpffs: pinning. */
    BPFFS(Mounts.BPFFS::ensure),
    /** The BTF of the running kernel. */
    BTF(() -> readable("vmlinux BTF", "/sys/kernel/btf/vmlinux")),
    /** Variables in BTF and /proc/kallsyms, without which programs cannot refer to any. */
    DATA_SYMBOLS(Requirement::dataSymbols),
    /** kprobes and kretprobes, through the perf PMU (4.17). */
    KPROBES(() -> readable("kprobe PMU", "/sys/bus/event_source/devices/kprobe/type")),
    /** kprobes through tracefs, as before 4.17. */
    KPROBE_EVENTS(() -> inTracefs("kprobe_events")),
    /** Many kprobes by one link: 5.18, and a kernel built with fprobe. */
    FPROBE(Requirement::fprobe),
    /** uprobes and uretprobes, through the perf PMU (4.17). */
    UPROBES(() -> readable("uprobe PMU", "/sys/bus/event_source/devices/uprobe/type")),
    /** uprobes through tracefs, as before 4.17. */
    UPROBE_EVENTS(() -> inTracefs("uprobe_events")),
    /** A machine of x86_64, for tests that bring code of it along. */
    X86_64(() -> System.getProperty("os.arch").equals("amd64") ? "" : "x86_64 missing"),
    /** Go, which builds the programs of {@code src/test/resources/go}. */
    GO(() -> onPath("go") ? "" : "go missing (package golang-go)"),
    /** A JVM that was built with static probes. */
    JVM_PROBES(Requirement::jvmProbes),
    /** fentry and fexit programs: 5.5, and a kernel whose lockdown allows them. */
    FENTRY(() -> loadable("fentry", 26, 24)),
    /** freplace programs: 5.6, and a kernel whose lockdown allows them. */
    FREPLACE(() -> loadable("freplace", 28, 0)),
    /** Iterators over the elements of maps: 5.9, and a kernel whose lockdown allows them. */
    MAP_ITERATORS(Requirement::mapIterators),
    /** Tokens: 6.9, user namespaces, and {@code unshare}. */
    TOKEN(Requirement::token),
    /** Network namespaces, {@code unshare} and {@code ip}, for a child in one of its own. */
    NETWORK_NAMESPACES(Requirement::networkNamespaces),
    /** tp_btf programs: 5.5. */
    TP_BTF(() -> loadable("tp_btf", 26, 23)),
    /** LSM programs: 5.7, and a kernel that was started with {@code lsm=...,bpf}. */
    LSM(Requirement::lsm),
    /**
     * A kernel whose configuration and distribution's changes the table of features was held
     * against: those of the guests, and a 6.18 without kprobes whose lockdown refuses fentry.
     */
    REVIEWED_KERNEL(Requirement::reviewedKernel),
    /** A second CPU that can be switched off and on, in a kernel that nobody else uses. */
    CPU_HOTPLUG(Requirement::cpuHotplug),
    /** A JVM that compiles hot code with its optimizing compiler, as guests are told not to. */
    OPTIMIZING_COMPILER(Requirement::optimizingCompiler),
    /** Schedulers of one's own (sched_ext): 6.12, and CONFIG_SCHED_CLASS_EXT. */
    SCHED_EXT(() -> readable("sched_ext", "/sys/kernel/sched_ext/state")),
    /** A cgroup of version 2, alone or beside version 1. */
    CGROUP2(Requirement::cgroup2),
    /** A network namespace of a thread's own, with a pair of veth interfaces in it. */
    VETH(() -> OwnNetwork.missing("veth")),
    /**
     * Programs as actions of filters for all packets: CONFIG_NET_ACT_BPF, CONFIG_NET_CLS_MATCHALL.
     */
    TC_ACTIONS(Requirement::actions),
    /** Pairs of netkit interfaces: 6.7, and CONFIG_NETKIT. */
    NETKIT(() -> OwnNetwork.missing("netkit"));

    private final Supplier<String> probe;
    private String missing;

    Requirement(Supplier<String> probe) {
        this.probe = probe;
    }

    /**
     * Tells what is missing.
     *
     * @return what is missing, in a few words, or the empty string if nothing is
     */
    public synchronized String missing() {
        if (missing == null) {
            missing = probe.get();
        }
        return missing;
    }

    private static String bpf() {
        if (!System.getProperty("os.name").equals("Linux")) {
            return "Linux missing";
        }
        long answer = BpfCall.call(BpfCall.PROG_GET_NEXT_ID, BpfCall.attribute(12));
        if (answer == -BpfCall.EPERM) {
            return "permission to use bpf() missing (run as root, or with CAP_SYS_ADMIN)";
        }
        if (answer < 0 && answer != -BpfCall.ENOENT) {
            return "bpf() missing (errno " + -answer + ")";
        }
        return FirstLoad.comesBack()
                ? ""
                : "a kernel that still loads programs missing (no load comes back from this one:"
                        + " restart the machine)";
    }

    // Without a target to attach to, a kernel that knows the kind of program says EINVAL; lockdown
    // is asked earlier.
    private static String loadable(String name, int type, int attachType) {
        long answer = BpfCall.tryLoad(type, attachType);
        if (answer == -BpfCall.EPERM) {
            return name + " missing (refused by the kernel's lockdown)";
        }
        return atLeast("5.5") ? "" : name + " missing (kernel 5.5)";
    }

    // The target decides, so it takes a whole program to find out.
    private static String mapIterators() {
        Kernel kernel = Kernel.shared();
        int id = kernel.btf().vmlinux().find("bpf_iter_bpf_map_elem", BtfType.Func.class);
        Instructions nothing = new Assembler().mov(Register.R0, 0).exit().build();
        ProgramLoad load =
                ProgramLoad.of("probe", ProgramType.TRACING, nothing)
                        .attachType(AttachType.TRACE_ITER)
                        .attachTo(id, 0)
                        .build();
        try (Program program = Program.load(kernel, load)) {
            return program.type() == ProgramType.TRACING ? "" : "tracing programs missing";
        } catch (PermissionDeniedException e) {
            return "iterators over maps missing (refused by the kernel's lockdown)";
        }
    }

    private static String lsm() {
        try {
            String active = Files.readString(Path.of("/sys/kernel/security/lsm"));
            if (!("," + active.strip() + ",").contains(",bpf,")) {
                return "BPF LSM missing (not among " + active.strip() + ")";
            }
        } catch (IOException e) {
            // securityfs is often not mounted: the load below decides
        }
        return loadable("LSM", 29, 27);
    }

    private static String fprobe() {
        return Kernel.shared().kallsyms().find(List.of("register_fprobe")).isEmpty()
                ? "fprobe missing (kernel 5.18, CONFIG_FPROBE)"
                : "";
    }

    private static String token() {
        if (!atLeast("6.9")) {
            return "tokens missing (kernel 6.9)";
        }
        return Files.isExecutable(Path.of("/usr/bin/unshare"))
                ? readable("user namespaces", "/proc/self/ns/user")
                : "unshare missing";
    }

    private static String networkNamespaces() {
        boolean tools =
                Files.isExecutable(Path.of("/usr/bin/unshare"))
                        && (Files.isExecutable(Path.of("/usr/sbin/ip"))
                                || Files.isExecutable(Path.of("/sbin/ip")));
        return tools
                ? readable("network namespaces", "/proc/self/ns/net")
                : "unshare or ip missing";
    }

    private static String dataSymbols() {
        Kernel kernel = Kernel.shared();
        if (kernel.kallsyms().find(List.of("runqueues")).isEmpty()) {
            return "data symbols missing (CONFIG_KALLSYMS_ALL)";
        }
        return kernel.btf().variable("runqueues").isEmpty()
                ? "data symbols missing (the kernel's BTF has no variables)"
                : "";
    }

    private static String reviewedKernel() {
        boolean bare = !KPROBES.missing().isEmpty() && !FENTRY.missing().isEmpty();
        boolean reviewed = bare && Kernel.shared().version().toString().startsWith("6.18.");
        return !reviewed && System.getProperty("ebpf.kernel.series", "").isEmpty()
                ? "a kernel that the table of features was held against missing (one of the guests,"
                        + " or -Debpf.kernel.series=…)"
                : "";
    }

    private static String cpuHotplug() {
        return Boolean.getBoolean("ebpf.kernel.alone")
                ? readable("CPU hot-plug", "/sys/devices/system/cpu/cpu1/online")
                : "a kernel of our own to switch CPUs off in missing";
    }

    private static String optimizingCompiler() {
        String limited = "-XX:TieredStopAtLevel=1";
        return ManagementFactory.getRuntimeMXBean().getInputArguments().contains(limited)
                ? "optimizing compiler missing (" + limited + ")"
                : "";
    }

    private static String jvmProbes() {
        Path library = Path.of(System.getProperty("java.home"), "lib", "server", "libjvm.so");
        try (ElfFile file = ElfFile.open(library)) {
            return file.section(".note.stapsdt").isPresent()
                    ? ""
                    : "static probes of the JVM missing (" + library + " has none)";
        }
    }

    private static String actions() {
        for (String name : List.of("CONFIG_NET_ACT_BPF", "CONFIG_NET_CLS_MATCHALL")) {
            if (Kernel.shared().config().value(name).isEmpty()) {
                return "actions of filters missing (" + name + ")";
            }
        }
        return "";
    }

    private static String cgroup2() {
        try {
            return Files.readString(Path.of("/proc/self/mounts")).contains(" cgroup2 ")
                    ? ""
                    : "cgroup2 missing";
        } catch (IOException e) {
            return "cgroup2 missing (" + e.getMessage() + ")";
        }
    }

    private static boolean onPath(String command) {
        for (String folder : System.getenv("PATH").split(":", -1)) {
            if (Files.isExecutable(Path.of(folder, command))) {
                return true;
            }
        }
        return false;
    }

    private static String readable(String what, String path) {
        return Files.isReadable(Path.of(path)) ? "" : what + " missing";
    }

    private static String inTracefs(String file) {
        String tracefs = Mounts.TRACEFS.ensure();
        return tracefs.isEmpty()
                ? readable(file, Mounts.TRACEFS.place().resolve(file).toString())
                : tracefs;
    }

    /**
     * Tells whether the running kernel is of a version or newer.
     *
     * @param version {@code "5.15"} or the like
     * @return whether it is
     */
    static boolean atLeast(String version) {
        String[] running = System.getProperty("os.version").split("[^0-9]", 3);
        String[] wanted = version.split("\\.", 3);
        int major = Integer.compare(Integer.parseInt(running[0]), Integer.parseInt(wanted[0]));
        return major > 0
                || (major == 0 && Integer.parseInt(running[1]) >= Integer.parseInt(wanted[1]));
    }
}
