// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ebpf4j.Collection;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.link.Link;
import io.ebpf4j.link.UsdtOptions;
import io.ebpf4j.spec.CollectionSpec;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/** The arguments of static probes in a file that this test writes, maps and calls. */
@KernelTest
@Requires({Requirement.UPROBES, Requirement.X86_64})
class UsdtArgumentsTest {
    private static final UsdtOptions HERE = UsdtOptions.builder().pid(0).cookie(42).build();
    private static final int ENOENT = 2;

    @TempDir Path folder;

    private ProbedFile file;

    @BeforeEach
    void map() throws IOException {
        file = new ProbedFile(folder.resolve("probed"));
    }

    @AfterEach
    void unmap() {
        file.close();
    }

    private static long number(Collection c, String name) {
        return c.variable(name, long.class).get();
    }

    private static long[] arguments(Collection c) {
        return c.variable("arguments", long[].class).get();
    }

    @ParameterizedTest
    @ValueSource(strings = {"on_probe", "on_probe_one_by_one"})
    void eachPlaceHasItsOwn(String program) {
        try (Collection c = Collection.load(Objects.spec("usdt"))) {
            try (Link link = c.attachUsdt(program, file.path(), "app", "two", HERE)) {
                file.call(ProbedFile.REGISTERS, -5, 0x1122_3344_5566_7788L, 0xab_cdefL);
                assertThat(number(c, "hits")).isEqualTo(1);
                assertThat(number(c, "count")).isEqualTo(6);
                assertThat(number(c, "cookie")).isEqualTo(42);
                assertThat(arguments(c))
                        .containsExactly(-5, 0x1122_3344_5566_7788L, 7, -9, 0xcdef, 0xcd);
                file.call(ProbedFile.STACK, 0xf_ffff_fff0L, 0, 0);
                assertThat(number(c, "hits")).isEqualTo(2);
                assertThat(number(c, "count")).isEqualTo(3);
                assertThat(arguments(c)).containsExactly(0xf_ffff_fff0L, -16, -16, 0, 0, 0);
                assertThat(c.variable("results", long[].class).get())
                        .containsExactly(0, 0, 0, -ENOENT, -ENOENT, -ENOENT);
                assertThat(link.isOpen()).isTrue();
            }
            file.call(ProbedFile.REGISTERS, 1, 1, 1);
            file.call(ProbedFile.STACK, 1, 1, 1);
            assertThat(number(c, "hits")).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"on_probe", "on_probe_one_by_one"})
    void aProbeOfTwoInstructionsIsHitOnce(String program) {
        try (Collection c = Collection.load(Objects.spec("usdt"))) {
            try (Link link = c.attachUsdt(program, file.path(), "app", "fast", HERE)) {
                for (int i = 1; i <= 100; i++) {
                    file.call(ProbedFile.FAST, i, 0xff, 0);
                    assertThat(number(c, "hits")).isEqualTo(i);
                    assertThat(arguments(c)).startsWith(i, -1);
                }
                assertThat(link.isOpen()).isTrue();
            }
            file.call(ProbedFile.FAST, 0, 0, 0);
            assertThat(number(c, "hits")).isEqualTo(100);
        }
    }

    @Test
    @Requires(kernel = "6.0")
    void aProgramMaySleep() {
        CollectionSpec spec = Objects.spec("usdt");
        spec.program("on_sleepable").autoload(true).attachTarget(file.path() + ":app:two");
        try (Collection c = Collection.load(spec)) {
            try (Link link = c.attach("on_sleepable")) {
                file.call(ProbedFile.STACK, 12345, 0, 0);
                assertThat(number(c, "hits")).isEqualTo(1);
                assertThat(arguments(c)[0]).isEqualTo(12345);
                assertThat(link.isOpen()).isTrue();
            }
            file.call(ProbedFile.STACK, 1, 0, 0);
            assertThat(number(c, "hits")).isEqualTo(1);
            AttachMatrix.seen("usdt.s", AttachMatrix.By.LINK);
        }
    }

    @Test
    void numbersAreGivenBackAndCanBeUsedAgain() {
        CollectionSpec spec = Objects.spec("usdt");
        spec.map("__bpf_usdt_specs").maxEntries(2);
        try (Collection c = Collection.load(spec)) {
            for (int i = 1; i <= 3; i++) {
                UsdtOptions options = UsdtOptions.builder().pid(0).cookie(i).build();
                try (Link link = c.attachUsdt("on_probe", file.path(), "app", "two", options)) {
                    file.call(ProbedFile.STACK, i, 0, 0);
                    assertThat(number(c, "hits")).isEqualTo(i);
                    assertThat(number(c, "cookie")).isEqualTo(i);
                    assertThat(arguments(c)[0]).isEqualTo(i);
                    assertThat(link.isOpen()).isTrue();
                }
            }
        }
    }

    @Test
    void anIndexLeadsToAnArgument() {
        try (Collection c = Collection.load(Objects.spec("usdt_indexed"));
                Arena arena = Arena.ofConfined()) {
            MemorySegment array = arena.allocate(64, 8);
            array.set(ValueLayout.JAVA_INT, 16 + 3 * 8, -1234);
            try (Link link = c.attachUsdt("on_indexed", file.path(), "app", "indexed", HERE)) {
                file.call(ProbedFile.INDEXED, array.address(), 3, 0);
                assertThat(number(c, "hits")).isEqualTo(1);
                assertThat(number(c, "value")).isEqualTo(-1234);
                assertThat(link.isOpen()).isTrue();
            }
            file.call(ProbedFile.INDEXED, array.address(), 3, 0);
            assertThat(number(c, "hits")).isEqualTo(1);
        }
        try (Collection c = Collection.load(Objects.spec("usdt"))) {
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(() -> c.attachUsdt("on_probe", file.path(), "app", "indexed", HERE))
                    .withMessageContaining("libbpf 1.7");
        }
    }

    @Test
    void theSemaphoreIsRaisedWhileSomebodyListens() {
        try (Collection c = Collection.load(Objects.spec("usdt"))) {
            assertThat(file.semaphore()).isZero();
            try (Link link = c.attachUsdt("on_counted", file.path(), "app", "counted", HERE)) {
                assertThat(file.semaphore()).isEqualTo(1);
                file.call(ProbedFile.COUNTED, 0, 0, 0);
                assertThat(number(c, "counted")).isEqualTo(1);
                assertThat(link.isOpen()).isTrue();
            }
            assertThat(file.semaphore()).isZero();
            file.call(ProbedFile.COUNTED, 0, 0, 0);
            assertThat(number(c, "counted")).isEqualTo(1);
        }
    }

    @Test
    @Requires(kernel = "5.15")
    void aSectionMayNameTheProbe() {
        CollectionSpec spec = Objects.spec("usdt");
        spec.program("on_counted").attachTarget(file.path() + ":app:counted");
        try (Collection c = Collection.load(spec)) {
            assertThat(c.attach()).hasSize(1);
            assertThat(file.semaphore()).isEqualTo(1);
            file.call(ProbedFile.COUNTED, 0, 0, 0);
            assertThat(number(c, "counted")).isEqualTo(1);
        }
        assertThat(file.semaphore()).isZero();
    }
}
