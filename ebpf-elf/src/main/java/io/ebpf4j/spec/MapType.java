// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.spec;

/**
 * A map's type ({@code enum bpf_map_type}), with the kernel version that introduced it.
 *
 * <p>The ordinal is the kernel's number (include/uapi/linux/bpf.h).
 */
public enum MapType {
    /** {@code BPF_MAP_TYPE_UNSPEC}. */
    UNSPEC("3.19"),
    /** {@code BPF_MAP_TYPE_HASH}. */
    HASH("3.19"),
    /** {@code BPF_MAP_TYPE_ARRAY}. */
    ARRAY("3.19"),
    /** {@code BPF_MAP_TYPE_PROG_ARRAY}. */
    PROG_ARRAY("4.2"),
    /** {@code BPF_MAP_TYPE_PERF_EVENT_ARRAY}. */
    PERF_EVENT_ARRAY("4.3"),
    /** {@code BPF_MAP_TYPE_PERCPU_HASH}. */
    PERCPU_HASH("4.6"),
    /** {@code BPF_MAP_TYPE_PERCPU_ARRAY}. */
    PERCPU_ARRAY("4.6"),
    /** {@code BPF_MAP_TYPE_STACK_TRACE}. */
    STACK_TRACE("4.6"),
    /** {@code BPF_MAP_TYPE_CGROUP_ARRAY}. */
    CGROUP_ARRAY("4.8"),
    /** {@code BPF_MAP_TYPE_LRU_HASH}. */
    LRU_HASH("4.10"),
    /** {@code BPF_MAP_TYPE_LRU_PERCPU_HASH}. */
    LRU_PERCPU_HASH("4.10"),
    /** {@code BPF_MAP_TYPE_LPM_TRIE}. */
    LPM_TRIE("4.11"),
    /** {@code BPF_MAP_TYPE_ARRAY_OF_MAPS}. */
    ARRAY_OF_MAPS("4.12"),
    /** {@code BPF_MAP_TYPE_HASH_OF_MAPS}. */
    HASH_OF_MAPS("4.12"),
    /** {@code BPF_MAP_TYPE_DEVMAP}. */
    DEVMAP("4.14"),
    /** {@code BPF_MAP_TYPE_SOCKMAP}. */
    SOCKMAP("4.14"),
    /** {@code BPF_MAP_TYPE_CPUMAP}. */
    CPUMAP("4.15"),
    /** {@code BPF_MAP_TYPE_XSKMAP}. */
    XSKMAP("4.18"),
    /** {@code BPF_MAP_TYPE_SOCKHASH}. */
    SOCKHASH("4.18"),
    /** {@code BPF_MAP_TYPE_CGROUP_STORAGE}. */
    CGROUP_STORAGE("4.19"),
    /** {@code BPF_MAP_TYPE_REUSEPORT_SOCKARRAY}. */
    REUSEPORT_SOCKARRAY("4.19"),
    /** {@code BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE}. */
    PERCPU_CGROUP_STORAGE("4.20"),
    /** {@code BPF_MAP_TYPE_QUEUE}. */
    QUEUE("4.20"),
    /** {@code BPF_MAP_TYPE_STACK}. */
    STACK("4.20"),
    /** {@code BPF_MAP_TYPE_SK_STORAGE}. */
    SK_STORAGE("5.2"),
    /** {@code BPF_MAP_TYPE_DEVMAP_HASH}. */
    DEVMAP_HASH("5.4"),
    /** {@code BPF_MAP_TYPE_STRUCT_OPS}. */
    STRUCT_OPS("5.6"),
    /** {@code BPF_MAP_TYPE_RINGBUF}. */
    RINGBUF("5.8"),
    /** {@code BPF_MAP_TYPE_INODE_STORAGE}. */
    INODE_STORAGE("5.10"),
    /** {@code BPF_MAP_TYPE_TASK_STORAGE}. */
    TASK_STORAGE("5.11"),
    /** {@code BPF_MAP_TYPE_BLOOM_FILTER}. */
    BLOOM_FILTER("5.16"),
    /** {@code BPF_MAP_TYPE_USER_RINGBUF}. */
    USER_RINGBUF("6.1"),
    /** {@code BPF_MAP_TYPE_CGRP_STORAGE}. */
    CGRP_STORAGE("6.2"),
    /** {@code BPF_MAP_TYPE_ARENA}. */
    ARENA("6.9"),
    /** {@code BPF_MAP_TYPE_INSN_ARRAY}. */
    INSN_ARRAY("6.19"),
    /** {@code BPF_MAP_TYPE_RHASH}. */
    RHASH("7.2");

    private final String since;

    MapType(String since) {
        this.since = since;
    }

    /**
     * Returns the kernel version that introduced this type.
     *
     * @return such as {@code 5.8}
     */
    public String since() {
        return since;
    }

    /**
     * Returns the kernel's number.
     *
     * @return the number passed in {@code bpf_attr}
     */
    @SuppressWarnings("EnumOrdinal") // declared in the kernel's order
    public int number() {
        return ordinal();
    }
}
