// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.ebpf4j.Collection;
import io.ebpf4j.program.TestRun;

import org.junit.jupiter.api.Test;

/** Indirect jumps go where their tables say. */
@KernelTest
@Requires(kernel = "7.0")
class JumpTablesTest {
    private static final int EVEN = 64;

    private static int run(Collection c, String program, int bytes) {
        return c.program(program).testRun(TestRun.create().data(new byte[bytes])).returnValue();
    }

    @Test
    void aProgramJumpsByItsTable() {
        try (Collection c = Collection.load(Objects.spec("jumptables"))) {
            assertThat(run(c, "jumps", EVEN)).isEqualTo(10);
            assertThat(run(c, "jumps", EVEN + 1)).isEqualTo(20);
        }
    }

    @Test
    void aSubprogramJumpsByItsTable() {
        try (Collection c = Collection.load(Objects.spec("jumptables"))) {
            assertThat(run(c, "jumps_below", EVEN)).isEqualTo(301);
            assertThat(run(c, "jumps_below", EVEN + 1)).isEqualTo(401);
        }
    }
}
