// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import static io.ebpf4j.link.TestLibrary.CODE_ADDRESS;
import static io.ebpf4j.link.TestLibrary.CODE_OFFSET;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.program.Program;
import io.ebpf4j.spec.AttachType;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What the kernel is asked for many uprobes, and what is said when it refuses. */
class UprobeMultiTest {
    private static final String LIBRARY = "/opt/libssl.so.3";
    private static final int MULTI = AttachType.TRACE_UPROBE_MULTI.number();
    private static final int SESSION = AttachType.TRACE_UPROBE_SESSION.number();
    private static final long READ = CODE_OFFSET + 0x10;
    private static final long WRITE = CODE_OFFSET + 0x20;

    @TempDir Path folder;

    private static FakeHost host(Path folder, String version) {
        FakeHost host = new FakeHost(folder, version);
        host.files.write(
                LIBRARY,
                new TestLibrary()
                        .dynamic("SSL_read", CODE_ADDRESS + 0x10)
                        .dynamic("SSL_write", CODE_ADDRESS + 0x20)
                        .dynamic("SSL_read_alias", CODE_ADDRESS + 0x10)
                        .dynamic("SSL_choose", 1, TestLibrary.IFUNC, CODE_ADDRESS + 0x30, 1)
                        .symbol("SSL_table", 1, TestLibrary.OBJECT, CODE_ADDRESS + 0x40)
                        .symbol("ssl_static", 0, TestLibrary.FUNC, CODE_ADDRESS + 0x50)
                        .build());
        return host;
    }

    private static Program program(FakeHost host, AttachType type) {
        return host.program(ProgramType.KPROBE, type);
    }

    private static BinarySearch search(FakeHost host) {
        return new BinarySearch(host.host(), Map.of(), "amd64");
    }

    private static Link attach(
            FakeHost host, Program program, String pattern, UprobeMultiOptions options) {
        return UprobeMulti.attach(host.host(), search(host), program, LIBRARY, pattern, options);
    }

    private static Link attach(
            FakeHost host, Program program, List<String> symbols, UprobeMultiOptions options) {
        return UprobeMulti.attach(host.host(), search(host), program, LIBRARY, symbols, options);
    }

    private static int linksAskedFor(FakeHost host) {
        return host.fake.calls(BpfCommand.LINK_CREATE).size();
    }

