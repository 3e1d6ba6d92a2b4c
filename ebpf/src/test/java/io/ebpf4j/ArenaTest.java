// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.asm.Instructions;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.map.Variable;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.spec.MapType;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.FakeCall;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Where an arena's global variables lie, and what the instructions are told of it. */
class ArenaTest {
    private static final Path OBJECT = Path.of("../ebpf-elf/src/test/bpf/spec_arena.bpf.o");
    private static final int LOAD_WIDE = 0x18;
    private static final int PSEUDO_MAP_VALUE = 2;

    private final CollectionSpec spec = CollectionSpec.parse(OBJECT);

    private static List<Integer> offsets(TestKernel kernel, Collection c) {
        Instructions code = kernel.programs.get(c.program("add").fd());
        List<Integer> offsets = new ArrayList<>();
        for (int slot = 0; slot < code.slotCount(); slot++) {
            if (code.opcode(slot) == LOAD_WIDE && code.src(slot) == PSEUDO_MAP_VALUE) {
                if (code.imm(slot) == c.map("pages").descriptor().fd()) {
                    offsets.add(code.imm(slot + 1));
                }
                slot++;
            }
        }
        return offsets;
    }

    @ParameterizedTest
    @CsvSource({"6.12, false", "7.0, true"})
    void variablesLieAtTheEndWhereInstructionsCanReferToIt(String version, boolean atTheEnd) {
        TestKernel kernel = new TestKernel(version);
        try (Collection c = kernel.load(spec)) {
            long size = c.map("pages").arena().byteSize();
            int base = atTheEnd ? (int) (size - size / 100) : 0;
            assertThat(offsets(kernel, c))
                    .isNotEmpty()
                    .allSatisfy(o -> assertThat(o).isBetween(base, base + 23));
            Variable<Long> total = c.variable("total", long.class);
            assertThat(total.get()).isEqualTo(7);
            total.set(8L);
            int at = base + spec.variable("total").offset();
            assertThat(c.map("pages").arena().get(ValueLayout.JAVA_LONG, at)).isEqualTo(8);
            assertThat(kernel.fake.calls(BpfCommand.MAP_UPDATE_ELEM)).hasSize(1);
        }
        assertThat(kernel.fake.leftOpen()).isEmpty();
    }

    @Test
    void theArenaIsCreatedAsDeclaredAndMappedBeforeProgramsAreLoaded() {
        TestKernel kernel = new TestKernel("6.12");
        spec.map("pages").mapExtra(1L << 44);
        kernel.load(spec).close();
        FakeCall created =
                kernel.fake.calls(BpfCommand.MAP_CREATE).stream()
                        .filter(c -> c.field("map_type") == MapType.ARENA.number())
                        .findAny()
                        .orElseThrow();
        assertThat(created.field("max_entries")).isEqualTo(100);
        assertThat(created.field("map_extra")).isEqualTo(1L << 44);
        assertThat(created.field("btf_fd")).isZero();
        List<String> names = kernel.fake.calls().stream().map(FakeCall::name).toList();
        assertThat(names.indexOf("mmap")).isBetween(0, names.lastIndexOf("BPF_PROG_LOAD"));
        assertThat(kernel.fake.leftOpen()).isEmpty();
    }

    @Test
    void anAddressThatIsTakenIsNamed() {
        TestKernel kernel = new TestKernel("6.12");
        spec.map("pages").mapExtra(0x1234_0000_0000L);
        kernel.fake.fail("mmap", 1, Errno.EEXIST);
        assertThatThrownBy(() -> kernel.load(spec))
                .isInstanceOf(BpfException.class)
                .hasMessageContainingAll("arena pages", "0x123400000000", "map_extra");
        assertThat(kernel.fake.leftOpen()).isEmpty();
    }

    @Test
    void onlyAnArenaHasItsMemory() {
        TestKernel kernel = new TestKernel("6.12");
        try (Collection c = kernel.load(spec)) {
            assertThatThrownBy(() -> c.map(".data").arena()).isInstanceOf(BpfException.class);
            c.map("pages").close();
            assertThatThrownBy(() -> c.map("pages").arena())
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void anArenaNeedsRoomForItsVariables() {
        TestKernel kernel = new TestKernel("6.12");
        spec.map("pages").maxEntries(0);
        assertThatThrownBy(() -> kernel.load(spec))
                .isInstanceOf(BpfException.class)
                .hasMessageContainingAll("arena pages", "no room", "max_entries");
        assertThat(kernel.fake.leftOpen()).isEmpty();
    }
}
