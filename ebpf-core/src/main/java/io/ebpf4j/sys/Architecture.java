// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.sys;

import io.ebpf4j.error.UnsupportedException;

import java.util.Locale;

/**
 * What differs by machine: the numbers of system calls and two layouts.
 *
 * <p>aarch64, riscv64 and loongarch64 share the kernel's generic table
 * (include/uapi/asm-generic/unistd.h); the others have their own {@code syscall.tbl} under {@code
 * arch/}.
 */
public enum Architecture {
    /** 64-bit x86. */
    X86_64("x86_64"),
    /** 64-bit Arm. */
    AARCH64("aarch64"),
    /** 64-bit RISC-V. */
    RISCV64("riscv64"),
    /** IBM Z, big endian. */
    S390X("s390x"),
    /** 64-bit POWER, little endian. */
    PPC64LE("ppc64le"),
    /** 64-bit LoongArch. */
    LOONGARCH64("loongarch64");

    private final String kernelName;

    Architecture(String kernelName) {
        this.kernelName = kernelName;
    }

    /**
     * The numbers of a call: on x86_64, in the generic table, on s390x and on ppc64le; -1, which is
     * no call's number, where there is none.
     */
    enum Call {
        BPF(321, 280, 351, 361),
        PERF_EVENT_OPEN(298, 241, 331, 319),
        IOCTL(16, 29, 54, 54),
        MMAP(9, 222, 90, 90),
        MUNMAP(11, 215, 91, 91),
        CLOSE(3, 57, 6, 6),
        FCNTL(72, 25, 55, 55),
        OPENAT(257, 56, 288, 286),
        READ(0, 63, 3, 3),
        WRITE(1, 64, 4, 4),
        EPOLL_CREATE1(291, 20, 327, 315),
        EPOLL_CTL(233, 21, 250, 237),
        EPOLL_PWAIT(281, 22, 312, 303),
        EVENTFD2(290, 19, 323, 314),
        UNLINKAT(263, 35, 294, 292),
        PRLIMIT64(302, 261, 334, 325),
        LSEEK(8, 62, 19, 19),
        CLOCK_GETTIME(228, 113, 260, 246),
        PIDFD_OPEN(434, 434, 434, 434),
        SOCKET(41, 198, 359, 326),
        SETSOCKOPT(54, 208, 366, 339),
        UPROBE(336, -1, -1, -1);

        private final int x86;
        private final int generic;
        private final int s390;
        private final int ppc;

        Call(int x86, int generic, int s390, int ppc) {
            this.x86 = x86;
            this.generic = generic;
            this.s390 = s390;
            this.ppc = ppc;
        }
    }

    int number(Call call) {
        return switch (this) {
            case X86_64 -> call.x86;
            case S390X -> call.s390;
            case PPC64LE -> call.ppc;
            case AARCH64, RISCV64, LOONGARCH64 -> call.generic;
        };
    }

    /**
     * Says whether mmap takes one pointer to its six arguments (arch/s390/kernel/syscall.c,
     * old_mmap).
     */
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
     * Returns the number of a request that passes data to the kernel, {@code _IOW(type, number,
     * size)}.
     *
     * @param type the first byte, such as {@code '$'} for perf events
     * @param number the second byte
     * @param size bytes of the data
     * @return the request as {@code ioctl} takes it
     */
    public long ioctlWrite(int type, int number, int size) {
        return (this == PPC64LE ? 4L << 29 : 1L << 30)
                | (long) size << 16
                | (long) type << 8
                | number;
    }

    /**
     * Finds the machine this process runs on.
     *
     * @return the architecture
     * @throws UnsupportedException if this is not Linux, or a machine without a column in this
     *     table
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
        return switch (arch.toLowerCase(Locale.ROOT)) {
            case "amd64", "x86_64", "x86-64" -> X86_64;
            case "aarch64", "arm64" -> AARCH64;
            case "riscv64" -> RISCV64;
            case "s390x" -> S390X;
            case "ppc64le" -> PPC64LE;
            case "loongarch64" -> LOONGARCH64;
            default ->
                    throw new UnsupportedException(
                            "loading eBPF programs on the machine " + arch,
                            "",
                            "supported are x86_64, aarch64, riscv64, s390x, ppc64le and"
                                    + " loongarch64");
        };
    }
}
