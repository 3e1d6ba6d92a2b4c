// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ebpf4j.Collection;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.link.Link;
import io.ebpf4j.link.LinkInfo;
import io.ebpf4j.link.LinkType;
import io.ebpf4j.link.UprobeMulti;
import io.ebpf4j.link.UprobeMultiOptions;
import io.ebpf4j.spec.CollectionSpec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

/** Many uprobes by one link, on functions of libc of which this process calls one. */
@KernelTest
@Requires(Requirement.UPROBES)
class LinkUprobeMultiTest {
    private static final String LIBC = "libc.so.6";

    /** getppid and getpgid. */
    private static final String PATTERN = "getp?id";

    private static Collection load(String program) {
        CollectionSpec spec = Objects.spec("multi");
        spec.program(program).autoload(true);
        Collection c = Collection.load(spec);
        c.variable("process", int.class).set((int) ProcessHandle.current().pid());
        return c;
    }

    private static long hitsOf(Collection c, int times) {
        long before = c.variable("hits", long.class).get();
        for (int i = 0; i < times; i++) {
            HitCounter.getppid();
        }
        return c.variable("hits", long.class).get() - before;
    }

    @ParameterizedTest
    @CsvSource({"on_user_entry, false", "on_user_return, true"})
    @Requires(kernel = "6.6")
    void countsWhileAttachedAndNoLonger(String program, boolean returning) {
        UprobeMultiOptions.Builder builder = UprobeMultiOptions.builder();
        UprobeMultiOptions options = (returning ? builder.returning() : builder).build();
        try (Collection c = load(program)) {
            try (Link link = c.attachUprobeMulti(program, LIBC, PATTERN, options)) {
                assertThat(hitsOf(c, 3)).isEqualTo(3);
                assertThat(link.isOpen()).isTrue();
            }
            assertThat(hitsOf(c, 3)).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "on_user_entry",
                "on_user_entry_asleep",
                "on_user_return",
                "on_user_return_asleep"
            })
    @Requires(kernel = "6.6")
    void attachesByItsSection(String program) {
        countsByItsSection(program, 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"on_one_entry_asleep", "on_one_return_asleep"})
    @Requires(kernel = "6.0")
    void programsOfOneProbeMaySleep(String program) {
        countsByItsSection(program, 1);
    }

    @ParameterizedTest
    @CsvSource({"on_user_both, 2", "on_user_entry_of_session, 1"})
    @Requires(kernel = "6.13")
    void aSessionRunsAtEntryAndReturn(String program, int each) {
        countsByItsSection(program, each);
    }

    private static void countsByItsSection(String program, int each) {
        try (Collection c = load(program)) {
            try (Link link = c.attach(program)) {
                assertThat(hitsOf(c, 3)).isEqualTo(3L * each);
                assertThat(link.isOpen()).isTrue();
            }
            assertThat(hitsOf(c, 3)).isZero();
            String section = Objects.spec("multi").program(program).section();
            AttachMatrix.seen(section, AttachMatrix.By.LINK);
        }
    }

    @Test
    @Requires(kernel = "6.10")
    void watchesOneProcess() {
        try (Collection c = load("on_user_entry")) {
            UprobeMultiOptions self = UprobeMultiOptions.builder().pid(0).build();
            try (Link link = c.attachUprobeMulti("on_user_entry", LIBC, PATTERN, self)) {
                assertThat(hitsOf(c, 2)).isEqualTo(2);
                assertThat(link.isOpen()).isTrue();
            }
            UprobeMultiOptions other = UprobeMultiOptions.builder().pid(1).build();
            try (Link link = c.attachUprobeMulti("on_user_entry", LIBC, PATTERN, other)) {
                assertThat(hitsOf(c, 2)).isZero();
                assertThat(link.isOpen()).isTrue();
            }
            UprobeMultiOptions nobody = UprobeMultiOptions.builder().pid(Integer.MAX_VALUE).build();
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> c.attachUprobeMulti("on_user_entry", LIBC, "getppid", nobody))
                    .withMessageContaining("there is no process " + Integer.MAX_VALUE);
        }
    }

    @Test
    @Requires(kernel = "6.8")
    void eachFunctionHasItsCookie() {
        UprobeMultiOptions each = UprobeMultiOptions.builder().cookies(1, 2).build();
        try (Collection c = load("on_user_entry")) {
            LinkInfo.UprobeMulti places;
            List<String> symbols = List.of("getpgid", "getppid");
            try (Link link = c.attachUprobeMulti("on_user_entry", LIBC, symbols, each)) {
                assertThat(hitsOf(c, 1)).isEqualTo(1);
                assertThat(c.variable("cookie", long.class).get()).isEqualTo(2);
                assertThat(link.info().type()).isEqualTo(LinkType.UPROBE_MULTI);
                places = (LinkInfo.UprobeMulti) link.info().detail();
                assertThat(places.path()).endsWith("/libc.so.6");
                assertThat(places.fileOffsets()).hasSize(2).doesNotContain(0L);
                assertThat(places.cookies()).containsExactly(1L, 2L);
                assertThat(places.refCtrOffsets()).containsExactly(0L, 0L);
                assertThat(places.pid()).isZero();
                assertThat(places.returning()).isFalse();
            }
            long[] offsets = places.fileOffsets().stream().mapToLong(offset -> offset).toArray();
            UprobeMultiOptions one = UprobeMultiOptions.builder().cookie(5).build();
            try (Link link = c.attachUprobeMulti("on_user_entry", places.path(), offsets, one)) {
                assertThat(hitsOf(c, 1)).isEqualTo(1);
                assertThat(c.variable("cookie", long.class).get()).isEqualTo(5);
                assertThat(link.isOpen()).isTrue();
            }
        }
    }

    @Test
    @Requires(kernel = "6.6")
    void refusesWhatIsNoInstructionOfTheFile() {
        try (Collection c = load("on_user_entry")) {
            UprobeMultiOptions options = UprobeMultiOptions.builder().build();
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(
                            () ->
                                    UprobeMulti.attach(
                                            c.program("on_user_entry"),
                                            LIBC,
                                            new long[] {1L << 40},
                                            options))
                    .withMessageContaining("a place holds no instruction that can be probed");
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> c.attachUprobeMulti("on_user_entry", LIBC, "getpppid"))
                    .withMessageContaining("getppid");
        }
    }
}
