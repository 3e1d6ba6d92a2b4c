// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.kernel;

import io.ebpf4j.btf.BtfFeature;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.Bpf;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.Failure;
import io.ebpf4j.sys.FileDescriptor;
import io.ebpf4j.sys.NativeSystemCalls;
import io.ebpf4j.sys.Privileges;
import io.ebpf4j.sys.SystemCalls;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The running kernel, as far as loading programs depends on it: its version, types, symbols,
 * configuration and features.
 *
 * <p>Everything is found out on first use and kept, so loads are cheapest when they share one
 * instance, as they do by default. Instances are safe for use by several threads.
 */
public final class Kernel {
    private final SystemCalls calls;
    private final Bpf bpf;
    private final KernelFiles files;

    private volatile KernelVersion version;
    private volatile int[] possibleCpus;
    private volatile KernelConfig config;
    private final KernelBtf btf;
    private final Kallsyms kallsyms;
    private final LoadFeatures loadFeatures;
    private volatile Features features;
    private final MemoryLimit memoryLimit;
    private final Map<Class<?>, Object> kept;

    private Kernel(SystemCalls calls, KernelBtf types) {
        this.calls = calls;
        this.bpf = new Bpf(calls);
        this.files = new KernelFiles(calls);
        this.btf = types != null ? types : KernelBtf.of(this);
        this.kallsyms = new Kallsyms(calls);
        this.loadFeatures = new LoadFeatures(this);
        this.memoryLimit = new MemoryLimit(this);
        this.kept = new ConcurrentHashMap<>();
    }

    private Kernel(Kernel base, FileDescriptor token) {
        this.calls = base.calls;
        this.bpf = new Bpf(calls, token);
        this.files = base.files;
        this.btf = base.btf;
        this.kallsyms = base.kallsyms;
        this.version = base.version;
        this.config = base.config;
        this.possibleCpus = base.possibleCpus;
        this.loadFeatures = new LoadFeatures(this);
        this.memoryLimit = new MemoryLimit(this);
        this.kept = base.kept;
    }

    /** Returns the same kernel, asked with a token. */
    Kernel with(FileDescriptor token) {
        return new Kernel(this, token);
    }

    private static final class Shared {
        static final Kernel INSTANCE = create();
    }

    /**
     * Returns the instance that loads share unless they are given another.
     *
     * @return the running kernel
     * @throws io.ebpf4j.error.UnsupportedException if this is not Linux, or not a machine whose
     *     call numbers are known
     */
    public static Kernel shared() {
        NativeSystemCalls.instance();
        return Shared.INSTANCE;
    }

    /**
     * Creates an instance with nothing found out yet.
     *
     * @return the running kernel
     * @throws io.ebpf4j.error.UnsupportedException if this is not Linux, or not a machine whose
     *     call numbers are known
     */
    public static Kernel create() {
        return new Kernel(NativeSystemCalls.instance(), null);
    }

    /**
     * Creates an instance over other system calls; for this library's modules and their tests.
     *
     * @param calls the system calls
     * @return a kernel that answers through them
     */
    @SuppressWarnings("exports")
    public static Kernel of(SystemCalls calls) {
        return new Kernel(calls, null);
    }

    /**
     * Returns the system calls; for this library's modules.
     *
     * @return the seam to the kernel
     */
    @SuppressWarnings("exports")
    public SystemCalls calls() {
        return calls;
    }

    /**
     * Returns what a module of this library remembers about the kernel; for this library's modules.
     *
     * @param <T> a class of that module's
     * @param type the class
     * @param first makes the instance that all get who ask this object
     * @return the instance
     */
    public <T> T kept(Class<T> type, Supplier<T> first) {
        return type.cast(kept.computeIfAbsent(type, key -> first.get()));
    }

    /**
     * Returns what issues bpf(); for this library's modules.
     *
     * @return the choke point
     */
    @SuppressWarnings("exports")
    public Bpf bpf() {
        return bpf;
    }

    /**
     * Returns the version that kprobe programs and {@code LINUX_KERNEL_VERSION} are checked
     * against, which Ubuntu and Debian do not put into {@code uname -r}.
     *
     * @return from /proc/version_signature, else Debian's version in {@code uname -v}, else {@code
     *     uname -r}
     * @throws BpfException if none of them holds a version
     */
    public KernelVersion version() {
        KernelVersion known = version;
        if (known == null) {
            known = VersionSource.read(files);
            version = known;
        }
        return known;
    }

    /**
     * Returns how many CPUs there can ever be, which is how many values a per-CPU element has.
     *
     * @return one more than the highest number in /sys/devices/system/cpu/possible
     * @throws BpfException if the file cannot be read or understood
     */
    public int possibleCpus() {
        int[] known = possibleCpus;
        if (known == null) {
            known = cpus("/sys/devices/system/cpu/possible");
            possibleCpus = known;
        }
        return known[known.length - 1] + 1;
    }

