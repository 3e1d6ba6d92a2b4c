// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.program.Program;
import io.ebpf4j.spec.AttachType;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Whichever system call fails while a program is attached, nothing is left of the attempt: hooks
 * whose own tests do not try that.
 */
class AttachFailuresTest {
    private static final String TOOL = "/opt/tool";
    private static final int SOCKET = 1000;
    private static final String NAMESPACE = "/proc/thread-self/ns/net";

    @TempDir Path folder;

    /** What a hook needs of the machine, and how it is attached to. */
    private interface Attempt {
        Link attach(FakeHost host, Program program);
    }

    private interface Preparation {
        void of(FakeHost host);
    }

    /** A hook, on a kernel where it is attached to in a certain way. */
    @SuppressWarnings("ImmutableEnumChecker") // the functions have no state
    enum Hook {
        KPROBE("6.12", ProgramType.KPROBE, FakeHost::kprobePmu, AttachFailuresTest::kprobe),
        KPROBE_BY_IOCTL(
                "5.10", ProgramType.KPROBE, FakeHost::kprobePmu, AttachFailuresTest::kprobe),
        KPROBE_BY_TRACEFS(
                "5.10",
                ProgramType.KPROBE,
                host -> host.eventFile("kprobe_events", ""),
                AttachFailuresTest::kprobe),
        UPROBE("6.12", ProgramType.KPROBE, FakeHost::uprobePmu, AttachFailuresTest::uprobe),
        UPROBE_BY_IOCTL(
                "5.10", ProgramType.KPROBE, FakeHost::uprobePmu, AttachFailuresTest::uprobe),
        UPROBE_BY_TRACEFS(
                "5.10",
                ProgramType.KPROBE,
                host -> host.eventFile("uprobe_events", ""),
                AttachFailuresTest::uprobe),
        UPROBE_MULTI(
                "6.12",
                ProgramType.KPROBE,
                AttachType.TRACE_UPROBE_MULTI,
                host -> host.files.write(TOOL, "x"),
                AttachFailuresTest::uprobes),
        TRACEPOINT("6.12", ProgramType.TRACEPOINT, AttachFailuresTest::tracepoint),
        TRACEPOINT_BY_IOCTL("5.10", ProgramType.TRACEPOINT, AttachFailuresTest::tracepoint),
        RAW_TRACEPOINT(
                "6.12",
                ProgramType.RAW_TRACEPOINT,
                (host, program) ->
                        RawTracepoint.attach(
                                host.host(),
                                program,
                                "sched_switch",
                                RawTracepointOptions.DEFAULT)),
        TRACING(
                "6.12",
                ProgramType.TRACING,
                AttachType.TRACE_FENTRY,
                host -> {},
                (host, program) -> Tracing.attach(program)),
        TRACING_BY_RAW_TRACEPOINT(
                "5.10",
                ProgramType.TRACING,
                AttachType.TRACE_FENTRY,
                host -> host.fake.failAll(BpfCommand.LINK_CREATE, Errno.EINVAL),
                (host, program) -> Tracing.attach(program)),
        NETNS(
                "6.12",
                ProgramType.SK_LOOKUP,
                host -> host.fake.file(NAMESPACE, ""),
                (host, program) -> NetworkNamespace.attach(program)),
        NETNS_WITHOUT_LINK(
                "5.4",
                ProgramType.FLOW_DISSECTOR,
                host -> host.fake.file(NAMESPACE, ""),
                (host, program) -> NetworkNamespace.attach(program)),
        SOCKET_FILTER(
                "6.12",
                ProgramType.SOCKET_FILTER,
                AttachFailuresTest::socket,
                (host, program) -> SocketFilter.attach(host.host(), program, SOCKET)),
        REUSEPORT(
                "6.12",
                ProgramType.SK_REUSEPORT,
                AttachFailuresTest::socket,
                (host, program) -> Reuseport.attach(host.host(), program, SOCKET)),
        NETKIT_BY_NAME(
                "6.12",
                ProgramType.SCHED_CLS,
                (host, program) -> Netkit.attach(program, "eth0", NetkitSide.PRIMARY)),
        NETKIT_BY_NUMBER(
                "6.12",
                ProgramType.SCHED_CLS,
                (host, program) ->
                        Netkit.attach(program, 2, NetkitSide.PEER, NetkitOptions.DEFAULT)),
        NETFILTER(
                "6.12",
                ProgramType.NETFILTER,
                (host, program) ->
                        Netfilter.attach(program, NetfilterFamily.IPV4, NetfilterHook.LOCAL_IN));

        private final String version;
        private final ProgramType type;
        private final AttachType attachType;
        private final Preparation preparation;
        private final Attempt attempt;

        Hook(String version, ProgramType type, Attempt attempt) {
            this(version, type, host -> {}, attempt);
        }

        Hook(String version, ProgramType type, Preparation preparation, Attempt attempt) {
            this(version, type, AttachType.NONE, preparation, attempt);
        }

        Hook(
                String version,
                ProgramType type,
                AttachType attachType,
                Preparation preparation,
                Attempt attempt) {
            this.version = version;
            this.type = type;
            this.attachType = attachType;
            this.preparation = preparation;
            this.attempt = attempt;
        }
    }

    private static Link kprobe(FakeHost host, Program program) {
        return Kprobe.attach(host.host(), program, "do_unlinkat", KprobeOptions.DEFAULT);
    }

    private static BinarySearch search(FakeHost host) {
        host.files.write(TOOL, "x");
        return new BinarySearch(host.host(), Map.of(), "amd64");
    }

    private static Link uprobe(FakeHost host, Program program) {
        return Uprobe.attach(
                host.host(), search(host), program, TOOL, 0x1000, UprobeOptions.DEFAULT);
    }

    private static Link uprobes(FakeHost host, Program program) {
        long[] offsets = {0x1000, 0x2000};
        return UprobeMulti.attach(
                host.host(), search(host), program, TOOL, offsets, UprobeMultiOptions.DEFAULT);
    }

    private static Link tracepoint(FakeHost host, Program program) {
        return Tracepoint.attach(
                host.host(), program, "syscalls", "sys_enter_openat", TracepointOptions.DEFAULT);
    }

    /** Opens the first descriptor of a host, a socket. */
    private static void socket(FakeHost host) {
        try {
            long fd = host.kernel.calls().socket(2, 2, 0);
            assertThat(fd).isEqualTo(SOCKET);
            Path path = host.files.path("/proc/self/fd/" + fd);
            Files.createDirectories(path.getParent());
            Files.deleteIfExists(path);
            Files.createSymbolicLink(path, Path.of("socket:[7]"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @EnumSource(Hook.class)
    void nothingIsLeftWhicheverCallFails(Hook hook) {
        int failures = 0;
        for (int nth = 1; ; nth++) {
            FakeHost host = new FakeHost(folder, hook.version);
            hook.preparation.of(host);
            try (Program program = host.program(hook.type, hook.attachType)) {
                List<String> before = host.fake.leftOpen();
                host.failCall(nth);
                Link link = null;
                try {
                    link = hook.attempt.attach(host, program);
                } catch (BpfException e) {
                    failures++;
                }
                int made = host.made();
                host.failCall(0);
                if (link != null) {
                    link.close();
                }
                assertThat(host.fake.leftOpen()).as("call " + nth).isEqualTo(before);
                assertThat(host.events()).as("call " + nth).isEmpty();
                if (made < nth) {
                    assertThat(link).isNotNull();
                    break;
                }
            }
        }
        assertThat(failures).isPositive();
    }
}
