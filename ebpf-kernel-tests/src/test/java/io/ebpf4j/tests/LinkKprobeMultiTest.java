// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ebpf4j.Collection;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.link.KprobeMulti;
import io.ebpf4j.link.KprobeMultiOptions;
import io.ebpf4j.link.Link;
import io.ebpf4j.link.LinkInfo;
import io.ebpf4j.link.LinkType;
import io.ebpf4j.program.Program;
import io.ebpf4j.spec.AttachType;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.spec.ProgramType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.util.List;

/** Many kprobes by one link, on the functions of a system call. */
@KernelTest
@Requires(Requirement.X86_64)
class LinkKprobeMultiTest {
    /** The machine's prefix, and that of its other system call interface, stand for the star. */
    private static final String PATTERN = "__*_sys_getppid";

    private static final String FUNCTION = "__x64_sys_getppid";

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

    private static LinkInfo.KprobeMulti detail(Link link) {
        assertThat(link.info().type()).isEqualTo(LinkType.KPROBE_MULTI);
        return (LinkInfo.KprobeMulti) link.info().detail();
    }

    @ParameterizedTest
    @CsvSource({"on_entry, false", "on_return, true"})
    @Requires(Requirement.FPROBE)
    void countsWhileAttachedAndNoLonger(String program, boolean returning) {
        KprobeMultiOptions.Builder builder = KprobeMultiOptions.builder();
        KprobeMultiOptions options = (returning ? builder.returning() : builder).build();
        try (Collection c = load(program)) {
            try (Link link = c.attachKprobeMulti(program, PATTERN, options)) {
                assertThat(hitsOf(c, 3)).isEqualTo(3);
                assertThat(link.isOpen()).isTrue();
            }
            assertThat(hitsOf(c, 3)).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"on_entry, 1", "on_return, 1"})
    @Requires(Requirement.FPROBE)
    void attachesByItsSection(String program, int each) {
        countsByItsSection(program, each);
    }

    @ParameterizedTest
    @CsvSource({"on_both, 2", "on_entry_of_session, 1"})
    @Requires(value = Requirement.FPROBE, kernel = "6.10")
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
    @Requires(value = Requirement.FPROBE, kernel = "6.7")
    void eachFunctionHasItsCookie() {
        try (Collection c = load("on_entry")) {
            KprobeMultiOptions one = KprobeMultiOptions.builder().cookie(5).build();
            try (Link all = c.attachKprobeMulti("on_entry", PATTERN, one)) {
                assertThat(hitsOf(c, 1)).isEqualTo(1);
                assertThat(c.variable("cookie", long.class).get()).isEqualTo(5);
                assertThat(detail(all).addresses()).isNotEmpty().doesNotContain(0L);
                assertThat(detail(all).returning()).isFalse();
            }
            List<String> list = List.of("vfs_unlink", FUNCTION, "vfs_rename");
            KprobeMultiOptions each = KprobeMultiOptions.builder().cookies(1, 2, 3).build();
            try (Link link = c.attachKprobeMulti("on_entry", list, each)) {
                assertThat(hitsOf(c, 1)).isEqualTo(1);
                assertThat(c.variable("cookie", long.class).get()).isEqualTo(2);
                assertThat(detail(link).addresses()).hasSize(3);
                if (Requirement.atLeast("6.9")) {
                    assertThat(detail(link).cookies()).containsExactlyInAnyOrder(1L, 2L, 3L);
                }
            }
        }
    }

    @Test
    @Requires(value = Requirement.FPROBE, kernel = "6.6")
    void theAddressesOfALinkAreThoseOfTheNext() {
        KprobeMultiOptions unique = KprobeMultiOptions.builder().unique().build();
        try (Collection c = load("on_entry")) {
            long[] addresses;
            try (Link byName = c.attachKprobeMulti("on_entry", FUNCTION, unique)) {
                addresses = detail(byName).addresses().stream().mapToLong(a -> a).toArray();
                assertThat(addresses).hasSize(1);
            }
            KprobeMultiOptions plain = KprobeMultiOptions.builder().build();
            try (Link link = c.attachKprobeMulti("on_entry", addresses, plain)) {
                assertThat(hitsOf(c, 2)).isEqualTo(2);
                assertThat(detail(link).addresses()).hasSize(1);
            }
        }
    }

    @Test
    @Requires(
            value = {Requirement.FPROBE, Requirement.BPFFS},
            kernel = "6.10")
    void aProgramFromItsPinIsAttached() {
        Path pin = Mounts.BPFFS.place().resolve("ebpf4j-session-" + ProcessHandle.current().pid());
        try (Collection c = load("on_both")) {
            c.program("on_both").pin(pin);
            try (Program program = Program.fromPin(Kernel.shared(), pin)) {
                try (Link link = KprobeMulti.attach(program, PATTERN)) {
                    assertThat(hitsOf(c, 1)).isEqualTo(2);
                    assertThat(link.isOpen()).isTrue();
                }
            } finally {
                c.program("on_both").unpin(pin);
            }
        }
    }

    @Test
    @Requires(Requirement.FPROBE)
    void aThousandFunctionsAreAttachedTo() {
        try (HitCounter counter = HitCounter.of(ProgramType.KPROBE, AttachType.TRACE_KPROBE_MULTI);
                Link link = KprobeMulti.attach(counter.program(), "*_sys_*")) {
            assertThat(counter.hitsOf(2)).isGreaterThanOrEqualTo(2);
            if (Requirement.atLeast("6.6")) {
                assertThat(detail(link).addresses()).hasSizeGreaterThan(600);
            }
        }
    }

    @Test
    @Requires(Requirement.FPROBE)
    void explainsWhatCannotBeTraced() {
        try (Collection c = load("on_entry")) {
            KprobeMultiOptions options = KprobeMultiOptions.builder().build();
            List<String> missing = List.of("vfs_unlink", "vfs_renamee");
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> c.attachKprobeMulti("on_entry", missing, options))
                    .withMessageContaining("vfs_renamee: the kernel has no such function")
                    .withMessageContaining("vfs_rename");
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> c.attachKprobeMulti("on_entry", "vfs_nothing_*"))
                    .withMessageContaining("no function that matches");
        }
    }

    @Test
    void attachesOrSaysWhatTheKernelLacks() {
        try (HitCounter counter =
                HitCounter.of(ProgramType.KPROBE, AttachType.TRACE_KPROBE_MULTI)) {
            if (Requirement.FPROBE.missing().isEmpty()) {
                KprobeMulti.attach(counter.program(), "vfs_unlink").close();
            } else {
                assertThatExceptionOfType(UnsupportedException.class)
                        .isThrownBy(() -> KprobeMulti.attach(counter.program(), "vfs_unlink"))
                        .satisfies(e -> assertThat(e.minimumKernel()).isEqualTo("5.18"))
                        .withMessageContaining("attach it to single functions");
            }
        }
    }
}
