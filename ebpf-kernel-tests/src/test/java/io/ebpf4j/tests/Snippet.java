// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * A block of Java as a source file that the compiler takes.
 *
 * @param page the page it stands on
 * @param block the block
 * @param className the class it is, or is put into
 * @param source the whole source; the block's lines are lines of it
 * @param before how many lines of the source come before the block's
 */
record Snippet(Path page, Markdown.Block block, String className, String source, int before) {

    /** What statements and members may use without an import. */
    private static final String IMPORTS =
            """
            import io.ebpf4j.*;
            import io.ebpf4j.asm.*;
            import io.ebpf4j.elf.*;
            import io.ebpf4j.error.*;
            import io.ebpf4j.kernel.*;
            import io.ebpf4j.link.*;
            import io.ebpf4j.map.*;
            import io.ebpf4j.program.*;
            import io.ebpf4j.relocation.*;
            import io.ebpf4j.spec.*;
            import io.ebpf4j.Collection;
            import java.lang.foreign.*;
            import java.net.*;
            import java.nio.channels.*;
            import java.nio.file.*;
            import java.time.*;
            import java.util.List;
            import java.util.Map;
            """;

    /** Makes a source of a block. */
    static Snippet of(Markdown page, Markdown.Block block) {
        return switch (block.note()) {
            case "snippet: program" -> program(page, block);
            case "snippet: members" -> wrapped(page, block, "final class %s {\n", "}\n");
            // c and spec are what the guides call a loaded collection and a parsed object
            case "" ->
                    wrapped(
                            page,
                            block,
                            """
                            final class %s {
                            static Collection c;
                            static CollectionSpec spec;
                            static void statements() throws Exception {
                            """,
                            "}\n}\n");
            default ->
                    throw new IllegalArgumentException(
                            page.path() + ":" + (block.line() - 2) + ": " + block.note() + "?");
        };
    }

    private static Snippet program(Markdown page, Markdown.Block block) {
        String name = block.text().replaceFirst("(?s).*?\\bpublic class (\\w+).*", "$1");
        return new Snippet(page.path(), block, name, block.text(), 0);
    }

    private static Snippet wrapped(Markdown page, Markdown.Block block, String head, String end) {
        String file = page.path().getFileName().toString().replaceAll("\\W", "_");
        String name = "Line" + block.line() + "Of_" + file;
        String before = IMPORTS + head.formatted(name);
        return new Snippet(
                page.path(),
                block,
                name,
                before + block.text() + end,
                (int) before.lines().count());
    }

    /** Compiles snippets together; returns what the compiler says, by page and line. */
    static List<String> compile(List<Snippet> snippets, Path classes) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        List<Source> sources = snippets.stream().map(Source::new).toList();
        List<String> options =
                List.of(
                        "--release",
                        "22",
                        "-proc:none",
                        "-Xlint:deprecation,removal,unchecked",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-d",
                        classes.toString());
        try (StandardJavaFileManager files =
                compiler.getStandardFileManager(diagnostics, Locale.ROOT, StandardCharsets.UTF_8)) {
            compiler.getTask(null, files, diagnostics, options, null, sources).call();
        }
        List<String> messages = new ArrayList<>();
        for (Diagnostic<? extends JavaFileObject> d : diagnostics.getDiagnostics()) {
            messages.add(message(d));
        }
        return messages;
    }

    private static String message(Diagnostic<? extends JavaFileObject> d) {
        String text = d.getMessage(Locale.ROOT);
        if (!(d.getSource() instanceof Source source)) {
            return text;
        }
        Snippet s = source.snippet;
        return s.page + ":" + (s.block.line() + d.getLineNumber() - 1 - s.before) + ": " + text;
    }

    private static final class Source extends SimpleJavaFileObject {
        private final Snippet snippet;

        Source(Snippet snippet) {
            super(URI.create("string:///" + snippet.className + ".java"), Kind.SOURCE);
            this.snippet = snippet;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return snippet.source;
        }
    }
}
