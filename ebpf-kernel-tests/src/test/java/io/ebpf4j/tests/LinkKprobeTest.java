// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ebpf4j.btf.BtfType;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.link.AttachMode;
import io.ebpf4j.link.Kprobe;
import io.ebpf4j.link.KprobeOptions;
import io.ebpf4j.link.Link;
import io.ebpf4j.link.LinkInfo;
import io.ebpf4j.link.LinkType;
import io.ebpf4j.link.SectionAttach;
import io.ebpf4j.link.Tracing;
import io.ebpf4j.link.TracingOptions;
import io.ebpf4j.spec.AttachType;
import io.ebpf4j.spec.ProgramType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;

/** Kprobes, and fentry and fexit beside them, on the function of a system call. */
@KernelTest
class LinkKprobeTest {
    // The machine's prefix is left to the library.
    private static final String FUNCTION = "sys_getppid";

    @ParameterizedTest
    @CsvSource({"AUTOMATIC, false", "AUTOMATIC, true", "PERF, false", "PERF, true"})
    @Requires(Requirement.KPROBES)
    void countsWhileAttachedAndNoLonger(AttachMode mode, boolean returning) {
        countsWhileAttached(mode, returning);
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    @Requires(Requirement.KPROBE_EVENTS)
    void countsByAnEventInTracefsThatIsRemoved(boolean returning) throws IOException {
        countsWhileAttached(AttachMode.LEGACY, returning);
        assertThat(Files.readString(Mounts.TRACEFS.place().resolve("kprobe_events")))
                .doesNotContain("_" + ProcessHandle.current().pid() + "/");
    }

    private static void countsWhileAttached(AttachMode mode, boolean returning) {
        KprobeOptions.Builder builder = KprobeOptions.builder().mode(mode);
        KprobeOptions options = (returning ? builder.returning() : builder).build();
        try (HitCounter counter = HitCounter.of(ProgramType.KPROBE)) {
            try (Link link = Kprobe.attach(counter.program(), FUNCTION, options)) {
                assertThat(counter.hitsOf(3)).isEqualTo(3);
                AttachMatrix.seen(
                        returning ? "kretprobe" : "kprobe", link, AttachMatrix.By.older(mode));
            }
            assertThat(counter.hitsOf(3)).isZero();
        }
    }

    @Test
    @Requires(Requirement.KPROBES)
    void attachesByItsSection() {
        try (HitCounter counter = HitCounter.of(ProgramType.KPROBE);
                Link link = SectionAttach.attach(counter.program(), "ksyscall/getppid")) {
            assertThat(counter.hitsOf(2)).isEqualTo(2);
            AttachMatrix.seen("ksyscall", link, AttachMatrix.By.IOCTL);
        }
    }

    @Test
    @Requires(value = Requirement.KPROBES, kernel = "5.15")
    void givesTheProgramItsCookie() {
        KprobeOptions options = KprobeOptions.builder().cookie(42).build();
        try (HitCounter counter = HitCounter.keepingCookie(ProgramType.KPROBE);
                Link link = Kprobe.attach(counter.program(), FUNCTION, options)) {
            assertThat(counter.hitsOf(1)).isEqualTo(1);
            assertThat(counter.cookie()).isEqualTo(42);
            assertThat(link.info().type()).isEqualTo(LinkType.PERF_EVENT);
        }
    }

    @Test
    @Requires(value = Requirement.KPROBES, kernel = "6.6")
    void knowsItsFunction() {
        try (HitCounter counter = HitCounter.of(ProgramType.KPROBE);
                Link link = Kprobe.attach(counter.program(), "vfs_unlink")) {
            assertThat(link.info().detail())
                    .isInstanceOfSatisfying(
                            LinkInfo.Kprobe.class,
                            d -> {
                                assertThat(d.function()).isEqualTo("vfs_unlink");
                                assertThat(d.offset()).isZero();
                                assertThat(d.returning()).isFalse();
                            });
        }
    }

    @Test
    @Requires(Requirement.KPROBES)
    void explainsWhatCannotBeProbed() {
        try (HitCounter counter = HitCounter.of(ProgramType.KPROBE)) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> Kprobe.attach(counter.program(), "vfs_unlinkk"))
                    .withMessageContaining("no such function")
                    .withMessageContaining("vfs_unlink");
            KprobeOptions legacy = KprobeOptions.builder().mode(AttachMode.LEGACY).build();
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> Kprobe.attach(counter.program(), "vfs_unlinkk", legacy))
                    .withMessageContaining("no such function")
                    .withMessageContaining("vfs_unlink");
        }
    }

    @Test
    @Requires({Requirement.BTF, Requirement.FENTRY})
    void countsByFentryAndFexit() throws IOException {
        AttachType[] types = {AttachType.TRACE_FENTRY, AttachType.TRACE_FEXIT};
        for (AttachType type : types) {
            try (HitCounter counter = tracing(type, false)) {
                try (Link link = Tracing.attach(counter.program())) {
                    assertThat(hitsOfUnlinking(counter)).isPositive();
                    assertThat(link.info().type()).isEqualTo(LinkType.TRACING);
                    AttachMatrix.seen(
                            type == AttachType.TRACE_FENTRY ? "fentry" : "fexit",
                            AttachMatrix.By.LINK);
                    assertThat(link.info().detail())
                            .isInstanceOfSatisfying(
                                    LinkInfo.Tracing.class,
                                    d -> assertThat(d.attachType()).isEqualTo(type.number()));
                }
                assertThat(hitsOfUnlinking(counter)).isZero();
            }
        }
    }

    @Test
    @Requires(
            value = {Requirement.BTF, Requirement.FENTRY},
            kernel = "6.0")
    void givesAnFentryProgramItsCookie() throws IOException {
        TracingOptions options = TracingOptions.builder().cookie(7).build();
        try (HitCounter counter = tracing(AttachType.TRACE_FENTRY, true);
                Link link = Tracing.attach(counter.program(), options)) {
            assertThat(hitsOfUnlinking(counter)).isPositive();
            assertThat(counter.cookie()).isEqualTo(7);
            assertThat(link.isOpen()).isTrue();
        }
    }

    // Stacked file systems unlink once for each layer.
    private static long hitsOfUnlinking(HitCounter counter) throws IOException {
        long before = counter.hits();
        Files.delete(Files.createTempFile("ebpf4j", ""));
        return counter.hits() - before;
    }

    private static HitCounter tracing(AttachType type, boolean cookie) {
        return HitCounter.tracing(type, "vfs_unlink", BtfType.Func.class, cookie);
    }
}
