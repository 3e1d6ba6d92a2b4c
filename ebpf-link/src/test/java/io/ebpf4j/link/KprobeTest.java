// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.PermissionDeniedException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.program.Program;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** The ladder of kprobes: PMU, then tracefs; the name as given, then with the machine's prefix. */
class KprobeTest {
    private static final String GROUP = "ebpf4j_0_" + ProcessHandle.current().pid();

    @TempDir Path folder;

    private static Link attach(
            FakeHost host, Program program, String function, KprobeOptions options) {
        return Kprobe.attach(host.host(), program, function, options);
    }

    private static Link attach(FakeHost host, Program program, String function) {
        return attach(host, program, function, KprobeOptions.DEFAULT);
    }

    @ParameterizedTest
    @CsvSource({"false, 0, 12", "true, 1, 0"})
    void thePmuGetsFunctionOffsetAndReturnBit(boolean returning, long config, long offset) {
        FakeHost host = new FakeHost(folder, "6.12");
        host.kprobePmu();
        try (Program program = host.program(ProgramType.KPROBE)) {
            String function = offset == 0 ? "do_unlinkat" : "do_unlinkat+4";
            KprobeOptions options =
                    KprobeOptions.builder()
                            .offset(offset == 0 ? 0 : 8)
                            .build()
                            .withReturning(returning && offset == 0);
            attach(host, program, function, options).close();
            assertThat(host.opened)
                    .containsExactly(new FakeHost.Opened(6, config, "do_unlinkat", offset, -1, 0));
            assertThat(host.written).isEmpty();
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void aSystemCallIsFoundByItsPrefixedName() {
        assumeTrue("amd64".equals(System.getProperty("os.arch")), "the prefix is that of x86_64");
        FakeHost host = new FakeHost(folder, "6.12");
        host.kprobePmu();
        host.functions = Set.of("__x64_sys_openat");
        try (Program program = host.program(ProgramType.KPROBE)) {
            attach(host, program, "sys_openat").close();
            assertThat(host.opened)
                    .extracting(FakeHost.Opened::name)
                    .containsExactly("sys_openat", "__x64_sys_openat");
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void anUnknownFunctionIsExplained() {
        FakeHost host = new FakeHost(folder, "6.12");
        host.kprobePmu();
        host.functions = Set.of();
        host.files.write("/proc/kallsyms", "ffffffff81000000 T do_unlinkat\n");
        try (Program program = host.program(ProgramType.KPROBE)) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> attach(host, program, "do_unlinkatt"))
                    .withMessageStartingWith(
                            "cannot attach prog to kprobe do_unlinkatt: the kernel has no such"
                                    + " function; did you mean do_unlinkat?")
                    .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT));
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "84, no instruction begins at that offset",
        "34, the offset lies behind",
        "99, several functions of that name"
    })
    void otherRefusalsAreExplained(int errno, String message) {
        FakeHost host = new FakeHost(folder, "6.12");
        host.kprobePmu();
        host.fake.fail("perf_event_open", 1, errno);
        try (Program program = host.program(ProgramType.KPROBE)) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> attach(host, program, "do_unlinkat+1"))
                    .withMessageContaining("kprobe do_unlinkat+0x1")
                    .withMessageContaining(message);
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void withoutAPmuAnEventInTracefsIsUsedAndRemoved() {
        FakeHost host = new FakeHost(folder, "5.10");
        host.eventFile("kprobe_events", "");
        try (Program program = host.program(ProgramType.KPROBE)) {
            KprobeOptions options = KprobeOptions.builder().returning().build();
            Link link = attach(host, program, "do_unlinkat", options);
            assertThat(host.events()).singleElement().asString().startsWith("r_do_unlinkat_");
            assertThat(host.opened).containsExactly(new FakeHost.Opened(2, 500, "", 0, -1, 0));
            assertThat(host.written.get(0))
                    .matches("kprobe_events r:" + GROUP + "/r_do_unlinkat_[0-9a-f]+ do_unlinkat");
            link.close();
            link.close();
            assertThat(host.events()).isEmpty();
            assertThat(host.written).hasSize(2);
            assertThat(host.written.get(1))
                    .startsWith("kprobe_events -:" + GROUP + "/r_do_unlinkat_");
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void tracefsGetsOffsetsAndNamesOfIdentifiersOnly() {
        FakeHost host = new FakeHost(folder, "5.10");
        host.eventFile("kprobe_events", "");
        try (Program program = host.program(ProgramType.KPROBE)) {
            attach(host, program, "tcp_rcv.isra.0+20").close();
            assertThat(host.written.get(0))
                    .matches(
                            "kprobe_events p:"
                                    + GROUP
                                    + "/p_tcp_rcv_isra_0_[0-9a-f]+ tcp_rcv\\.isra\\.0\\+0x14");
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void tracefsIsTriedForADottedNameThatThePmuRefuses() {
        FakeHost host = new FakeHost(folder, "4.19");
        host.kprobePmu();
        host.eventFile("kprobe_events", "");
        host.fake.fail("perf_event_open", 1, Errno.EINVAL);
        try (Program program = host.program(ProgramType.KPROBE)) {
            attach(host, program, "tcp_rcv.isra.0").close();
            assertThat(host.written).hasSize(2);
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void aTakenNameIsReplacedByAnother() {
        FakeHost host = new FakeHost(folder, "5.10");
        host.eventFile("kprobe_events", "");
        host.writeErrors.addAll(List.of(Errno.EEXIST, Errno.EEXIST));
        try (Program program = host.program(ProgramType.KPROBE)) {
            Link link = attach(host, program, "do_unlinkat");
            assertThat(host.written).hasSize(3).doesNotHaveDuplicates();
            link.close();
        }
        assertThat(host.events()).isEmpty();
    }

    @Test
    void everyFailureHalfwayRemovesTheEvent() {
        for (String call : List.of("perf_event_open", "ioctl", "BPF_OBJ_GET_INFO_BY_FD")) {
            FakeHost host = new FakeHost(folder.resolve(call), "5.10");
            host.eventFile("kprobe_events", "");
            host.fake.fail(call, 1, Errno.ENOMEM);
            try (Program program = host.program(ProgramType.KPROBE)) {
                assertThatExceptionOfType(BpfException.class)
                        .isThrownBy(() -> attach(host, program, "do_unlinkat"));
            }
            assertThat(host.written).as(call).hasSize(2);
            assertThat(host.events()).as(call).isEmpty();
            assertThat(host.fake.leftOpen()).as(call).isEmpty();
        }
    }

    @Test
    void eventsOfProcessesThatAreGoneAreRemoved() {
        FakeHost host = new FakeHost(folder, "5.10");
        host.eventFile(
                "kprobe_events",
                "p:mine/x do_exit\n"
                        + "p:ebpf4j_0_99999/p_a_1 do_unlinkat\n"
                        + ("p:" + GROUP + "/p_b_2 do_unlinkat\n")
                        + "r4:ebpf4j_0_99998/r_c_3 do_unlinkat\n"
                        + "p:ebpf4j_4026531836_99999/p_d_4 do_unlinkat\n");
        try (Program program = host.program(ProgramType.KPROBE)) {
            attach(host, program, "do_unlinkat").close();
            assertThat(host.written)
                    .startsWith(
                            "kprobe_events -:ebpf4j_0_99999/p_a_1",
                            "kprobe_events -:ebpf4j_0_99998/r_c_3")
                    .hasSize(4);
        }
    }

    @Test
    void aPinnedLinkKeepsItsEvent() {
        FakeHost host = new FakeHost(folder, "5.15");
        host.eventFile("kprobe_events", "");
        try (Program program = host.program(ProgramType.KPROBE)) {
            Link link = attach(host, program, "do_unlinkat");
            link.pin(Path.of("/sys/fs/bpf/link"));
            link.close();
            assertThat(host.events()).hasSize(1);
        }
    }

    @Test
    void saysThatTheKernelHasNoKprobes() {
        FakeHost host = new FakeHost(folder, "6.12");
        host.files.write("/proc/kallsyms", "ffffffff81000000 T do_unlinkat\n");
        try (Program program = host.program(ProgramType.KPROBE)) {
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(() -> attach(host, program, "do_unlinkat"))
                    .withMessageContaining("the kernel is built without CONFIG_KPROBES");
            KprobeOptions pmu = KprobeOptions.builder().mode(AttachMode.PERF).build();
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(() -> attach(host, program, "do_unlinkat", pmu))
                    .withMessageContaining("the kprobe PMU is not there");
        }
        FakeHost unmounted = new FakeHost(folder.resolve("unmounted"), "6.12");
        unmounted.files.write("/proc/kallsyms", "ffffffff81000000 T do_unlinkat\n");
        HostFiles empty = new HostFiles(folder.resolve("unmounted/nothing"));
        try (Program program = unmounted.program(ProgramType.KPROBE)) {
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(
                            () ->
                                    Kprobe.attach(
                                            empty, program, "do_unlinkat", KprobeOptions.DEFAULT))
                    .withMessageContaining("mount -t tracefs");
        }
    }

    @Test
    void permissionIsNamed() {
        FakeHost host = new FakeHost(folder, "6.12");
        host.kprobePmu();
        host.fake.fail("perf_event_open", 1, Errno.EPERM);
        try (Program program = host.program(ProgramType.KPROBE)) {
            assertThatExceptionOfType(PermissionDeniedException.class)
                    .isThrownBy(() -> attach(host, program, "do_unlinkat"));
        }
        FakeHost old = new FakeHost(folder.resolve("old"), "5.10");
        old.eventFile("kprobe_events", "");
        old.writeErrors.add(Errno.EACCES);
        try (Program program = old.program(ProgramType.KPROBE)) {
            assertThatExceptionOfType(PermissionDeniedException.class)
                    .isThrownBy(() -> attach(old, program, "do_unlinkat"))
                    .withMessageContaining("access to tracefs");
        }
        assertThat(old.fake.leftOpen()).isEmpty();
    }

    @Test
    void cookiesNeedLinks() {
        FakeHost host = new FakeHost(folder, "5.10");
        host.eventFile("kprobe_events", "");
        try (Program program = host.program(ProgramType.KPROBE)) {
            KprobeOptions options = KprobeOptions.builder().cookie(5).build();
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(() -> attach(host, program, "do_unlinkat", options));
            assertThat(host.events()).isEmpty();
        }
        assertThat(host.fake.calls(BpfCommand.LINK_CREATE)).isNotEmpty();
        assertThat(host.fake.leftOpen()).isEmpty();
    }
}
