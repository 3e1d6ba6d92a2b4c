// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.map.BpfMap;
import io.ebpf4j.map.Chars;
import io.ebpf4j.map.Codec;
import io.ebpf4j.map.MapHandle;
import io.ebpf4j.map.MapInfo;
import io.ebpf4j.map.PerCpu;
import io.ebpf4j.map.UpdateFlag;
import io.ebpf4j.spec.MapSpec;
import io.ebpf4j.spec.MapType;
import io.ebpf4j.sys.Errno;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;

@KernelTest
class MapOperationsTest {
    private final Kernel kernel = Kernel.shared();

    record Key(int pid, @Chars(16) String comm) {}

    record Stats(long count, int last, byte state) {}

    @Test
    void aHashMapKeepsRecordsByRecords() {
        try (MapHandle map = create(MapSpec.of("stats", MapType.HASH, 20, 16, 8))) {
            BpfMap<Key, Stats> stats = map.open(Key.class, Stats.class);
            Key java = new Key(1, "java");
            assertThat(stats.get(java)).isNull();
            stats.put(java, new Stats(7, -1, (byte) 2));
            assertThat(stats.get(new Key(1, "java"))).isEqualTo(new Stats(7, -1, (byte) 2));
            stats.put(java, new Stats(8, 1, (byte) 3));
            assertThat(stats.get(java).count()).isEqualTo(8);
            assertThat(stats.get(new Key(1, "jav"))).isNull();
            assertThat(stats.size()).isEqualTo(1);
            assertThat(stats.delete(java)).isTrue();
            assertThat(stats.delete(java)).isFalse();
            assertThat(stats.size()).isZero();
        }
    }

