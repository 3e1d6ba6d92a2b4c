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

import java.lang.foreign.MemorySegment;

class MappedLongsTest {
    private final FakeSystemCalls calls = new FakeSystemCalls("6.12");

    private MapHandle array(int valueSize, int entries, int flags) {
        MapSpec spec = MapSpec.of("numbers", MapType.ARRAY, 4, valueSize, entries).flags(flags);
        return MapHandle.create(Kernel.of(calls), spec, null, null);
    }

    @Test
    void elementsAreReadAndWrittenInMemory() {
        MapHandle map = array(8, 5, MapSpec.MMAPABLE);
        MappedLongs numbers = map.openMappedLongs();
        assertThat(numbers.size()).isEqualTo(5);
        numbers.set(4, 7);
        numbers.setRelease(3, 8);
        numbers.setVolatile(2, Long.MIN_VALUE);
        assertThat(numbers.getAndAdd(4, 2)).isEqualTo(7);
        assertThat(numbers.getAndSet(3, -1)).isEqualTo(8);
        assertThat(numbers.compareAndSet(2, 0, 1)).isFalse();
        assertThat(numbers.compareAndSet(2, Long.MIN_VALUE, 1)).isTrue();
        assertThat(numbers.get(4)).isEqualTo(9);
        assertThat(numbers.getAcquire(3)).isEqualTo(-1);
        assertThat(numbers.getVolatile(2)).isEqualTo(1);
        assertThat(calls.calls(BpfCommand.MAP_LOOKUP_ELEM)).isEmpty();
        BpfMap<Integer, Long> elements = map.open(Integer.class, Long.class);
        assertThat(elements.get(4)).isEqualTo(9L);
        assertThatThrownBy(() -> numbers.get(5)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> numbers.set(-1, 0)).isInstanceOf(IndexOutOfBoundsException.class);
        map.close();
        assertThatThrownBy(() -> numbers.get(0)).isInstanceOf(IllegalStateException.class);
        assertThat(calls.leftOpen()).isEmpty();
    }

    @Test
    void elementsOfAnySizeAreVariables() {
        try (MapHandle map = array(12, 3, MapSpec.MMAPABLE)) {
            record Triple(int a, int b, int c) {}
            Variable<Triple> last = map.element(2, Triple.class);
            last.set(new Triple(1, 2, 3));
            assertThat(last.get()).isEqualTo(new Triple(1, 2, 3));
            assertThat(map.open(Integer.class, Triple.class).get(2)).isEqualTo(last.get());
            MemorySegment memory = map.memory();
            assertThat(memory.byteSize()).isEqualTo(48);
            assertThat(last.memory().address() - memory.address()).isEqualTo(32);
            assertThat(last).hasToString("numbers[2] in numbers");
            assertThatThrownBy(() -> map.element(3, Triple.class))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> map.element(0, Long.class))
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("have 12 bytes, but Long has 8");
            assertThatThrownBy(map::openMappedLongs)
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("its values have not 8 bytes");
        }
        try (MapHandle map = array(4, 3, MapSpec.MMAPABLE)) {
            IntVariable second = map.element(1, int.class).asInt();
            assertThat(second.getAndAdd(5)).isZero();
            assertThat(map.open(Integer.class, Integer.class).get(1)).isEqualTo(5);
        }
    }

    @Test
    void memoryThatCannotBeWrittenIsReadAndWrittenByTheKernel() {
        calls.fail("mmap", 1, Errno.EPERM);
        try (MapHandle map = array(8, 3, MapSpec.MMAPABLE)) {
            MappedLongs numbers = map.openMappedLongs();
            assertThat(numbers.get(1)).isZero();
            assertThatThrownBy(() -> numbers.set(1, 1))
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("is in memory that can only be read");
            map.element(1, long.class).set(6L);
            assertThat(map.open(Integer.class, Long.class).get(0)).isZero();
            assertThat(map.open(Integer.class, Long.class).get(1)).isEqualTo(6L);
        }
        assertThat(calls.leftOpen()).isEmpty();
    }

    @Test
    void mapsThatAreNotMappedSaySo() {
        try (MapHandle map = array(8, 3, 0)) {
            assertThatThrownBy(map::memory)
                    .isInstanceOf(UnsupportedException.class)
                    .hasMessageContaining("BPF_F_MMAPABLE");
            assertThatThrownBy(() -> map.element(0, Long.class))
                    .isInstanceOf(UnsupportedException.class);
        }
        MapHandle map = array(8, 3, MapSpec.MMAPABLE);
        map.close();
        assertThatThrownBy(map::memory).isInstanceOf(IllegalStateException.class);
        calls.fail("mmap", 1, Errno.ENOMEM);
        try (MapHandle full = array(8, 3, MapSpec.MMAPABLE)) {
            assertThatThrownBy(full::openMappedLongs)
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("cannot map the values of map numbers");
        }
        assertThat(calls.leftOpen()).isEmpty();
    }
}
