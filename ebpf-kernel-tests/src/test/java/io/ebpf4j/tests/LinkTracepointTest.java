// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.link.AttachMode;
import io.ebpf4j.link.Link;
import io.ebpf4j.link.LinkInfo;
import io.ebpf4j.link.LinkType;
import io.ebpf4j.link.SectionAttach;
import io.ebpf4j.link.Tracepoint;
import io.ebpf4j.link.TracepointOptions;
import io.ebpf4j.spec.ProgramType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tracepoints, and what every link can do. */
@KernelTest
@Requires(Requirement.TRACEFS)
class LinkTracepointTest {
    private static final String CATEGORY = "syscalls";
    private static final String NAME = "sys_enter_getppid";

    @ParameterizedTest
    @EnumSource(
            value = AttachMode.class,
            names = {"AUTOMATIC", "PERF", "LEGACY"})
    void countsWhileAttachedAndNoLonger(AttachMode mode) {
        try (HitCounter counter = HitCounter.of(ProgramType.TRACEPOINT)) {
            TracepointOptions options = TracepointOptions.builder().mode(mode).build();
            Link link = Tracepoint.attach(counter.program(), CATEGORY, NAME, options);
            assertThat(counter.hitsOf(3)).isEqualTo(3);
            assertThat(link.isOpen()).isTrue();
            AttachMatrix.seen("tp", link, AttachMatrix.By.IOCTL);
            link.close();
            link.close();
            assertThat(link.isOpen()).isFalse();
            assertThat(counter.hitsOf(3)).isZero();
        }
    }

    @Test
    void attachesByItsSection() {
        try (HitCounter counter = HitCounter.of(ProgramType.TRACEPOINT);
                Link link =
                        SectionAttach.attach(counter.program(), "tp/syscalls/sys_enter_getppid")) {
            assertThat(counter.hitsOf(2)).isEqualTo(2);
            assertThat(link.isPinned()).isFalse();
            AttachMatrix.seen("tracepoint", link, AttachMatrix.By.IOCTL);
        }
    }

    @Test
    void suggestsTheNearestTracepoints() {
        try (HitCounter counter = HitCounter.of(ProgramType.TRACEPOINT)) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(
                            () ->
                                    Tracepoint.attach(
                                            counter.program(), CATEGORY, "sys_enter_getpppid"))
                    .withMessageContaining(
                            "no tracepoint sys_enter_getpppid in category syscalls; did you mean")
                    .withMessageContaining("sys_enter_getppid");
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(
                            () ->
                                    Tracepoint.attach(
                                            counter.program(), "syscal", "sys_enter_getppid"))
                    .withMessageContaining("no tracepoint category syscal")
                    .withMessageContaining("there is syscalls/sys_enter_getppid");
        }
    }

    @Test
    void ioctlAttachmentsCannotBePinned() {
        TracepointOptions options = TracepointOptions.builder().mode(AttachMode.PERF).build();
        try (HitCounter counter = HitCounter.of(ProgramType.TRACEPOINT);
                Link link = Tracepoint.attach(counter.program(), CATEGORY, NAME, options)) {
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(() -> link.pin(Path.of("/sys/fs/bpf/never")))
                    .satisfies(e -> assertThat(e.minimumKernel()).isEqualTo("5.15"));
            assertThat(link.info().type()).isEqualTo(LinkType.UNSPEC);
            assertThat(link.info().programId()).isPositive();
        }
    }

    @Test
    @Requires(kernel = "5.15")
    void givesTheProgramItsCookie() {
        TracepointOptions options =
                TracepointOptions.builder().cookie(0x1234_5678_9abc_def0L).build();
        try (HitCounter counter = HitCounter.keepingCookie(ProgramType.TRACEPOINT);
                Link link = Tracepoint.attach(counter.program(), CATEGORY, NAME, options)) {
            assertThat(counter.hitsOf(1)).isEqualTo(1);
            assertThat(counter.cookie()).isEqualTo(0x1234_5678_9abc_def0L);
            assertThat(link.info().type()).isEqualTo(LinkType.PERF_EVENT);
            assertThat(link.info().id()).isPositive();
        }
    }

    @Test
    @Requires(kernel = "6.6")
    void knowsItsTracepoint() {
        try (HitCounter counter = HitCounter.of(ProgramType.TRACEPOINT);
                Link link = Tracepoint.attach(counter.program(), CATEGORY, NAME)) {
            assertThat(link.info().detail()).isEqualTo(new LinkInfo.Tracepoint(NAME, 0));
        }
    }

    @Test
    @Requires(value = Requirement.BPFFS, kernel = "5.15")
    void staysAttachedWhilePinned() throws IOException {
        Path pin = Mounts.BPFFS.place().resolve("ebpf4j-link-" + ProcessHandle.current().pid());
        try (HitCounter counter = HitCounter.of(ProgramType.TRACEPOINT)) {
            int id;
            try (Link link = Tracepoint.attach(counter.program(), CATEGORY, NAME)) {
                link.pin(pin);
                id = link.info().id();
                assertThat(link.pinPath()).contains(pin);
                assertThatExceptionOfType(BpfException.class).isThrownBy(() -> link.pin(pin));
            }
            assertThat(counter.hitsOf(2)).isEqualTo(2);
            try (Link again = Link.fromPin(pin)) {
                assertThat(again.info().id()).isEqualTo(id);
                assertThat(again.isPinned()).isTrue();
                again.unpin();
                again.unpin();
                assertThat(Files.exists(pin)).isFalse();
                assertThat(counter.hitsOf(2)).isEqualTo(2);
            }
            assertThat(counter.hitsOf(2)).isZero();
        } finally {
            Files.deleteIfExists(pin);
        }
    }

    @Test
    @Requires(Requirement.BPFFS)
    void refusesAPinOfSomethingElse() {
        Path pin = Mounts.BPFFS.place().resolve("ebpf4j-prog-" + ProcessHandle.current().pid());
        try (HitCounter counter = HitCounter.of(ProgramType.TRACEPOINT)) {
            counter.program().kernel().bpf().objPin(counter.program().fd(), pin.toString());
            try {
                assertThatExceptionOfType(BpfException.class)
                        .isThrownBy(() -> Link.fromPin(pin))
                        .withMessageContaining("is the pin of a program, not of a link");
            } finally {
                counter.program().kernel().calls().unlink(pin.toString());
            }
        }
    }
}
