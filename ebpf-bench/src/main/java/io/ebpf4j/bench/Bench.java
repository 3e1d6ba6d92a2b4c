// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Runs cases and prints a line for each. */
final class Bench {
    private Bench() {}

    /**
     * Measures.
     *
     * @param args this module's folder, and the names of cases; none for all
     * @return the status to exit with: 1 when a bound is missed, 2 when there is no such case
     */
    static int run(String[] args) throws IOException {
        Path work = Files.createTempDirectory("ebpf-bench");
        try {
            Cases cases = new Cases(Path.of(args[0]), work);
            List<Case> chosen = new ArrayList<>();
            for (int i = 1; i < args.length; i++) {
                Case found = cases.find(args[i]);
                if (found == null) {
                    System.err.println("there is no case " + args[i] + ", only " + cases.names());
                    return 2;
                }
                chosen.add(found);
            }
            return run(chosen.isEmpty() ? cases.all() : chosen);
        } finally {
            delete(work);
        }
    }

    private static int run(List<Case> cases) throws IOException {
        int status = 0;
        for (Case c : cases) {
            Pairs pairs = c.measure();
            System.out.println(pairs.line(c.name()));
            String miss = c.miss(pairs);
            if (miss != null) {
                System.err.println(c.name() + ": " + miss + "; load average " + loadAverage());
                status = 1;
            }
        }
        return status;
    }

    private static String loadAverage() throws IOException {
        String text = Files.readString(Path.of("/proc/loadavg"));
        return text.substring(0, text.indexOf(' '));
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    static String format(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }
}
