// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.ebpf4j.Collection;
import io.ebpf4j.link.Binary;
import io.ebpf4j.link.Link;
import io.ebpf4j.link.LinkInfo;
import io.ebpf4j.link.Uprobe;
import io.ebpf4j.link.UprobeOptions;
import io.ebpf4j.link.UsdtOptions;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Uprobes in files that are found in unusual places. */
@KernelTest
@Requires(Requirement.UPROBES)
@Timeout(120)
class LinkTargetsTest {
    private static final String PROGRAM = "on_probe_one_by_one";
    private static final String ENTRY = "lib/x86_64/libprobed.so";
    private static final int MOST_LINES = 50;

    @TempDir Path folder;

    private static long hits(Collection c) {
        return c.variable("hits", long.class).get();
    }

    @Test
    @Requires(Requirement.X86_64)
    void aLibraryInAnArchive() throws IOException {
        Path archive = folder.resolve("base.apk");
        try (ProbedFile file = ProbedFile.inArchive(archive, ENTRY);
                Collection c = Collection.load(Objects.spec("usdt"))) {
            String name = file.path() + "!/" + ENTRY;
            long place = Binary.find(name).probes().get(0).fileOffset();
            UsdtOptions here = UsdtOptions.builder().pid(0).cookie(9).build();
            try (Link link = c.attachUsdt(PROGRAM, name, "app", "two", here)) {
                assertThat(((LinkInfo.Usdt) link.info().detail()).path()).isEqualTo(name);
                file.call(ProbedFile.STACK, 77, 0, 0);
                assertThat(hits(c)).isEqualTo(1);
                assertThat(c.variable("cookie", long.class).get()).isEqualTo(9);
                assertThat(c.variable("arguments", long[].class).get()[0]).isEqualTo(77);
            }
            UprobeOptions options = UprobeOptions.builder().build();
            try (Link link = Uprobe.attach(c.program(PROGRAM), name, place, options)) {
                file.call(ProbedFile.REGISTERS, 1, 2, 3);
                assertThat(hits(c)).isEqualTo(2);
                assertThat(link.isOpen()).isTrue();
            }
            file.call(ProbedFile.REGISTERS, 1, 2, 3);
            assertThat(hits(c)).isEqualTo(2);
        }
    }

    /** A shell whose C library is a copy that nobody else sees. */
    @Test
    void aLibraryInAnotherMountNamespace() throws IOException, InterruptedException {
        String copies = Files.createDirectory(folder.resolve("copies")).toString();
        String script =
                "mount -t tmpfs copies $1 && cp $2 $1/libc.so.6 && LD_LIBRARY_PATH=$1 exec sh -c"
                        + " 'echo ready; while read line; do echo $line; done'";
        Process shell =
                new ProcessBuilder(
                                "unshare",
                                "-m",
                                "sh",
                                "-c",
                                script,
                                "sh",
                                copies,
                                Binary.find("libc.so.6").path())
                        .redirectErrorStream(true)
                        .start();
        try (BufferedReader answers = shell.inputReader(StandardCharsets.UTF_8);
                PrintStream lines =
                        new PrintStream(shell.getOutputStream(), true, StandardCharsets.UTF_8);
                Collection c = Collection.load(Objects.spec("usdt"))) {
            assertThat(answers.readLine()).isEqualTo("ready");
            int pid = (int) shell.pid();
            String expected = "/proc/" + pid + "/root" + copies + "/libc.so.6";
            assertThat(Binary.find("libc.so.6", pid).path()).isEqualTo(expected);
            assertThat(Binary.find(copies + "/libc.so.6", pid).path()).isEqualTo(expected);
            assertThat(Path.of(copies, "libc.so.6")).doesNotExist();
            UprobeOptions there = UprobeOptions.builder().pid(pid).build();
            try (Link link = c.attachUprobe(PROGRAM, "libc.so.6", "read", there)) {
                for (int line = 0; line < MOST_LINES && hits(c) == 0; line++) {
                    lines.println("line");
                    assertThat(answers.readLine()).isEqualTo("line");
                }
                assertThat(hits(c)).isPositive();
                assertThat(link.isOpen()).isTrue();
            }
            long before = hits(c);
            lines.println("last");
            assertThat(answers.readLine()).isEqualTo("last");
            assertThat(hits(c)).isEqualTo(before);
        } finally {
            shell.destroy();
            assertThat(shell.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
    }
}
