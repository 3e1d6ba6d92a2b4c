// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.ebpf4j.asm.Reference;
import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.spec.ExternSpec.Kind;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.HashSet;
import java.util.Set;

class ExternsTest {

    @ParameterizedTest
    @EnumSource(names = {"EXTERNS", "EXTERNS_BIG"})
    void laysOutConfigurationValuesByAlignmentSizeAndName(TestObject object) {
        CollectionSpec spec = object.parse();

        assertThat(spec.externs().values())
                .extracting(
                        ExternSpec::name,
                        ExternSpec::kind,
                        ExternSpec::weak,
                        ExternSpec::offset,
                        ExternSpec::size)
                .containsExactly(
                        tuple("CONFIG_HZ", Kind.KCONFIG, false, 0, 8),
                        tuple("CONFIG_IPV6", Kind.KCONFIG, true, 8, 4),
                        tuple("LINUX_KERNEL_VERSION", Kind.KCONFIG, false, 12, 4),
                        tuple("CONFIG_NR_CPUS", Kind.KCONFIG, true, 16, 2),
                        tuple("CONFIG_BPF_SYSCALL", Kind.KCONFIG, false, 18, 1),
                        tuple("CONFIG_DEFAULT_HOSTNAME", Kind.KCONFIG, true, 19, 24),
                        tuple("bpf_cast_to_kern_ctx", Kind.KFUNC, false, -1, 0),
                        tuple("bpf_prog_put", Kind.KSYM_UNTYPED, true, -1, 0),
                        tuple("missing_function", Kind.KFUNC, true, -1, 0),
                        tuple("runqueues", Kind.KSYM_TYPED, false, -1, 0));
    }

    @ParameterizedTest
    @EnumSource(names = {"EXTERNS", "EXTERNS_BIG"})
    void makesAMapForConfigurationValues(TestObject object) {
        CollectionSpec spec = object.parse();
        MapSpec map = spec.map(".kconfig");

        assertThat(map.valueSize()).isEqualTo(43);
        assertThat(map.contents()).hasSize(43).containsOnly(0);
        assertThat(map.flags()).isEqualTo(MapSpec.READ_ONLY_PROGRAM | MapSpec.MMAPABLE);
        assertThat(map.frozen()).isTrue();
        assertThat(map.internal()).isTrue();
        assertThat(map.kernelName()).isEqualTo("spec_ex.kconfig");
        assertThat(spec.maps().keySet()).containsExactly(".bss", ".kconfig");
    }

    @ParameterizedTest
    @EnumSource(names = {"EXTERNS", "EXTERNS_BIG"})
    void completesTheTypeOfConfigurationValues(TestObject object) {
        CollectionSpec spec = object.parse();
        Btf btf = spec.btf().orElseThrow();
        BtfType.DataSec section = (BtfType.DataSec) btf.type(spec.map(".kconfig").valueTypeId());

        assertThat(section.name()).isEqualTo(".kconfig");
        assertThat(section.size()).isEqualTo(43);
        assertThat(section.variables()).hasSize(6);
        for (BtfType.Section place : section.variables()) {
            BtfType.Var variable = (BtfType.Var) btf.type(place.type());
            ExternSpec extern = spec.externs().get(variable.name());
            assertThat(variable.linkage()).isEqualTo(BtfType.Var.GLOBAL);
            assertThat(extern.typeId()).isEqualTo(place.type());
            assertThat(place.offset()).isEqualTo(extern.offset());
        }
        assertThat(section.variables()).isSortedAccordingTo((a, b) -> a.offset() - b.offset());
    }

    @ParameterizedTest
    @EnumSource(names = {"EXTERNS", "EXTERNS_BIG"})
    void namesEachExternWhereItIsUsed(TestObject object) {
        CollectionSpec spec = object.parse();
        Set<String> used = new HashSet<>();
        for (Reference reference : spec.program("uses").function().instructions().references()) {
            if (reference instanceof Reference.Extern extern) {
                used.add(extern.name());
            }
        }

        assertThat(used).isEqualTo(spec.externs().keySet());
    }
}
