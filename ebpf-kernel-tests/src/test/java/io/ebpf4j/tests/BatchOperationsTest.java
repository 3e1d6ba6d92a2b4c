// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.kernel.Feature;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.kernel.Support;
import io.ebpf4j.map.BatchCursor;
import io.ebpf4j.map.BpfMap;
import io.ebpf4j.map.MapHandle;
import io.ebpf4j.map.PerCpu;
import io.ebpf4j.spec.MapSpec;
import io.ebpf4j.spec.MapType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Collectors;

/** Many elements at once, in types that the kernel has batches for and in others. */
@KernelTest
class BatchOperationsTest {
    private static final int RESIZED_AT_MOST = 9;
    private static final int MANY = 5000;

    private final Kernel kernel = Kernel.shared();

    @ParameterizedTest
    @EnumSource(
            value = MapType.class,
            names = {"HASH", "LRU_HASH", "ARRAY"})
    void elementsAreWrittenWalkedAndCountedInBatches(MapType type) {
        // an LRU map may evict long before it is full
        int entries = type == MapType.LRU_HASH ? 16 * MANY : MANY;
        try (MapHandle map = create(type, entries)) {
            BpfMap<Integer, Long> many = map.open(Integer.class, Long.class);
            Map<Integer, Long> expected = new HashMap<>();
            for (int i = 0; i < MANY; i++) {
                expected.put(i, i * 70L);
            }
            many.putAll(expected);
            Map<Integer, Long> walked = new HashMap<>();
            many.forEach((key, value) -> assertThat(walked.put(key, value)).isNull());
            if (type == MapType.ARRAY) {
                assertThat(walked).hasSize(entries);
                walked.keySet().retainAll(expected.keySet());
            }
            assertThat(walked).isEqualTo(expected);
            assertThat(many.stream().filter(e -> e.value() >= 70).mapToInt(BpfMap.Entry::key).sum())
                    .isEqualTo(MANY * (MANY - 1) / 2);
            assertThat(many.size()).isEqualTo(type == MapType.ARRAY ? entries : MANY);
            Map<Integer, Long> small = new HashMap<>();
            BatchCursor<Integer, Long> batches = many.lookupBatch(3);
            while (batches.next()) {
                for (int i = 0; i < batches.count(); i++) {
                    assertThat(small.put(batches.key(i), batches.value(i))).isNull();
                }
            }
            assertThat(small).containsAllEntriesOf(expected);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = MapType.class,
            names = {"HASH", "LRU_HASH"})
    void elementsAreRemovedInBatches(MapType type) {
        try (MapHandle map = create(type, 16 * MANY)) {
            BpfMap<Integer, Long> many = map.open(Integer.class, Long.class);
            Map<Integer, Long> expected = new HashMap<>();
            List<Integer> odd = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                expected.put(i, -i * 3L);
                if (i % 2 == 1) {
                    odd.add(i);
                    odd.add(-i);
                }
            }
            many.putAll(expected);
            assertThat(many.deleteAll(odd)).isEqualTo(MANY / 2);
            expected.keySet().removeAll(odd);
            Map<Integer, Long> drained = new HashMap<>();
            BatchCursor<Integer, Long> batches = many.lookupAndDeleteBatch(100);
            while (batches.next()) {
                for (int i = 0; i < batches.count(); i++) {
                    assertThat(drained.put(batches.key(i), batches.value(i))).isNull();
                }
            }
            assertThat(drained).isEqualTo(expected);
            assertThat(many.size()).isZero();
            assertThat(many.nextKey(null)).isNull();
        }
    }

    @Test
    @Requires(kernel = "7.2")
    void resizableHashMapsHaveBatchesToo() {
        unlessResized(() -> elementsAreWrittenWalkedAndCountedInBatches(MapType.RHASH));
        unlessResized(() -> elementsAreRemovedInBatches(MapType.RHASH));
    }

