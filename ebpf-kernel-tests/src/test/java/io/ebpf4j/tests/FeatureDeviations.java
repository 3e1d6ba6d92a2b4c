// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.kernel.Support;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The reviewed table of what kernels lack although their version should have it. */
final class FeatureDeviations {
    private static final String TABLE = "/feature-deviations.tsv";

    private final List<Row> applicable;
    private final Set<Row> due = new HashSet<>();
    private final Set<Row> used = new HashSet<>();

    private FeatureDeviations(List<Row> applicable) {
        this.applicable = applicable;
    }

    /**
     * A row whose condition holds here.
     *
     * @param text the row
     * @param features what it is about
     * @param answer what a probe says
     */
    private record Row(String text, Pattern features, Support answer) {}

    static FeatureDeviations read(Kernel kernel) throws IOException {
        assertThat(kernel.config().source()).as("the kernel's configuration").isNotEmpty();
        List<Row> rows = new ArrayList<>();
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(
                                FeatureDeviations.class.getResourceAsStream(TABLE),
                                StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] columns = line.split("\t", -1);
                if (!line.startsWith("#") && holds(columns[0], kernel)) {
                    String pattern = Pattern.quote(columns[1]).replace("*", "\\E.*\\Q");
                    rows.add(new Row(line, Pattern.compile(pattern), Support.valueOf(columns[2])));
                }
            }
        }
        return new FeatureDeviations(rows);
    }

    private static boolean holds(String condition, Kernel kernel) {
        if (condition.startsWith("!CONFIG_")) {
            return kernel.config().value(condition.substring(1)).isEmpty();
        }
        return condition.equals("lockdown")
                ? Requirement.FENTRY.missing().contains("lockdown")
                : kernel.version().toString().startsWith(condition + '.');
    }

    /**
     * Says whether an answer is what the version promises, or a row explains it.
     *
     * @param expected what the version promises
     */
    boolean explain(String feature, Support expected, Support answer) {
        boolean explained = answer == expected;
        for (Row row : applicable) {
            if (row.answer() != expected && row.features().matcher(feature).matches()) {
                due.add(row);
                if (row.answer() == answer) {
                    used.add(row);
                    explained = true;
                }
            }
        }
        return explained;
    }

    /** Returns the rows that should have explained something, but did not. */
    List<String> unused() {
        List<String> unused = new ArrayList<>();
        for (Row row : due) {
            if (!used.contains(row)) {
                unused.add(row.text());
            }
        }
        return unused;
    }
}
