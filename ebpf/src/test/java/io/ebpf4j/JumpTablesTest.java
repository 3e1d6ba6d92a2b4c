// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.asm.Instructions;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.spec.MapType;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.FakeCall;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;
import java.util.List;

/** Every table of a program becomes a frozen map of instructions. */
class JumpTablesTest {
    private static final Path OBJECT =
            Path.of("../ebpf-kernel-tests/src/test/bpf/jumptables.bpf.o");
    private static final int LOAD_SLOT = 3;
    private static final int PSEUDO_MAP_VALUE = 2;

    private final CollectionSpec spec = CollectionSpec.parse(OBJECT);

    @Test
    void eachProgramHasItsOwnTables() {
        TestKernel kernel = new TestKernel("7.0");
        try (Collection c = kernel.load(spec)) {
            List<FakeCall> created = kernel.fake.calls(BpfCommand.MAP_CREATE);
            assertThat(created).hasSize(2);
            for (FakeCall map : created) {
                assertThat(map.field("map_type")).isEqualTo(MapType.INSN_ARRAY.number());
                assertThat(map.field("key_size")).isEqualTo(4);
                assertThat(map.field("value_size")).isEqualTo(16);
                assertThat(map.field("max_entries")).isEqualTo(2);
                assertThat(kernel.closed).contains((int) map.result());
            }
            assertThat(kernel.fake.calls(BpfCommand.MAP_UPDATE_ELEM)).hasSize(4);
            assertThat(kernel.fake.calls(BpfCommand.MAP_FREEZE)).hasSize(2);
            Instructions code = kernel.programs.get(c.program("jumps").fd());
            assertThat(code.src(LOAD_SLOT)).isEqualTo(PSEUDO_MAP_VALUE);
            assertThat(code.imm(LOAD_SLOT)).isEqualTo((int) created.getFirst().result());
            assertThat(code.imm(LOAD_SLOT + 1)).isZero();
            assertThat(c.maps()).isEmpty();
        }
        assertThat(kernel.fake.leftOpen()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"MAP_CREATE", "MAP_UPDATE_ELEM", "MAP_FREEZE"})
    void aFailureLeavesNothing(BpfCommand command) {
        TestKernel kernel = new TestKernel("7.0");
        kernel.fake.fail(command, 2, Errno.ENOMEM);
        assertThatThrownBy(() -> kernel.load(spec)).isInstanceOf(BpfException.class);
        assertThat(kernel.fake.leftOpen()).isEmpty();
    }

    @Test
    void aRejectedProgramLeavesNoTable() {
        TestKernel kernel = new TestKernel("7.0");
        kernel.fake.failAll(BpfCommand.PROG_LOAD, Errno.ENOMEM);
        assertThatThrownBy(() -> kernel.load(spec)).isInstanceOf(BpfException.class);
        assertThat(kernel.fake.leftOpen()).isEmpty();
    }

    @Test
    void anOlderKernelIsNamed() {
        TestKernel kernel = new TestKernel("6.12");
        assertThatThrownBy(() -> kernel.load(spec))
                .isInstanceOf(BpfException.class)
                .hasMessageContainingAll(".jumptables", "6.19");
        assertThat(kernel.fake.leftOpen()).isEmpty();
    }
}
