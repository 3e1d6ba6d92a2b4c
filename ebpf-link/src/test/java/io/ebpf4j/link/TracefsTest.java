// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;

class TracefsTest {
    private static final String ROOT = "22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw\n";

    @TempDir Path folder;
    private TestFiles files;

    @BeforeEach
    void begin() {
        files = new TestFiles(folder);
    }

    @Test
    void findsTheMountWithOptionalFieldsAndEscapedSpaces() {
        files.write(
                "/proc/self/mountinfo",
                ROOT + "42 23 0:13 / /mnt/a\\040trace rw shared:7 master:2 - tracefs nodev rw\n");
        files.write("/mnt/a trace/events/sched/sched_switch/id", "316\n");
        assertThat(Tracefs.find(files.host()).eventId("sched", "sched_switch")).isEqualTo(316);
    }

    @Test
    void passesOverAMountOfPartOfTheFileSystem() {
        files.write(
                "/proc/self/mountinfo",
                ROOT
                        + "41 23 0:13 /events /mnt/part rw - tracefs nodev rw\n"
                        + "42 23 0:13 / /mnt/whole rw - tracefs nodev rw\n");
        assertThat(Tracefs.find(files.host()).absolute("events")).isEqualTo("/mnt/whole/events");
    }

    @ParameterizedTest
    @CsvSource({"/dbg, /dbg/tracing", "/sys/kernel/debug, /sys/kernel/debug/tracing"})
    void findsTheFolderBelowDebugfs(String debugfs, String tracing) {
        files.write(
                "/proc/self/mountinfo",
                ROOT + "43 23 0:7 / " + debugfs + " rw - debugfs nodev rw\n");
        files.write(tracing + "/events/enable", "0");
        assertThat(Tracefs.find(files.host()).absolute("x")).isEqualTo(tracing + "/x");
    }

    @Test
    void looksInTheUsualPlaceWithoutAMountTable() {
        files.write("/sys/kernel/tracing/events/enable", "0");
        assertThat(Tracefs.find(files.host()).absolute("x")).isEqualTo("/sys/kernel/tracing/x");
    }

    @Test
    void namesTheCommandThatMountsIt() {
        files.write("/proc/self/mountinfo", ROOT);
        assertThatExceptionOfType(UnsupportedException.class)
                .isThrownBy(() -> Tracefs.find(files.host()))
                .withMessageContaining("tracefs is not mounted")
                .withMessageContaining("mount -t tracefs nodev /sys/kernel/tracing");
    }

    @Test
    void explainsWhichNameIsWrong() {
        files.write("/sys/kernel/tracing/events/syscalls/sys_enter_openat/id", "1");
        files.write("/sys/kernel/tracing/events/sched/sched_switch/id", "2");
        Tracefs tracefs = Tracefs.find(files.host());
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> tracefs.eventId("syscalls", "sys_enter_opennat"))
                .withMessage(
                        "there is no tracepoint sys_enter_opennat in category syscalls; did you"
                                + " mean sys_enter_openat?");
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> tracefs.eventId("syscall", "sys_enter"))
                .withMessage(
                        "there is no tracepoint category syscall (for syscall/sys_enter); did you"
                                + " mean syscalls?");
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> tracefs.eventId("task", "sched_switch"))
                .withMessageEndingWith("; there is sched/sched_switch");
    }

    @ParameterizedTest
    @CsvSource({"'', x", "sched, ''", ".., x", "sched, ..", "a/b, x", "sched, ../../secret"})
    void refusesNamesThatLeaveTheFolder(String category, String name) {
        files.write("/sys/kernel/tracing/events/enable", "0");
        Tracefs tracefs = Tracefs.find(files.host());
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> tracefs.eventId(category, name))
                .withMessageContaining("is no tracepoint");
    }

    @Test
    void saysWhatIsWrongWithAnId() {
        files.write("/sys/kernel/tracing/events/sched/sched_switch/id", "many");
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> Tracefs.find(files.host()).eventId("sched", "sched_switch"))
                .withMessageContaining("cannot read the id of tracepoint sched/sched_switch");
    }

    @Test
    void readsEventSources() {
        String device = "/sys/bus/event_source/devices/uprobe/";
        assertThat(Pmu.ofUprobes(files.host())).isNull();
        files.write(device + "type", "8\n");
        files.write(device + "format/retprobe", "config:1\n");
        assertThat(Pmu.ofUprobes(files.host())).isEqualTo(new Pmu(8, 1, -1));
        files.write(device + "format/ref_ctr_offset", "config:32-63\n");
        Pmu pmu = Pmu.ofUprobes(files.host());
        assertThat(pmu).isEqualTo(new Pmu(8, 1, 32));
        assertThat(pmu.config(true, 0x10)).isEqualTo(0x10_0000_0002L);
        assertThat(pmu.config(false, 0)).isZero();
        files.write(device + "type", "eight");
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> Pmu.ofUprobes(files.host()))
                .withMessageContaining("\"eight\" where a number should be");
    }
}
