// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The functions of the kernel itself that both sides can attach to by name. */
final class TraceableFunctions {
    private static final Path TRACEABLE = Path.of("/sys/kernel/tracing/available_filter_functions");
    private static final Path SYMBOLS = Path.of("/proc/kallsyms");
    private static final Path FORBIDDEN = Path.of("/sys/kernel/debug/kprobes/blacklist");
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");
    private static final Pattern SPACE = Pattern.compile("\\s+");

    private TraceableFunctions() {}

    /** Returns those whose names stand for one function each, and are not on the blacklist. */
    static List<String> read() throws IOException {
        Set<String> once = new HashSet<>();
        Set<String> doubled = new HashSet<>();
        for (String line : Files.readAllLines(SYMBOLS)) {
            String symbol = SPACE.split(line, -1)[2];
            if (!once.add(symbol)) {
                doubled.add(symbol);
            }
        }
        Set<String> forbidden = new HashSet<>();
        if (Files.exists(FORBIDDEN)) {
            for (String line : Files.readAllLines(FORBIDDEN)) {
                forbidden.add(SPACE.split(line, -1)[1]);
            }
        }
        List<String> functions = new ArrayList<>();
        for (String line : Files.readAllLines(TRACEABLE)) {
            // those of modules have the module's name behind theirs
            if (NAME.matcher(line).matches()
                    && once.contains(line)
                    && !doubled.contains(line)
                    && !forbidden.contains(line)) {
                functions.add(line);
            }
        }
        return functions;
    }
}
