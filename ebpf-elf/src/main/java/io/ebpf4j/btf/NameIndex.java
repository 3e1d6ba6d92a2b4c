// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.btf;

import java.util.Arrays;

/**
 * Finds types by their essential name. A type is known by its local number, which is its id minus
 * the first id of its BTF.
 *
 * <p>The first few searches compare the beginnings of all names; then the names are hashed. A young
 * process, whose loops are interpreted, often looks for a handful of types only, and hashing takes
 * it longer than that. Safe for use by several threads once complete.
 */
final class NameIndex {
    private static final int MINIMUM = 16;
    private static final int STEP = 64;

    /** How many searches go without hashes. */
    private static final int FEW = 6;

    private final Strings strings;
    private int[] names;
    private int[] numbers;
    private int size;
    private int[] prefixes;
    private int searches;
    private volatile Chains chains;

    /**
     * Entries by hash, each one more than its place.
     *
     * @param heads the newest of each bucket, or 0
     * @param next the one before, or 0
     */
    private record Chains(int[] heads, int[] next) {
        int bucket(int hash) {
            int mixed = (hash ^ hash >>> 15) * 0x2c1b3c6d;
            return (mixed ^ mixed >>> 12) & heads.length - 1;
        }
    }

    /**
     * Creates an empty index.
     *
     * @param strings where the names are
     * @param expected about how many entries there will be
     */
    NameIndex(Strings strings, int expected) {
        this.strings = strings;
        int capacity = Math.max(MINIMUM, expected);
        names = new int[capacity];
        numbers = new int[capacity];
    }

    /** Adds a type; the offset of its name need not be inside the strings yet. */
    void add(int name, int number) {
        if (size == numbers.length) {
            int capacity = size + (size >> 1);
            names = Arrays.copyOf(names, capacity);
            numbers = Arrays.copyOf(numbers, capacity);
        }
        names[size] = name;
        numbers[size++] = number;
    }

    /** Ends adding; all names must be inside. */
    void complete() {
        prefixes = new int[size];
        for (int from = 0; from < size; from += STEP) {
            strings.prefixes(names, prefixes, from, Math.min(size, from + STEP));
        }
    }

    /** Begins a search for types that may have an essential name. */
    Search search(byte[] essentialName) {
        Chains known = chains;
        // a lost count makes one more search without hashes
        if (known == null && searches++ >= FEW) {
            known = chain();
            chains = known;
        }
        return known == null
                ? new Search(essentialName)
                : new Search(known, NameHash.of(essentialName));
    }

    private Chains chain() {
        int buckets = Integer.highestOneBit(Math.max(MINIMUM, size)) * 2;
        Chains made = new Chains(new int[buckets], new int[size]);
        for (int from = 0; from < size; from += STEP) {
            chain(made, from, Math.min(size, from + STEP));
        }
        return made;
    }

    private void chain(Chains made, int from, int to) {
        for (int entry = from; entry < to; entry++) {
            int bucket = made.bucket(strings.essentialHash(names[entry]));
            made.next[entry] = made.heads[bucket];
            made.heads[bucket] = entry + 1;
        }
    }

    /** Returns the first place from one on, and before another, whose prefix fits; or that. */
    private int skip(int prefix, int mask, int from, int to) {
        int[] prefixes = this.prefixes;
        int entry = from;
        while (entry < to && (prefixes[entry] & mask) != prefix) {
            entry++;
        }
        return entry;
    }

    /** A walk over the types that may have a name, in no order. */
    final class Search {
        private final Chains hashed;
        private final int prefix;
        private final int mask;
        private int at;

        private Search(Chains hashed, int hash) {
            this.hashed = hashed;
            this.prefix = 0;
            this.mask = 0;
            this.at = hashed.heads[hashed.bucket(hash)];
        }

        private Search(byte[] name) {
            this.hashed = null;
            this.prefix = Strings.prefix(name);
            this.mask = name.length > 1 ? -1 : 0xff;
        }

        /** Returns the local number of the next type, or -1 at the end. */
        int next() {
            if (hashed != null) {
                int entry = at;
                at = entry == 0 ? 0 : hashed.next[entry - 1];
                return entry == 0 ? -1 : numbers[entry - 1];
            }
            while (at < size) {
                int to = Math.min(size, at + STEP);
                at = skip(prefix, mask, at, to);
                if (at < to) {
                    return numbers[at++];
                }
            }
            return -1;
        }
    }
}
