// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.btf;

import java.util.Arrays;

/** Hashes names, those with and without a flavour alike. */
final class NameHash {
    /** How many bytes of a name are hashed; hardly any two names differ only behind them. */
    private static final int MOST_BYTES = 64;

    private static final int FACTOR = 31;

    private NameHash() {}

    /** Returns the hash of a name that is in no section. */
    static int of(byte[] name) {
        return of(Arrays.copyOf(name, name.length + 1), 0);
    }

    /**
     * Hashes the characters other than underscores that are before the first two underscores in a
     * row, which begin the separator or are part of an essential name.
     *
     * @param bytes holds the name and the zero byte that ends it
     * @param from where the name begins
     */
    static int of(byte[] bytes, int from) {
        int hash = 0;
        byte before = '_';
        int end = from + MOST_BYTES;
        for (int i = from; i < end; i++) {
            byte b = bytes[i];
            if (b == 0) {
                break;
            }
            if (b != '_') {
                hash = hash * FACTOR + b;
            } else if (before == '_' && i > from + 1) {
                break;
            }
            before = b;
        }
        return hash;
    }
}