    /** Does it again if walks met the kernel's resizing, which they need not be right beside. */
    private static void unlessResized(Runnable walks) {
        for (int left = RESIZED_AT_MOST; ; left--) {
            try {
                walks.run();
                return;
            } catch (AssertionError e) {
                if (left == 0) {
                    throw e;
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = MapType.class,
            names = {"PERCPU_HASH", "LRU_PERCPU_HASH", "PERCPU_ARRAY"})
    void perCpuElementsComeInBatches(MapType type) {
        int cpus = kernel.possibleCpus();
        try (MapHandle map =
                MapHandle.create(
                        kernel,
                        MapSpec.of("each", type, 4, 4, type == MapType.PERCPU_ARRAY ? 300 : 8192),
                        null,
                        null)) {
            BpfMap<Integer, PerCpu<Integer>> each = map.openPerCpu(Integer.class, Integer.class);
            Map<Integer, PerCpu<Integer>> expected = new HashMap<>();
            for (int i = 0; i < 300; i++) {
                List<Integer> values = new ArrayList<>();
                for (int cpu = 0; cpu < cpus; cpu++) {
                    values.add(1000 * i + cpu);
                }
                expected.put(i, PerCpu.of(values));
            }
            each.putAll(expected);
            Map<Integer, PerCpu<Integer>> walked = new HashMap<>();
            each.forEach((key, value) -> assertThat(walked.put(key, value)).isNull());
            assertThat(walked).isEqualTo(expected);
            for (int cpu = 0; cpu < cpus; cpu++) {
                BpfMap<Integer, Integer> one = map.openCpu(cpu, Integer.class, Integer.class);
                assertThat(one.get(7)).isEqualTo(7000 + cpu);
                Set<Integer> values = new HashSet<>();
                one.forEach((key, value) -> values.add(value));
                assertThat(values).hasSize(300).contains(299_000 + cpu);
                assertThatThrownBy(() -> one.lookupAndDelete(1))
                        .isInstanceOf(UnsupportedException.class);
            }
            assertThatThrownBy(() -> map.openCpu(cpus, Integer.class, Integer.class))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = MapType.class,
            names = {"PERCPU_HASH", "LRU_PERCPU_HASH", "PERCPU_ARRAY"})
    void oneCpusValueIsWrittenSinceLinux70(MapType type) {
        int last = kernel.possibleCpus() - 1;
        try (MapHandle map =
                MapHandle.create(kernel, MapSpec.of("each", type, 4, 4, 64), null, null)) {
            BpfMap<Integer, PerCpu<Integer>> each = map.openPerCpu(Integer.class, Integer.class);
            each.put(1, PerCpu.of(Collections.nCopies(last + 1, 5)));
            BpfMap<Integer, Integer> one = map.openCpu(last, Integer.class, Integer.class);
            if (kernel.supports(Feature.MAP_CPU_FLAGS) != Support.YES) {
                assertThatThrownBy(() -> one.put(1, 6))
                        .isInstanceOf(UnsupportedException.class)
                        .hasMessageContaining("needs Linux 7.0");
                assertThat(each.get(1)).containsOnly(5);
                return;
            }
            one.put(1, 6);
            one.putAll(Map.of(2, 7));
            assertThat(each.get(1).get(last)).isEqualTo(6);
            assertThat(each.get(1).get(0)).isEqualTo(5);
            assertThat(each.get(2).get(last)).isEqualTo(7);
            assertThat(each.get(2).get(0)).isZero();
            assertThatThrownBy(() -> one.putIfAbsent(1, 8))
                    .isInstanceOf(UnsupportedException.class)
                    .hasMessageContaining("use a view of all CPUs");
            assertThatThrownBy(() -> one.replace(3, 8)).isInstanceOf(UnsupportedException.class);
            assertThat(each.get(1).get(last)).isEqualTo(6);
        }
    }

    @Test
    void aHashMapIsAConcurrentMap() throws InterruptedException {
        try (MapHandle map = create(MapType.HASH, 1000)) {
            ConcurrentMap<Integer, Long> counts =
                    map.open(Integer.class, Long.class).asConcurrentMap();
            List<Thread> threads = new ArrayList<>();
            Set<Long> created = Collections.synchronizedSet(new HashSet<>());
            Set<Long> taken = Collections.synchronizedSet(new HashSet<>());
            for (int t = 0; t < 4; t++) {
                long mark = t;
                Thread thread =
                        new Thread(
                                () -> {
                                    for (int i = 0; i < 500; i++) {
                                        if (counts.putIfAbsent(i, 10L * i + mark) == null) {
                                            created.add(10L * i + mark);
                                        }
                                    }
                                });
                thread.start();
                threads.add(thread);
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(created).hasSize(500);
            assertThat(Set.copyOf(counts.values())).isEqualTo(created);
            assertThat(counts).hasSize(500).containsKey(499).doesNotContainKey(500);
            for (int i = 0; i < 500; i++) {
                taken.add(counts.remove(i));
            }
            assertThat(taken).isEqualTo(created);
            assertThat(counts).isEmpty();
        }
    }

    @Test
    void aMapThatOthersChangeIsWalkedToTheEndAndKeysThatStayComeOnce() throws InterruptedException {
        try (MapHandle map = create(MapType.HASH, 4096)) {
            BpfMap<Integer, Long> churned = map.open(Integer.class, Long.class);
            Set<Integer> staying = new HashSet<>();
            for (int i = 1; i <= 500; i++) {
                churned.put(-i, 1L);
                staying.add(-i);
            }
            Thread churn =
                    new Thread(
                            () -> {
                                for (int i = 0; !Thread.currentThread().isInterrupted(); i++) {
                                    churned.put(i % 3000, 0L);
                                    churned.delete((i + 1500) % 3000);
                                }
                            });
            churn.start();
            try {
                for (int round = 0; round < 50; round++) {
                    List<Integer> seen =
                            churned.stream().map(BpfMap.Entry::key).collect(Collectors.toList());
                    assertThat(seen).doesNotHaveDuplicates().containsAll(staying);
                }
            } finally {
                churn.interrupt();
                churn.join();
            }
        }
    }

    @Test
    void aFullMapSaysHowManyElementsWereWritten() {
        try (MapHandle map =
                MapHandle.create(
                        kernel,
                        MapSpec.of("small", MapType.HASH, 4, 8, 3).flags(MapSpec.NO_PREALLOC),
                        null,
                        null)) {
            BpfMap<Integer, Long> small = map.open(Integer.class, Long.class);
            assertThatThrownBy(() -> small.putAll(Map.of(1, 1L, 2, 2L, 3, 3L, 4, 4L)))
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining(
                            "is full: it holds at most 3; 3 elements were dealt with before it");
            assertThat(small.size()).isEqualTo(3);
        }
    }

    private MapHandle create(MapType type, int entries) {
        int flags = type == MapType.RHASH ? MapSpec.NO_PREALLOC : 0;
        return MapHandle.create(
                kernel, MapSpec.of("many", type, 4, 8, entries).flags(flags), null, null);
    }
}
