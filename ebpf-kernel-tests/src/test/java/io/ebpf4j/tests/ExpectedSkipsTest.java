// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.ebpf4j.tests.Results.Skip;

import org.junit.jupiter.api.Test;

import java.util.List;

class ExpectedSkipsTest {
    private static final Skip COOKIE = new Skip("KprobeTest#cookie", "kernel 5.15 missing");

    @Test
    void takesTheRowsOfOneKernelOnly() {
        String table = "# why\n\n5.10\tA#*\tx\n6.1\tB#b\ty\nhost-*\tC#c\tz\n";
        assertThat(ExpectedSkips.parse(table, "5.10").rows())
                .containsExactly(new ExpectedSkips.Row("5.10", "A#*", "x"));
        assertThat(ExpectedSkips.parse(table, "host-6.18").rows()).hasSize(1);
        assertThat(ExpectedSkips.parse(table, "7.2").rows()).isEmpty();
    }

    @Test
    void refusesALineWithoutThreeColumns() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ExpectedSkips.parse("5.10\tA#*\tx\n6.1\tB#b\n", "5.10"))
                .withMessageContaining("expected-skips.tsv:2");
    }

    @Test
    void expectsASkipForItsReasonOnly() {
        ExpectedSkips right = ExpectedSkips.parse("5.10\tKprobeTest#*\tkernel 5.15\n", "5.10");
        assertThat(right.unexpected(List.of(COOKIE))).isEmpty();
        assertThat(right.stale(List.of(COOKIE))).isEmpty();

        ExpectedSkips wrong = ExpectedSkips.parse("5.10\tKprobeTest#*\tkprobe PMU\n", "5.10");
        assertThat(wrong.unexpected(List.of(COOKIE))).containsExactly(COOKIE);
        assertThat(wrong.stale(List.of(COOKIE))).isEqualTo(wrong.rows());
    }

    @Test
    void matchesAnyCharactersForAStar() {
        assertThat(ExpectedSkips.matches("*", "")).isTrue();
        assertThat(ExpectedSkips.matches("A#*", "A#b")).isTrue();
        assertThat(ExpectedSkips.matches("*#c*e", "A#cookie")).isTrue();
        assertThat(ExpectedSkips.matches("A#*", "AB#b")).isFalse();
        assertThat(ExpectedSkips.matches("A#b", "A#bc")).isFalse();
        assertThat(ExpectedSkips.matches("*#c*x", "A#cookie")).isFalse();
    }
}
