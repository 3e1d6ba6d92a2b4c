// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.kernel.Feature;
import io.ebpf4j.kernel.Support;

import java.lang.foreign.MemorySegment;

/**
 * The codec of one CPU's value where the kernel hands out those of all CPUs, as kernels before 7.0
 * do. Nothing can be written by it, since that would undo what other CPUs do at the same time.
 *
 * @param one the codec of a single value
 * @param stride bytes from one CPU's value to the next's
 * @param cpu the CPU
 * @param cpus number of possible CPUs
 */
record OneCpu<V>(Codec<V> one, int stride, int cpu, int cpus) implements Codec<V> {
    /** BPF_F_CPU; the CPU's number is in the upper half of the flags. */
    private static final long F_CPU = 8;

    /** Opens a view of one CPU's values. */
    static <K, V> BpfMap<K, V> open(MapHandle map, Codec<K> keys, Codec<V> one, int cpu) {
        int cpus = map.kernel().possibleCpus();
        if (cpu < 0 || cpu >= cpus) {
            throw new IndexOutOfBoundsException("CPU " + cpu + "; possible are 0 to " + (cpus - 1));
        }
        return map.kernel().supports(Feature.MAP_CPU_FLAGS) == Support.YES
                ? new BpfMap<>(map, keys, one, flags(cpu), Operations.of(map.shape()))
                : new BpfMap<>(
                        map, keys, new OneCpu<>(one, (int) Scratch.align(one.size()), cpu, cpus));
    }

    private static long flags(int cpu) {
        return (long) cpu << Integer.SIZE | F_CPU;
    }

    /** Says whether flags are those of a view of one CPU. */
    static boolean isView(long flags) {
        return (flags & F_CPU) != 0;
    }

    @Override
    public int size() {
        return Math.multiplyExact(stride, cpus);
    }

    @Override
    public V decode(MemorySegment segment, long offset) {
        return one.decode(segment, offset + (long) cpu * stride);
    }

    @Override
    public void encode(V value, MemorySegment segment, long offset) {
        throw new UnsupportedException(
                "writing the value of one CPU",
                Feature.MAP_CPU_FLAGS.since(),
                "write those of all CPUs by MapHandle.openPerCpu, where no program writes them in"
                        + " between");
    }
}
