// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.ebpf4j.Collection;
import io.ebpf4j.error.VerifierException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.relocation.LinkedProgram;
import io.ebpf4j.relocation.Linker;
import io.ebpf4j.spec.CollectionSpec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.TreeSet;

/** What this kernel's verifier says of mistakes, and what is made of it. */
@KernelTest
@Requires(Requirement.BTF)
class RejectionTest {

    static List<RejectionRow> rows() {
        return RejectionRow.of(Kernel.shared().version());
    }

    @ParameterizedTest
    @MethodSource("rows")
    void aRejectedProgramIsExplained(RejectionRow row) {
        CollectionSpec spec = RejectedSource.spec(row.object());
        spec.programs().values().forEach(p -> p.autoload(p.name().equals(row.program())));
        if (row.accepted()) {
            try (Collection c = Collection.load(spec)) {
                assertThat(c.programs()).containsOnlyKeys(row.program());
            }
            return;
        }
        VerifierException e =
                catchThrowableOfType(VerifierException.class, () -> Collection.load(spec).close());
        row.check(e, linked(spec, row.program()));
    }

    static LinkedProgram linked(CollectionSpec spec, String program) {
        return Linker.link(spec.program(program).function(), spec.functions()::get);
    }

    @Test
    void everyProgramHasOneRowForThisKernel() {
        TreeSet<String> programs = new TreeSet<>();
        for (String object : List.of("rejected", "proprietary")) {
            programs.addAll(RejectedSource.spec(object).programs().keySet());
        }
        assertThat(rows())
                .extracting(RejectionRow::program)
                .containsExactlyInAnyOrderElementsOf(programs);
    }
}
