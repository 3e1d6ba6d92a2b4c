// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.ebpf4j.link.FunctionSearch.Found;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

class FunctionSearchTest {
    private static final String TRACED = "/sys/kernel/tracing/available_filter_functions";

    @TempDir Path folder;
    private TestFiles files;

    @BeforeEach
    void begin() {
        files = new TestFiles(folder);
        files.write("/sys/kernel/tracing/events/enable", "0");
        files.write(
                "/proc/kallsyms",
                """
                0000000000001000 T do_unlinkat
                0000000000001100 t do_twice
                0000000000001200 t do_twice
                0000000000001300 t do_half
                0000000000001400 t do_half
                0000000000001500 T do_blacklisted
                0000000000001600 t do_untraced
                0000000000001700 D do_data
                0000000000001800 t do_static.llvm.12345
                0000000000002000 t do_module\t[mod]
                0000000000003000 t do_jit\t[bpf]
                """);
        files.write("/sys/kernel/debug/kprobes/blacklist", "0x1500-0x1580\tdo_blacklisted\n");
    }

    private void listNames() {
        files.write(
                TRACED,
                """
                do_unlinkat
                do_twice
                do_twice
                do_half
                do_blacklisted
                do_static.llvm.12345
                do_module [mod]
                __ftrace_invalid_address___64
                """);
    }

    private void listAddresses() {
        files.write(
                TRACED + "_addrs",
                """
                1004 do_unlinkat
                1104 do_twice
                1204 do_twice
                1404 do_half
                1504 do_blacklisted
                1804 do_static.llvm.12345
                2004 do_module [mod]
                0 __ftrace_invalid_address___64
                """);
    }

    private List<Found> find(String pattern, boolean exact) {
        return new FunctionSearch(files.host()).find(new Glob(pattern), exact);
    }

    @Test
    void theListWithAddressesIsEnough() {
        listAddresses();
        assertThat(find("do_*", false))
                .containsExactly(
                        new Found("do_unlinkat", 0x1004),
                        new Found("do_twice", 0x1104),
                        new Found("do_twice", 0x1204),
                        new Found("do_half", 0x1404),
                        new Found("do_static.llvm.12345", 0x1804),
                        new Found("do_module", 0x2004));
        assertThat(find("*invalid*", false)).isEmpty();
    }

    @Test
    void beginningsComeFromTheSymbols() {
        listAddresses();
        assertThat(find("do_*", true))
                .containsExactly(
                        new Found("do_unlinkat", 0x1000),
                        new Found("do_twice", 0x1100),
                        new Found("do_twice", 0x1200),
                        new Found("do_half", 0x1400),
                        new Found("do_static.llvm.12345", 0x1800),
                        new Found("do_module", 0x2000));
    }

    @Test
    void namesThatStandForTooManyFunctionsAreLeftOut() {
        listNames();
        assertThat(find("do_*", false))
                .containsExactlyInAnyOrder(
                        new Found("do_unlinkat", 0x1000),
                        new Found("do_twice", 0x1100),
                        new Found("do_twice", 0x1200),
                        new Found("do_static.llvm.12345", 0x1800),
                        new Found("do_module", 0x2000));
    }

    @Test
    void withoutAListAllFunctionsCount() {
        assertThat(find("do_*", false))
                .extracting(Found::name)
                .containsExactly(
                        "do_unlinkat",
                        "do_twice",
                        "do_twice",
                        "do_half",
                        "do_half",
                        "do_untraced",
                        "do_static.llvm.12345",
                        "do_module");
    }

    @Test
    void aSuffixOfTheCompilerNeedNotBeNamed() {
        listNames();
        assertThat(find("do_stati?", false))
                .containsExactly(new Found("do_static.llvm.12345", 0x1800));
    }

    @Test
    void namesGetTheirFirstAddress() {
        assertThat(
                        new FunctionSearch(files.host())
                                .addresses(Set.of("do_twice", "do_module", "do_data", "nothing")))
                .isEqualTo(Map.of("do_twice", 0x1100L, "do_module", 0x2000L));
    }
}
