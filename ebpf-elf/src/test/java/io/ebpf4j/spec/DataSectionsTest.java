// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.ebpf4j.asm.Reference;
import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.spec.FunctionSpec.Linkage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

class DataSectionsTest {

    private static final int READ_ONLY = MapSpec.READ_ONLY_PROGRAM;
    private static final int MAPPED = MapSpec.MMAPABLE;

    @ParameterizedTest
    @EnumSource(names = {"DATA", "DATA_BIG"})
    void makesAnArrayOfEachSection(TestObject object) {
        assertThat(object.parse().maps().values())
                .allMatch(MapSpec::internal)
                .allMatch(map -> map.type() == MapType.ARRAY)
                .allMatch(map -> map.keySize() == 4 && map.maxEntries() == 1)
                .extracting(
                        MapSpec::name,
                        MapSpec::valueSize,
                        MapSpec::flags,
                        MapSpec::frozen,
                        MapSpec::kernelName)
                .containsExactly(
                        tuple(".data", 60, MAPPED, false, "spec_dat.data"),
                        tuple(".rodata", 25, MAPPED | READ_ONLY, true, "spec_dat.rodata"),
                        tuple(".data.custom", 4, MAPPED, false, ".data.custom"),
                        tuple(".rodata.limits", 4, MAPPED | READ_ONLY, true, ".rodata.limits"),
                        tuple(".data.private", 4, 0, false, ".data.private"),
                        tuple(".bss", 48, MAPPED, false, "spec_dat.bss"),
                        tuple(".bss.big", 8, MAPPED, false, ".bss.big"),
                        tuple(".rodata.str1.1", 16, READ_ONLY, true, ".rodata.str1.1"));
    }

    @ParameterizedTest
    @EnumSource(names = {"DATA", "DATA_BIG"})
    void findsGlobalVariablesBySectionAndOffset(TestObject object) {
        assertThat(object.parse().variables().values())
                .extracting(
                        VariableSpec::name,
                        VariableSpec::map,
                        VariableSpec::size,
                        VariableSpec::linkage)
                .containsExactly(
                        tuple("initialised", ".data", 4, Linkage.GLOBAL),
                        tuple("small", ".data", 1, Linkage.GLOBAL),
                        tuple("wide", ".data", 8, Linkage.GLOBAL),
                        tuple("flag", ".data", 1, Linkage.GLOBAL),
                        tuple("colour", ".data", 4, Linkage.GLOBAL),
                        tuple("points", ".data", 24, Linkage.GLOBAL),
                        tuple("replaceable", ".data", 4, Linkage.WEAK),
                        tuple("concealed", ".data", 4, Linkage.HIDDEN),
                        tuple("target_pid", ".rodata", 4, Linkage.GLOBAL),
                        tuple("name", ".rodata", 16, Linkage.GLOBAL),
                        tuple("delta", ".rodata", 2, Linkage.GLOBAL),
                        tuple("custom", ".data.custom", 4, Linkage.GLOBAL),
                        tuple("limit", ".rodata.limits", 4, Linkage.GLOBAL),
                        tuple("table", ".bss", 32, Linkage.GLOBAL),
                        tuple("total", ".bss", 8, Linkage.GLOBAL),
                        tuple("big", ".bss.big", 8, Linkage.GLOBAL));
    }

    @ParameterizedTest
    @EnumSource(names = {"DATA", "DATA_BIG"})
    void readsTheValuesOfTheSource(TestObject object) {
        CollectionSpec spec = object.parse();

        assertThat(value(spec, "initialised").getInt()).isEqualTo(42);
        assertThat(value(spec, "small").get()).isEqualTo((byte) 200);
        assertThat(value(spec, "wide").getLong()).isEqualTo(-5);
        assertThat(value(spec, "colour").getInt()).isEqualTo(7);
        assertThat(value(spec, "points").getInt(4 * 5)).isEqualTo(6);
        assertThat(value(spec, "target_pid").getInt()).isEqualTo(1000);
        assertThat(value(spec, "delta").getShort()).isEqualTo((short) -3);
        assertThat(value(spec, "custom").getInt()).isEqualTo(77);
        assertThat(value(spec, "limit").getInt()).isEqualTo(99);
        assertThat(new String(spec.variable("name").bytes(), 0, 7, StandardCharsets.UTF_8))
                .isEqualTo("ebpf4j\0");
        assertThat(spec.variable("table").bytes()).hasSize(32).containsOnly(0);
    }

    @Test
    void leavesZeroedSectionsUntouchedUntilTheirBytesAreAskedFor() {
        CollectionSpec spec = TestObject.DATA.parse();

        assertThat(spec.variable("total").bytes()).containsOnly(0);
        assertThat(spec.map(".bss").zeroed()).isTrue();
        assertThat(spec.map(".data").zeroed()).isFalse();

        spec.variable("total").set(1);

        assertThat(spec.map(".bss").zeroed()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"DATA", "DATA_BIG"})
    void addsTheOffsetInTheInstructionToThatOfTheSymbol(TestObject object) {
        CollectionSpec spec = object.parse();

        assertThat(spec.program("addresses").function().instructions().references())
                .extracting(
                        r -> ((Reference.MapValue) r).map(), r -> ((Reference.MapValue) r).offset())
                .containsExactly(
                        tuple(".rodata.str1.1", 0),
                        tuple(".rodata.str1.1", 5),
                        tuple(".bss", spec.variable("table").offset()),
                        tuple(".data", spec.variable("points").offset()));
    }

    @ParameterizedTest
    @EnumSource(names = {"DATA", "DATA_BIG"})
    void completesTheTypesOfSections(TestObject object) {
        CollectionSpec spec = object.parse();
        Btf btf = spec.btf().orElseThrow();

        for (MapSpec map : spec.maps().values()) {
            if (map.valueTypeId() != 0) {
                checkSection(spec, btf, map, (BtfType.DataSec) btf.type(map.valueTypeId()));
            }
        }
        assertThat(spec.map(".rodata.str1.1").valueTypeId()).isZero();
        assertThat(linkage(btf, "concealed")).isEqualTo(BtfType.Var.STATIC);
        assertThat(linkage(btf, "replaceable")).isEqualTo(BtfType.Var.GLOBAL);
    }

    private static void checkSection(
            CollectionSpec spec, Btf btf, MapSpec map, BtfType.DataSec section) {
        assertThat(section.name()).isEqualTo(map.name());
        assertThat(section.size()).isEqualTo(map.valueSize());
        int before = -1;
        for (BtfType.Section place : section.variables()) {
            BtfType.Var variable = (BtfType.Var) btf.type(place.type());
            assertThat(place.offset()).as(variable.name()).isGreaterThan(before);
            before = place.offset();
            if (variable.linkage() == BtfType.Var.GLOBAL) {
                assertThat(spec.variable(variable.name()).offset()).isEqualTo(place.offset());
                assertThat(spec.variable(variable.name()).typeId()).isEqualTo(variable.type());
            }
        }
    }

    private static int linkage(Btf btf, String variable) {
        return ((BtfType.Var) btf.type(btf.find(variable, BtfType.Var.class))).linkage();
    }

    private static ByteBuffer value(CollectionSpec spec, String variable) {
        return ByteBuffer.wrap(spec.variable(variable).bytes()).order(spec.order());
    }
}
