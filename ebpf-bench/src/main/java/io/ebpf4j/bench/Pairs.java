// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.bench;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;

/**
 * Measurements of two sides in turn. Each ratio is of two measurements that follow each other, so
 * that what else the machine does meets both.
 */
final class Pairs {
    private final double[] ours;
    private final double[] theirs;
    private final double[] ratios;

    private Pairs(int count) {
        ours = new double[count];
        theirs = new double[count];
        ratios = new double[count];
    }

    /**
     * Measures.
     *
     * @param warmup how often our side runs, and one hundredth of it the other, before it counts
     * @param count how many pairs
     */
    static Pairs measure(Side ours, Side theirs, int warmup, int count) throws IOException {
        for (int i = 0; i < warmup; i++) {
            ours.measure();
            if (i % 100 == 0) {
                theirs.measure();
            }
        }
        Pairs pairs = new Pairs(count);
        for (int i = 0; i < count; i++) {
            // who goes first finds colder caches
            if (i % 2 == 0) {
                pairs.ours[i] = ours.measure();
                pairs.theirs[i] = theirs.measure();
            } else {
                pairs.theirs[i] = theirs.measure();
                pairs.ours[i] = ours.measure();
            }
            pairs.ratios[i] = pairs.ours[i] / pairs.theirs[i];
        }
        Arrays.sort(pairs.ours);
        Arrays.sort(pairs.theirs);
        Arrays.sort(pairs.ratios);
        return pairs;
    }

    private static double median(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    double ours() {
        return median(ours);
    }

    double ratio() {
        return median(ratios);
    }

    /** Returns a line of the report: {@code case ours libbpf ratio min max}. */
    String line(String name) {
        return String.format(
                Locale.ROOT,
                "%s\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f",
                name,
                ours(),
                median(theirs),
                ratio(),
                ratios[0],
                ratios[ratios.length - 1]);
    }
}
