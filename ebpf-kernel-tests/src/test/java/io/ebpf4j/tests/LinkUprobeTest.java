// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.link.AttachMode;
import io.ebpf4j.link.Link;
import io.ebpf4j.link.LinkInfo;
import io.ebpf4j.link.SectionAttach;
import io.ebpf4j.link.Uprobe;
import io.ebpf4j.link.UprobeOptions;
import io.ebpf4j.spec.ProgramType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Uprobes on a function of libc that this process calls. */
@KernelTest
@Requires(Requirement.UPROBES)
class LinkUprobeTest {
    private static final String LIBC = "libc.so.6";

    @ParameterizedTest
    @CsvSource({"AUTOMATIC, false", "AUTOMATIC, true", "PERF, false", "PERF, true"})
    void countsWhileAttachedAndNoLonger(AttachMode mode, boolean returning) {
        countsWhileAttached(options(mode, returning));
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    @Requires(Requirement.UPROBE_EVENTS)
    void countsByAnEventInTracefsThatIsRemoved(boolean returning) throws IOException {
        countsWhileAttached(options(AttachMode.LEGACY, returning));
        assertThat(Files.readString(Mounts.TRACEFS.place().resolve("uprobe_events")))
                .doesNotContain("_" + ProcessHandle.current().pid() + "/");
    }

    private static void countsWhileAttached(UprobeOptions options) {
        try (HitCounter counter = HitCounter.of(ProgramType.KPROBE)) {
            try (Link link = Uprobe.attach(counter.program(), LIBC, "getppid", options)) {
                assertThat(counter.hitsOf(3)).isEqualTo(3);
                AttachMatrix.seen(
                        options.returning() ? "uretprobe" : "uprobe",
                        link,
                        AttachMatrix.By.older(options.mode()));
            }
            assertThat(counter.hitsOf(3)).isZero();
        }
    }

    private static UprobeOptions options(AttachMode mode, boolean returning) {
        UprobeOptions.Builder builder = UprobeOptions.builder().mode(mode);
        return (returning ? builder.returning() : builder).build();
    }

    @Test
    void watchesOneProcess() {
        try (HitCounter counter = HitCounter.of(ProgramType.KPROBE)) {
            UprobeOptions self =
                    UprobeOptions.builder().pid((int) ProcessHandle.current().pid()).build();
            try (Link link = Uprobe.attach(counter.program(), LIBC, "getppid", self)) {
                assertThat(counter.hitsOf(2)).isEqualTo(2);
                assertThat(link.isOpen()).isTrue();
            }
            UprobeOptions other = UprobeOptions.builder().pid(1).build();
            try (Link link = Uprobe.attach(counter.program(), LIBC, "getppid", other)) {
                assertThat(counter.hitsOf(2)).isZero();
                assertThat(link.isOpen()).isTrue();
            }
        }
    }

    @Test
    void attachesByItsSection() {
        try (HitCounter counter = HitCounter.of(ProgramType.KPROBE);
                Link link = SectionAttach.attach(counter.program(), "uprobe/libc.so.6:getppid")) {
            assertThat(counter.hitsOf(2)).isEqualTo(2);
            assertThat(link.isOpen()).isTrue();
        }
    }

    @Test
    @Requires(kernel = "6.6")
    void attachesToAFileOffset() {
        try (HitCounter counter = HitCounter.of(ProgramType.KPROBE)) {
            LinkInfo.Uprobe place;
            try (Link link = Uprobe.attach(counter.program(), LIBC, "getppid")) {
                place = (LinkInfo.Uprobe) link.info().detail();
            }
            assertThat(place.path()).endsWith("/libc.so.6");
            try (Link link =
                    Uprobe.attach(
                            counter.program(),
                            place.path(),
                            place.fileOffset(),
                            UprobeOptions.builder().build())) {
                assertThat(link.info().detail()).isEqualTo(place);
                assertThat(counter.hitsOf(2)).isEqualTo(2);
            }
        }
    }

    @Test
    @Requires(kernel = "5.15")
    void givesTheProgramItsCookie() {
        UprobeOptions options = UprobeOptions.builder().cookie(42).build();
        try (HitCounter counter = HitCounter.keepingCookie(ProgramType.KPROBE);
                Link link = Uprobe.attach(counter.program(), LIBC, "getppid", options)) {
            assertThat(counter.hitsOf(1)).isEqualTo(1);
            assertThat(counter.cookie()).isEqualTo(42);
            assertThat(link.isOpen()).isTrue();
        }
    }

    @Test
    void refusesWhatIsNoInstructionOfTheFile() {
        try (HitCounter counter = HitCounter.of(ProgramType.KPROBE)) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(
                            () ->
                                    Uprobe.attach(
                                            counter.program(),
                                            LIBC,
                                            1L << 40,
                                            UprobeOptions.builder().build()))
                    .withMessageContaining(
                            "file offset 0x10000000000 holds no instruction that can be probed");
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> Uprobe.attach(counter.program(), LIBC, "getpppid"))
                    .withMessageContaining("has no symbol getpppid")
                    .withMessageContaining("getppid");
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(
                            () ->
                                    Uprobe.attach(
                                            counter.program(),
                                            Path.of("/nowhere/libx.so").toString(),
                                            "f"))
                    .withMessageContaining("there is no file /nowhere/libx.so");
        }
    }
}
