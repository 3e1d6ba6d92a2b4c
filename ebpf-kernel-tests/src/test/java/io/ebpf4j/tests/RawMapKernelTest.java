// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.map.MapHandle;
import io.ebpf4j.map.PerCpu;
import io.ebpf4j.map.RawMap;
import io.ebpf4j.map.UpdateFlag;
import io.ebpf4j.spec.MapSpec;
import io.ebpf4j.spec.MapType;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashSet;
import java.util.Set;

/** Maps read and written in the caller's memory. */
@KernelTest
class RawMapKernelTest {
    private static MapHandle create(MapType type) {
        return MapHandle.create(Kernel.shared(), MapSpec.of("raw", type, 4, 8, 64), null, null);
    }

    @Test
    void elementsGoToAndFromTheCallersMemory() {
        try (MapHandle map = create(MapType.HASH);
                Arena arena = Arena.ofConfined()) {
            RawMap raw = map.openRaw();
            MemorySegment key = arena.allocate(ValueLayout.JAVA_INT);
            MemorySegment value = arena.allocate(ValueLayout.JAVA_LONG);
            assertThat(raw.firstKey(key)).isFalse();
            for (int i = 0; i < 10; i++) {
                key.set(ValueLayout.JAVA_INT, 0, i);
                value.set(ValueLayout.JAVA_LONG, 0, 100 + i);
                raw.put(key, value);
            }
            assertThat(raw.put(key, value, UpdateFlag.NOEXIST)).isFalse();
            Set<Integer> seen = new HashSet<>();
            for (boolean more = raw.firstKey(key); more; more = raw.nextKey(key, key)) {
                int number = key.get(ValueLayout.JAVA_INT, 0);
                assertThat(raw.get(key, value)).isTrue();
                assertThat(value.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(100 + number);
                seen.add(number);
            }
            assertThat(seen).hasSize(10);
            key.set(ValueLayout.JAVA_INT, 0, 3);
            assertThat(raw.delete(key)).isTrue();
            assertThat(raw.delete(key)).isFalse();
            assertThat(raw.get(key, value)).isFalse();
            assertThat(raw.put(key, value, UpdateFlag.EXIST)).isFalse();
            if (Kernel.shared().version().isAtLeast("5.14")) {
                key.set(ValueLayout.JAVA_INT, 0, 4);
                assertThat(raw.lookupAndDelete(key, value)).isTrue();
                assertThat(value.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(104);
                assertThat(raw.get(key, value)).isFalse();
            }
        }
    }

    @Test
    void perCpuValuesLieSideBySide() {
        try (MapHandle map = create(MapType.PERCPU_ARRAY);
                Arena arena = Arena.ofConfined()) {
            RawMap raw = map.openRaw();
            MemorySegment key = arena.allocate(ValueLayout.JAVA_INT);
            MemorySegment value = arena.allocate(raw.valueSize(), 8);
            int cpus = Kernel.shared().possibleCpus();
            for (int cpu = 0; cpu < cpus; cpu++) {
                value.setAtIndex(ValueLayout.JAVA_LONG, cpu, 7L + cpu);
            }
            raw.put(key, value);
            PerCpu<Long> read = map.openPerCpu(Integer.class, Long.class).get(0);
            for (int cpu = 0; cpu < cpus; cpu++) {
                assertThat(read.get(cpu)).isEqualTo(7L + cpu);
            }
        }
    }

    @Test
    @Requires(Requirement.OPTIMIZING_COMPILER)
    void allocatesNothingOnceWarm() {
        try (MapHandle map = create(MapType.HASH);
                Arena arena = Arena.ofConfined()) {
            RawMap raw = map.openRaw();
            MemorySegment key = arena.allocate(ValueLayout.JAVA_INT);
            MemorySegment value = arena.allocate(ValueLayout.JAVA_LONG);
            raw.put(key, value);
            Allocation.endsOnceWarm(times -> rounds(raw, key, value, times));
        }
    }

    private static void rounds(RawMap raw, MemorySegment key, MemorySegment value, int count) {
        for (int i = 0; i < count; i++) {
            raw.put(key, value);
            raw.get(key, value);
        }
    }
}
