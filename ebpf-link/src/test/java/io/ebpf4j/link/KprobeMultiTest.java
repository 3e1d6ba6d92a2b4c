// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.PermissionDeniedException;
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
import java.util.ArrayList;
import java.util.List;

/** What the kernel is asked for many kprobes, and what is said when it refuses. */
class KprobeMultiTest {
    private static final int MULTI = AttachType.TRACE_KPROBE_MULTI.number();
    private static final int SESSION = AttachType.TRACE_KPROBE_SESSION.number();

    @TempDir Path folder;

    private static FakeHost host(Path folder, String version) {
        FakeHost host = new FakeHost(folder, version);
        host.files.write(
                "/proc/kallsyms",
                """
                0000000000001000 T vfs_read
                0000000000002000 T vfs_write
                0000000000003000 t vfs_hidden
                """);
        host.files.write(FakeHost.TRACEFS + "available_filter_functions", "vfs_read\nvfs_write\n");
        return host;
    }

    private static Program program(FakeHost host, AttachType type) {
        return host.program(ProgramType.KPROBE, type);
    }

    private static FakeHost.ManyKprobes named(int type, int flags, String... names) {
        return new FakeHost.ManyKprobes(type, flags, List.of(names), List.of(), List.of());
    }

    private static FakeHost.ManyKprobes at(Long... addresses) {
        return new FakeHost.ManyKprobes(MULTI, 0, List.of(), List.of(addresses), List.of());
    }

    private static int linksAskedFor(FakeHost host) {
        return host.fake.calls(BpfCommand.LINK_CREATE).size();
    }

