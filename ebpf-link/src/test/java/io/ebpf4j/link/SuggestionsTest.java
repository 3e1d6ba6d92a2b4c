// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

class SuggestionsTest {

    @Test
    void nearestFirstThenShortest() {
        List<String> names =
                List.of("sys_enter_openat2", "sys_enter_openat", "sys_enter_open", "sched_switch");
        assertThat(Suggestions.sentence("sys_enter_opnat", names))
                .isEqualTo("; did you mean sys_enter_openat, sys_enter_openat2 or sys_enter_open?");
    }

    @Test
    void aNameThatContainsTheWantedOneIsNear() {
        assertThat(Suggestions.sentence("unlinkat", List.of("do_unlinkat", "vfs_read")))
                .isEqualTo("; did you mean do_unlinkat?");
    }

    @Test
    void nothingNearSaysNothing() {
        assertThat(Suggestions.sentence("abc", List.of("xyzzy", "abc"))).isEmpty();
    }

    @Test
    void namesAreGivenOnceAndAtMostFive() {
        Suggestions suggestions = new Suggestions("read_1");
        for (int i = 0; i < 10; i++) {
            suggestions.offer("read_" + i);
            suggestions.offer("read_" + i);
        }
        assertThat(suggestions.nearest())
                .containsExactly("read_0", "read_2", "read_3", "read_4", "read_5");
    }
}
