// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The programs that the documentation shows run as they are pasted, in a JVM of their own. */
@KernelTest
@Requires(Requirement.TRACEFS)
class ReadmeTest {
    private static final long LIMIT = TimeUnit.SECONDS.toNanos(120);

    @TempDir static Path folder;

    private static String glance;

    @BeforeAll
    static void compile() throws IOException {
        Markdown readme = Markdown.read("README.md");
        Markdown guide = Markdown.read("docs/getting-started.md");
        Snippet program = Snippet.of(readme, readme.javaWith("public class Opens"));
        Snippet statements =
                Snippet.of(guide, guide.javaWith("Collection.load(\"opensnoop.bpf.o\")"));
        glance = statements.className();
        assertThat(Snippet.compile(List.of(program, statements, launcher()), folder)).isEmpty();
        Files.write(folder.resolve("opens.bpf.o"), Objects.bytes("readme"));
        Files.write(folder.resolve("opensnoop.bpf.o"), Objects.bytes("readme"));
    }

    /** Calls the method that the statements of a snippet are put into. */
    private static Snippet launcher() {
        String source =
                """
                public class Launcher {
                    public static void main(String[] args) throws Exception {
                        %s.statements();
                    }
                }
                """
                        .formatted(glance);
        return new Snippet(
                Path.of("Launcher"), new Markdown.Block("", "", 1, source), "Launcher", source, 0);
    }

    @Test
    void theProgramOfTheReadmeShowsWhatOneProcessOpens() throws Exception {
        String pid = Long.toString(ProcessHandle.current().pid());
        List<String> lines = run("Opens", pid);
        List<String> events = lines.stream().filter(l -> l.startsWith("Event[")).toList();
        List<String> counts = new ArrayList<>(lines);
        counts.removeAll(events);
        assertThat(events)
                .isNotEmpty()
                .allMatch(l -> l.matches("Event\\[ts=\\d+, pid=" + pid + ", comm=.+]"));
        assertThat(counts)
                .isNotEmpty()
                .allMatch(l -> l.matches(".+ \\(" + pid + "\\) opened [1-9]\\d* files"));
    }

    @Test
    void theStatementsOfTheGuideShowEventsOfAllProcesses() throws Exception {
        String me = "pid=" + ProcessHandle.current().pid() + ",";
        List<String> lines = run("Launcher");
        assertThat(lines).anyMatch(l -> l.startsWith("Event[ts=") && l.contains(me));
    }

    /** Runs a class, opening files meanwhile; returns what it prints. */
    private static List<String> run(String className, String... arguments) throws Exception {
        Path output = folder.resolve(className + ".output");
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                folder + ":" + System.getProperty("java.class.path"),
                                className));
        command.addAll(Arrays.asList(arguments));
        Process process =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        try {
            long end = System.nanoTime() + LIMIT;
            while (process.isAlive() && System.nanoTime() < end) {
                Files.readAllBytes(folder.resolve("opens.bpf.o"));
                LockSupport.parkNanos(1_000_000);
            }
            assertThat(process.isAlive()).as("%s still runs", className).isFalse();
            assertThat(process.exitValue()).as(Files.readString(output)).isZero();
            return Files.readAllLines(output);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