    @Test
    void aPatternStandsForFunctionsEachOnce() {
        FakeHost host = host(folder, "6.6");
        try (Program program = program(host, AttachType.TRACE_UPROBE_MULTI)) {
            UprobeMultiOptions options = UprobeMultiOptions.builder().returning().cookie(9).build();
            attach(host, program, "?SL_*", options).close();
            assertThat(host.multi)
                    .isEqualTo(
                            new FakeHost.Multi(
                                    MULTI,
                                    LIBRARY,
                                    List.of(READ, WRITE),
                                    List.of(),
                                    List.of(9L, 9L),
                                    1,
                                    0));
            assertThat(linksAskedFor(host)).isEqualTo(1);
            attach(host, program, "ssl_*", UprobeMultiOptions.DEFAULT).close();
            assertThat(host.multi.offsets()).containsExactly(CODE_OFFSET + 0x50);
            assertThat(host.multi.cookies()).isEmpty();
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void symbolsHaveCookiesAndCountersOfTheirOwn() {
        FakeHost host = host(folder, "6.13");
        try (Program program = program(host, AttachType.TRACE_UPROBE_SESSION)) {
            UprobeMultiOptions options =
                    UprobeMultiOptions.builder()
                            .pid(77)
                            .cookies(1, 2)
                            .refCtrOffsets(0, 0x2000)
                            .build();
            attach(host, program, List.of("SSL_write", "SSL_read"), options).close();
            assertThat(host.multi)
                    .isEqualTo(
                            new FakeHost.Multi(
                                    SESSION,
                                    LIBRARY,
                                    List.of(WRITE, READ),
                                    List.of(0L, 0x2000L),
                                    List.of(1L, 2L),
                                    0,
                                    77));
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void offsetsAreTakenAsTheyAre() {
        FakeHost host = host(folder, "6.12");
        try (Program program = program(host, AttachType.TRACE_UPROBE_MULTI)) {
            UprobeMultiOptions options = UprobeMultiOptions.builder().pid(0).build();
            UprobeMulti.attach(
                            host.host(),
                            search(host),
                            program,
                            LIBRARY,
                            new long[] {0x30, 0x10},
                            options)
                    .close();
            assertThat(host.multi.offsets()).containsExactly(0x30L, 0x10L);
            assertThat(host.multi.pid()).isEqualTo((int) ProcessHandle.current().pid());
        }
    }

    @Test
    void whatDoesNotFitIsRefusedBeforeTheKernelIsAsked() {
        FakeHost host = host(folder, "6.12");
        UprobeMultiOptions two = UprobeMultiOptions.builder().cookies(1, 2).build();
        UprobeMultiOptions counter = UprobeMultiOptions.builder().refCtrOffsets(1, 2).build();
        UprobeMultiOptions returning = UprobeMultiOptions.builder().returning().build();
        try (Program program = program(host, AttachType.TRACE_UPROBE_MULTI);
                Program session = program(host, AttachType.TRACE_UPROBE_SESSION);
                Program kprobes = program(host, AttachType.TRACE_KPROBE_MULTI)) {
            for (UprobeMultiOptions options : List.of(two, counter)) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> attach(host, program, "SSL_read", options));
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> attach(host, program, "SSL_*", options));
            }
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> attach(host, program, List.of(), UprobeMultiOptions.DEFAULT));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> attach(host, session, "SSL_*", returning));
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> attach(host, kprobes, "SSL_*", UprobeMultiOptions.DEFAULT))
                    .withMessageContaining("loaded for TRACE_KPROBE_MULTI");
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> attach(host, program, "TLS_*", UprobeMultiOptions.DEFAULT))
                    .withMessageContaining("/opt/libssl.so.3:TLS_*: the file has no function");
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> attach(host, program, "SSL_reed", UprobeMultiOptions.DEFAULT))
                    .withMessageContaining("did you mean SSL_read");
        }
        assertThat(linksAskedFor(host)).isZero();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UprobeMultiOptions.builder().cookie(1).cookies(2).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UprobeMultiOptions.builder().pid(-2).build());
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"6.1, 48, 6.6", "6.12, 57, 6.13"})
    void saysThatTheKernelIsTooOld(String version, int type, String since) {
        FakeHost host = host(folder, version);
        AttachType attachType =
                type == SESSION ? AttachType.TRACE_UPROBE_SESSION : AttachType.TRACE_UPROBE_MULTI;
        UprobeMultiOptions here = UprobeMultiOptions.builder().pid(0).build();
        try (Program program = program(host, attachType)) {
            for (UprobeMultiOptions options : List.of(UprobeMultiOptions.DEFAULT, here)) {
                assertThatExceptionOfType(UnsupportedException.class)
                        .isThrownBy(() -> attach(host, program, "SSL_*", options))
                        .withMessageContaining("attach it to single functions")
                        .satisfies(e -> assertThat(e.minimumKernel()).isEqualTo(since));
            }
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void oneProcessNeedsAKernelThatWatchesAllOfIt() {
        FakeHost host = host(folder, "6.6");
        UprobeMultiOptions here = UprobeMultiOptions.builder().pid(0).build();
        try (Program program = program(host, AttachType.TRACE_UPROBE_MULTI)) {
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(() -> attach(host, program, "SSL_*", here))
                    .withMessageContaining("one thread")
                    .satisfies(e -> assertThat(e.minimumKernel()).isEqualTo("6.10"));
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "3, there is no process 77",
        "22, a place holds no instruction",
        "524, a place holds no instruction",
        "9, it is no regular file"
    })
    void refusalsAreExplainedAndLeaveNothing(int errno, String message) {
        FakeHost host = host(folder, "6.12");
        UprobeMultiOptions process = UprobeMultiOptions.builder().pid(77).build();
        try (Program program = program(host, AttachType.TRACE_UPROBE_MULTI)) {
            attach(host, program, "SSL_*", process).close();
            host.fake.fail(BpfCommand.LINK_CREATE, linksAskedFor(host) + 1, errno);
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> attach(host, program, "SSL_*", process))
                    .withMessageContaining(message)
                    .satisfies(e -> assertThat(e.errno()).isEqualTo(errno));
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void aProgramFromAPinIsTriedForBoth() {
        FakeHost host = host(folder, "6.13");
        host.fake.fail(BpfCommand.LINK_CREATE, 1, Errno.EINVAL);
        try (Program program = program(host, AttachType.NONE)) {
            attach(host, program, "SSL_*", UprobeMultiOptions.DEFAULT).close();
            assertThat(host.multi.type()).isEqualTo(SESSION);
            assertThat(linksAskedFor(host)).isEqualTo(2);
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }
}
