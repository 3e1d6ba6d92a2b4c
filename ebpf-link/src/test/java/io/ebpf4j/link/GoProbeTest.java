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
import io.ebpf4j.golang.GoBuild;
import io.ebpf4j.golang.GoFunction;
import io.ebpf4j.program.Program;
import io.ebpf4j.spec.AttachType;
import io.ebpf4j.spec.ProgramType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;

/** Go functions: a uprobe for each place, or a refusal. */
class GoProbeTest {
    private static final String APP = "/opt/app";
    private static final String HANDLE = "main.handle";
    private static final long BODY = CODE_OFFSET + 0x46;
    private static final long FIRST_RETURN = CODE_OFFSET + 0x4c;
    private static final long SECOND_RETURN = CODE_OFFSET + 0x4e;
    private static final GoProbeOptions RETURNS = GoProbeOptions.builder().returning().build();

    @TempDir Path folder;

    // Of 16 bytes each: a function that grows the stack, one that jumps to it, two of one name, and
    // main.handle: cmp rsp, [r14 + 16]; jbe +9; push rbp; test eax, eax; je +2; pop rbp; ret;
    // pop rbp; ret; mov [rsp + 8], rax; call the first function; mov rax, [rsp + 8]; jmp
    // main.handle
    private static TestLibrary app() {
        return new TestLibrary()
                .code(
                        HexFormat.of()
                                .parseHex(
                                        "f4cccccccccccccccccccccccccccccc"
                                                + "e9ebffffffcccccccccccccccccccccc"
                                                + "c3cccccccccccccccccccccccccccccc"
                                                + "c3cccccccccccccccccccccccccccccc"
                                                + "493b661076095585c074025dc35dc348"
                                                + "89442408e8a7ffffff488b442408ebe0"))
                .dynamic("c_function", CODE_ADDRESS + 0x80)
                .dynamic(HANDLE, CODE_ADDRESS + 0x40)
                .go(
                        "go1.22.3",
                        0x60,
                        "runtime.morestack_noctxt",
                        "main.tail",
                        "main.Map[...]",
                        "main.Map[...]",
                        HANDLE);
    }

    private static FakeHost host(Path folder, String version) {
        FakeHost host = new FakeHost(folder, version);
        host.uprobePmu();
        host.files.write(APP, app().build());
        return host;
    }

    private static Link attach(
            FakeHost host, Program program, String function, GoProbeOptions options) {
        BinarySearch search = new BinarySearch(host.host(), Map.of(), "amd64");
        return GoProbe.attach(host.host(), search, program, APP, function, options);
    }

    private static Link uretprobe(FakeHost host, Program program, String symbol, long offset) {
        BinarySearch search = new BinarySearch(host.host(), Map.of(), "amd64");
        UprobeOptions options = UprobeOptions.builder().returning().build();
        return symbol.isEmpty()
                ? Uprobe.attach(host.host(), search, program, APP, offset, options)
                : Uprobe.attach(host.host(), search, program, APP, symbol, options);
    }

