// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.kernel.Feature;
import io.ebpf4j.kernel.Support;

import java.lang.foreign.MemorySegment;
import java.util.Map;

/**
 * Writes the elements of a per-CPU map, the same value for each possible CPU: zeros, say, before a
 * program counts. Opened by {@link MapHandle#openAllCpus}.
 *
 * <p>Since Linux 7.0 the kernel is given one value and copies it ({@code BPF_F_ALL_CPUS}); before,
 * it is given as many as there are CPUs. Either way an element is written by one system call, CPU
 * after CPU: a program may see it half done.
 *
 * <p>Safe for use by several threads; it ends with its map.
 *
 * @param <K> type of keys
 * @param <V> type of one CPU's values
 */
public final class AllCpus<K, V> {
    private static final long F_ALL_CPUS = 16;

    private final BpfMap<K, V> map;

    /** For what the kernel does not do with one value: it takes no condition beside the flag. */
    private final BpfMap<K, V> repeating;

    private AllCpus(BpfMap<K, V> map, BpfMap<K, V> repeating) {
        this.map = map;
        this.repeating = repeating;
    }

    static <K, V> AllCpus<K, V> open(MapHandle map, Codec<K> keys, Codec<V> one) {
        BpfMap<K, V> repeating =
                new BpfMap<>(map, keys, Repeated.of(one, map.kernel().possibleCpus()));
        return new AllCpus<>(
                map.kernel().supports(Feature.MAP_CPU_FLAGS) == Support.YES
                        ? new BpfMap<>(map, keys, one, F_ALL_CPUS, repeating.operations())
                        : repeating,
                repeating);
    }

    /**
     * Creates an element or replaces its values.
     *
     * @param key the key
     * @param value what each CPU gets
     * @throws BpfException if key or value cannot be written as bytes, the map is full or frozen,
     *     or the kernel refuses
     */
    public void put(K key, V value) {
        map.put(key, value);
    }

    /**
     * Creates an element unless it is there.
     *
     * @param key the key
     * @param value what each CPU gets
     * @return false if it was there; always so for arrays
     * @throws BpfException if key or value cannot be written as bytes, the map is full or frozen,
     *     or the kernel refuses
     */
    public boolean putIfAbsent(K key, V value) {
        return repeating.putIfAbsent(key, value);
    }

    /**
     * Replaces the values of an element if it is there.
     *
     * @param key the key
     * @param value what each CPU gets
     * @return false if it was not there
     * @throws BpfException if key or value cannot be written as bytes, the map is frozen, or the
     *     kernel refuses
     */
    public boolean replace(K key, V value) {
        return repeating.replace(key, value);
    }

    /**
     * Writes elements as {@link #put} does, many by one system call where the kernel can (Linux
     * 5.6; per-CPU arrays 5.13).
     *
     * @param elements the keys, and what each CPU gets
     * @throws BpfException if a key or value cannot be written as bytes, the map is full or frozen,
     *     or the kernel refuses; the message says how many elements were written before
     */
    public void putAll(Map<? extends K, ? extends V> elements) {
        map.putAll(elements);
    }

    /** Names the map, its type and sizes. */
    @Override
    public String toString() {
        return map.toString();
    }

    /** A value that is written for each CPU, rounded up to 8 bytes as in {@link PerCpuCodec}. */
    private record Repeated<V>(Codec<V> one, int stride, int cpus) implements Codec<V> {
        static <V> Repeated<V> of(Codec<V> one, int cpus) {
            return new Repeated<>(one, (int) Scratch.align(one.size()), cpus);
        }

        @Override
        public int size() {
            return Math.multiplyExact(stride, cpus);
        }

        @Override
        public V decode(MemorySegment segment, long offset) {
            throw new IllegalStateException("there is a value for each CPU, not one for all");
        }

        @Override
        public void encode(V value, MemorySegment segment, long offset) {
            one.encode(value, segment, offset);
            int size = one.size();
            Leaves.zero(size, stride - size, segment, offset);
            for (int i = 1; i < cpus; i++) {
                MemorySegment.copy(segment, offset, segment, offset + (long) i * stride, stride);
            }
        }
    }
}
