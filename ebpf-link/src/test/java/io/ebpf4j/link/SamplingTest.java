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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;

/** Perf events for every CPU or thread, all or none. */
class SamplingTest {
    private static final String ONLINE = "/sys/devices/system/cpu/online";

    @TempDir Path folder;

    private static PerfEventOptions.Builder options() {
        return PerfEventOptions.builder();
    }

    private static Link attach(FakeHost host, Program program, PerfEventOptions.Builder options) {
        return Sampling.attach(host.host(), program, options.build());
    }

    private FakeHost host(String version, String online) {
        FakeHost host = new FakeHost(folder, version);
        host.fake.file(ONLINE, online);
        return host;
    }

    @Test
    void everyCpuThatIsOnlineHasAnEvent() {
        FakeHost host = host("6.12", "0,2-3");
        try (Program program = host.program(ProgramType.PERF_EVENT)) {
            Link link = attach(host, program, options());
            assertThat(host.opened)
                    .containsExactly(
                            new FakeHost.Opened(1, 0, "", 0, -1, 0),
                            new FakeHost.Opened(1, 0, "", 0, -1, 2),
                            new FakeHost.Opened(1, 0, "", 0, -1, 3));
            assertThat(host.perfEvent.getLong(16)).isEqualTo(99);
            assertThat(host.perfEvent.getLong(40)).isEqualTo(1 << 10);
            assertThat(host.fake.calls(BpfCommand.LINK_CREATE)).hasSize(3);
            assertThat(host.fake.leftOpen()).hasSize(4);
            assertThat(link.info().programId()).isEqualTo(program.info().id());
            assertThat(link.info().detail()).isEqualTo(new LinkInfo.PerfEvent(1, 0, 0));
            assertThat(link.pinPath()).isEmpty();
            link.unpin();
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(() -> link.pin(Path.of("/sys/fs/bpf/x")))
                    .withMessageContaining("3 links of samples of CPU_CLOCK");
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(() -> link.update(program));
            assertThatExceptionOfType(UnsupportedException.class).isThrownBy(link::detach);
            link.close();
            link.close();
            assertThat(link.isOpen()).isFalse();
            assertThat(host.fake.leftOpen()).hasSize(1);
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void aCpuThatJustWentIsPassedOver() {
        FakeHost host = host("6.12", "0-2");
        host.fake.fail("perf_event_open", 2, Errno.ENODEV);
        try (Program program = host.program(ProgramType.PERF_EVENT)) {
            attach(host, program, options()).close();
            assertThat(host.fake.calls(BpfCommand.LINK_CREATE)).hasSize(2);
            host.fake.fail("perf_event_open", 4, Errno.ENODEV);
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> attach(host, program, options().cpu(7)))
                    .withMessageContaining("is CPU 7 online?");
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void cpusComeAndGo() {
        FakeHost host = host("6.12", "0-1");
        try (Program program = host.program(ProgramType.PERF_EVENT)) {
            Link link = attach(host, program, options());
            host.fake.file(ONLINE, "0,2-3");
            assertThat(Sampling.refresh(link)).isEqualTo(2);
            assertThat(Sampling.refresh(link)).isZero();
            assertThat(host.opened).extracting(FakeHost.Opened::cpu).containsExactly(0, 1, 2, 3);
            assertThat(host.fake.leftOpen()).hasSize(4);
            host.fake.file(ONLINE, "0-3");
            host.fake.fail("perf_event_open", 5, Errno.ENODEV);
            assertThat(Sampling.refresh(link)).isZero();
            assertThat(Sampling.refresh(link)).isEqualTo(1);
            assertThat(host.fake.leftOpen()).hasSize(5);
            link.close();
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> Sampling.refresh(link));
            assertThat(host.fake.leftOpen()).hasSize(1);
            try (Link one = attach(host, program, options().cpu(1))) {
                assertThatExceptionOfType(IllegalArgumentException.class)
                        .isThrownBy(() -> Sampling.refresh(one))
                        .withMessageContaining("does not sample all CPUs");
            }
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void aRefreshThatFailsChangesNothing() {
        FakeHost host = host("6.12", "0-1");
        try (Program program = host.program(ProgramType.PERF_EVENT)) {
            Link link = attach(host, program, options());
            host.fake.file(ONLINE, "0,2-3");
            host.fake.fail("perf_event_open", 4, Errno.ENOMEM);
            assertThatExceptionOfType(BpfException.class).isThrownBy(() -> Sampling.refresh(link));
            assertThat(host.fake.leftOpen()).hasSize(3);
            assertThat(Sampling.refresh(link)).isEqualTo(2);
            assertThat(host.fake.leftOpen()).hasSize(4);
            link.close();
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void oneCpuIsALinkThatCanBePinned() {
        FakeHost host = host("6.12", "0-3");
        try (Program program = host.program(ProgramType.PERF_EVENT)) {
            Link link = attach(host, program, options().cpu(1).cookie(5).excludeUser().period(7));
            assertThat(host.opened).containsExactly(new FakeHost.Opened(1, 0, "", 0, -1, 1));
            assertThat(host.perfEvent.getLong(16)).isEqualTo(7);
            assertThat(host.perfEvent.getLong(40)).isEqualTo(1 << 4);
            assertThat(host.linkCreate.getLong(16)).isEqualTo(5);
            link.pin(Path.of("/sys/fs/bpf/x"));
            link.unpin();
            link.close();
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void everyThreadOfAProcessHasAnEvent() {
        FakeHost host = host("6.12", "0-3");
        host.files.write("/proc/40/task/40/comm", "a");
        host.files.write("/proc/40/task/41/comm", "b");
        host.files.write("/proc/40/task/42/comm", "c");
        host.fake.fail("perf_event_open", 2, Errno.ESRCH);
        try (Program program = host.program(ProgramType.PERF_EVENT)) {
            PerfEventOptions.Builder options =
                    options().pid(40).counter(PerfCounter.PAGE_FAULTS).excludeKernel();
            attach(host, program, options).close();
            assertThat(host.opened)
                    .containsExactlyInAnyOrder(
                            new FakeHost.Opened(1, 2, "", 0, 40, -1),
                            new FakeHost.Opened(1, 2, "", 0, 41, -1),
                            new FakeHost.Opened(1, 2, "", 0, 42, -1));
            assertThat(host.perfEvent.getLong(40)).isEqualTo(1 << 10 | 1 << 5 | 1 << 1);
            assertThat(host.fake.calls(BpfCommand.LINK_CREATE)).hasSize(2);
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> attach(host, program, options().pid(99)))
                    .withMessageContaining("there is no process 99");
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void oldKernelsGetTheProgramByIoctl() {
        FakeHost host = host("5.10", "0-1");
        try (Program program = host.program(ProgramType.PERF_EVENT)) {
            Link link = attach(host, program, options());
            assertThat(host.requests).hasSize(4);
            assertThat(link.info().type()).isEqualTo(LinkType.UNSPEC);
            link.detach();
            assertThat(link.isOpen()).isFalse();
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(() -> attach(host, program, options().cookie(1)))
                    .satisfies(e -> assertThat(e.minimumKernel()).isEqualTo("5.15"));
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.ENOENT, Errno.EOPNOTSUPP})
    void machinesWithoutTheCounterSaySo(int errno) {
        FakeHost host = host("6.12", "0-3");
        host.fake.fail("perf_event_open", 0, errno);
        try (Program program = host.program(ProgramType.PERF_EVENT)) {
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(
                            () -> attach(host, program, options().counter(PerfCounter.CPU_CYCLES)))
                    .withMessageContaining("samples of CPU_CYCLES")
                    .withMessageContaining("sample PerfCounter.CPU_CLOCK");
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(() -> attach(host, program, options().counter(4, 0x1b1)))
                    .withMessageContaining("perf event type 4 config 0x1b1");
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void otherRefusalsAreExplained() {
        FakeHost host = host("6.12", "0-3");
        host.files.write("/proc/sys/kernel/perf_event_max_sample_rate", "100000");
        host.fake.fail("perf_event_open", 1, Errno.EINVAL);
        host.fake.fail("perf_event_open", 2, Errno.EACCES);
        try (Program program = host.program(ProgramType.PERF_EVENT);
                Program kprobe = host.program(ProgramType.KPROBE)) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> attach(host, program, options().frequency(200_000)))
                    .withMessageContaining("200000 times per second")
                    .withMessageContaining("perf_event_max_sample_rate is 100000");
            assertThatExceptionOfType(PermissionDeniedException.class)
                    .isThrownBy(() -> attach(host, program, options()));
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> attach(host, kprobe, options()))
                    .withMessageContaining("this hook takes PERF_EVENT");
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"5.10", "6.12"})
    void nothingIsLeftOpenWhicheverCallFails(String version) {
        FakeHost host = host(version, "0-3");
        try (Program program = host.program(ProgramType.PERF_EVENT)) {
            int failing = 0;
            boolean done = false;
            while (!done) {
                host.failCall(++failing);
                try (Link link = attach(host, program, options())) {
                    assertThat(link.isOpen()).isTrue();
                    done = host.made() < failing;
                } catch (BpfException e) {
                    done = false;
                }
                assertThat(host.fake.leftOpen()).hasSize(1);
            }
            assertThat(failing).isGreaterThan(12);
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void optionsThatMakeNoSenseAreRefused() {
        for (PerfEventOptions.Builder wrong :
                new PerfEventOptions.Builder[] {
                    options().frequency(0),
                    options().period(-1),
                    options().pid(-2),
                    options().cpu(-2),
                    options().excludeKernel().excludeUser()
                }) {
            assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(wrong::build);
        }
    }
}
