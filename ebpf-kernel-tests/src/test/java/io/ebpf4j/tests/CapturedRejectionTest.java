// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.ebpf4j.error.VerifierException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.kernel.KernelVersion;
import io.ebpf4j.program.BtfObject;
import io.ebpf4j.program.Program;
import io.ebpf4j.program.ProgramLoad;
import io.ebpf4j.relocation.LinkedProgram;
import io.ebpf4j.spec.CollectionSpec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@link RejectionTest} sees on one kernel, for all of them and without any: the logs were
 * written by {@link RejectionLogs}.
 */
class CapturedRejectionTest {
    private static final String NOTE = "rejection: ";
    private static final int LEAST_REJECTIONS = 40;

    /** One program's part of the file. */
    private record Captured(int errno, String log) {}

    @ParameterizedTest
    @ValueSource(strings = {"5.10", "6.1", "6.12", "6.18", "7.2"})
    void whatEachKernelSaidIsExplained(String series) throws IOException {
        Map<String, Captured> logs = read(series);
        int rejected = 0;
        for (RejectionRow row : RejectionRow.of(KernelVersion.parse(series))) {
            Captured captured = logs.get(row.program());
            assertThat(captured).as("a log of %s", row.program()).isNotNull();
            assertThat(captured.errno == 0).as("%s is accepted", row).isEqualTo(row.accepted());
            // which function is missing, only a whole load knows
            if (!row.accepted() && !row.reason().startsWith("the kernel has no function")) {
                explain(row, captured);
                rejected++;
            }
        }
        assertThat(rejected).isGreaterThanOrEqualTo(LEAST_REJECTIONS);
    }

    /** What the guide shows is said on 6.18, but for the word that marks the line. */
    @Test
    void theGuideShowsAMessageAsItIs() throws IOException {
        List<RejectionRow> rows = new ArrayList<>(RejectionRow.of(KernelVersion.parse("6.18")));
        int shown = 0;
        for (Markdown.Block block : Markdown.read("docs/errors.md").blocks()) {
            if (block.note().startsWith(NOTE)) {
                String program = block.note().substring(NOTE.length());
                rows.removeIf(row -> !row.program().equals(program));
                Captured captured = read("6.18").get(program);
                VerifierException e = explain(rows.getFirst(), captured);
                assertThat(e.getMessage().replace(" // HERE", "")).isEqualTo(block.text().strip());
                shown++;
            }
        }
        assertThat(shown).isEqualTo(1);
    }

    private static VerifierException explain(RejectionRow row, Captured captured) {
        CollectionSpec spec = RejectedSource.spec(row.object());
        LinkedProgram linked = RejectionTest.linked(spec, row.program());
        Kernel kernel = ReplayedKernel.saying(captured.log, captured.errno);
        try (BtfObject types = BtfObject.load(kernel, spec.btf().orElseThrow())) {
            ProgramLoad load =
                    ProgramLoad.of(
                                    row.program(),
                                    spec.program(row.program()).type(),
                                    linked.instructions())
                            .btf(types, linked.funcInfo(), linked.lineInfo())
                            .build();
            VerifierException e =
                    catchThrowableOfType(
                            VerifierException.class, () -> Program.load(kernel, load).close());
            assertThat(e).as("%s", row).isNotNull();
            assertThat(e.errno()).isEqualTo(captured.errno);
            assertThat(e.log()).isEqualTo(captured.log);
            row.check(e, linked);
            return e;
        }
    }

    private static Map<String, Captured> read(String series) throws IOException {
        Map<String, Captured> logs = new LinkedHashMap<>();
        String name = "/rejections/" + series + ".log";
        try (InputStream in = CapturedRejectionTest.class.getResourceAsStream(name)) {
            String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (String part : all.split("(?m)^=== ", -1)) {
                int end = part.indexOf('\n');
                if (end > 0) {
                    String[] head = part.substring(0, end).split(" ", 2);
                    logs.put(
                            head[0],
                            new Captured(Integer.parseInt(head[1]), part.substring(end + 1)));
                }
            }
        }
        return logs;
    }
}
