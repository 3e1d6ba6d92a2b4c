// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

/**
 * What the kernel counts for every machine ({@code enum perf_sw_ids}), and processors if they can
 * ({@code enum perf_hw_id}, include/uapi/linux/perf_event.h). Virtual machines often have none of
 * the latter.
 */
public enum PerfCounter {
    /** {@code PERF_COUNT_SW_CPU_CLOCK}: time of the CPU, by a timer; works everywhere. */
    CPU_CLOCK(PerfCounter.SOFTWARE, 0),
    /** {@code PERF_COUNT_SW_TASK_CLOCK}: time that the task runs. */
    TASK_CLOCK(PerfCounter.SOFTWARE, 1),
    /** {@code PERF_COUNT_SW_PAGE_FAULTS}: page faults. */
    PAGE_FAULTS(PerfCounter.SOFTWARE, 2),
    /** {@code PERF_COUNT_SW_CONTEXT_SWITCHES}: switches to another task. */
    CONTEXT_SWITCHES(PerfCounter.SOFTWARE, 3),
    /** {@code PERF_COUNT_SW_CPU_MIGRATIONS}: moves of a task to another CPU. */
    CPU_MIGRATIONS(PerfCounter.SOFTWARE, 4),
    /** {@code PERF_COUNT_SW_PAGE_FAULTS_MIN}: page faults that need no input. */
    PAGE_FAULTS_MIN(PerfCounter.SOFTWARE, 5),
    /** {@code PERF_COUNT_SW_PAGE_FAULTS_MAJ}: page faults that wait for input. */
    PAGE_FAULTS_MAJ(PerfCounter.SOFTWARE, 6),
    /** {@code PERF_COUNT_SW_ALIGNMENT_FAULTS}: unaligned accesses that the kernel mends. */
    ALIGNMENT_FAULTS(PerfCounter.SOFTWARE, 7),
    /** {@code PERF_COUNT_SW_EMULATION_FAULTS}: instructions that the kernel emulates. */
    EMULATION_FAULTS(PerfCounter.SOFTWARE, 8),
    /** {@code PERF_COUNT_SW_CGROUP_SWITCHES}: switches to a task of another cgroup. Linux 5.13. */
    CGROUP_SWITCHES(PerfCounter.SOFTWARE, 11),
    /** {@code PERF_COUNT_HW_CPU_CYCLES}: cycles, at whatever frequency the CPU runs. */
    CPU_CYCLES(PerfCounter.HARDWARE, 0),
    /** {@code PERF_COUNT_HW_INSTRUCTIONS}: instructions that were completed. */
    INSTRUCTIONS(PerfCounter.HARDWARE, 1),
    /** {@code PERF_COUNT_HW_CACHE_REFERENCES}: accesses to caches, usually the last level. */
    CACHE_REFERENCES(PerfCounter.HARDWARE, 2),
    /** {@code PERF_COUNT_HW_CACHE_MISSES}: misses of caches, usually the last level. */
    CACHE_MISSES(PerfCounter.HARDWARE, 3),
    /** {@code PERF_COUNT_HW_BRANCH_INSTRUCTIONS}: branches that were completed. */
    BRANCH_INSTRUCTIONS(PerfCounter.HARDWARE, 4),
    /** {@code PERF_COUNT_HW_BRANCH_MISSES}: branches that were foretold wrongly. */
    BRANCH_MISSES(PerfCounter.HARDWARE, 5),
    /** {@code PERF_COUNT_HW_BUS_CYCLES}: cycles of the bus. */
    BUS_CYCLES(PerfCounter.HARDWARE, 6),
    /** {@code PERF_COUNT_HW_STALLED_CYCLES_FRONTEND}: cycles without an instruction to issue. */
    STALLED_CYCLES_FRONTEND(PerfCounter.HARDWARE, 7),
    /** {@code PERF_COUNT_HW_STALLED_CYCLES_BACKEND}: cycles in which none could be completed. */
    STALLED_CYCLES_BACKEND(PerfCounter.HARDWARE, 8),
    /** {@code PERF_COUNT_HW_REF_CPU_CYCLES}: cycles, at a fixed frequency. */
    REF_CPU_CYCLES(PerfCounter.HARDWARE, 9);

    private static final int HARDWARE = 0;
    private static final int SOFTWARE = 1;

    private final int type;
    private final long config;

    PerfCounter(int type, long config) {
        this.type = type;
        this.config = config;
    }

    /**
     * Returns the number of the kind.
     *
     * @return {@code perf_event_attr.type}
     */
    public int type() {
        return type;
    }

    /**
     * Returns the number of the counter.
     *
     * @return {@code perf_event_attr.config}
     */
    public long config() {
        return config;
    }

    /** Names one of these, or tells the numbers of another. */
    static String describe(int type, long config) {
        for (PerfCounter counter : values()) {
            if (counter.type == type && counter.config == config) {
                return counter.name();
            }
        }
        return "perf event type " + type + " config 0x" + Long.toHexString(config);
    }
}
