// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfBuilder;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.spec.MapSpec;
import io.ebpf4j.spec.Sections;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.FakeSystemCalls;

import org.junit.jupiter.api.Test;

import java.nio.ByteOrder;

class VariableTest {
    private FakeSystemCalls calls = new FakeSystemCalls("6.12");

    @Test
    void aMappedVariableIsReadAndWrittenInMemory() {
        try (MapHandle data =
                section(Sections.of(".data", MapSpec.MMAPABLE, 1, 0, 0, 0, 2, 0, 0, 0))) {
            Variable<Integer> second = variable(data, 4, 4, Integer.class);
            assertThat(second.get()).isEqualTo(2);
            second.set(70000);
            assertThat(second.get()).isEqualTo(70000);
            assertThat(second.readOnly()).isFalse();
            assertThat(calls.calls(BpfCommand.MAP_LOOKUP_ELEM)).isEmpty();
            assertThat(data.open(Integer.class, byte[].class).get(0))
                    .containsExactly(1, 0, 0, 0, 0x70, 0x11, 1, 0);
            second.setRelease(5);
            assertThat(second.getAcquire()).isEqualTo(5);
            assertThat(variable(data, 0, 4, Integer.class).get()).isEqualTo(1);
            assertThat(calls.calls()).filteredOn(c -> c.name().equals("mmap")).hasSize(1);
        }
        assertThat(calls.leftOpen()).isEmpty();
    }

    @Test
    void aVariableThatIsNotMappedGoesThroughTheWholeSection() {
        try (MapHandle data = section(Sections.of(".data", 0, 1, 0, 0, 0, 2, 0, 0, 0))) {
            Variable<Integer> second = variable(data, 4, 4, Integer.class);
            assertThat(second.get()).isEqualTo(2);
            second.set(3);
            assertThat(data.open(Integer.class, byte[].class).get(0))
                    .containsExactly(1, 0, 0, 0, 3, 0, 0, 0);
            calls.failAll(BpfCommand.MAP_UPDATE_ELEM, Errno.ENOMEM);
            assertThatThrownBy(() -> second.set(4))
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("cannot write variable v in .data");
        }
    }

    @Test
    void readOnlyDataCannotBeSetOnceFrozen() {
        MapSpec spec =
                Sections.of(".rodata", MapSpec.MMAPABLE | MapSpec.READ_ONLY_PROGRAM, 7, 0, 0, 0);
        try (MapHandle rodata = section(spec.frozen(true))) {
            Variable<Integer> v = variable(rodata, 0, 4, Integer.class);
            assertThat(v.get()).isEqualTo(7);
            assertThat(v.readOnly()).isTrue();
            assertThatThrownBy(() -> v.set(8))
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("set it in the CollectionSpec before loading");
        }
    }

    @Test
    void readOnlyDataThatIsNotFrozenYetIsWrittenByTheKernel() {
        MapSpec spec =
                Sections.of(".rodata", MapSpec.MMAPABLE | MapSpec.READ_ONLY_PROGRAM, 7, 0, 0, 0);
        try (MapHandle rodata = section(spec)) {
            Variable<Integer> v = variable(rodata, 0, 4, Integer.class);
            v.set(8);
            assertThat(v.get()).isEqualTo(8);
            rodata.freeze();
            assertThat(v.readOnly()).isTrue();
            assertThatThrownBy(() -> v.set(9))
                    .isInstanceOf(BpfException.class)
                    .hasMessage(
                            "variable v in .rodata is frozen since freeze() was called; set it"
                                    + " before that");
        }
    }

    @Test
    void typesAreCheckedAgainstBtf() {
        BtfBuilder types = new BtfBuilder();
        types.add(new BtfType.Int("unsigned int", 4, 0, 0, 32));
        int v = types.add(new BtfType.Var("v", 1, BtfType.Var.GLOBAL));
        Btf btf = types.build(ByteOrder.nativeOrder());
        try (MapHandle data = section(Sections.of(".data", MapSpec.MMAPABLE, 255, 255, 255, 255))) {
            Variable.Place place = new Variable.Place("v", 0, 4, v);
            assertThat(Variable.of(data, place, btf, Long.class).get()).isEqualTo(0xffff_ffffL);
            assertThatThrownBy(() -> Variable.of(data, place, btf, String.class))
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("variable v: String does not fit unsigned int");
            assertThatThrownBy(() -> variable(data, 0, 4, Long.class))
                    .isInstanceOf(BpfException.class)
                    .hasMessage("variable v has 4 bytes, but Long has 8");
            assertThatThrownBy(() -> variable(data, 2, 4, Integer.class))
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("does not lie in section .data of 4");
        }
    }

    @Test
    void aClosedMapEndsItsVariables() {
        MapHandle data = section(Sections.of(".data", MapSpec.MMAPABLE, 1, 0, 0, 0));
        Variable<Integer> v = variable(data, 0, 4, Integer.class);
        data.close();
        data.close();
        assertThatThrownBy(v::get).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> v.set(1)).isInstanceOf(IllegalStateException.class);
        assertThat(calls.leftOpen()).isEmpty();
    }

    @Test
    void aMapThatOthersFrozeIsMappedReadOnly() {
        calls.fail("mmap", 1, Errno.EPERM);
        try (MapHandle data = section(Sections.of(".data", MapSpec.MMAPABLE, 9, 0, 0, 0))) {
            assertThat(variable(data, 0, 4, Integer.class).get()).isEqualTo(9);
        }
        assertThat(calls.leftOpen()).isEmpty();
    }

    @Test
    void aFailedMappingIsReported() {
        calls.fail("mmap", 1, Errno.ENOMEM);
        try (MapHandle data = section(Sections.of(".data", MapSpec.MMAPABLE, 1, 0, 0, 0))) {
            assertThatThrownBy(() -> variable(data, 0, 4, Integer.class))
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("cannot map the values of map .data");
        }
        assertThat(calls.leftOpen()).isEmpty();
    }

    private MapHandle section(MapSpec spec) {
        return MapHandle.create(Kernel.of(calls), spec, null, null);
    }

    private static <T> Variable<T> variable(MapHandle map, int offset, int size, Class<T> type) {
        return Variable.of(map, new Variable.Place("v", offset, size, 0), null, type);
    }
}
