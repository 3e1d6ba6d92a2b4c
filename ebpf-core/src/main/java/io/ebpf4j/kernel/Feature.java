// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.kernel;

/**
 * What some kernels have and others do not, with the first version that should; a probe asks the
 * running kernel.
 */
public enum Feature {
    /** Programs and maps carry names (kernel commit cb4d2b3f03d8). */
    PROG_NAME("4.15"),
    /** Type information can be loaded (kernel commit 69b693f0aefa). */
    BTF("4.18"),
    /** A program's expected attach type is checked at load (kernel commit 5e43f899b03a). */
    EXPECTED_ATTACH_TYPE("4.17"),
    /**
     * BTF has functions, and programs have function and line records (kernel commit 2667a2626f4d).
     */
    BTF_FUNC("5.0"),
    /** BTF has variables and data sections (kernel commit 1dc92851849c). */
    BTF_DATASEC("5.2"),
    /** Instructions can refer to a byte of an array map's value (kernel commit d8eca5bbb2be). */
    GLOBAL_DATA("5.2"),
    /** Array maps can be mapped into memory (kernel commit fc9702273e2e). */
    ARRAY_MMAP("5.5"),
    /**
     * The helpers bpf_probe_read_kernel and bpf_probe_read_user exist (kernel commit 6ae08ae3dea2).
     */
    PROBE_READ_KERNEL("5.5"),
    /**
     * BTF functions have a linkage, and global ones are verified on their own (kernel commit
     * 51c39bb1d5d1).
     */
    BTF_GLOBAL_FUNC("5.6"),
    /**
     * A system call's function takes its arguments in one {@code struct pt_regs}, which shows in
     * its name (CONFIG_ARCH_HAS_SYSCALL_WRAPPER, kernel commit ebeb8c82ffaf; the version is that of
     * x86).
     */
    SYSCALL_WRAPPER("4.17"),
    /** Ring buffer maps exist (kernel commit 457f44363a88). */
    RINGBUF("5.8"),
    /** A map can be bound to a program (kernel commit ef15314aa5de). */
    PROG_BIND_MAP("5.10"),
    /**
     * Maps and programs are charged to the memory cgroup, not to RLIMIT_MEMLOCK (kernel commit
     * 97306be45fbe).
     */
    MEMCG_ACCOUNT("5.11"),
    /** Modules have BTF, and BTF has a name (kernel commit 5329722057d4). */
    MODULE_BTF("5.11"),
    /** BTF has floating-point types (kernel commit b1828f0b0482). */
    BTF_FLOAT("5.13"),
    /** Perf events are attached by a bpf_link (kernel commit b89fbfbb854c). */
    PERF_LINK("5.15"),
    /** Attachments carry a cookie (kernel commit 7adfc6c9b315). */
    BPF_COOKIE("5.15"),
    /** BTF has declaration tags (kernel commit b5ea834dde6b). */
    BTF_DECL_TAG("5.16"),
    /** BTF has type tags (kernel commit 8c42d2fa4eea). */
    BTF_TYPE_TAG("5.17"),
    /** BTF has 64-bit enums (kernel commit 6089fb325cf7). */
    BTF_ENUM64("6.0"),
    /**
     * One link holds many uprobes, of one process if asked (kernel commit 89ae89f53d20 in 6.6;
     * until commit 46ba0e49b642 it was one thread, which counts as a no).
     */
    UPROBE_MULTI_LINK("6.10"),
    /**
     * A declaration tag makes an argument of a global function the program's context (kernel commit
     * 94e1c70a3452).
     */
    ARG_CTX_TAG("6.8"),
    /** A data section's name in BTF may begin with a question mark (kernel commit bd70a8fb7ca4). */
    BTF_QMARK_DATASEC("6.9"),

    /** Rights over bpf() are delegated by a bpf file system (kernel commit 35f96de04127). */
    TOKEN("6.9"),
    /** BTF tags may stand for any attribute. */
    BTF_ATTRIBUTE_TAG("6.15"),
    /**
     * Uprobes on certain instructions without effect are entered by a system call, not a trap
     * (x86_64 only; kernel commit 56101b69c919).
     */
    UPROBE_SYSCALL("6.18"),
    /**
     * Instructions may refer to any byte of a map's first 4 GiB, of which older kernels take 512
     * MiB (kernel commit 12a1fe6e12db).
     */
    FULL_RANGE_OFFSET("7.0"),
    /** One CPU's value of an element can be read and written (BPF_F_CPU). */
    MAP_CPU_FLAGS("7.0"),
    /** BTF says how long types of each kind are. */
    BTF_LAYOUT("7.1"),
    /** Commands of bpf() take attributes that all have in common, such as a log. */
    COMMON_ATTRIBUTES("7.1");

    private final String since;

    Feature(String since) {
        this.since = since;
    }

    /**
     * Returns the first kernel that should have it.
     *
     * @return such as {@code 5.15}
     */
    public String since() {
        return since;
    }
}
