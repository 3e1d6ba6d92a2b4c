// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A page of the documentation, cut into its fenced blocks.
 *
 * <p>A comment on the line before a block says what it is: {@code <!-- snippet: program -->} a
 * whole source file, {@code <!-- snippet: members -->} members of a class, {@code <!-- file: PATH
 * -->} a part of that file of the repository. A block of Java without one is statements.
 *
 * @param path the page, from the root of the repository
 * @param lines all lines
 * @param blocks the fenced blocks
 */
record Markdown(Path path, List<String> lines, List<Block> blocks) {

    /**
     * A fenced block.
     *
     * @param language what stands behind the opening fence, such as {@code java}
     * @param note the comment's text, or the empty string
     * @param line the number of the first line of {@code text} in the page, from 1 on
     * @param text the lines between the fences
     */
    record Block(String language, String note, int line, String text) {}

    private static final String FENCE = "```";

    /** Returns the root of the repository: this folder, or the next one above it with a README. */
    static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isRegularFile(folder.resolve("README.md"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException("no README.md in this folder or one above it");
            }
        }
        return folder;
    }

    /** Reads a page, such as {@code docs/maps-and-types.md}. */
    static Markdown read(String path) throws IOException {
        return parse(Path.of(path), Files.readAllLines(root().resolve(path)));
    }

    /** Reads README, CHANGELOG, CONTRIBUTING and all guides. */
    static List<Markdown> pages() throws IOException {
        List<Markdown> pages = new ArrayList<>();
        for (String folder : List.of("", "docs")) {
            try (var files = Files.newDirectoryStream(root().resolve(folder), "*.md")) {
                for (Path file : files) {
                    pages.add(read(root().relativize(file).toString()));
                }
            }
        }
        return pages;
    }

    static Markdown parse(Path path, List<String> lines) {
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).startsWith(FENCE)) {
                continue;
            }
            int first = i + 1;
            int end = first;
            while (end < lines.size() && !lines.get(end).equals(FENCE)) {
                end++;
            }
            if (end == lines.size()) {
                throw new IllegalArgumentException(path + ":" + (i + 1) + ": the block has no end");
            }
            blocks.add(
                    new Block(
                            lines.get(i).substring(FENCE.length()).strip(),
                            i == 0 ? "" : note(lines.get(i - 1)),
                            first + 1,
                            String.join("\n", lines.subList(first, end)) + "\n"));
            i = end;
        }
        return new Markdown(path, lines, blocks);
    }

    private static String note(String line) {
        return line.startsWith("<!--") && line.endsWith("-->")
                ? line.substring(4, line.length() - 3).strip()
                : "";
    }

    /** Returns the blocks of one language. */
    List<Block> in(String language) {
        return blocks.stream().filter(b -> b.language().equals(language)).toList();
    }

    /** Returns the only block of Java that has a text in it. */
    Block javaWith(String text) {
        List<Block> found = in("java").stream().filter(b -> b.text().contains(text)).toList();
        if (found.size() != 1) {
            throw new IllegalStateException(
                    path + " has " + found.size() + " blocks of Java with \"" + text + "\"");
        }
        return found.get(0);
    }
}
