// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.ebpf4j.spec.SectionDefinition;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the documentation shows compiles, and what it points at is there. */
class SnippetsTest {
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]+)(#[^)]*)?\\)");

    @TempDir Path classes;

    @Test
    void everySnippetCompiles() throws IOException {
        List<Snippet> snippets = new ArrayList<>();
        for (Markdown page : Markdown.pages()) {
            for (Markdown.Block block : page.in("java")) {
                snippets.add(Snippet.of(page, block));
            }
        }
        assertThat(snippets.size()).isGreaterThan(15);
        assertThat(Snippet.compile(snippets, classes)).isEmpty();
    }

    @Test
    void anErrorIsReportedAtItsLineOfThePage() throws IOException {
        Markdown page =
                Markdown.parse(
                        Path.of("page.md"),
                        List.of("text", "```java", "int good = 1;", "int bad = \"x\";", "```"));
        List<String> messages =
                Snippet.compile(List.of(Snippet.of(page, page.blocks().get(0))), classes);
        assertThat(messages).hasSize(1);
        assertThat(messages.get(0)).startsWith("page.md:4: incompatible types");
    }

    @Test
    void blocksThatNameAFileAreInIt() throws IOException {
        int seen = 0;
        for (Markdown page : Markdown.pages()) {
            for (Markdown.Block block : page.blocks()) {
                if (block.note().startsWith("file: ")) {
                    Path file = Markdown.root().resolve(block.note().substring(6));
                    assertThat(Files.readString(file))
                            .as(page.path() + ":" + block.line())
                            .contains(block.text());
                    seen++;
                }
            }
        }
        assertThat(seen).isPositive();
    }

    @Test
    void linksLeadToFiles() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Markdown page : Markdown.pages()) {
            Path folder = Markdown.root().resolve(page.path()).getParent();
            for (int i = 0; i < page.lines().size(); i++) {
                Matcher link = LINK.matcher(page.lines().get(i));
                while (link.find()) {
                    String target = link.group(1);
                    if (!target.contains(":") && !Files.exists(folder.resolve(target))) {
                        broken.add(page.path() + ":" + (i + 1) + ": " + target);
                    }
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void rowsOfTheTableOfKernelsNameTests() throws IOException {
        List<String> rows =
                Files.readAllLines(Markdown.root().resolve("docs/kernels.tsv")).stream()
                        .filter(row -> !row.startsWith("#"))
                        .toList();
        assertThat(rows).isNotEmpty();
        for (String row : rows) {
            String[] columns = row.split("\t", -1);
            assertThat(columns).as(row).hasSize(2);
            for (String test : columns[1].split(" ", -1)) {
                assertThat(isKernelTest(test)).as(test).isTrue();
            }
        }
    }

    @Test
    void rowsOfTheTableOfHooksAreSections() throws IOException {
        List<String> names = SectionDefinition.all().stream().map(AttachMatrix::name).toList();
        List<String> rows =
                Files.readAllLines(Markdown.root().resolve("docs/attach-matrix.md")).stream()
                        .filter(line -> line.startsWith("| `"))
                        .map(line -> line.substring(3, line.indexOf('`', 3)))
                        .toList();
        assertThat(rows).isNotEmpty().allMatch(names::contains);
    }

    private boolean isKernelTest(String test) {
        String[] parts = test.split("#", -1);
        try {
            Class<?> type = Class.forName(getClass().getPackageName() + "." + parts[0]);
            return type.isAnnotationPresent(KernelTest.class)
                    && (parts.length == 1
                            || Arrays.stream(type.getDeclaredMethods())
                                    .anyMatch(m -> m.getName().equals(parts[1])));
        } catch (ClassNotFoundException e) {
            return false;
        }
    }
}
