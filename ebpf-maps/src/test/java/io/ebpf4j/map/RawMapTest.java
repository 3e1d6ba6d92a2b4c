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

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

class RawMapTest {
    private final FakeSystemCalls calls = new FakeSystemCalls("6.12");

    private MapHandle create(MapType type, int key, int value) {
        return MapHandle.create(
                Kernel.of(calls), MapSpec.of("raw", type, key, value, 4), null, null);
    }

    @Test
    void theKernelReadsAndWritesTheCallersMemory() {
        try (MapHandle map = create(MapType.HASH, 4, 8);
                Arena arena = Arena.ofConfined()) {
            RawMap raw = map.openRaw();
            MemorySegment key = arena.allocate(ValueLayout.JAVA_INT);
            MemorySegment value = MemorySegment.ofBuffer(ByteBuffer.allocateDirect(16));
            value.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, 5);
            raw.put(key, value.asReadOnly());
            assertThat(calls.calls(BpfCommand.MAP_UPDATE_ELEM).getLast().field("key"))
                    .isEqualTo(key.address());
            assertThat(calls.calls(BpfCommand.MAP_UPDATE_ELEM).getLast().field("value"))
                    .isEqualTo(value.address());
            value.fill((byte) 0);
            assertThat(raw.get(key, value)).isTrue();
            assertThat(value.get(ValueLayout.JAVA_LONG_UNALIGNED, 0)).isEqualTo(5);
            assertThat(raw.put(key, value, UpdateFlag.NOEXIST)).isFalse();
            assertThat(raw.delete(key)).isTrue();
            assertThat(raw.delete(key)).isFalse();
            assertThat(raw.get(key, value)).isFalse();
            calls.failAll(BpfCommand.MAP_UPDATE_ELEM, Errno.E2BIG);
            assertThatThrownBy(() -> raw.put(key, value))
                    .isInstanceOf(BpfException.class)
                    .hasMessage("map raw is full: it holds at most 4");
        }
        assertThat(calls.leftOpen()).isEmpty();
    }

    @Test
    void perCpuValuesHaveAPartForEachCpu() {
        try (MapHandle map = create(MapType.PERCPU_HASH, 4, 12)) {
            assertThat(map.openRaw().valueSize()).isEqualTo(16 * map.kernel().possibleCpus());
            assertThat(map.openRaw().keySize()).isEqualTo(4);
        }
    }

    @Test
    void memoryThatTheKernelCannotUseIsRefusedBeforeTheCall() {
        MapHandle map = create(MapType.HASH, 4, 8);
        RawMap raw = map.openRaw();
        Arena arena = Arena.ofConfined();
        MemorySegment key = arena.allocate(4);
        MemorySegment value = arena.allocate(8);
        assertThatThrownBy(() -> raw.get(MemorySegment.ofArray(new byte[4]), value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the key is on the heap");
        assertThatThrownBy(() -> raw.get(key, value.asSlice(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the value has 8 bytes, the segment only 7");
        assertThatThrownBy(() -> raw.nextKey(key, key.asReadOnly()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the next key is read-only");
        assertThatThrownBy(() -> CompletableFuture.runAsync(() -> raw.delete(key)).join())
                .hasCauseInstanceOf(WrongThreadException.class);
        arena.close();
        assertThatThrownBy(() -> raw.delete(key)).isInstanceOf(IllegalStateException.class);
        assertThat(calls.calls(BpfCommand.MAP_LOOKUP_ELEM)).isEmpty();
        map.close();
        assertThatThrownBy(() -> raw.firstKey(Arena.ofAuto().allocate(4)))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whatTheTypeCannotIsSaid() {
        try (MapHandle map = create(MapType.ARRAY, 4, 8)) {
            MemorySegment memory = Arena.ofAuto().allocate(8);
            assertThatThrownBy(() -> map.openRaw().delete(memory))
                    .isInstanceOf(UnsupportedException.class)
                    .hasMessageContaining("cannot remove an element in map raw of type ARRAY");
            assertThatThrownBy(() -> map.openRaw().lookupAndDelete(memory, memory))
                    .isInstanceOf(UnsupportedException.class);
        }
        try (MapHandle map = create(MapType.QUEUE, 0, 8)) {
            assertThatThrownBy(map::openRaw)
                    .isInstanceOf(UnsupportedException.class)
                    .hasMessageEndingWith("open it by BpfQueue.of");
        }
    }
}
