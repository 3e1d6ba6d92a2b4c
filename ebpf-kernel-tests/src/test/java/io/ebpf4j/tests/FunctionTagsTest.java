// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.ebpf4j.Collection;
import io.ebpf4j.program.TestRun;
import io.ebpf4j.spec.CollectionSpec;

import org.junit.jupiter.api.Test;

/** Tags of functions mean to every kernel what they mean to the newest. */
@KernelTest
class FunctionTagsTest {
    private static final int PACKET_BYTES = 64;
    private static final int COOKIE = 42;

    private static int run(Collection c, String program) {
        return c.program(program)
                .testRun(TestRun.create().data(new byte[PACKET_BYTES]))
                .returnValue();
    }

    private static CollectionSpec throwing(String program) {
        CollectionSpec spec = Objects.spec("tags");
        spec.program(program).autoload(true);
        return spec;
    }

    @Test
    void aTaggedParameterIsTheContextOfEveryTypeOfProgram() {
        try (Collection c = Collection.load(Objects.spec("tags"))) {
            assertThat(run(c, "measure")).isEqualTo(PACKET_BYTES + 1);
            assertThat(run(c, "packet")).isEqualTo(2);
        }
    }

    @Test
    @Requires(value = Requirement.BTF, kernel = "6.7")
    void anExceptionEndsInTheCallback() {
        try (Collection c = Collection.load(throwing("throws"))) {
            assertThat(run(c, "throws")).isEqualTo(COOKIE + 1000);
            assertThat(c.variable("cookies", long.class).get()).isEqualTo(COOKIE);
        }
    }

    @Test
    @Requires(value = Requirement.BTF, kernel = "6.7")
    void anExceptionWithoutCallbackEndsTheProgram() {
        try (Collection c = Collection.load(throwing("throws_without_callback"))) {
            assertThat(run(c, "throws_without_callback")).isEqualTo(COOKIE);
            assertThat(c.variable("cookies", long.class).get()).isZero();
        }
    }
}
