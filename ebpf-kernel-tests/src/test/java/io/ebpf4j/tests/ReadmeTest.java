// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

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

/**
 * The programs that the documentation shows run as they are pasted, in a JVM of their own: the
 * README's for one process, and the guide's statements, which watch every process.
 */
@KernelTest
@Requires(Requirement.TRACEFS)
class ReadmeTest {
    private static final long LIMIT = TimeUnit.SECONDS.toNanos(120);
    private static final String BETWEEN = "-- statements --";

    @TempDir Path folder;

    @Test
    void programsOfTheDocumentationShowWhatIsOpened() throws Exception {
        compile();
        Files.write(folder.resolve("opens.bpf.o"), Objects.bytes("readme"));
        Files.write(folder.resolve("opensnoop.bpf.o"), Objects.bytes("readme"));
        String pid = Long.toString(ProcessHandle.current().pid());
        List<String> lines = run("Both", pid);
        int end = lines.indexOf(BETWEEN);
        assertThat(end).isPositive();
        checkProgram(lines.subList(0, end), pid);
        assertThat(lines.subList(end, lines.size()))
                .as("statements of docs/getting-started.md")
                .anyMatch(l -> l.matches("Event\\[ts=\\d+, pid=\\d+, comm=.*]"));
    }

    private static void checkProgram(List<String> lines, String pid) {
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

    private void compile() throws IOException {
        Markdown readme = Markdown.read("README.md");
        Markdown guide = Markdown.read("docs/getting-started.md");
        Snippet program = Snippet.of(readme, readme.javaWith("public class Opens"));
        Snippet statements =
                Snippet.of(guide, guide.javaWith("Collection.load(\"opensnoop.bpf.o\")"));
        Snippet both = both(statements.className());
        assertThat(Snippet.compile(List.of(program, statements, both), folder)).isEmpty();
    }

    /** Runs the program, then the statements: one more JVM takes its time in a guest. */
    private static Snippet both(String statements) {
        String source =
                """
                public class Both {
                    public static void main(String[] args) throws Exception {
                        Opens.main(args);
                        System.out.println("%s");
                        %s.statements();
                    }
                }
                """
                        .formatted(BETWEEN, statements);
        return new Snippet(
                Path.of("Both"), new Markdown.Block("", "", 1, source), "Both", source, 0);
    }

    /** Runs a class, opening files meanwhile; returns what it prints. */
    private List<String> run(String className, String... arguments) throws Exception {
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
                LockSupport.parkNanos(20_000_000);
            }
            assertThat(process.isAlive()).as("%s still runs", className).isFalse();
            assertThat(process.exitValue()).as(Files.readString(output)).isZero();
            return Files.readAllLines(output);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