    @Test
    void aPatternIsGivenAsAddressesInOneCall() {
        FakeHost host = host(folder, "6.1");
        try (Program program = program(host, AttachType.TRACE_KPROBE_MULTI)) {
            Link link =
                    KprobeMulti.attach(host.host(), program, "vfs_*", KprobeMultiOptions.DEFAULT);
            assertThat(host.kprobes).containsExactly(at(0x1000L, 0x2000L));
            assertThat(linksAskedFor(host)).isEqualTo(1);
            link.close();
            link.close();
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void aThousandNamesAreGivenInOneCall() {
        FakeHost host = host(folder, "6.12");
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            names.add("function_" + i);
        }
        KprobeMultiOptions returning = KprobeMultiOptions.builder().returning().build();
        try (Program program = program(host, AttachType.TRACE_KPROBE_MULTI)) {
            KprobeMulti.attach(host.host(), program, names, returning).close();
            assertThat(host.kprobes).containsExactly(named(MULTI, 1, names.toArray(new String[0])));
            assertThat(linksAskedFor(host)).isEqualTo(1);
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void aNameIsTheKernelsToLookUp() {
        FakeHost host = host(folder, "6.12");
        try (Program program = program(host, AttachType.TRACE_KPROBE_SESSION)) {
            KprobeMulti.attach(host.host(), program, "vfs_any", KprobeMultiOptions.DEFAULT).close();
            assertThat(host.kprobes).containsExactly(named(SESSION, 0, "vfs_any"));
        }
    }

    @Test
    void everyFunctionHasItsCookie() {
        FakeHost host = host(folder, "6.12");
        try (Program program = program(host, AttachType.TRACE_KPROBE_MULTI)) {
            KprobeMultiOptions one = KprobeMultiOptions.builder().cookie(7).build();
            KprobeMulti.attach(host.host(), program, "vfs_*", one).close();
            assertThat(host.kprobes.get(0).cookies()).containsExactly(7L, 7L);
            List<String> twice = List.of("vfs_write", "vfs_read", "vfs_write");
            KprobeMultiOptions each = KprobeMultiOptions.builder().cookies(1, 2, 1).build();
            KprobeMulti.attach(host.host(), program, twice, each).close();
            assertThat(host.kprobes.get(1).names()).containsExactly("vfs_write", "vfs_read");
            assertThat(host.kprobes.get(1).cookies()).containsExactly(1L, 2L);
        }
    }

    @Test
    void cookiesHaveToFit() {
        FakeHost host = host(folder, "6.12");
        KprobeMultiOptions two = KprobeMultiOptions.builder().cookies(1, 2).build();
        try (Program program = program(host, AttachType.TRACE_KPROBE_MULTI)) {
            for (List<String> functions :
                    List.of(List.of("vfs_read"), List.of("vfs_read", "vfs_read"))) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> KprobeMulti.attach(host.host(), program, functions, two));
            }
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> KprobeMulti.attach(host.host(), program, "vfs_*", two));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> KprobeMulti.attach(program, new long[] {0x1000}, two));
            assertThatIllegalArgumentException()
                    .isThrownBy(
                            () ->
                                    KprobeMulti.attach(
                                            host.host(),
                                            program,
                                            List.of(),
                                            KprobeMultiOptions.DEFAULT));
        }
        assertThat(linksAskedFor(host)).isZero();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KprobeMultiOptions.builder().cookie(1).cookies(2).build());
    }

    @Test
    void addressesAreTakenAsTheyAre() {
        FakeHost host = host(folder, "6.12");
        try (Program program = program(host, AttachType.TRACE_KPROBE_MULTI)) {
            long[] addresses = {0x5000, 0x4000};
            KprobeMulti.attach(program, addresses, KprobeMultiOptions.DEFAULT).close();
            assertThat(host.kprobes).containsExactly(at(0x5000L, 0x4000L));
        }
    }

    @Test
    void hiddenAddressesLeaveTheNames() {
        FakeHost host = host(folder, "6.1");
        host.files.write(
                "/proc/kallsyms", "0000000000000000 T vfs_read\n0000000000000000 T vfs_write\n");
        try (Program program = program(host, AttachType.TRACE_KPROBE_MULTI)) {
            KprobeMulti.attach(host.host(), program, "vfs_*", KprobeMultiOptions.DEFAULT).close();
            assertThat(host.kprobes).containsExactly(named(MULTI, 0, "vfs_read", "vfs_write"));
        }
    }

    @Test
    void functionsOfModulesAreFoundByAddressWhereNamesDoNot() {
        FakeHost host = host(folder, "6.1");
        host.fake.fail(BpfCommand.LINK_CREATE, 1, Errno.ESRCH);
        try (Program program = program(host, AttachType.TRACE_KPROBE_MULTI)) {
            List<String> names = List.of("vfs_write", "vfs_read");
            KprobeMulti.attach(host.host(), program, names, KprobeMultiOptions.DEFAULT).close();
            assertThat(host.kprobes)
                    .containsExactly(
                            named(MULTI, 0, "vfs_write", "vfs_read"), at(0x2000L, 0x1000L));
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void aMissingNameIsNamed() {
        FakeHost host = host(folder, "6.12");
        host.fake.failAll(BpfCommand.LINK_CREATE, Errno.ESRCH);
        try (Program program = program(host, AttachType.TRACE_KPROBE_MULTI)) {
            List<String> names = List.of("vfs_write", "vfs_reed");
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(
                            () ->
                                    KprobeMulti.attach(
                                            host.host(),
                                            program,
                                            names,
                                            KprobeMultiOptions.DEFAULT))
                    .withMessageStartingWith(
                            "cannot attach prog to kprobe.multi 2 functions: vfs_reed: the kernel"
                                    + " has no such function; did you mean vfs_read?")
                    .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.ESRCH));
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(
                            () ->
                                    KprobeMulti.attach(
                                            host.host(),
                                            program,
                                            "nothing_*",
                                            KprobeMultiOptions.DEFAULT))
                    .withMessageContaining("no function that matches and can be traced");
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void whatCannotBeTracedIsNamed() {
        FakeHost host = host(folder, "6.12");
        host.fake.fail(BpfCommand.LINK_CREATE, 1, Errno.EINVAL);
        try (Program program = program(host, AttachType.TRACE_KPROBE_MULTI)) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(
                            () ->
                                    KprobeMulti.attach(
                                            host.host(),
                                            program,
                                            List.of("vfs_read", "vfs_hidden"),
                                            KprobeMultiOptions.DEFAULT))
                    .withMessageContaining("vfs_hidden: the function is compiled without tracing");
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void oneFunctionCanBeAskedFor() {
        FakeHost host = host(folder, "6.1");
        KprobeMultiOptions unique = KprobeMultiOptions.builder().unique().build();
        try (Program program = program(host, AttachType.TRACE_KPROBE_MULTI)) {
            KprobeMulti.attach(host.host(), program, "vfs_r*", unique).close();
            KprobeMulti.attach(host.host(), program, "vfs_write", unique).close();
            assertThat(host.kprobes).containsExactly(at(0x1000L), named(MULTI, 0, "vfs_write"));
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> KprobeMulti.attach(host.host(), program, "vfs_*", unique))
                    .withMessageContaining("2 functions match, vfs_read and vfs_write among them");
            host.files.write("/proc/kallsyms", "1000 t vfs_twice\n2000 t vfs_twice\n");
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> KprobeMulti.attach(host.host(), program, "vfs_twice", unique))
                    .withMessageContaining("2 functions match, but one was asked for");
        }
    }

    @ParameterizedTest
    @CsvSource({"5.10, 42, 5.18", "6.1, 56, 6.10"})
    void saysThatTheKernelIsTooOld(String version, int type, String since) {
        FakeHost host = host(folder, version);
        AttachType attachType =
                type == SESSION ? AttachType.TRACE_KPROBE_SESSION : AttachType.TRACE_KPROBE_MULTI;
        try (Program program = program(host, attachType)) {
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(
                            () ->
                                    KprobeMulti.attach(
                                            host.host(),
                                            program,
                                            "vfs_read",
                                            KprobeMultiOptions.DEFAULT))
                    .withMessageContaining("attach it to single functions")
                    .satisfies(e -> assertThat(e.minimumKernel()).isEqualTo(since));
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void saysThatTheKernelIsBuiltWithoutIt() {
        FakeHost host = host(folder, "6.12");
        host.fake.failAll(BpfCommand.LINK_CREATE, Errno.EOPNOTSUPP);
        try (Program program = program(host, AttachType.TRACE_KPROBE_MULTI)) {
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(
                            () ->
                                    KprobeMulti.attach(
                                            host.host(),
                                            program,
                                            "vfs_read",
                                            KprobeMultiOptions.DEFAULT))
                    .withMessageContaining("CONFIG_FPROBE");
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void theProgramHasToBeLoadedForIt() {
        FakeHost host = host(folder, "6.12");
        KprobeMultiOptions returning = KprobeMultiOptions.builder().returning().build();
        try (Program uprobes = program(host, AttachType.TRACE_UPROBE_MULTI);
                Program single = program(host, AttachType.NONE);
                Program session = program(host, AttachType.TRACE_KPROBE_SESSION)) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> KprobeMulti.attach(uprobes, "vfs_read"))
                    .withMessageContaining("loaded for TRACE_UPROBE_MULTI")
                    .withMessageContaining("takes TRACE_KPROBE_MULTI or TRACE_KPROBE_SESSION");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> KprobeMulti.attach(session, "vfs_read", returning));
            assertThat(linksAskedFor(host)).isZero();
            host.fake.fail(BpfCommand.LINK_CREATE, 1, Errno.EINVAL);
            host.fake.fail(BpfCommand.LINK_CREATE, 2, Errno.EINVAL);
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(
                            () ->
                                    KprobeMulti.attach(
                                            host.host(),
                                            single,
                                            "vfs_read",
                                            KprobeMultiOptions.DEFAULT))
                    .withMessageContaining("was not loaded for many functions");
            assertThat(host.kprobes)
                    .containsExactly(named(MULTI, 0, "vfs_read"), named(SESSION, 0, "vfs_read"));
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }

    @Test
    void everyFailureLeavesNothing() {
        FakeHost host = host(folder, "6.12");
        try (Program program = program(host, AttachType.TRACE_KPROBE_MULTI)) {
            host.failCall(0);
            KprobeMulti.attach(host.host(), program, "vfs_*", KprobeMultiOptions.DEFAULT).close();
            int calls = host.made();
            assertThat(calls).isEqualTo(1);
            host.failCall(1);
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(
                            () ->
                                    KprobeMulti.attach(
                                            host.host(),
                                            program,
                                            "vfs_*",
                                            KprobeMultiOptions.DEFAULT))
                    .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.ENOMEM));
            host.fake.fail(BpfCommand.LINK_CREATE, 2, Errno.EPERM);
            assertThatExceptionOfType(PermissionDeniedException.class)
                    .isThrownBy(
                            () ->
                                    KprobeMulti.attach(
                                            host.host(),
                                            program,
                                            "vfs_*",
                                            KprobeMultiOptions.DEFAULT));
        }
        assertThat(host.fake.leftOpen()).isEmpty();
    }
}
