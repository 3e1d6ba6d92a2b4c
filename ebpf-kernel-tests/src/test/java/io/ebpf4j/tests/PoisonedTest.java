// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.ebpf4j.Collection;
import io.ebpf4j.error.VerifierException;
import io.ebpf4j.spec.CollectionSpec;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the kernel's types lack is named where it is used, in a program or below it. */
@KernelTest
@Requires({Requirement.BTF, Requirement.TP_BTF})
class PoisonedTest {

    @ParameterizedTest
    @CsvSource({
        "offset_of_a_member, offset_of_a_member, FIELD_BYTE_OFFSET, struct task_struct::part, 0:1",
        "offset_in_a_type,   offset_in_a_type,   FIELD_BYTE_OFFSET, struct no_such_type::y, 0:1",
        "size_of_a_member,   size_of_a_member,   FIELD_BYTE_SIZE,   struct task_struct::part, 0:1",
        "value_of_a_name,    value_of_a_name,    ENUMVAL_VALUE,     enum"
                + " no_such_enum::NO_SUCH_VALUE, 1",
        "two_calls_deep,     reads_it,           FIELD_BYTE_OFFSET, struct no_such_type::y, 0:1",
        "loads_directly,     loads_directly,     FIELD_BYTE_OFFSET, struct task_struct::part, 0:1",
    })
    void theFailedRelocationIsNamed(
            String program, String function, String kind, String what, String access) {
        CollectionSpec spec = RejectedSource.spec("poisoned");
        spec.programs().values().forEach(p -> p.autoload(p.name().equals(program)));
        VerifierException e =
                catchThrowableOfType(VerifierException.class, () -> Collection.load(spec).close());
        String tried =
                what.startsWith("struct task_struct")
                        ? "the kernel has [*] task_struct, without it"
                        : "the kernel has no type of that name";
        String failed =
                "failed to resolve CO-RE relocation "
                        + kind
                        + " [*] "
                        + what
                        + " (access \""
                        + access
                        + "\"): "
                        + tried;
        assertThat(e.reason())
                .matches(
                        said ->
                                ExpectedSkips.matches(
                                        failed + " (invalid func unknown#195896080)", said),
                        failed);
        assertThat(e.log().lines().toList())
                .containsSubsequence(
                        "invalid func unknown#195896080",
                        e.reason().substring(0, e.reason().lastIndexOf(" (")));
        assertThat(e.advice()).contains("bpf_core_field_exists()");
        assertThat(e.rejection().function()).isEqualTo(function);
        assertThat(e.sourceLine()).isEqualTo(RejectedSource.of("poisoned").line(function, false));
        assertThat(e.getMessage()).contains("\n  at " + e.sourceLine() + "\n");
    }
}
