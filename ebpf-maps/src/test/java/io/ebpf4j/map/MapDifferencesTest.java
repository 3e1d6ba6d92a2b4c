// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.spec.MapSpec;
import io.ebpf4j.spec.MapType;
import io.ebpf4j.sys.FakeSystemCalls;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A map that is there is taken only if it is what would be created. */
class MapDifferencesTest {
    private static final int UNKNOWN_TYPE = 999;

    private final Kernel kernel = Kernel.of(new FakeSystemCalls("6.12"));

    private void check(MapSpec spec, MapInfo there) {
        MapDifferences.check(spec, MapCreation.expected(kernel, spec), there, "/pins/counts");
    }

    private static MapInfo map(
            MapType type, int keySize, int valueSize, int maxEntries, int flags, long mapExtra) {
        return new MapInfo(
                type,
                type.number(),
                1,
                keySize,
                valueSize,
                maxEntries,
                flags,
                "any",
                0,
                0,
                0,
                0,
                5,
                6,
                7,
                0,
                mapExtra);
    }

    private static MapSpec spec(MapType type) {
        return MapSpec.of("counts", type, 4, 4, 2);
    }

    @Test
    void nameAndTypesMayDiffer() {
        assertThatCode(() -> check(spec(MapType.HASH), map(MapType.HASH, 4, 4, 2, 0, 0)))
                .doesNotThrowAnyException();
    }

    @Test
    void mapExtraMayNot() {
        assertThatThrownBy(
                        () ->
                                check(
                                        spec(MapType.ARENA).mapExtra(1L << 44),
                                        map(MapType.ARENA, 4, 4, 2, 0, 1L << 45)))
                .isInstanceOf(BpfException.class)
                .hasMessage(
                        "/pins/counts cannot be taken for map \"counts\", which is declared"
                                + " otherwise:\n  map_extra: 0x200000000000 there, 0x100000000000"
                                + " declared\nremove the old map, or declare the new one like it");
    }

    @ParameterizedTest
    @EnumSource(names = {"DEVMAP", "DEVMAP_HASH"})
    void theFlagThatTheKernelAddsToDeviceMapsIsIgnored(MapType type) {
        int added = MapSpec.READ_ONLY_PROGRAM;
        assertThatCode(() -> check(spec(type), map(type, 4, 4, 2, added, 0)))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> check(spec(type), map(type, 4, 4, 2, added | 1, 0)))
                .hasMessageContaining("flags: 0x81 there, 0x0 declared");
    }

    @Test
    void theSameFlagOfOtherMapsIsNot() {
        int flags = MapSpec.READ_ONLY_PROGRAM;
        assertThatThrownBy(() -> check(spec(MapType.HASH), map(MapType.HASH, 4, 4, 2, flags, 0)))
                .hasMessageContaining("flags: 0x80 there, 0x0 declared");
    }

    @Test
    void whatTheMachineDecidesIsCompared() {
        MapSpec perCpu = spec(MapType.PERF_EVENT_ARRAY).maxEntries(0);
        assertThatCode(() -> check(perCpu, map(MapType.PERF_EVENT_ARRAY, 4, 4, 4, 0, 0)))
                .doesNotThrowAnyException();
        MapSpec ring = spec(MapType.RINGBUF).maxEntries(1);
        int page = Memory.pageSize();
        assertThatCode(() -> check(ring, map(MapType.RINGBUF, 0, 0, page, 0, 0)))
                .doesNotThrowAnyException();
        MapSpec onNode = spec(MapType.HASH).numaNode(0);
        assertThatCode(() -> check(onNode, map(MapType.HASH, 4, 4, 2, MapSpec.NUMA_NODE, 0)))
                .doesNotThrowAnyException();
    }

    @Test
    void aTypeThatIsNotKnownIsNamedByItsNumber() {
        MapInfo there =
                new MapInfo(
                        MapType.UNSPEC,
                        UNKNOWN_TYPE,
                        1,
                        4,
                        4,
                        2,
                        0,
                        "any",
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0);
        assertThatThrownBy(() -> check(spec(MapType.HASH), there))
                .hasMessageContaining("type: number 999 there, HASH declared");
    }
}
