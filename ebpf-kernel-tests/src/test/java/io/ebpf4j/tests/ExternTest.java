// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.Collection;
import io.ebpf4j.LoadOptions;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.error.VerifierException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.map.Variable;
import io.ebpf4j.program.TestRun;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.spec.ProgramSpec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** What objects leave to the loader, beside what the kernel's own files say of it. */
@KernelTest
class ExternTest {

    /** Only the programs of these names are loaded. */
    private static CollectionSpec spec(String... programs) {
        CollectionSpec spec = Objects.spec("externs");
        Set<String> wanted = Set.of(programs);
        for (ProgramSpec program : spec.programs().values()) {
            program.autoload(wanted.contains(program.name()));
        }
        return spec;
    }

    private static void run(Collection collection, String program) {
        assertThat(collection.program(program).testRun(TestRun.create()).returnValue()).isZero();
    }

    private static long value(Collection collection, String variable) {
        return collection.variable(variable, long.class).get();
    }

    private static long text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8)
                .order(ByteOrder.nativeOrder())
                .put(bytes, 0, Math.min(7, bytes.length))
                .getLong(0);
    }

    @Test
    void configurationComesFromTheGivenText() {
        LoadOptions options =
                LoadOptions.builder()
                        .kconfig(
                                """
                                CONFIG_HZ=-4711
                                CONFIG_BPF_SYSCALL=n
                                CONFIG_EXT4_FS=m
                                CONFIG_NET=m
                                CONFIG_PHYSICAL_START=0xfedcba9876543210
                                CONFIG_DEFAULT_HOSTNAME="a-long-name"
                                """)
                        .build();
        try (Collection c = Collection.load(spec("config"), options)) {
            run(c, "config");
            assertThat(value(c, "hz")).isEqualTo(-4711);
            assertThat(value(c, "bpf_syscall")).isZero();
            assertThat(value(c, "ext4")).isEqualTo(2);
            assertThat(value(c, "net")).isEqualTo('m');
            assertThat(value(c, "physical_start")).isEqualTo(0xfedcba9876543210L);
            assertThat(value(c, "hostname")).isEqualTo(text("a-long-"));
        }
    }

    @Test
    void configurationIsTheRunningKernels() throws IOException {
        List<String> lines = configuration();
        if (lines == null) {
            assertThatThrownBy(() -> Collection.load(spec("config")).close())
                    .isInstanceOf(UnsupportedException.class)
                    .hasMessageContaining("/proc/config.gz");
            return;
        }
        try (Collection c = Collection.load(spec("config"))) {
            run(c, "config");
            assertThat(lines).contains("CONFIG_HZ=" + value(c, "hz"));
            assertThat(value(c, "bpf_syscall")).isEqualTo(1);
            assertThat(value(c, "ext4")).isEqualTo(switchOf(lines, "CONFIG_EXT4_FS", 0, 1, 2));
            assertThat(value(c, "net")).isEqualTo(switchOf(lines, "CONFIG_NET", 0, 'y', 'm'));
            assertThat(lines)
                    .contains(
                            "CONFIG_PHYSICAL_START=0x"
                                    + Long.toHexString(value(c, "physical_start")));
            String hostname =
                    lines.stream()
                            .filter(l -> l.startsWith("CONFIG_DEFAULT_HOSTNAME="))
                            .findFirst()
                            .orElseThrow();
            assertThat(value(c, "hostname")).isEqualTo(text(hostname.split("\"", 3)[1]));
        }
    }

    private static long switchOf(List<String> lines, String option, long n, long y, long m) {
        return lines.contains(option + "=y") ? y : lines.contains(option + "=m") ? m : n;
    }

    /** Reads what the kernel was configured with, or nothing where no file says it. */
    private static List<String> configuration() throws IOException {
        Path boot = Path.of("/boot/config-" + System.getProperty("os.version"));
        Path proc = Path.of("/proc/config.gz");
        if (Files.isReadable(proc)) {
            byte[] bytes = Files.readAllBytes(proc);
            try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
            }
        }
        return Files.isReadable(boot) ? Files.readAllLines(boot) : null;
    }

    @Test
    void virtualValuesDescribeTheKernel() throws IOException {
        try (Collection c = Collection.load(spec("virtual"))) {
            run(c, "virtual");
            assertThat(value(c, "version")).isEqualTo(Kernel.shared().version().code());
            assertThat(value(c, "cookie")).isEqualTo(Requirement.atLeast("5.15") ? 1 : 0);
            boolean wrapped = !symbols("__x64_sys_bpf", "__arm64_sys_bpf").isEmpty();
            assertThat(value(c, "wrapper")).isEqualTo(wrapped ? 1 : 0);
        }
    }

    @Test
    void anUntypedSymbolIsItsAddress() throws IOException {
        try (Collection c = Collection.load(spec("symbol"))) {
            run(c, "symbol");
            assertThat(symbols("vfs_read")).containsExactly(value(c, "address"));
        }
    }

    private static Set<Long> symbols(String... names) throws IOException {
        Set<String> wanted = Set.of(names);
        Set<Long> addresses = new HashSet<>();
        try (Stream<String> lines = Files.lines(Path.of("/proc/kallsyms"))) {
            for (String line : (Iterable<String>) lines::iterator) {
                String[] words = line.split("\\s+", 4);
                if (wanted.contains(words[2])) {
                    addresses.add(Long.parseUnsignedLong(words[0], 16));
                }
            }
        }
        return addresses;
    }

    @Test
    @Requires({Requirement.BTF, Requirement.DATA_SYMBOLS})
    void aTypedSymbolIsTheKernelsVariable() {
        try (Collection c = Collection.load(spec("variable"))) {
            Variable<Integer> wanted = c.variable("wanted_cpu", int.class);
            for (int cpu : Kernel.shared().onlineCpus()) {
                wanted.set(cpu);
                c.variable("cpu_of_queue", long.class).set(-1L);
                run(c, "variable");
                assertThat(value(c, "cpu_of_queue")).isEqualTo(cpu);
            }
        }
    }

    @Test
    @Requires(
            value = {Requirement.BTF, Requirement.TP_BTF},
            kernel = "6.2")
    void aKernelFunctionIsCalled() {
        try (Collection c = Collection.load(spec("function"))) {
            int pid = (int) ProcessHandle.current().pid();
            c.variable("wanted_pid", int.class).set(pid);
            c.attach();
            HitCounter.getppid();
            assertThat(value(c, "runs")).isPositive();
            assertThat(value(c, "pid_of_task")).isEqualTo(pid);
        }
    }

    @Test
    @Requires(Requirement.BTF)
    void whatIsWeakAndMissingIsZero() {
        try (Collection c = Collection.load(spec("absent"))) {
            List<String> places =
                    List.of(
                            "absent_option",
                            "absent_value",
                            "absent_symbol",
                            "absent_variable",
                            "absent_function",
                            "absent_signature");
            for (String place : places) {
                c.variable(place, long.class).set(-1L);
            }
            run(c, "absent");
            assertThat(value(c, "runs")).isEqualTo(1);
            assertThat(places).allSatisfy(place -> assertThat(value(c, place)).isZero());
        }
    }

    @Test
    void theKernelTakesTheTypesOfAnObjectThatDeclaresFunctions() {
        try (Collection c = Collection.load(spec("names_a_type"))) {
            assertThat(c.program("names_a_type").info().btfId()).isPositive();
        }
    }

    @Test
    @Requires(Requirement.BTF)
    void aCallOfAMissingFunctionIsNamed() {
        assertThatThrownBy(() -> Collection.load(spec("unguarded")).close())
                .isInstanceOf(VerifierException.class)
                .hasMessageContaining("the kernel has no function no_such_function");
    }

    @ParameterizedTest
    @CsvSource({
        "strong_option,   CONFIG_NO_SUCH_STRONG_OPTION",
        "strong_symbol,   no_such_strong_symbol",
        "strong_variable, no_such_strong_variable",
        "strong_function, no_such_strong_function"
    })
    @Requires(Requirement.BTF)
    void whatIsMissingAndNotWeakIsNamed(String program, String extern) {
        assertThatThrownBy(() -> Collection.load(spec(program)).close())
                .isInstanceOf(UnsupportedException.class)
                .hasMessageContaining("extern \"" + extern + "\"")
                .hasMessageContaining("__weak");
    }
}
