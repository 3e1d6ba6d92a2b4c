// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.ebpf4j.asm.Reference;
import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfType;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MapDefinitionsTest {

    private static final int NO_PREALLOC_ON_A_NODE = 1 | 1 << 2;

    @ParameterizedTest
    @EnumSource(names = {"MAPS", "MAPS_BIG"})
    void readsTypesFlagsNodeAndPinning(TestObject object) {
        CollectionSpec spec = object.parse();
        Btf btf = spec.btf().orElseThrow();
        MapSpec map = spec.map("typed");

        assertThat(map.type()).isEqualTo(MapType.HASH);
        assertThat(map.maxEntries()).isEqualTo(1024);
        assertThat(map.flags()).isEqualTo(NO_PREALLOC_ON_A_NODE);
        assertThat(map.numaNode()).isEqualTo(1);
        assertThat(map.pinning()).isEqualTo(MapSpec.Pinning.BY_NAME);
        assertThat(map.keySize()).isEqualTo(20);
        assertThat(map.valueSize()).isEqualTo(8);
        assertThat(btf.type(map.keyTypeId()))
                .isInstanceOfSatisfying(
                        BtfType.Struct.class, key -> assertThat(key.name()).isEqualTo("key"));
        assertThat(btf.type(map.valueTypeId()).name()).isEqualTo("__u64");
        assertThat(map.internal()).isFalse();
        assertThat(map.contents()).isNull();
        assertThat(map.inner()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"MAPS", "MAPS_BIG"})
    void readsSizesWithoutTypes(TestObject object) {
        MapSpec map = object.parse().map("sized");

        assertThat(map.type()).isEqualTo(MapType.ARRAY);
        assertThat(map.keySize()).isEqualTo(4);
        assertThat(map.valueSize()).isEqualTo(24);
        assertThat(map.keyTypeId()).isZero();
        assertThat(map.valueTypeId()).isZero();
        assertThat(map.numaNode()).isEqualTo(-1);
        assertThat(map.pinning()).isEqualTo(MapSpec.Pinning.NONE);
    }

    @ParameterizedTest
    @EnumSource(names = {"MAPS", "MAPS_BIG"})
    void acceptsASizeThatAgreesWithAType(TestObject object) {
        MapSpec map = object.parse().map("both");

        assertThat(map.keySize()).isEqualTo(20);
        assertThat(map.valueSize()).isEqualTo(4);
        assertThat(map.keyTypeId()).isPositive();
    }

    @ParameterizedTest
    @EnumSource(names = {"MAPS", "MAPS_BIG"})
    void keepsSizesThatTheKernelWouldWantRounded(TestObject object) {
        assertThat(object.parse().map("ring").maxEntries()).isEqualTo(5000);
    }

    @ParameterizedTest
    @EnumSource(names = {"MAPS", "MAPS_BIG"})
    void readsMapExtraOfBothWidths(TestObject object) {
        CollectionSpec spec = object.parse();

        assertThat(spec.map("bloom").mapExtra()).isEqualTo(3);
        assertThat(spec.map("far_arena").mapExtra()).isEqualTo(0x1000_0000_0000L);
    }

    @ParameterizedTest
    @EnumSource(names = {"MAPS", "MAPS_BIG"})
    void readsMapsOfMaps(TestObject object) {
        MapSpec outer = object.parse().map("outer");
        MapSpec inner = outer.inner().orElseThrow();

        assertThat(outer.type()).isEqualTo(MapType.ARRAY_OF_MAPS);
        assertThat(outer.valueSize()).isEqualTo(4);
        assertThat(outer.slots()).containsExactly(entry(1, "inner_two"), entry(6, "inner_one"));
        assertThat(inner.name()).isEqualTo("outer.inner");
        assertThat(inner.type()).isEqualTo(MapType.HASH);
        assertThat(inner.keySize()).isEqualTo(4);
        assertThat(inner.valueSize()).isEqualTo(20);
        assertThat(inner.maxEntries()).isEqualTo(16);
    }

    @ParameterizedTest
    @EnumSource(names = {"MAPS", "MAPS_BIG"})
    void fillsProgramArraysWithPrograms(TestObject object) {
        MapSpec tails = object.parse().map("tails");

        assertThat(tails.type()).isEqualTo(MapType.PROG_ARRAY);
        assertThat(tails.valueSize()).isEqualTo(4);
        assertThat(tails.slots()).containsExactly(entry(0, "tail_two"), entry(3, "tail_one"));
    }

    @ParameterizedTest
    @EnumSource(names = {"MAPS", "MAPS_BIG"})
    void namesTheMapsThatAProgramUses(TestObject object) {
        assertThat(object.parse().program("uses").function().instructions().references())
                .allMatch(Reference.MapDescriptor.class::isInstance)
                .extracting(r -> ((Reference.MapDescriptor) r).map())
                .containsExactly(
                        "typed", "both", "outer", "tails", "ring", "bloom", "sized", "inner_one");
    }

    @ParameterizedTest
    @EnumSource(names = {"MAPS", "MAPS_BIG"})
    void fillsInWhereDefinitionsLie(TestObject object) {
        Btf btf = object.parse().btf().orElseThrow();
        BtfType.DataSec section =
                (BtfType.DataSec) btf.type(btf.find(".maps", BtfType.DataSec.class));

        int end = 0;
        for (BtfType.Section place : section.variables()) {
            assertThat(place.offset()).isGreaterThanOrEqualTo(end);
            end = place.offset() + place.size();
        }
        assertThat(section.size()).isEqualTo(end);
    }
}
