// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;

/** The application runs either way, without a warning, and gets at nothing it should not. */
class ConsumerTest {
    private static final Path OBJECT = Path.of("../ebpf/src/test/bpf/pipeline.bpf.o");
    private static final String MAIN = "io.ebpf4j.consumer.Consumer";

    @TempDir Path folder;

    private record Run(int status, List<String> lines, String complaints) {}

    private Run java(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:+UseSerialGC");
        command.add("-XX:TieredStopAtLevel=1");
        command.addAll(List.of(arguments));
        command.add(OBJECT.toString());
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Process process =
                new ProcessBuilder(command)
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile())
                        .start();
        try {
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Run(process.exitValue(), Files.readAllLines(out), Files.readString(err));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void runsOnTheModulePath() throws Exception {
        Run run =
                java(
                        "--module-path",
                        Jars.path(),
                        "--enable-native-access=io.ebpf4j.core",
                        "--module",
                        "io.ebpf4j.consumer/" + MAIN);
        assertThat(run.complaints).isEmpty();
        assertThat(run.status).isZero();
        assertThat(run.lines).hasSize(5).contains("module io.ebpf4j", "unknown BpfException");
        assertThat(run.lines.getFirst()).contains("first", "second");
        assertThat(run.lines.get(2)).matches("kernel \\d+\\.\\d+.*");
        assertThat(run.lines.getLast()).isEqualTo("internals IllegalAccessException");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void runsOnTheClassPath() throws Exception {
        Run run = java("--class-path", Jars.path(), "--enable-native-access=ALL-UNNAMED", MAIN);
        assertThat(run.complaints).isEmpty();
        assertThat(run.status).isZero();
        assertThat(run.lines).hasSize(5).contains("module null", "unknown BpfException");
        assertThat(run.lines.getFirst()).contains("first", "second");
    }

    @Test
    void theCompilerKeepsInternalsFromUsers() throws IOException {
        Path module = Files.createDirectories(folder.resolve("intruder"));
        Path descriptor = module.resolve("module-info.java");
        Path source = module.resolve("Intruder.java");
        Files.writeString(descriptor, "module intruder { requires io.ebpf4j; }");
        Files.writeString(
                source,
                "package intruder; class Intruder { Object bpf = io.ebpf4j.sys.Bpf.class; }");
        StringWriter said = new StringWriter();
        int status =
                ToolProvider.findFirst("javac")
                        .orElseThrow()
                        .run(
                                new PrintWriter(said),
                                new PrintWriter(said),
                                "-encoding",
                                StandardCharsets.UTF_8.name(),
                                "--module-path",
                                Jars.path(),
                                "-d",
                                folder.resolve("classes").toString(),
                                descriptor.toString(),
                                source.toString());
        assertThat(status).isNotZero();
        assertThat(said.toString()).contains("package io.ebpf4j.sys is not visible");
    }
}
