// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.ebpf4j.Collection;
import io.ebpf4j.error.VerifierException;
import io.ebpf4j.spec.CollectionSpec;

import org.junit.jupiter.api.Test;

/** What the kernel's types do not have is dead code, or an error that names it. */
@KernelTest
@Requires(Requirement.BTF)
class CoreRelocationTest {

    @Test
    void aFieldThatIsAskedAboutFirstMayBeMissing() {
        CollectionSpec spec = Objects.spec("missing");
        spec.program("reaches").autoload(false);
        try (Collection c = Collection.load(spec)) {
            assertThat(c.programs()).containsOnlyKeys("asks_first");
        }
    }

    @Test
    void theKernelTakesTheTypesOfAnObjectThatNamesOneByItsId() {
        CollectionSpec spec = Objects.spec("missing");
        spec.programs().values().forEach(p -> p.autoload(p.name().equals("names_a_type")));
        try (Collection c = Collection.load(spec)) {
            assertThat(c.program("names_a_type").info().btfId()).isPositive();
        }
    }

    @Test
    void aReachableMissingFieldIsNamed() {
        CollectionSpec spec = Objects.spec("missing");
        VerifierException e =
                catchThrowableOfType(VerifierException.class, () -> Collection.load(spec).close());
        assertThat(e.reason()).contains("struct task_struct::no_such_field");
        assertThat(e.advice()).contains("bpf_core_field_exists()");
        assertThat(e.program()).isEqualTo("reaches");
        assertThat(e.sourceLine()).contains("missing.bpf.c:");
        assertThat(e.log()).contains("195896080");
    }
}