    @Test
    void anEntryIsBehindTheCheckOfTheStack() {
        FakeHost host = host(folder, "6.12");
        try (Program program = host.program(ProgramType.KPROBE)) {
            GoProbeOptions options = GoProbeOptions.builder().pid(77).cookie(5).build();
            Link link = attach(host, program, HANDLE, options);
            assertThat(host.opened).containsExactly(new FakeHost.Opened(7, 0, APP, BODY, 77, -1));
            assertThat(host.linkCreate.getLong(16)).isEqualTo(5);
            assertThat(link.info().detail())
                    .isEqualTo(new LinkInfo.GoFunction(APP, HANDLE, 1, 5, false));
            assertThat(link.info().id()).isPositive();
            assertThat(link).hasToString("Go function /opt/app:main.handle");
            link.close();
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void everyReturnHasAUprobeAndNoneHasAReturnProbe() {
        FakeHost host = host(folder, "6.12");
        try (Program program = host.program(ProgramType.KPROBE)) {
            Link link = attach(host, program, HANDLE, RETURNS);
            assertThat(host.opened)
                    .containsExactly(
                            new FakeHost.Opened(7, 0, APP, FIRST_RETURN, -1, 0),
                            new FakeHost.Opened(7, 0, APP, SECOND_RETURN, -1, 0));
            assertThat(link.info().detail())
                    .isEqualTo(new LinkInfo.GoFunction(APP, HANDLE, 2, 0, true));
            assertThat(link.info().id()).isZero();
            assertThat(link.info().programId()).isEqualTo(program.info().id());
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(() -> link.pin(Path.of("/sys/fs/bpf/x")))
                    .withMessageContaining("the 2 links of return of Go function");
            link.close();
            link.close();
            assertThat(link.isOpen()).isFalse();
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void aProgramForManyPlacesGetsOneLink() {
        FakeHost host = host(folder, "6.12");
        try (Program program = many(host)) {
            GoProbeOptions options = GoProbeOptions.builder().returning().pid(77).cookie(5).build();
            Link link = attach(host, program, HANDLE, options);
            assertThat(host.opened).isEmpty();
            assertThat(host.multi.path()).isEqualTo(APP);
            assertThat(host.multi.offsets()).containsExactly(FIRST_RETURN, SECOND_RETURN);
            assertThat(host.multi.cookies()).containsExactly(5L, 5L);
            assertThat(host.multi.pid()).isEqualTo(77);
            assertThat(link.info().detail())
                    .isEqualTo(new LinkInfo.GoFunction(APP, HANDLE, 2, 5, true));
            assertThat(link.info().id()).isPositive();
            link.close();
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    private static Program many(FakeHost host) {
        return host.program(ProgramType.KPROBE, AttachType.TRACE_UPROBE_MULTI);
    }

    @Test
    void returnProbesOfManyFunctionsAreRefusedInGoCode() {
        FakeHost host = host(folder, "6.12");
        BinarySearch search = new BinarySearch(host.host(), Map.of(), "amd64");
        UprobeMultiOptions options = UprobeMultiOptions.builder().returning().build();
        long[] offsets = {CODE_OFFSET + 0x80, CODE_OFFSET + 0x40};
        try (Program program = many(host)) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(
                            () ->
                                    UprobeMulti.attach(
                                            host.host(), search, program, APP, "*", options))
                    .withMessageContaining("use attachGoReturn");
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(
                            () ->
                                    UprobeMulti.attach(
                                            host.host(), search, program, APP, offsets, options))
                    .withMessageContaining("use attachGoReturn");
            assertThat(host.multi).isNull();
            UprobeMulti.attach(host.host(), search, program, APP, "c_*", options).close();
            assertThat(host.multi.offsets()).containsExactly(CODE_OFFSET + 0x80);
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void whatCannotBeProbedIsNotAttached() {
        FakeHost host = host(folder, "6.12");
        try (Program program = host.program(ProgramType.KPROBE)) {
            refused(host, program, "main.tail", "it jumps to 0x403000, outside itself");
            refused(host, program, "main.handel", "did you mean main.handle?");
            refused(host, program, "main.Map[...]", "has it at 0x403020, 0x403030");
            host.files.write(APP, new TestLibrary().dynamic("f", CODE_ADDRESS).build());
            refused(host, program, "f", "was not made by Go's linker");
            refused(host, program, "f", "use attachUretprobe");
        }
        try (Program program = host.program(ProgramType.TRACEPOINT)) {
            refused(host, program, HANDLE, "this hook takes KPROBE");
        }
        assertThat(host.opened).isEmpty();
        assertThat(host.fake.leftOpen()).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GoProbeOptions.builder().pid(-2).build());
    }

    private static void refused(FakeHost host, Program program, String function, String words) {
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> attach(host, program, function, RETURNS))
                .withMessageContaining(words);
    }

    @Test
    void aReturnProbeOfTheKernelsIsRefusedInGoCodeOnly() {
        FakeHost host = host(folder, "6.12");
        try (Program program = host.program(ProgramType.KPROBE)) {
            for (String symbol : new String[] {HANDLE, ""}) {
                assertThatExceptionOfType(BpfException.class)
                        .isThrownBy(() -> uretprobe(host, program, symbol, CODE_OFFSET + 0x40))
                        .withMessageContaining("it is code of go1.22.3")
                        .withMessageContaining("use attachGoReturn");
            }
            assertThat(host.opened).isEmpty();
            uretprobe(host, program, "c_function", 0).close();
            uretprobe(host, program, "", CODE_OFFSET + 0x80).close();
            assertThat(host.opened)
                    .containsOnly(new FakeHost.Opened(7, 1, APP, CODE_OFFSET + 0x80, -1, 0));
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    /** Fails each call in turn, until none is left to fail. */
    @ParameterizedTest
    @CsvSource({"6.1, true", "5.10, true", "5.10, false"})
    void aFailureOfAnyCallLeavesNothing(String version, boolean pmu) {
        int failures = 0;
        for (int nth = 1; ; nth++) {
            FakeHost host = new FakeHost(folder.resolve(version + nth + pmu), version);
            if (pmu) {
                host.uprobePmu();
            } else {
                host.eventFile("uprobe_events", "");
            }
            host.files.write(APP, app().build());
            try (Program program = host.program(ProgramType.KPROBE)) {
                host.failCall(nth);
                Link link = null;
                try {
                    link = attach(host, program, HANDLE, RETURNS);
                } catch (BpfException e) {
                    failures++;
                }
                int made = host.made();
                host.failCall(0);
                if (link != null) {
                    link.close();
                }
                assertThat(host.fake.leftOpen()).as("call " + nth).hasSize(1);
                assertThat(host.events()).as("call " + nth).isEmpty();
                if (made < nth) {
                    assertThat(link).isNotNull();
                    break;
                }
            }
            assertThat(host.fake.leftOpen()).isEmpty();
        }
        assertThat(failures).isGreaterThan(4);
    }

    @Test
    void aBinaryTellsItsGo() {
        FakeHost host = host(folder, "6.12");
        Binary binary = new Binary(host.host(), APP);
        assertThat(binary.goBuild())
                .contains(new GoBuild("go1.22.3", "", "", "", GoBuild.Abi.REGISTERS));
        assertThat(binary.goFunctions())
                .hasSize(5)
                .endsWith(new GoFunction(HANDLE, CODE_ADDRESS + 0x40, 0x20));
        host.files.write(APP, new TestLibrary().build());
        assertThat(binary.goBuild()).isEmpty();
        assertThat(binary.goFunctions()).isEmpty();
    }
}
