// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.ObjectFormatException;
import io.ebpf4j.error.PermissionDeniedException;
import io.ebpf4j.error.Rejection;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.error.VerifierException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import picocli.CommandLine;
import picocli.CommandLine.Command;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;

class MainTest {
    private final StringWriter err = new StringWriter();

    @Command(name = "fails")
    record Failing(RuntimeException failure) implements Runnable {
        @Override
        public void run() {
            throw failure;
        }
    }

    static List<BpfException> failures() {
        return List.of(
                new PermissionDeniedException("a map", "CAP_BPF", "run it as root", "CALL", 1),
                new UnsupportedException("a thing", "5.8", "use another; or none"),
                new UnsupportedException("a thing", "5.8", ""),
                new ObjectFormatException(4, "no ELF file"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void failuresTakeTwoLinesAndNoStackTrace(BpfException failure) {
        assertThat(run(failure)).isEqualTo(1);
        assertThat(err.toString()).startsWith("fails: ").endsWith("\n");
        assertThat(err.toString().lines()).hasSize(2).noneMatch(String::isBlank);
        assertThat(err.toString()).doesNotContain("Exception");
    }

    @Test
    void aRefusalNamesTheCapabilityAndThenTheRemedy() {
        run(failures().getFirst());

        assertThat(err.toString().lines())
                .containsExactly("fails: a map: missing CAP_BPF", "run it as root");
    }

    @Test
    void aRejectedProgramIsShownWithItsLineOfC() {
        Rejection rejection =
                new Rejection(
                        "too complex", "shorten; it", 3, "exit", "f", 1, "x @ y.c:1", "R0=1 R1=2");
        run(new VerifierException("p", rejection, "the log\n", 22));

        assertThat(err.toString().lines())
                .containsExactly(
                        "fails: program p was rejected: too complex",
                        "  at x @ y.c:1",
                        "  instruction 3 (f+1): exit",
                        "  with R0=1",
                        "  what to do: shorten; it",
                        "  full log: VerifierException.log(), 1 line");
    }

    @Test
    void debuggingShowsTheStackTrace() {
        assertThat(run(failures().getFirst(), "--debug")).isEqualTo(1);
        assertThat(err.toString()).contains("PermissionDeniedException", "\tat io.ebpf4j");
    }

    @Test
    void mistakesOfOurOwnShowTheirStackTrace() {
        assertThat(run(new IllegalStateException("mistake"))).isEqualTo(1);
        assertThat(err.toString()).contains("IllegalStateException: mistake", "\tat io.ebpf4j");
    }

    @Test
    void unknownOptionsAreUsageErrors() {
        assertThat(execute(Main.commandLine(), "execsnoop", "--colour")).isEqualTo(2);
        assertThat(err.toString()).contains("--colour", "Usage: ").doesNotContain("\tat ");
    }

    @Test
    void numbersThatAreNoneAreUsageErrors() {
        assertThat(execute(Main.commandLine(), "opensnoop", "--events", "few")).isEqualTo(2);
        assertThat(err.toString()).contains("--events", "few");
    }

    @Test
    void theLauncherListsEveryToolAsItDescribesItself() throws Exception {
        Map<String, CommandLine> tools = Main.commandLine().getSubcommands();
        Process launcher = new ProcessBuilder("./run").start();
        String list = new String(launcher.getInputStream().readAllBytes(), UTF_8);

        assertThat(launcher.waitFor()).isZero();
        assertThat(list.lines()).hasSize(1 + tools.size());
        for (CommandLine tool : tools.values()) {
            String name = tool.getCommandName();
            String[] description = tool.getCommandSpec().usageMessage().description();
            assertThat(list).containsPattern("\n +" + name + " +" + description[0] + "\n");
        }
    }

    private int run(RuntimeException failure, String... options) {
        CommandLine main = Main.commandLine().addSubcommand(new Failing(failure));
        return execute(main, "fails", options);
    }

    private int execute(CommandLine main, String tool, String... options) {
        main.setErr(new PrintWriter(err, true));
        String[] args = new String[options.length + 1];
        args[0] = tool;
        System.arraycopy(options, 0, args, 1, options.length);
        return main.execute(args);
    }
}
