// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.spec;

/** The flags that a map is created with ({@code map_flags} of BPF_MAP_CREATE). */
interface MapFlags {
    /** Map flag {@code BPF_F_NO_PREALLOC}. */
    int NO_PREALLOC = 1;

    /**
     * Map flag {@code BPF_F_NO_COMMON_LRU}: an LRU map with a list of each CPU's own (Linux 4.10).
     */
    int NO_COMMON_LRU = 1 << 1;

    /** Map flag {@code BPF_F_NUMA_NODE}: set when a NUMA node is asked for (Linux 4.14). */
    int NUMA_NODE = 1 << 2;

    /** Map flag {@code BPF_F_RDONLY}: user space cannot write (Linux 4.15). */
    int READ_ONLY = 1 << 3;

    /** Map flag {@code BPF_F_WRONLY}: user space cannot read (Linux 4.15). */
    int WRITE_ONLY = 1 << 4;

    /**
     * Map flag {@code BPF_F_STACK_BUILD_ID}: stack traces by build id and offset in place of
     * addresses (Linux 4.17).
     */
    int STACK_BUILD_ID = 1 << 5;

    /** Map flag {@code BPF_F_ZERO_SEED}: a hash map with a seed of 0 (Linux 5.0). */
    int ZERO_SEED = 1 << 6;

    /** Map flag {@code BPF_F_RDONLY_PROG}: programs cannot write (Linux 5.2). */
    int READ_ONLY_PROGRAM = 1 << 7;

    /** Map flag {@code BPF_F_WRONLY_PROG}: programs cannot read (Linux 5.2). */
    int WRITE_ONLY_PROGRAM = 1 << 8;

    /**
     * Map flag {@code BPF_F_CLONE}: values of a socket are copied to the sockets that come from it
     * (Linux 5.4).
     */
    int CLONE = 1 << 9;

    /** Map flag {@code BPF_F_MMAPABLE}: the values can be mapped into memory (Linux 5.5). */
    int MMAPABLE = 1 << 10;

    /**
     * Map flag {@code BPF_F_PRESERVE_ELEMS}: perf events stay in their array when the descriptor by
     * which they were put in is closed (Linux 5.10).
     */
    int PRESERVE_ELEMS = 1 << 11;

    /**
     * Map flag {@code BPF_F_INNER_MAP}: an array inside a map of maps may have another number of
     * entries than the template (Linux 5.10).
     */
    int INNER_MAP = 1 << 12;

    /** Map flag {@code BPF_F_LINK}: a struct_ops map that is registered by a link (Linux 6.4). */
    int LINK = 1 << 13;

    /**
     * Map flag {@code BPF_F_SEGV_ON_FAULT}: touching a page of an arena that no program allocated
     * ends the process (Linux 6.9).
     */
    int SEGV_ON_FAULT = 1 << 17;

    /**
     * Map flag {@code BPF_F_NO_USER_CONV}: an arena's pointers are not turned into user space's
     * (Linux 6.9).
     */
    int NO_USER_CONV = 1 << 18;

    /**
     * Map flag {@code BPF_F_RB_OVERWRITE}: a ring buffer that overwrites its oldest records (Linux
     * 6.19).
     */
    int RING_OVERWRITE = 1 << 19;
}
