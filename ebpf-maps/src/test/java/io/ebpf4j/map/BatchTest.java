// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.spec.MapSpec;
import io.ebpf4j.spec.MapType;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.FakeSystemCalls;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Batches, and what is done where the kernel has none. */
class BatchTest {
    /** The last before batches. */
    private static final String OLD = "5.5";

    private static final String NEW = "6.12";

    private FakeSystemCalls calls;

    @ParameterizedTest
    @ValueSource(strings = {OLD, NEW})
    void aCursorHandsOutAllElements(String version) {
        try (MapHandle map = create(version, MapType.HASH, 100)) {
            BpfMap<Integer, Long> counts = map.open(Integer.class, Long.class);
            Map<Integer, Long> expected = fill(counts, 50);
            Map<Integer, Long> seen = new HashMap<>();
            BatchCursor<Integer, Long> batches = counts.lookupBatch(7);
            assertThat(batches.count()).isZero();
            while (batches.next()) {
                assertThat(batches.count()).isPositive();
                for (int i = 0; i < batches.count(); i++) {
                    assertThat(seen.put(batches.key(i), batches.value(i))).isNull();
                }
                assertThat(batches.keyBytes().byteSize()).isEqualTo(4L * batches.count());
                assertThat(batches.valueBytes().byteSize()).isEqualTo(8L * batches.count());
                int count = batches.count();
                assertThatThrownBy(() -> batches.key(count))
                        .isInstanceOf(IndexOutOfBoundsException.class);
            }
            assertThat(seen).isEqualTo(expected);
            assertThat(batches.next()).isFalse();
            assertThat(batches.count()).isZero();
        }
        assertThat(calls.leftOpen()).isEmpty();
    }

    @Test
    void aBucketThatDoesNotFitGetsMoreRoom() {
        try (MapHandle map = create(NEW, MapType.HASH, 100)) {
            BpfMap<Integer, Long> counts = map.open(Integer.class, Long.class);
            fill(counts, 40);
            BatchCursor<Integer, Long> batches = counts.lookupBatch(1);
            assertThat(batches.next()).isTrue();
            assertThat(calls.calls(BpfCommand.MAP_LOOKUP_BATCH))
                    .extracting(c -> (int) c.result())
                    .startsWith(-Errno.ENOSPC, -Errno.ENOSPC);
            assertThat(batches.count()).isGreaterThan(1);
        }
    }

    @Test
    void aRefusedCommandIsTriedOnce() {
        try (MapHandle map = create(OLD, MapType.HASH, 100)) {
            BpfMap<Integer, Long> counts = map.open(Integer.class, Long.class);
            counts.putAll(Map.of(1, 1L, 2, 2L));
            counts.putAll(Map.of(3, 3L));
            assertThat(counts.size()).isEqualTo(3);
            assertThat(map.open(Integer.class, Long.class)).hasSize(3);
            assertThat(counts.deleteAll(List.of(1, 9))).isEqualTo(1);
            assertThat(counts.deleteAll(List.of(2))).isEqualTo(1);
            assertThat(calls.calls(BpfCommand.MAP_UPDATE_BATCH)).hasSize(1);
            assertThat(calls.calls(BpfCommand.MAP_LOOKUP_BATCH)).hasSize(1);
            assertThat(calls.calls(BpfCommand.MAP_DELETE_BATCH)).hasSize(1);
        }
    }

    @Test
    void aTypeWithoutBatchesIsWalkedKeyByKey() {
        try (MapHandle map = create(NEW, MapType.LPM_TRIE, 100)) {
            BpfMap<Integer, Long> counts = map.open(Integer.class, Long.class);
            Map<Integer, Long> expected = fill(counts, 20);
            Map<Integer, Long> seen = new HashMap<>();
            counts.forEach((key, value) -> assertThat(seen.put(key, value)).isNull());
            assertThat(seen).isEqualTo(expected);
            Map<Integer, Long> drained = new HashMap<>();
            BatchCursor<Integer, Long> batches = counts.lookupAndDeleteBatch(6);
            while (batches.next()) {
                for (int i = 0; i < batches.count(); i++) {
                    drained.put(batches.key(i), batches.value(i));
                }
            }
            assertThat(drained).isEqualTo(expected);
            assertThat(counts.size()).isZero();
        }
    }

