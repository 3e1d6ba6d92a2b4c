// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.PermissionDeniedException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.program.Program;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.FakeCall;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CyclicBarrier;

/** The ladder from links down to ioctl, on tracepoints. */
class PerfAttachmentTest {
    private static final long ENABLE = 0x2400;
    private static final long SET_BPF = 0x4004_2408;

    @TempDir Path folder;

    private static Link attach(FakeHost host, Program program, TracepointOptions options) {
        return Tracepoint.attach(host.host(), program, "syscalls", "sys_enter_openat", options);
    }

    private static TracepointOptions cookie(long cookie) {
        return TracepointOptions.builder().cookie(cookie).build();
    }

    @Test
    void newKernelsGetALinkWithItsCookie() {
        FakeHost host = new FakeHost(folder, "6.12");
        try (Program program = host.program(ProgramType.TRACEPOINT)) {
            Link link = attach(host, program, cookie(0x1_0000_0007L));
            assertThat(host.opened).containsExactly(new FakeHost.Opened(2, 316, "", 0, -1, 0));
            FakeCall create = host.fake.calls(BpfCommand.LINK_CREATE).get(0);
            assertThat(create.field("prog_fd")).isEqualTo(program.fd());
            assertThat(create.field("attach_type")).isEqualTo(41);
            assertThat(host.linkCreate.getLong(16)).isEqualTo(0x1_0000_0007L);
            assertThat(host.requests).containsExactly(new FakeHost.Request(ENABLE, 0));
            assertThat(host.fake.leftOpen()).hasSize(2);
            link.close();
            link.close();
            assertThat(link.isOpen()).isFalse();
            assertThat(host.fake.leftOpen()).hasSize(1);
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void oldKernelsGetTheProgramByIoctl() {
        FakeHost host = new FakeHost(folder, "5.10");
        try (Program program = host.program(ProgramType.TRACEPOINT)) {
            Link link = attach(host, program, TracepointOptions.DEFAULT);
            assertThat(host.requests)
                    .containsExactly(
                            new FakeHost.Request(SET_BPF, program.fd()),
                            new FakeHost.Request(ENABLE, 0));
            assertThat(link.info().programId()).isEqualTo(program.info().id());
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(() -> link.pin(Path.of("/sys/fs/bpf/x")))
                    .withMessageContaining("5.15");
            link.unpin();
            link.close();
            link.close();
            assertThatExceptionOfType(IllegalStateException.class).isThrownBy(link::info);
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void oldKernelsHaveNoCookies() {
        FakeHost host = new FakeHost(folder, "5.10");
        try (Program program = host.program(ProgramType.TRACEPOINT)) {
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(() -> attach(host, program, cookie(1)))
                    .satisfies(e -> assertThat(e.minimumKernel()).isEqualTo("5.15"));
            TracepointOptions link = TracepointOptions.builder().mode(AttachMode.LINK).build();
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(() -> attach(host, program, link))
                    .satisfies(e -> assertThat(e.minimumKernel()).isEqualTo("5.15"));
            assertThat(host.requests).isEmpty();
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"PERF", "LEGACY"})
    void newKernelsUseIoctlWhenTold(AttachMode mode) {
        FakeHost host = new FakeHost(folder, "6.12");
        try (Program program = host.program(ProgramType.TRACEPOINT)) {
            TracepointOptions options = TracepointOptions.builder().mode(mode).build();
            attach(host, program, options).close();
            assertThat(host.fake.calls(BpfCommand.LINK_CREATE)).isEmpty();
            assertThat(host.requests).hasSize(2);
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void aRefusalOfAKernelWithLinksIsNoReasonToFallBack() {
        FakeHost host = new FakeHost(folder, "6.12");
        host.fake.fail(BpfCommand.LINK_CREATE, 1, Errno.EINVAL);
        try (Program program = host.program(ProgramType.TRACEPOINT)) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> attach(host, program, TracepointOptions.DEFAULT))
                    .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.EINVAL))
                    .withMessageContaining(
                            "link of program prog to tracepoint syscalls/sys_enter_openat");
            assertThat(host.requests).isEmpty();
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"6.12, 1", "5.10, 1", "5.10, 2"})
    void aFailedRequestLeavesNothingOpen(String version, int nth) {
        FakeHost host = new FakeHost(folder, version);
        host.fake.fail("ioctl", nth, Errno.ENOMEM);
        try (Program program = host.program(ProgramType.TRACEPOINT)) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> attach(host, program, TracepointOptions.DEFAULT))
                    .satisfies(e -> assertThat(e.command()).startsWith("PERF_EVENT_IOC_"));
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void aRefusedEventIsAMatterOfPermission() {
        FakeHost host = new FakeHost(folder, "6.12");
        host.fake.fail("perf_event_open", 1, Errno.EACCES);
        try (Program program = host.program(ProgramType.TRACEPOINT)) {
            assertThatExceptionOfType(PermissionDeniedException.class)
                    .isThrownBy(() -> attach(host, program, TracepointOptions.DEFAULT))
                    .withMessageContaining("cannot open tracepoint syscalls/sys_enter_openat");
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void programsOfOtherTypesAndClosedOnesAreRefused() {
        FakeHost host = new FakeHost(folder, "6.12");
        try (Program program = host.program(ProgramType.KPROBE)) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> attach(host, program, TracepointOptions.DEFAULT))
                    .withMessageContaining(
                            "is a program of type KPROBE, and this hook takes TRACEPOINT");
        }
        Program closed = host.program(ProgramType.TRACEPOINT);
        closed.close();
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> attach(host, closed, TracepointOptions.DEFAULT));
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void aPinnedLinkIsLetGoAndUnpinnedOnce() {
        FakeHost host = new FakeHost(folder, "6.12");
        Path pin = Path.of("/sys/fs/bpf/link");
        try (Program program = host.program(ProgramType.TRACEPOINT)) {
            Link link = attach(host, program, TracepointOptions.DEFAULT);
            link.pin(pin);
            assertThat(link.isPinned()).isTrue();
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> link.pin(Path.of("/sys/fs/bpf/other")))
                    .withMessageContaining("is pinned to /sys/fs/bpf/link already");
            link.close();
            assertThat(host.fake.pinned()).containsExactly("/sys/fs/bpf/link");
            try (Link again = Link.fromPin(host.kernel, pin)) {
                assertThat(again.pinPath()).contains(pin);
                again.unpin();
                assertThat(again.isPinned()).isFalse();
            }
            assertThat(host.fake.pinned()).isEmpty();
            assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> link.pin(pin));
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void aPinOfAnotherKindIsNoLink() {
        FakeHost host = new FakeHost(folder, "6.12");
        Path pin = Path.of("/sys/fs/bpf/program");
        try (Program program = host.program(ProgramType.TRACEPOINT)) {
            program.pin(pin);
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> Link.fromPin(host.kernel, pin))
                    .withMessage("/sys/fs/bpf/program is the pin of a program, not of a link");
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void aSignalDoesNotEndAnAttachment() {
        FakeHost host = new FakeHost(folder, "6.12");
        host.fake.fail("perf_event_open", 1, Errno.EINTR);
        try (Program program = host.program(ProgramType.TRACEPOINT)) {
            attach(host, program, TracepointOptions.DEFAULT).close();
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void closingFromSeveralThreadsClosesOnce() throws Exception {
        FakeHost host = new FakeHost(folder, "5.10");
        try (Program program = host.program(ProgramType.TRACEPOINT)) {
            for (int i = 0; i < 50; i++) {
                Link link = attach(host, program, TracepointOptions.DEFAULT);
                CyclicBarrier barrier = new CyclicBarrier(2);
                Thread other = new Thread(() -> closeAt(barrier, link));
                other.start();
                closeAt(barrier, link);
                other.join();
            }
        }
        List<FakeCall> failed =
                host.fake.calls().stream()
                        .filter(c -> c.name().equals("close") && c.result() < 0)
                        .toList();
        assertThat(failed).isEmpty();
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    private static void closeAt(CyclicBarrier barrier, Link link) {
        try {
            barrier.await();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        link.close();
    }
}
