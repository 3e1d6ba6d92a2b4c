// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.map.AllCpus;
import io.ebpf4j.map.BpfMap;
import io.ebpf4j.map.MapHandle;
import io.ebpf4j.map.PerCpu;
import io.ebpf4j.spec.MapSpec;
import io.ebpf4j.spec.MapType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/** One value for all CPUs: by the kernel since Linux 7.0, by as many values before. */
@KernelTest
class AllCpusTest {
    private static final int MANY = 300;

    private final Kernel kernel = Kernel.shared();
    private final int cpus = kernel.possibleCpus();

    /** Values of 12 bytes, which the kernel rounds up to 16. */
    record Tally(int first, int second, int third) {
        static Tally of(int i) {
            return new Tally(i, -i, 3 * i);
        }
    }

    private MapHandle create(MapType type) {
        int entries = type == MapType.PERCPU_ARRAY ? MANY : 32 * MANY;
        return MapHandle.create(kernel, MapSpec.of("tallies", type, 4, 12, entries), null, null);
    }

    private PerCpu<Tally> everywhere(int i) {
        return PerCpu.of(Collections.nCopies(cpus, Tally.of(i)));
    }

    private PerCpu<Tally> different() {
        return PerCpu.of(IntStream.range(0, cpus).mapToObj(i -> Tally.of(1000 + i)).toList());
    }

    @ParameterizedTest
    @EnumSource(
            value = MapType.class,
            names = {"PERCPU_HASH", "LRU_PERCPU_HASH", "PERCPU_ARRAY"})
    void eachCpuGetsTheValue(MapType type) {
        try (MapHandle map = create(type)) {
            BpfMap<Integer, PerCpu<Tally>> each = map.openPerCpu(Integer.class, Tally.class);
            AllCpus<Integer, Tally> all = map.openAllCpus(Integer.class, Tally.class);
            each.put(1, different());
            all.put(1, Tally.of(7));
            all.put(2, Tally.of(8));
            assertThat(each.get(1)).isEqualTo(everywhere(7));
            assertThat(each.get(2)).isEqualTo(everywhere(8));
            assertThat(all).hasToString(map.toString());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = MapType.class,
            names = {"PERCPU_HASH", "LRU_PERCPU_HASH"})
    void elementsAreCreatedOrReplacedAsAsked(MapType type) {
        try (MapHandle map = create(type)) {
            BpfMap<Integer, PerCpu<Tally>> each = map.openPerCpu(Integer.class, Tally.class);
            AllCpus<Integer, Tally> all = map.openAllCpus(Integer.class, Tally.class);
            assertThat(all.replace(1, Tally.of(1))).isFalse();
            assertThat(all.putIfAbsent(1, Tally.of(2))).isTrue();
            assertThat(all.putIfAbsent(1, Tally.of(3))).isFalse();
            assertThat(each.get(1)).isEqualTo(everywhere(2));
            assertThat(all.replace(1, Tally.of(4))).isTrue();
            assertThat(each.get(1)).isEqualTo(everywhere(4));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = MapType.class,
            names = {"PERCPU_HASH", "LRU_PERCPU_HASH", "PERCPU_ARRAY"})
    void manyElementsAreWrittenAtOnce(MapType type) {
        try (MapHandle map = create(type)) {
            BpfMap<Integer, PerCpu<Tally>> each = map.openPerCpu(Integer.class, Tally.class);
            Map<Integer, Tally> written = new HashMap<>();
            Map<Integer, PerCpu<Tally>> expected = new HashMap<>();
            for (int i = 0; i < MANY; i++) {
                written.put(i, Tally.of(i));
                expected.put(i, everywhere(i));
            }
            map.openAllCpus(Integer.class, Tally.class).putAll(written);
            Map<Integer, PerCpu<Tally>> walked = new HashMap<>();
            each.forEach((key, value) -> assertThat(walked.put(key, value)).isNull());
            assertThat(walked).isEqualTo(expected);
        }
    }

    @Test
    void anElementThatDoesNotFitIsRefused() {
        try (MapHandle map = create(MapType.PERCPU_ARRAY)) {
            AllCpus<Integer, Tally> all = map.openAllCpus(Integer.class, Tally.class);
            assertThatThrownBy(() -> all.put(MANY, Tally.of(1)))
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("is not less than " + MANY);
            assertThat(all.putIfAbsent(0, Tally.of(1))).isFalse();
        }
    }

    @Test
    void otherMapsHaveNoValuesOfCpus() {
        try (MapHandle map = create(MapType.HASH)) {
            assertThatThrownBy(() -> map.openAllCpus(Integer.class, Tally.class))
                    .isInstanceOf(UnsupportedException.class)
                    .hasMessageContaining("one value for all CPUs");
        }
    }
}
