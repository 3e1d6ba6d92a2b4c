// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.kernel;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.sys.Bpf;
import io.ebpf4j.sys.NativeSystemCalls;
import io.ebpf4j.sys.SystemCalls;

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

    private Kernel(SystemCalls calls) {
        this.calls = calls;
        this.bpf = new Bpf(calls);
        this.files = new KernelFiles(calls);
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
        return new Kernel(NativeSystemCalls.instance());
    }

    /**
     * Creates an instance over other system calls; for this library's modules and their tests.
     *
     * @param calls the system calls
     * @return a kernel that answers through them
     */
    @SuppressWarnings("exports")
    public static Kernel of(SystemCalls calls) {
        return new Kernel(calls);
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
}
