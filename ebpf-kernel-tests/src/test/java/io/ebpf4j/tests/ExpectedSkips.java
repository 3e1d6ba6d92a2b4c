// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The table of the tests that cannot run on a kernel, and why: {@code expected-skips.tsv}.
 *
 * <p>A row has three columns: the kernel's series ({@code 5.10}, {@code host-6.18}), the test
 * ({@code Class#method}), both with {@code *} for any characters, and words that stand in the
 * reason of the skip. Lines that begin with {@code #} say why to a reader.
 *
 * @param rows the rows for one kernel
 */
record ExpectedSkips(List<Row> rows) {

    /**
     * One row.
     *
     * @param kernel which kernels it is about
     * @param test which tests
     * @param reason words of the skip's reason
     */
    record Row(String kernel, String test, String reason) {

        boolean covers(Results.Skip skip) {
            return matches(test, skip.test()) && skip.reason().contains(reason);
        }

        @Override
        public String toString() {
            return kernel + " " + test + " (" + reason + ")";
        }
    }

    /**
     * Reads the rows that are about one kernel.
     *
     * @param series the kernel's series
     * @return the table
     */
    static ExpectedSkips of(String series) {
        try (InputStream table = ExpectedSkips.class.getResourceAsStream("/expected-skips.tsv")) {
            if (table == null) {
                throw new IllegalStateException("expected-skips.tsv is not on the class path");
            }
            return parse(new String(table.readAllBytes(), StandardCharsets.UTF_8), series);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Takes from a table the rows that are about one kernel.
     *
     * @param table the text
     * @param series the kernel's series
     * @return the table
     * @throws IllegalArgumentException if a line has not three columns
     */
    static ExpectedSkips parse(String table, String series) {
        List<Row> rows = new ArrayList<>();
        int number = 0;
        for (String line : table.lines().toList()) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] columns = line.split("\t", -1);
            if (columns.length != 3 || columns[2].isBlank()) {
                throw new IllegalArgumentException(
                        "expected-skips.tsv:" + number + ": kernel, test and reason expected");
            }
            if (matches(columns[0], series)) {
                rows.add(new Row(columns[0], columns[1], columns[2]));
            }
        }
        return new ExpectedSkips(rows);
    }

    /**
     * Finds the skips that no row covers.
     *
     * @param skips the skips of a run
     * @return those that nobody expected
     */
    List<Results.Skip> unexpected(List<Results.Skip> skips) {
        List<Results.Skip> unexpected = new ArrayList<>(skips);
        unexpected.removeIf(skip -> rows.stream().anyMatch(row -> row.covers(skip)));
        return unexpected;
    }

    /**
     * Finds the rows that cover no skip: what they say is missing is there, or their test is gone.
     *
     * @param skips the skips of a run of all tests
     * @return the stale rows
     */
    List<Row> stale(List<Results.Skip> skips) {
        List<Row> stale = new ArrayList<>(rows);
        stale.removeIf(row -> skips.stream().anyMatch(row::covers));
        return stale;
    }

    /**
     * Matches a text against a pattern in which {@code *} stands for any characters.
     *
     * @param pattern the pattern
     * @param text the text
     * @return whether all of the text matches
     */
    static boolean matches(String pattern, String text) {
        int star = pattern.indexOf('*');
        if (star < 0) {
            return pattern.equals(text);
        }
        if (!text.startsWith(pattern.substring(0, star))) {
            return false;
        }
        String rest = pattern.substring(star + 1);
        for (int from = star; from <= text.length(); from++) {
            if (matches(rest, text.substring(from))) {
                return true;
            }
        }
        return false;
    }
}