    /**
     * Returns the CPUs that are online now.
     *
     * @return their numbers, ascending
     * @throws BpfException if /sys/devices/system/cpu/online cannot be read or understood
     */
    public int[] onlineCpus() {
        return cpus("/sys/devices/system/cpu/online");
    }

    private int[] cpus(String file) {
        String text = files.text(file);
        int[] cpus = CpuList.parse(text);
        if (cpus == null) {
            throw new BpfException(
                    file + " should list CPUs such as 0-3, but holds \"" + text + "\"");
        }
        return cpus;
    }

    /**
     * Creates an instance whose types come from elsewhere, with nothing else found out yet.
     *
     * @param types such as {@link KernelBtf#from}
     * @return the running kernel with those types
     */
    public Kernel withBtf(KernelBtf types) {
        return new Kernel(calls, types);
    }

    /**
     * Returns the kernel's types.
     *
     * @return the types, read when first looked into
     */
    public KernelBtf btf() {
        return btf;
    }

    /**
     * Returns the kernel's symbols.
     *
     * @return the symbols, read when first looked for
     */
    public Kallsyms kallsyms() {
        return kallsyms;
    }

    /**
     * Returns what the kernel was configured with.
     *
     * @return the configuration; without values when it cannot be found
     */
    public KernelConfig config() {
        KernelConfig known = config;
        if (known == null) {
            known = KernelConfig.read(files);
            config = known;
        }
        return known;
    }

    /**
     * Returns what the kernel can be asked about types of programs and maps, helpers, kernel
     * functions, places to attach and instructions.
     *
     * @return the features, asked for one by one
     */
    public Features features() {
        Features known = features;
        if (known == null) {
            synchronized (this) {
                known = features;
                if (known == null) {
                    known = new Features(this);
                    features = known;
                }
            }
        }
        return known;
    }

    /**
     * Asks the kernel whether it has a feature. Yes and no are remembered.
     *
     * @param feature what to ask for
     * @return what the probe found out; {@link Support#UNKNOWN} without the permission to load
     *     programs
     */
    public Support supports(Feature feature) {
        return loadFeatures.supports(feature);
    }

    /**
     * Says which kinds of types the kernel surely lacks.
     *
     * @param used kinds that some BTF has
     * @return those that a probe answered no for
     */
    public Set<BtfFeature> missing(Set<BtfFeature> used) {
        return loadFeatures.missing(used);
    }

    /**
     * Raises RLIMIT_MEMLOCK where maps and programs are charged to it (before Linux 5.11); to be
     * called when a map or program was refused with EPERM, which is what the limit says. It goes as
     * far as the hard limit lets it.
     *
     * @return true if the limit went up, so that the refused call should be repeated
     */
    public boolean raiseMemoryLimit() {
        return memoryLimit.raise();
    }

    /**
     * Has the kernel read its own types, which older ones do no earlier than they verify the first
     * program after they booted, though creating struct_ops maps needs them
     * (kernel/bpf/bpf_struct_ops.c, bpf_struct_ops_find_value); for this library's modules.
     *
     * @return true if a program was loaded for it and closed again, so that a refused call should
     *     be repeated
     */
    public boolean readOwnTypes() {
        Trial trial = new Trial(this);
        long result = trial.load(ProgramType.SOCKET_FILTER, 0, Trial.nothing(), "");
        return trial.close(result) == Support.YES;
    }

    /**
     * Explains a failed command of bpf(), RLIMIT_MEMLOCK of kernels before 5.11 included; for this
     * library's modules.
     *
     * @param command the command
     * @param errno the positive error number
     * @param what what could not be done
     * @param capabilities the bits of {@link io.ebpf4j.sys.Capability} that the call asks for; 0
     *     when EPERM means something else
     * @return the exception to throw
     */
    @SuppressWarnings("exports")
    public BpfException explain(BpfCommand command, int errno, String what, long capabilities) {
        boolean charged = errno == Errno.EPERM && capabilities != 0 && !version().isAtLeast(5, 11);
        return charged
                ? Failure.ofLimit(command, what, capabilities)
                : Failure.of(command, errno, what, capabilities);
    }

    /**
     * Says whether the process is in the initial user namespace, the only one whose capabilities
     * count for bpf() without a token; for this library's modules.
     *
     * @return false in a user namespace of its own, such as a rootless container's
     */
    public boolean inInitialUserNamespace() {
        return Privileges.initialNamespace(files.text("/proc/self/uid_map"));
    }

    /** Returns the reader of the files in which the kernel describes itself. */
    KernelFiles files() {
        return files;
    }
}
