// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.btf;

import java.util.Arrays;

/**
 * Chains entries of one hash: {@link #first} and {@link #next} walk them, newest first. An entry
 * stands for a type by its local number, which is its id minus the first id of its BTF.
 */
final class NameIndex {
    private static final int MINIMUM = 16;

    private final int[] heads;
    private int[] next;
    private int[] numbers;
    private int size;

    /**
     * Creates an empty index.
     *
     * @param expected how many entries there will be; more is no mistake
     */
    NameIndex(int expected) {
        int capacity = Math.max(MINIMUM, expected);
        heads = new int[Integer.highestOneBit(capacity) * 2];
        next = new int[capacity];
        numbers = new int[capacity];
    }

    void add(int hash, int number) {
        if (size == numbers.length) {
            int capacity = size + (size >> 1);
            next = Arrays.copyOf(next, capacity);
            numbers = Arrays.copyOf(numbers, capacity);
        }
        int bucket = bucket(hash);
        numbers[size] = number;
        next[size++] = heads[bucket];
        heads[bucket] = size;
    }

    private int bucket(int hash) {
        int mixed = (hash ^ hash >>> 15) * 0x2c1b3c6d;
        return (mixed ^ mixed >>> 12) & heads.length - 1;
    }

    /** Returns the newest entry that may have the hash, or 0. */
    int first(int hash) {
        return heads[bucket(hash)];
    }

    /** Returns the entry that follows an entry, or 0. */
    int next(int entry) {
        return next[entry - 1];
    }

    /** Returns the local number of an entry's type. */
    int number(int entry) {
        return numbers[entry - 1];
    }
}
