// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.program.Program;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.Errno;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.util.Map;

/** The ladder of uprobes: PMU, then tracefs. */
class UprobeTest {
    private static final String TOOL = "/opt/tool";

    @TempDir Path folder;

    private static Link attach(FakeHost host, Program program, long offset, UprobeOptions options) {
        host.files.write(TOOL, "x");
        BinarySearch search = new BinarySearch(host.host(), Map.of(), "amd64");
        return Uprobe.attach(host.host(), search, program, TOOL, offset, options);
    }

    @ParameterizedTest
    @CsvSource({"-1, -1, 0", "0, 0, -1", "1234, 1234, -1"})
    void everyProcessNeedsACpuAndOneProcessNone(int pid, int passedPid, int cpu) {
        FakeHost host = new FakeHost(folder, "6.12");
        host.uprobePmu();
        try (Program program = host.program(ProgramType.KPROBE)) {
            attach(host, program, 0x1000, UprobeOptions.builder().pid(pid).offset(4).build())
                    .close();
            assertThat(host.opened)
                    .containsExactly(new FakeHost.Opened(7, 0, TOOL, 0x1004, passedPid, cpu));
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void returnBitAndCounterShareTheConfig() {
        FakeHost host = new FakeHost(folder, "6.12");
        host.uprobePmu();
        try (Program program = host.program(ProgramType.KPROBE)) {
            UprobeOptions options =
                    UprobeOptions.builder().returning().refCtrOffset(0x9000_0000L).build();
            attach(host, program, 0x1000, options).close();
            assertThat(host.opened.get(0).config()).isEqualTo(0x9000_0000_0000_0001L);
        }
    }

    @Test
    void aCounterNeedsAKernelThatKnowsIt() {
        FakeHost host = new FakeHost(folder, "4.19");
        host.files.write("/sys/bus/event_source/devices/uprobe/type", "7");
        try (Program program = host.program(ProgramType.KPROBE)) {
            UprobeOptions options = UprobeOptions.builder().refCtrOffset(16).build();
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(() -> attach(host, program, 0x1000, options))
                    .satisfies(e -> assertThat(e.minimumKernel()).isEqualTo("4.20"));
        }
        assertThat(host.opened).isEmpty();
    }

    @Test
    void withoutAPmuAnEventInTracefsIsUsedAndRemoved() {
        FakeHost host = new FakeHost(folder, "5.10");
        host.eventFile("uprobe_events", "");
        try (Program program = host.program(ProgramType.KPROBE)) {
            UprobeOptions options = UprobeOptions.builder().pid(77).refCtrOffset(0x20).build();
            Link link = attach(host, program, 0x1000, options);
            assertThat(host.written.get(0))
                    .matches(
                            "uprobe_events p:ebpf4j_0_[0-9]+/p_tool_[0-9a-f]+"
                                    + " /opt/tool:0x1000\\(0x20\\)");
            assertThat(host.opened).containsExactly(new FakeHost.Opened(2, 500, "", 0, 77, -1));
            link.close();
            assertThat(host.events()).isEmpty();
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void aFailureHalfwayRemovesTheEvent() {
        FakeHost host = new FakeHost(folder, "5.10");
        host.eventFile("uprobe_events", "");
        host.fake.fail("perf_event_open", 1, Errno.ESRCH);
        try (Program program = host.program(ProgramType.KPROBE)) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(
                            () ->
                                    attach(
                                            host,
                                            program,
                                            0x1000,
                                            UprobeOptions.builder().pid(77).build()))
                    .withMessageContaining("there is no process 77");
            assertThat(host.written).hasSize(2);
            assertThat(host.events()).isEmpty();
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void saysThatUprobesAreMissing() {
        FakeHost host = new FakeHost(folder, "5.10");
        try (Program program = host.program(ProgramType.KPROBE)) {
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(() -> attach(host, program, 0x1000, UprobeOptions.DEFAULT))
                    .withMessageContaining("CONFIG_UPROBE_EVENTS");
            UprobeOptions options = UprobeOptions.builder().mode(AttachMode.LINK).build();
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(() -> attach(host, program, 0x1000, options))
                    .withMessageContaining("the uprobe PMU is not there");
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }
}
