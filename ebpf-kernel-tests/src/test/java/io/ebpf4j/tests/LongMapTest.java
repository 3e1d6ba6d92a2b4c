// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.map.LongMap;
import io.ebpf4j.map.MapHandle;
import io.ebpf4j.spec.MapSpec;
import io.ebpf4j.spec.MapType;

import org.junit.jupiter.api.Test;

@KernelTest
class LongMapTest {
    private static MapHandle create(MapType type, int key, int value, int entries) {
        return MapHandle.create(
                Kernel.shared(), MapSpec.of("longs", type, key, value, entries), null, null);
    }

    @Test
    void readsAndWritesWithoutBoxes() {
        try (MapHandle map = create(MapType.HASH, 4, 8, 8)) {
            LongMap longs = map.openLongs();
            assertThat(longs.get(1, -7)).isEqualTo(-7);
            longs.put(1, -1);
            assertThat(longs.get(1, 0)).isEqualTo(-1);
            assertThat(longs.putIfAbsent(1, 2)).isFalse();
            assertThat(longs.replace(1, 3)).isTrue();
            assertThat(longs.replace(2, 3)).isFalse();
            assertThat(longs.putIfAbsent(0xffff_ffffL, 4)).isTrue();
            assertThat(longs.get(0xffff_ffffL, 0)).isEqualTo(4);
            assertThat(map.open(Integer.class, Long.class).get(-1)).isEqualTo(4);
            assertThat(longs.delete(1)).isTrue();
            assertThat(longs.delete(1)).isFalse();
        }
    }

    @Test
    void refusesWhatDoesNotFit() {
        try (MapHandle map = create(MapType.HASH, 4, 2, 2)) {
            LongMap longs = map.openLongs();
            assertThatThrownBy(() -> longs.get(1L << 32, 0))
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("key = 4294967296 does not fit");
            assertThatThrownBy(() -> longs.put(1, 65536))
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("value = 65536 does not fit");
            longs.put(1, 65535);
            longs.put(2, 1);
            assertThat(longs.get(1, 0)).isEqualTo(65535);
            assertThatThrownBy(() -> longs.put(3, 1)).hasMessageContaining("is full");
        }
        try (MapHandle map = create(MapType.HASH, 12, 8, 2)) {
            assertThatThrownBy(map::openLongs).isInstanceOf(BpfException.class);
        }
    }

    @Test
    void refusesWhatTheTypeCannot() {
        try (MapHandle array = create(MapType.ARRAY, 4, 8, 2)) {
            assertThatThrownBy(() -> array.openLongs().delete(0))
                    .isInstanceOf(UnsupportedException.class);
        }
        try (MapHandle percpu = create(MapType.PERCPU_HASH, 4, 8, 2)) {
            assertThatThrownBy(percpu::openLongs).isInstanceOf(UnsupportedException.class);
        }
    }

    @Test
    @Requires(Requirement.OPTIMIZING_COMPILER)
    void allocatesNothingOnceWarm() {
        try (MapHandle map = create(MapType.HASH, 4, 8, 1024)) {
            LongMap longs = map.openLongs();
            Allocation.endsOnceWarm(times -> run(longs, times));
        }
    }

    private static void run(LongMap longs, int times) {
        for (int i = 0; i < times; i++) {
            longs.put(i & 1023, i);
            assertThatHas(longs.get(i & 1023, -1), i);
            if ((i & 7) == 0) {
                longs.delete(i & 1023);
            }
        }
    }

    private static void assertThatHas(long is, long expected) {
        if (is != expected) {
            throw new AssertionError(is + " where " + expected + " was put");
        }
    }
}
