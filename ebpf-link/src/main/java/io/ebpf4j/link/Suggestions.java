// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Finds the names nearest to one that does not exist, for error messages. */
final class Suggestions {
    private static final int MOST = 5;

    private record Candidate(String name, int distance) {}

    private final String wanted;
    private final int limit;
    private final List<Candidate> candidates = new ArrayList<>();

    Suggestions(String wanted) {
        this.wanted = wanted;
        this.limit = Math.max(2, wanted.length() / 3);
    }

    static String sentence(String wanted, Collection<String> names) {
        Suggestions suggestions = new Suggestions(wanted);
        for (String name : names) {
            suggestions.offer(name);
        }
        return suggestions.sentence();
    }

    void offer(String name) {
        if (name.equals(wanted)) {
            return;
        }
        // A name that contains the wanted one (do_unlink in do_unlinkat) is near however long it
        // is.
        int distance = wanted.length() >= 4 && name.contains(wanted) ? 1 : distance(name);
        if (distance <= limit) {
            candidates.add(new Candidate(name, distance));
        }
    }

    /** Returns {@code "; did you mean a, b or c?"}, or the empty string when nothing is near. */
    String sentence() {
        List<String> names = nearest();
        if (names.isEmpty()) {
            return "";
        }
        StringBuilder s = new StringBuilder("; did you mean ").append(names.get(0));
        for (int i = 1; i < names.size(); i++) {
            s.append(i == names.size() - 1 ? " or " : ", ").append(names.get(i));
        }
        return s.append('?').toString();
    }

    List<String> nearest() {
        candidates.sort(
                Comparator.comparingInt(Candidate::distance)
                        .thenComparingInt(c -> c.name().length())
                        .thenComparing(Candidate::name));
        List<String> names = new ArrayList<>();
        for (Candidate candidate : candidates) {
            if (names.size() < MOST && !names.contains(candidate.name())) {
                names.add(candidate.name());
            }
        }
        return names;
    }

    // Levenshtein's distance by two rows; a difference in length alone can decide.
    private int distance(String name) {
        if (Math.abs(name.length() - wanted.length()) > limit) {
            return Integer.MAX_VALUE;
        }
        int[] previous = new int[wanted.length() + 1];
        int[] current = new int[wanted.length() + 1];
        for (int j = 0; j < previous.length; j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= name.length(); i++) {
            current[0] = i;
            for (int j = 1; j <= wanted.length(); j++) {
                int substitution =
                        previous[j - 1] + (name.charAt(i - 1) == wanted.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(substitution, Math.min(previous[j], current[j - 1]) + 1);
            }
            int[] swap = previous;
            previous = current;
            current = swap;
        }
        return previous[wanted.length()];
    }
}
