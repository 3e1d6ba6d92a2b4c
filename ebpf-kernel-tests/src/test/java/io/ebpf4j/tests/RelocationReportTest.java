// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.ebpf4j.Collection;
import io.ebpf4j.PreparedCollection;
import io.ebpf4j.asm.Disassembler;
import io.ebpf4j.asm.Instruction;
import io.ebpf4j.asm.Instructions;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.relocation.RelocationReport;
import io.ebpf4j.relocation.RelocationReport.Candidate;
import io.ebpf4j.relocation.RelocationReport.Patched;
import io.ebpf4j.relocation.RelocationReport.Relocation;
import io.ebpf4j.relocation.TargetFiles;
import io.ebpf4j.spec.CollectionSpec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;

/** What is reported of the running kernel's types is what a load does. */
@KernelTest
@Requires(Requirement.BTF)
class RelocationReportTest {

    private static final int POISON = 0xbad2310;

    @ParameterizedTest
    @ValueSource(strings = {"core", "shapes", "missing", "unlink"})
    void itShowsTheInstructionsThatTheKernelIsGiven(String object) {
        CollectionSpec spec = Objects.spec(object);
        RelocationReport report = RelocationReport.of(spec, Kernel.shared().btf());
        int compared = 0;
        try (PreparedCollection prepared = Collection.prepare(spec)) {
            for (String program : prepared.programs()) {
                Instructions code = prepared.instructions(program);
                for (Relocation r : report.of(program)) {
                    if (r.function().equals(program)) {
                        assertShown(r, code);
                        compared++;
                    }
                }
            }
        }
        assertThat(report.failed()).isEmpty();
        assertThat(compared).isPositive();
    }

    private static void assertShown(Relocation r, Instructions code) {
        Instruction given = code.at(r.record().slot());
        if (r.outcome() instanceof Patched p) {
            assertThat(Disassembler.text(given)).as(r.toString()).isEqualTo(p.instruction());
        } else {
            assertThat(given)
                    .as(r.toString())
                    .isEqualTo(new Instruction(Instruction.CALL, 0, 0, 0, POISON));
        }
    }

    @Test
    void theFileSaysWhatTheRunningKernelSays() {
        CollectionSpec spec = Objects.spec("core");
        RelocationReport running = RelocationReport.of(spec, Kernel.shared().btf());
        TargetFiles file = TargetFiles.read(Path.of("/sys/kernel/btf/vmlinux"));
        assertThat(RelocationReport.of(spec, file)).isEqualTo(running);
        assertThat(running.relocations().get(0).candidates())
                .extracting(Candidate::module)
                .containsOnly("vmlinux");
    }

    @Test
    void aLoadOfTwoBytesBecomesOneOfFour() {
        RelocationReport report = RelocationReport.of(Objects.spec("core"), Kernel.shared().btf());
        assertThat(report.of("widths"))
                .singleElement()
                .extracting(Relocation::outcome)
                .isInstanceOf(Patched.class)
                .asString()
                .contains("u32");
    }
}