    @Test
    void updateFlagsSayWhetherTheElementMustBeThere() {
        try (MapHandle map = create(MapSpec.of("flags", MapType.HASH, 4, 8, 8))) {
            BpfMap<Integer, Long> values = map.open(Integer.class, Long.class);
            assertThat(values.replace(1, 10L)).isFalse();
            assertThat(values.putIfAbsent(1, 11L)).isTrue();
            assertThat(values.putIfAbsent(1, 12L)).isFalse();
            assertThat(values.get(1)).isEqualTo(11);
            assertThat(values.replace(1, 13L)).isTrue();
            assertThat(values.get(1)).isEqualTo(13);
            assertThatThrownBy(() -> values.put(1, 0L, UpdateFlag.NOEXIST))
                    .isInstanceOfSatisfying(
                            BpfException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EEXIST));
            assertThatThrownBy(() -> values.put(2, 0L, UpdateFlag.EXIST))
                    .isInstanceOfSatisfying(
                            BpfException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT));
        }
    }

    @Test
    void aFullMapSaysHowMuchItHolds() {
        try (MapHandle map =
                create(MapSpec.of("small", MapType.HASH, 4, 4, 2).flags(MapSpec.NO_PREALLOC))) {
            BpfMap<Integer, Integer> small = map.open(Integer.class, Integer.class);
            small.put(1, 1);
            small.put(2, 2);
            assertThatThrownBy(() -> small.put(3, 3))
                    .isInstanceOf(BpfException.class)
                    .hasMessage("map small is full: it holds at most 2");
            assertThat(small.size()).isEqualTo(2);
        }
    }

    @Test
    @Requires(kernel = "5.14")
    void anElementIsReadAndRemovedAtOnce() {
        try (MapHandle map = create(MapSpec.of("taken", MapType.HASH, 4, 8, 8))) {
            BpfMap<Integer, Long> taken = map.open(Integer.class, Long.class);
            taken.put(5, 50L);
            assertThat(taken.lookupAndDelete(5)).isEqualTo(50);
            assertThat(taken.lookupAndDelete(5)).isNull();
            assertThat(taken.get(5)).isNull();
        }
    }

    @Test
    void readingAndRemovingAtOnceIsRefusedBeforeLinux514() {
        try (MapHandle map = create(MapSpec.of("taken", MapType.HASH, 4, 8, 8))) {
            BpfMap<Integer, Long> taken = map.open(Integer.class, Long.class);
            if (Requirement.atLeast("5.14")) {
                assertThat(taken.lookupAndDelete(5)).isNull();
            } else {
                assertThatThrownBy(() -> taken.lookupAndDelete(5))
                        .isInstanceOf(UnsupportedException.class)
                        .hasMessageContaining("needs Linux 5.14");
            }
        }
    }

    @Test
    void anIterationHandsOutEveryElementOnce() {
        try (MapHandle map = create(MapSpec.of("many", MapType.HASH, 4, 8, 2000))) {
            BpfMap<Integer, Long> many = map.open(Integer.class, Long.class);
            Map<Integer, Long> expected = new HashMap<>();
            for (int i = 0; i < 1500; i++) {
                many.put(i * 7, i * 70L);
                expected.put(i * 7, i * 70L);
            }
            Map<Integer, Long> seen = new HashMap<>();
            for (BpfMap.Entry<Integer, Long> e : many) {
                assertThat(seen.put(e.key(), e.value())).isNull();
            }
            assertThat(seen).isEqualTo(expected);
            assertThat(many.size()).isEqualTo(1500);
        }
    }

    @Test
    void aLoopMayRemoveTheElementItIsAt() {
        try (MapHandle map = create(MapSpec.of("removed", MapType.HASH, 4, 8, 512))) {
            BpfMap<Integer, Long> removed = map.open(Integer.class, Long.class);
            for (int i = 0; i < 500; i++) {
                removed.put(i, (long) i);
            }
            Set<Integer> seen = new HashSet<>();
            Iterator<BpfMap.Entry<Integer, Long>> elements = removed.iterator();
            while (elements.hasNext()) {
                int key = elements.next().key();
                assertThat(seen.add(key)).isTrue();
                if (key % 2 == 0) {
                    elements.remove();
                }
            }
            assertThat(seen).hasSize(500);
            assertThat(removed.size()).isEqualTo(250);
            assertThatThrownBy(elements::next).isInstanceOf(NoSuchElementException.class);
            removed.clear();
            assertThat(removed).isEmpty();
        }
    }

    /** Says that it has 4 bytes, and touches 8. */
    private static final class Greedy implements Codec<Long> {
        @Override
        public int size() {
            return 4;
        }

        @Override
        public Long decode(MemorySegment segment, long offset) {
            return segment.get(ValueLayout.JAVA_LONG_UNALIGNED, offset);
        }

        @Override
        public void encode(Long value, MemorySegment segment, long offset) {
            segment.set(ValueLayout.JAVA_LONG_UNALIGNED, offset, value);
        }
    }

    @Test
    void aCodecOfTheUsersSeesNoMoreThanItsBytes() {
        try (MapHandle map = create(MapSpec.of("bounded", MapType.HASH, 4, 4, 8))) {
            map.open(Integer.class, Integer.class).put(1, 1);
            BpfMap<Integer, Long> values = map.open(Codec.of(Integer.class), new Greedy());
            BpfMap<Long, Integer> keys = map.open(new Greedy(), Codec.of(Integer.class));
            assertThatThrownBy(() -> values.get(1)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> values.put(1, 1L))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> keys.delete(1L)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> values.iterator().next())
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThat(map.open(Integer.class, Integer.class).get(1)).isEqualTo(1);
        }
    }

    @Test
    void anElementIsRemovedAfterTheNextBatchIsRead() {
        try (MapHandle map = create(MapSpec.of("removed", MapType.HASH, 4, 4096, 128))) {
            BpfMap<Integer, byte[]> removed = map.open(Integer.class, byte[].class);
            for (int i = 0; i < 100; i++) {
                removed.put(i, new byte[4096]);
            }
            Iterator<BpfMap.Entry<Integer, byte[]>> elements = removed.iterator();
            int left = 100;
            for (boolean more = elements.hasNext(); more; ) {
                int key = elements.next().key();
                more = elements.hasNext();
                elements.remove();
                left--;
                assertThat(removed.get(key)).isNull();
                assertThat(removed.size()).isEqualTo(left);
                assertThatThrownBy(elements::remove).isInstanceOf(IllegalStateException.class);
            }
            assertThat(left).isZero();
        }
    }

    @Test
    void anIterationEndsWhileOthersChangeTheMap() throws InterruptedException {
        try (MapHandle map = create(MapSpec.of("churned", MapType.HASH, 4, 8, 256))) {
            BpfMap<Integer, Long> churned = map.open(Integer.class, Long.class);
            for (int i = 0; i < 64; i++) {
                churned.put(-1 - i, 1L);
            }
            Thread churn =
                    new Thread(
                            () -> {
                                for (int i = 0;
                                        !Thread.currentThread().isInterrupted();
                                        i = (i + 1) % 180) {
                                    churned.put(i, 0L);
                                    churned.delete(i);
                                }
                            });
            churn.start();
            try {
                for (int round = 0; round < 200; round++) {
                    int count = 0;
                    for (BpfMap.Entry<Integer, Long> e : churned) {
                        assertThat(e.value()).isEqualTo(e.key() < 0 ? 1L : 0L);
                        count++;
                    }
                    assertThat(count).isBetween(1, 256);
                }
            } finally {
                churn.interrupt();
                churn.join();
            }
        }
    }

    @Test
    void anLruMapMakesRoom() {
        try (MapHandle map = create(MapSpec.of("recent", MapType.LRU_HASH, 4, 4, 100))) {
            BpfMap<Integer, Integer> recent = map.open(Integer.class, Integer.class);
            for (int i = 0; i < 1000; i++) {
                recent.put(i, i);
            }
            assertThat(recent.size()).isBetween(1, 100);
        }
    }

    @Test
    void anArrayHasAllItsElements() {
        try (MapHandle map = create(MapSpec.of("slots", MapType.ARRAY, 4, 12, 5))) {
            record Slot(int a, int b, int c) {}
            BpfMap<Integer, Slot> slots = map.open(Integer.class, Slot.class);
            assertThat(slots.size()).isEqualTo(5);
            slots.put(4, new Slot(1, 2, 3));
            List<Integer> keys = new ArrayList<>();
            for (BpfMap.Entry<Integer, Slot> e : slots) {
                keys.add(e.key());
                assertThat(e.value())
                        .isEqualTo(e.key() == 4 ? new Slot(1, 2, 3) : new Slot(0, 0, 0));
            }
            assertThat(keys).containsExactly(0, 1, 2, 3, 4);
            assertThat(slots.get(5)).isNull();
            assertThat(slots.putIfAbsent(0, new Slot(0, 0, 0))).isFalse();
            assertThatThrownBy(() -> slots.put(5, new Slot(0, 0, 0)))
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("the key is not less than 5");
            assertThatThrownBy(() -> slots.delete(0))
                    .isInstanceOf(UnsupportedException.class)
                    .hasMessageContaining("map slots of type ARRAY");
            assertThatThrownBy(slots::clear).isInstanceOf(UnsupportedException.class);
        }
    }

    @Test
    void perCpuMapsHaveAValueForEachPossibleCpu() {
        int cpus = kernel.possibleCpus();
        List<Integer> values = new ArrayList<>();
        for (int i = 0; i < cpus; i++) {
            values.add(100 + i);
        }
        for (MapType type : List.of(MapType.PERCPU_ARRAY, MapType.PERCPU_HASH)) {
            try (MapHandle map = create(MapSpec.of("each", type, 4, 4, 4))) {
                BpfMap<Integer, PerCpu<Integer>> each =
                        map.openPerCpu(Integer.class, Integer.class);
                each.put(2, PerCpu.of(values));
                PerCpu<Integer> back = each.get(2);
                assertThat(back).containsExactlyElementsOf(values);
                assertThat(back.size()).isEqualTo(cpus);
                assertThat(back.get(cpus - 1)).isEqualTo(99 + cpus);
                assertThat(back.reduce(Integer::sum))
                        .isEqualTo(values.stream().mapToInt(v -> v).sum());
                assertThat(each.iterator())
                        .toIterable()
                        .anySatisfy(e -> assertThat(e.value()).isEqualTo(back));
                assertThatThrownBy(() -> map.open(Integer.class, Integer.class))
                        .isInstanceOf(UnsupportedException.class)
                        .hasMessageContaining("open it as a per-CPU map");
            }
        }
    }

    @Test
    void rawBytesTakeTheSizesOfTheMap() {
        try (MapHandle map = create(MapSpec.of("raw", MapType.HASH, 6, 3, 4))) {
            BpfMap<byte[], String> raw = map.open(byte[].class, String.class);
            raw.put(new byte[] {1, 2, 3, 4, 5, 6}, "abc");
            assertThat(raw.get(new byte[] {1, 2, 3, 4, 5, 6})).isEqualTo("abc");
            assertThatThrownBy(() -> map.open(Integer.class, String.class))
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("the keys of map raw have 6 bytes, but Integer has 4");
        }
    }

    @Test
    void theKernelDescribesTheMap() {
        try (MapHandle map = create(MapSpec.of("described_by_kernel", MapType.HASH, 4, 8, 16))) {
            MapInfo info = map.info();
            assertThat(info.type()).isEqualTo(MapType.HASH);
            assertThat(info.keySize()).isEqualTo(4);
            assertThat(info.valueSize()).isEqualTo(8);
            assertThat(info.maxEntries()).isEqualTo(16);
            assertThat(info.name()).isEqualTo("described_by_ke");
            map.open(Integer.class, Long.class).put(1, 2L);
            try (MapHandle same = MapHandle.fromId(kernel, info.id())) {
                assertThat(same.name()).isEqualTo("described_by_ke");
                assertThat(same.open(Integer.class, Long.class).get(1)).isEqualTo(2);
            }
        }
    }

    @Test
    @Requires(Requirement.BPFFS)
    void aPinnedMapOutlivesItsOwner() throws java.io.IOException {
        Path pin = Path.of("/sys/fs/bpf/ebpf4j-maps-test");
        Files.deleteIfExists(pin);
        try (MapHandle map = create(MapSpec.of("pinned", MapType.HASH, 4, 8, 16))) {
            map.open(Integer.class, Long.class).put(1, 2L);
            map.pin(pin);
            assertThatThrownBy(() -> map.pin(pin)).isInstanceOf(BpfException.class);
        }
        try (MapHandle again = MapHandle.fromPin(kernel, pin)) {
            assertThat(again.open(Integer.class, Long.class).get(1)).isEqualTo(2);
            again.unpin(pin);
            again.unpin(pin);
        }
        assertThat(Files.exists(pin)).isFalse();
    }

    @Test
    void aClosedMapRefusesWork() {
        MapHandle map = create(MapSpec.of("closed", MapType.HASH, 4, 8, 16));
        BpfMap<Integer, Long> view = map.open(Integer.class, Long.class);
        map.close();
        map.close();
        assertThatThrownBy(() -> view.get(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void threadsShareAMap() throws InterruptedException {
        try (MapHandle map = create(MapSpec.of("shared", MapType.HASH, 4, 8, 4096))) {
            BpfMap<Integer, Long> shared = map.open(Integer.class, Long.class);
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                int base = t * 1000;
                Thread thread =
                        new Thread(
                                () -> {
                                    for (int i = base; i < base + 1000; i++) {
                                        shared.put(i, (long) i * i);
                                        if (shared.get(i) != (long) i * i) {
                                            throw new AssertionError("lost " + i);
                                        }
                                    }
                                });
                thread.start();
                threads.add(thread);
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(shared.size()).isEqualTo(4000);
            for (BpfMap.Entry<Integer, Long> e : shared) {
                assertThat(e.value()).isEqualTo((long) e.key() * e.key());
            }
        }
    }

    private MapHandle create(MapSpec spec) {
        return MapHandle.create(kernel, spec, null, null);
    }
}