    @Test
    void anArrayIsReadInAFewCalls() {
        try (MapHandle map = create(NEW, MapType.ARRAY, 100)) {
            BpfMap<Integer, Long> slots = map.open(Integer.class, Long.class);
            Map<Integer, Long> all = new LinkedHashMap<>();
            for (int i = 0; i < 100; i++) {
                all.put(i, 3L * i);
            }
            slots.putAll(all);
            assertThat(calls.calls(BpfCommand.MAP_UPDATE_ELEM)).isEmpty();
            Map<Integer, Long> seen = new LinkedHashMap<>();
            slots.forEach(e -> seen.put(e.key(), e.value()));
            assertThat(seen).isEqualTo(all);
            assertThat(calls.calls(BpfCommand.MAP_LOOKUP_BATCH)).hasSize(1);
            assertThatThrownBy(() -> slots.lookupAndDeleteBatch(1))
                    .isInstanceOf(UnsupportedException.class)
                    .hasMessageContaining("map counts of type ARRAY");
            assertThatThrownBy(() -> slots.deleteAll(List.of(1)))
                    .isInstanceOf(UnsupportedException.class);
            assertThatThrownBy(slots::asConcurrentMap).isInstanceOf(UnsupportedException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {OLD, NEW})
    void aFullMapSaysHowManyWereWritten(String version) {
        try (MapHandle map = create(version, MapType.HASH, 3)) {
            BpfMap<Integer, Long> counts = map.open(Integer.class, Long.class);
            Map<Integer, Long> five = new LinkedHashMap<>();
            for (int i = 0; i < 5; i++) {
                five.put(i, 0L);
            }
            assertThatThrownBy(() -> counts.putAll(five))
                    .isInstanceOfSatisfying(
                            BpfException.class, e -> assertThat(e.errno()).isEqualTo(Errno.E2BIG))
                    .hasMessage(
                            "map counts is full: it holds at most 3; 3 elements were dealt with"
                                    + " before it");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {OLD, NEW})
    void keysThatAreNotThereAreNotCounted(String version) {
        try (MapHandle map = create(version, MapType.HASH, 100)) {
            BpfMap<Integer, Long> counts = map.open(Integer.class, Long.class);
            fill(counts, 10);
            List<Integer> keys = new ArrayList<>();
            for (int i = -5; i < 15; i++) {
                keys.add(i);
            }
            assertThat(counts.deleteAll(keys)).isEqualTo(10);
            assertThat(counts.size()).isZero();
        }
    }

    @Test
    void aFailureInTheMiddleNamesTheMap() {
        try (MapHandle map = create(NEW, MapType.HASH, 100)) {
            BpfMap<Integer, Long> counts = map.open(Integer.class, Long.class);
            fill(counts, 40);
            calls.fail(BpfCommand.MAP_LOOKUP_BATCH, 2, Errno.EINVAL);
            BatchCursor<Integer, Long> batches = counts.lookupBatch(16);
            assertThat(batches.next()).isTrue();
            assertThatThrownBy(batches::next)
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("cannot read an element of map counts");
            calls.failAll(BpfCommand.MAP_LOOKUP_BATCH, Errno.ENOMEM);
            assertThatThrownBy(counts::size)
                    .isInstanceOfSatisfying(
                            BpfException.class,
                            e -> assertThat(e.command()).isEqualTo("BPF_MAP_LOOKUP_BATCH"));
        }
    }

    @Test
    void aLockedViewPassesTheFlagEverywhere() {
        try (MapHandle map = create(NEW, MapType.HASH, 100)) {
            BpfMap<Integer, Long> counts = map.open(Integer.class, Long.class).locked();
            counts.put(1, 1L);
            counts.get(1);
            counts.putAll(Map.of(2, 2L));
            counts.size();
            assertThat(calls.calls(BpfCommand.MAP_LOOKUP_ELEM).getLast().field("flags"))
                    .isEqualTo(4);
            assertThat(calls.calls(BpfCommand.MAP_LOOKUP_BATCH).getLast().field("elem_flags"))
                    .isEqualTo(4);
            assertThat(calls.calls(BpfCommand.MAP_UPDATE_BATCH).getLast().field("elem_flags"))
                    .isEqualTo(4);
            counts.deleteAll(List.of(1, 2));
            assertThat(calls.calls(BpfCommand.MAP_DELETE_BATCH).getLast().field("elem_flags"))
                    .isZero();
            calls.failAll(BpfCommand.MAP_LOOKUP_ELEM, Errno.EINVAL);
            assertThatThrownBy(() -> counts.get(1)).hasMessageContaining("struct bpf_spin_lock");
        }
    }

    @Test
    void theViewAsAConcurrentMapRefusesWhatTheKernelCannot() {
        try (MapHandle map = create(NEW, MapType.HASH, 100)) {
            Map<Integer, Long> counts = map.open(Integer.class, Long.class).asConcurrentMap();
            assertThat(counts.putIfAbsent(1, 1L)).isNull();
            assertThat(counts.putIfAbsent(1, 2L)).isEqualTo(1);
            assertThat(counts.put(1, 3L)).isEqualTo(1);
            assertThat(counts.replace(1, 4L)).isEqualTo(3);
            assertThat(counts.replace(2, 4L)).isNull();
            assertThat(counts.computeIfAbsent(2, k -> 20L)).isEqualTo(20);
            assertThat(counts.getOrDefault(3, -1L)).isEqualTo(-1);
            assertThat(counts).isEqualTo(Map.of(1, 4L, 2, 20L));
            assertThat(counts.remove(2)).isEqualTo(20);
            assertThat(counts.remove(2)).isNull();
            counts.entrySet().iterator().next().setValue(7L);
            assertThat(counts.get(1)).isEqualTo(7);
            for (Runnable call :
                    List.<Runnable>of(
                            () -> counts.replace(1, 7L, 8L),
                            () -> counts.remove(1, (Object) 7L),
                            () -> counts.compute(1, (k, v) -> v),
                            () -> counts.computeIfPresent(1, (k, v) -> v),
                            () -> counts.merge(1, 1L, Long::sum),
                            () -> counts.replaceAll((k, v) -> v))) {
                assertThatThrownBy(call::run)
                        .isInstanceOf(UnsupportedOperationException.class)
                        .hasMessageContaining("cannot be atomic");
            }
            calls.failAll(BpfCommand.MAP_LOOKUP_AND_DELETE_ELEM, Errno.ENOTSUPP);
            assertThat(counts.remove(1)).isEqualTo(7);
            assertThat(counts).isEmpty();
            assertThat(counts.isEmpty()).isTrue();
        }
    }

    private static Map<Integer, Long> fill(BpfMap<Integer, Long> map, int count) {
        Map<Integer, Long> elements = new HashMap<>();
        for (int i = 0; i < count; i++) {
            map.put(i, 10L * i);
            elements.put(i, 10L * i);
        }
        return elements;
    }

    private MapHandle create(String version, MapType type, int entries) {
        calls = new FakeSystemCalls(version);
        return MapHandle.create(
                Kernel.of(calls), MapSpec.of("counts", type, 4, 8, entries), null, null);
    }
}
