// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import io.ebpf4j.spec.CollectionSpec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A source of programs that are rejected, with the lines that are to be blamed.
 *
 * @param file the file's name
 * @param lines its lines
 */
record RejectedSource(String file, List<String> lines) {
    private static final Path FOLDER = Path.of("ebpf-kernel-tests/src/test/bpf");

    /** Reads a source, such as {@code rejected}. */
    static RejectedSource of(String object) {
        String file = object + ".bpf.c";
        try {
            return new RejectedSource(
                    file, Files.readAllLines(Markdown.root().resolve(FOLDER).resolve(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads the object beside it: what a verifier says depends on what the compiler made, so other
     * objects of the same name on the class path do not count.
     */
    static CollectionSpec spec(String object) {
        return CollectionSpec.parse(Markdown.root().resolve(FOLDER).resolve(object + ".bpf.o"));
    }

    /**
     * Returns the line of a function that ends with {@code HERE}, or its first where none does or
     * that is asked for, as verifiers print it.
     */
    String line(String function, boolean askedForFirst) {
        Pattern head = Pattern.compile("^(?!extern).*\\b" + function + "[(,]");
        int first = 0;
        while (!head.matcher(lines.get(first)).find() || lines.get(first).endsWith(";")) {
            first++;
        }
        int here = first;
        while (!lines.get(here).endsWith("HERE") && !lines.get(here).startsWith("}")) {
            here++;
        }
        return text(lines.get(here).endsWith("HERE") && !askedForFirst ? here : first);
    }

    private String text(int index) {
        return lines.get(index).strip() + " @ " + file + ":" + (index + 1);
    }
}
