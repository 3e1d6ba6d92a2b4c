// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;

import java.lang.foreign.MemorySegment;

/**
 * The codec of a per-CPU element as user space sees it: a value for each possible CPU, each rounded
 * up to 8 bytes (kernel/bpf/hashtab.c, bpf_percpu_hash_copy).
 *
 * @param one the codec of a single value
 * @param stride bytes from one value to the next
 * @param cpus number of possible CPUs
 */
record PerCpuCodec<V>(Codec<V> one, int stride, int cpus) implements Codec<PerCpu<V>> {

    @SuppressWarnings("unchecked") // V is Long where the codec is that of longs
    static <V> Codec<PerCpu<V>> of(Codec<V> one, int cpus) {
        return one instanceof NumberCodecs.Long64
                ? (Codec<PerCpu<V>>) (Codec<?>) new Longs(cpus)
                : new PerCpuCodec<>(one, (int) Scratch.align(one.size()), cpus);
    }

    /** The same of longs, which get no boxes. */
    private record Longs(int cpus) implements Codec<PerCpu<Long>> {
        @Override
        public int size() {
            return Math.multiplyExact(Long.BYTES, cpus);
        }

        @Override
        public PerCpu<Long> decode(MemorySegment segment, long offset) {
            long[] values = new long[cpus];
            for (int i = 0; i < cpus; i++) {
                values[i] = Leaves.getLong(0, segment, offset + (long) i * Long.BYTES);
            }
            return PerCpu.adopt(values);
        }

        @Override
        public void encode(PerCpu<Long> value, MemorySegment segment, long offset) {
            checkCount(value, cpus);
            for (int i = 0; i < cpus; i++) {
                Leaves.putLong(0, value.get(i), segment, offset + (long) i * Long.BYTES);
            }
        }
    }

    private static void checkCount(PerCpu<?> value, int cpus) {
        if (value.size() != cpus) {
            throw new BpfException(
                    "there are " + value.size() + " values, but " + cpus + " possible CPUs");
        }
    }

    @Override
    public int size() {
        return Math.multiplyExact(stride, cpus);
    }

    @Override
    public PerCpu<V> decode(MemorySegment segment, long offset) {
        Object[] values = new Object[cpus];
        for (int i = 0; i < cpus; i++) {
            values[i] = one.decode(segment, offset + (long) i * stride);
        }
        return PerCpu.adopt(values);
    }

    @Override
    public void encode(PerCpu<V> value, MemorySegment segment, long offset) {
        checkCount(value, cpus);
        int size = one.size();
        for (int i = 0; i < cpus; i++) {
            long at = offset + (long) i * stride;
            one.encode(value.get(i), segment, at);
            Leaves.zero(size, stride - size, segment, at);
        }
    }
}
