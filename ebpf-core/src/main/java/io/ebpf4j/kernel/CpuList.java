// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.kernel;

import java.util.Arrays;

/**
 * Reads lists of CPUs as sysfs writes them, such as {@code 0-3,5}
 * (Documentation/admin-guide/cputopology.rst).
 */
final class CpuList {
    private CpuList() {}

    /** Returns the CPUs in ascending order, or null when the text is no list. */
    static int[] parse(String text) {
        int[] cpus = new int[16];
        int count = 0;
        int at = 0;
        while (at < text.length()) {
            int end = text.indexOf(',', at);
            end = end < 0 ? text.length() : end;
            int dash = text.indexOf('-', at);
            boolean range = dash >= 0 && dash < end;
            int first = number(text, at, range ? dash : end);
            int last = range ? number(text, dash + 1, end) : first;
            if (first < 0 || last < first) {
                return null;
            }
            for (int cpu = first; cpu <= last; cpu++) {
                if (count == cpus.length) {
                    cpus = Arrays.copyOf(cpus, count * 2);
                }
                cpus[count++] = cpu;
            }
            at = end + 1;
        }
        return count == 0 ? null : Arrays.copyOf(cpus, count);
    }

    private static int number(String text, int from, int to) {
        if (from >= to || to - from > 6) {
            return -1;
        }
        int number = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            number = number * 10 + (c - '0');
        }
        return number;
    }
}
