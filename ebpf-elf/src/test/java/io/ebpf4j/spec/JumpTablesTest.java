// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.asm.Disassembler;
import io.ebpf4j.asm.Reference;
import io.ebpf4j.error.ObjectFormatException;
import io.ebpf4j.relocation.LinkedProgram;
import io.ebpf4j.relocation.Linker;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

class JumpTablesTest {
    private static final Path OBJECT =
            Path.of("../ebpf-kernel-tests/src/test/bpf/jumptables.bpf.o");

    /** The first table: byte offsets of its two instructions. */
    private static final long EVEN = 0x50;

    private static final long ODD = 0x40;

    private static List<List<Integer>> tables(List<Reference> references) {
        List<List<Integer>> tables = new ArrayList<>();
        for (Reference reference : references) {
            if (reference instanceof Reference.JumpTable table) {
                tables.add(table.targets());
            }
        }
        return tables;
    }

    private static List<List<Integer>> tables(FunctionSpec function) {
        return tables(function.instructions().references());
    }

    @Test
    void targetsCountFromTheirFunction() {
        CollectionSpec spec = CollectionSpec.parse(OBJECT);
        assertThat(tables(spec.program("jumps").function())).containsExactly(List.of(10, 8));
        assertThat(tables(spec.functions().get("choose"))).containsExactly(List.of(8, 10));
        assertThat(spec.maps()).isEmpty();
    }

    @Test
    void linkingMovesTheTargetsOfSubprograms() {
        CollectionSpec spec = CollectionSpec.parse(OBJECT);
        LinkedProgram linked =
                Linker.link(spec.program("jumps_below").function(), spec.functions()::get);
        int start = linked.functions().getLast().slot();
        assertThat(start).isEqualTo(3);
        assertThat(tables(linked.instructions().references()))
                .containsExactly(List.of(start + 8, start + 10));
    }

    @Test
    void aTableIsPrinted() {
        CollectionSpec spec = CollectionSpec.parse(OBJECT);
        assertThat(Disassembler.text(spec.program("jumps").function().instructions(), 3))
                .contains("r1 = jumptable[10, 8]");
    }

    @ParameterizedTest
    @ValueSource(longs = {0x44, 0x60, -8, 1L << 40})
    void refusesATableThatLeavesItsFunction(long target) throws IOException {
        byte[] object = Files.readAllBytes(OBJECT);
        ByteBuffer bytes = ByteBuffer.wrap(object).order(ByteOrder.LITTLE_ENDIAN);
        int table = 0;
        while (bytes.getLong(table) != EVEN || bytes.getLong(table + 8) != ODD) {
            table += 8;
        }
        bytes.putLong(table, target);
        assertThatThrownBy(() -> CollectionSpec.parse("x.o", object))
                .isInstanceOf(ObjectFormatException.class)
                .hasMessageContainingAll("jumps_table", "no instruction of function jumps");
    }
}
