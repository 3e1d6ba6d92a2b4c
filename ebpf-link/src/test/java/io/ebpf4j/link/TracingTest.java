// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.program.Program;
import io.ebpf4j.spec.AttachType;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.FakeCall;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;

/** Raw tracepoints and tracing programs, and sections. */
class TracingTest {
    @TempDir Path folder;

    private static Program fentry(FakeHost host) {
        return host.program(ProgramType.TRACING, AttachType.TRACE_FENTRY);
    }

    @Test
    void newKernelsLinkByAttachTypeAndCookie() {
        FakeHost host = new FakeHost(folder, "6.12");
        try (Program program = fentry(host)) {
            Tracing.attach(program, TracingOptions.builder().cookie(9).build()).close();
            FakeCall create = host.fake.calls(BpfCommand.LINK_CREATE).get(0);
            assertThat(create.field("attach_type")).isEqualTo(AttachType.TRACE_FENTRY.number());
            assertThat(host.linkCreate.getLong(24)).isEqualTo(9);
            assertThat(host.fake.calls(BpfCommand.RAW_TRACEPOINT_OPEN)).isEmpty();
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.EINVAL, Errno.ENOTSUPP})
    void oldKernelsOpenARawTracepointWithoutName(int errno) {
        FakeHost host = new FakeHost(folder, "5.10");
        host.fake.failAll(BpfCommand.LINK_CREATE, errno);
        try (Program program = fentry(host)) {
            Tracing.attach(program).close();
            FakeCall open = host.fake.calls(BpfCommand.RAW_TRACEPOINT_OPEN).get(0);
            assertThat(open.field("name")).isZero();
            assertThat(open.field("prog_fd")).isEqualTo(program.fd());
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(
                            () ->
                                    Tracing.attach(
                                            program, TracingOptions.builder().cookie(1).build()));
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void otherFailuresAreNoReasonToFallBack() {
        FakeHost host = new FakeHost(folder, "6.12");
        host.fake.failAll(BpfCommand.LINK_CREATE, Errno.EBUSY);
        try (Program program = fentry(host)) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> Tracing.attach(program))
                    .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.EBUSY));
            assertThat(host.fake.calls(BpfCommand.RAW_TRACEPOINT_OPEN)).isEmpty();
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void rawTracepointsAreSuggested() {
        FakeHost host = new FakeHost(folder, "6.12");
        host.files.write(
                FakeHost.TRACEFS + "available_events",
                "sched:sched_switch\nsched:sched_process_exec\n");
        host.fake.failAll(BpfCommand.RAW_TRACEPOINT_OPEN, Errno.ENOENT);
        try (Program program = host.program(ProgramType.RAW_TRACEPOINT)) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> raw(host, program, "sched_swich", 0))
                    .withMessage(
                            "there is no raw tracepoint sched_swich; did you mean sched_switch?");
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> raw(host, program, "sys_enter_openat", 0))
                    .withMessageContaining("are sys_enter and sys_exit");
        }
    }

    @Test
    void rawTracepointsRefuseCookiesOfNewerKernels() {
        FakeHost host = new FakeHost(folder, "6.1");
        host.fake.failAll(BpfCommand.RAW_TRACEPOINT_OPEN, Errno.EINVAL);
        try (Program program = host.program(ProgramType.RAW_TRACEPOINT)) {
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(() -> raw(host, program, "sys_enter", 5))
                    .satisfies(e -> assertThat(e.minimumKernel()).isEqualTo("6.10"));
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> raw(host, program, "sys_enter", 0))
                    .isNotInstanceOf(UnsupportedException.class);
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    private static Link raw(FakeHost host, Program program, String name, long cookie) {
        return RawTracepoint.attach(
                host.host(), program, name, RawTracepointOptions.builder().cookie(cookie).build());
    }

    @ParameterizedTest
    @CsvSource({
        "KPROBE, kprobe, names no target; write SEC(\"kprobe/function[+offset]\"), or name it with"
                + " Kprobe.attach",
        "KPROBE, uretprobe.s, write SEC(\"uretprobe.s/binary:function[+offset]\")",
        "TRACEPOINT, tp, write SEC(\"tp/category/name\")",
        "TRACEPOINT, tp/openat, a tracepoint is category/name",
        "RAW_TRACEPOINT, raw_tp, write SEC(\"raw_tp/name\")",
        "XDP, xdp, it needs a network interface",
        "CGROUP_SKB, cgroup_skb/egress, it needs a cgroup",
        "PERF_EVENT, perf_event, 'it needs a perf event, described with Sampling.attach'",
        "SOCKET_FILTER, nothing/known, it needs a socket"
    })
    void sectionsThatNameNoTargetSayWhatToDo(ProgramType type, String section, String message) {
        FakeHost host = new FakeHost(folder, "6.12");
        try (Program program = host.program(type)) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> SectionAttach.attach(program, section))
                    .withMessageContaining(message)
                    .withMessageContaining("prog");
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void sectionsOfTypedProgramsAttachToWhatTheyWereLoadedFor() {
        FakeHost host = new FakeHost(folder, "6.12");
        try (Program program = fentry(host)) {
            SectionAttach.attach(program, "fentry").close();
            SectionAttach.attach(program, "fexit.s/do_unlinkat").close();
            assertThat(host.fake.calls(BpfCommand.LINK_CREATE)).hasSize(2);
        }
    }
}
