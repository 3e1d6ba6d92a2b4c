// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.sys;

import io.ebpf4j.error.UnsupportedException;
import java.util.Locale;

/**
 * What differs by machine: the numbers of system calls and two layouts.
 *
 * <p>aarch64, riscv64 and loongarch64 share the kernel's generic table (include/uapi/asm-generic/unistd.h); the others have
 * their own {@code syscall.tbl} under {@code arch/}.
 */
public enum Architecture {
    /** 64-bit x86. */
    X86_64("x86_64", new int[] {321, 298, 16, 9, 11, 3, 72, 257, 0, 1, 291, 233, 281, 290, 263, 302}),
    /** 64-bit Arm. */
    AARCH64("aarch64", generic()),
    /** 64-bit RISC-V. */
    RISCV64("riscv64", generic()),
    /** IBM Z, big endian. */
    S390X("s390x", new int[] {351, 331, 54, 90, 91, 6, 55, 288, 3, 4, 327, 250, 312, 323, 294, 334}),
    /** 64-bit POWER, little endian. */
    PPC64LE("ppc64le", new int[] {361, 319, 54, 90, 91, 6, 55, 286, 3, 4, 315, 237, 303, 314, 292, 325}),
    /** 64-bit LoongArch. */
    LOONGARCH64("loongarch64", generic());

    private final String kernelName;
    private final int[] numbers;

    Architecture(String kernelName, int[] numbers) {
        this.kernelName = kernelName;
        this.numbers = numbers;
    }

    private static int[] generic() {
        return new int[] {280, 241, 29, 222, 215, 57, 25, 56, 63, 64, 20, 21, 22, 19, 35, 261};
    }

    /** The calls, in the order of the columns above. */
    enum Call {
        BPF,
        PERF_EVENT_OPEN,
        IOCTL,
        MMAP,
        MUNMAP,
        CLOSE,
        FCNTL,
        OPENAT,
        READ,
        WRITE,
        EPOLL_CREATE1,
        EPOLL_CTL,
        EPOLL_PWAIT,
        EVENTFD2,
        UNLINKAT,
        PRLIMIT64
    }

    int number(Call call) {
        return numbers[call.ordinal()];
    }

    /** Says whether mmap takes one pointer to its six arguments (arch/s390/kernel/syscall.c, old_mmap). */
    boolean mmapTakesBlock() {
        return this == S390X;
    }

    /**
     * Returns the name the kernel gives the machine in {@code uname -m}.
     *
     * @return such as {@code x86_64}
     */
    public String kernelName() {
        return kernelName;
    }

    /**
     * Returns the size of {@code struct epoll_event}, which is packed on x86_64 only.
     *
     * @return bytes: 12 or 16
     */
    public int epollEventBytes() {
        return this == X86_64 ? 12 : 16;
    }

    /**
     * Returns where {@code struct epoll_event} keeps its 64 bits of user data.
     *
     * @return offset in bytes: 4 or 8
     */
    public int epollDataOffset() {
        return this == X86_64 ? 4 : 8;
    }

    /**
     * Returns the number of a request without an argument's size, {@code _IO(type, number)}.
     *
     * @param type the first byte, such as {@code '$'} for perf events
     * @param number the second byte
     * @return the request as {@code ioctl} takes it; POWER marks the absent direction with a bit
     */
    public long ioctlRequest(int type, int number) {
        return (this == PPC64LE ? 1L << 29 : 0) | (long) type << 8 | number;
    }

    /**
     * Returns the number of a request that passes data to the kernel, {@code _IOW(type, number, size)}.
     *
     * @param type the first byte, such as {@code '$'} for perf events
     * @param number the second byte
     * @param size bytes of the data
     * @return the request as {@code ioctl} takes it
     */
    public long ioctlWrite(int type, int number, int size) {
        return (this == PPC64LE ? 4L << 29 : 1L << 30) | (long) size << 16 | (long) type << 8 | number;
    }

    /**
     * Finds the machine this process runs on.
     *
     * @return the architecture
     * @throws UnsupportedException if this is not Linux, or a machine without a column in this table
     */
    public static Architecture current() {
        return of(System.getProperty("os.name"), System.getProperty("os.arch"));
    }

    static Architecture of(String os, String arch) {
        if (!"Linux".equals(os)) {
            throw new UnsupportedException(
                    "loading eBPF programs on " + os,
                    "",
                    "objects can be parsed and edited here, but only a Linux kernel can load them");
        }
        switch (arch.toLowerCase(Locale.ROOT)) {
            case "amd64", "x86_64", "x86-64":
                return X86_64;
            case "aarch64", "arm64":
                return AARCH64;
            case "riscv64":
                return RISCV64;
            case "s390x":
                return S390X;
            case "ppc64le":
                return PPC64LE;
            case "loongarch64":
                return LOONGARCH64;
            default:
                throw new UnsupportedException(
                        "loading eBPF programs on the machine " + arch,
                        "",
                        "supported are x86_64, aarch64, riscv64, s390x, ppc64le and loongarch64");
        }
    }
}
