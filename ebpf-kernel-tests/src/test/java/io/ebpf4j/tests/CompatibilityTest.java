// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** {@code .ci/compare-loads} understands the table of differences that the guide shows. */
class CompatibilityTest {
    private static final String HEAD =
            "| corpus | kernels | objects | programs | difference | message | reason |";
    private static final String COMPARISON = ".ci/compare-loads";

    /** Returns the table's rows, as the script cuts them. */
    private static List<List<String>> rows() throws IOException {
        List<List<String>> rows = new ArrayList<>();
        List<String> lines = Markdown.read("docs/compatibility.md").lines();
        int line = lines.indexOf(HEAD) + 2;
        assertThat(line).isGreaterThan(2);
        for (; line < lines.size() && lines.get(line).startsWith("|"); line++) {
            String row = lines.get(line);
            List<String> cells = new ArrayList<>();
            for (String cell : row.substring(1, row.length() - 1).split("\\|", -1)) {
                cells.add(cell.strip());
            }
            rows.add(cells);
        }
        return rows;
    }

    @Test
    void everyRowIsOneThatTheComparisonTakes() throws IOException {
        String comparison = Files.readString(Markdown.root().resolve(COMPARISON));
        for (List<String> row : rows()) {
            assertThat(row).hasSize(7).noneMatch(String::isEmpty);
            assertThat(row.get(0)).isIn("libbpf-tools", "selftests");
            assertThat(Set.of("host", "5.10", "6.1", "6.12", "7.2"))
                    .containsAll(List.of(row.get(1).split(", ")));
            for (int pattern : new int[] {2, 3, 5}) {
                assertThat(row.get(pattern)).startsWith("`").endsWith("`");
            }
            for (String difference : row.get(4).split(", ", -1)) {
                assertThat(comparison).contains("\"" + difference + "\"");
            }
        }
    }

    @Test
    void noDifferenceIsExpectedOfLibbpfTools() throws IOException {
        assertThat(rows()).extracting(row -> row.get(0)).doesNotContain("libbpf-tools");
    }
}
