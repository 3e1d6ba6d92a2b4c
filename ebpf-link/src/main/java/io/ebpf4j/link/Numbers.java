// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

/**
 * Reads the numbers of section names: decimal, hexadecimal after {@code 0x}, octal after {@code 0},
 * as C does.
 */
final class Numbers {
    private Numbers() {}

    /**
     * Returns the number from {@code start} to the text's end, or -1 when it is none, negative or
     * too large.
     */
    static long offset(String text, int start) {
        int radix = 10;
        int from = start;
        if (text.startsWith("0x", start) || text.startsWith("0X", start)) {
            radix = 16;
            from += 2;
        } else if (text.length() - start > 1 && text.charAt(start) == '0') {
            radix = 8;
            from++;
        }
        if (from >= text.length()) {
            return -1;
        }
        long value = 0;
        for (int i = from; i < text.length(); i++) {
            int digit = digit(text.charAt(i), radix);
            if (digit < 0 || value > (Long.MAX_VALUE - digit) / radix) {
                return -1;
            }
            value = value * radix + digit;
        }
        return value;
    }

    // Character.digit would take the digits of every script.
    private static int digit(char c, int radix) {
        return c < 128 ? Character.digit(c, radix) : -1;
    }
}
