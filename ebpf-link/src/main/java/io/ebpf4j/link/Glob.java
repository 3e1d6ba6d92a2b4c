// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import java.nio.charset.StandardCharsets;

/**
 * A pattern for names, in which {@code *} stands for any characters and {@code ?} for one.
 *
 * <p>Names are compared as bytes, since lists of the kernel's functions are long and most of their
 * names do not match.
 */
final class Glob {
    private final byte[] pattern;
    private final String text;

    Glob(String text) {
        this.text = text;
        this.pattern = text.getBytes(StandardCharsets.UTF_8);
    }

    /** Says whether a text has a character that stands for others. */
    static boolean isPattern(String text) {
        return text.indexOf('*') >= 0 || text.indexOf('?') >= 0;
    }

    boolean matches(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        return matches(bytes, 0, bytes.length);
    }

    /** Says whether all of a range of bytes matches. */
    boolean matches(byte[] bytes, int start, int end) {
        int at = start;
        int next = 0;
        int star = -1;
        int taken = 0;
        while (at < end) {
            if (next < pattern.length && pattern[next] == '*') {
                star = next++;
                taken = at;
            } else if (next < pattern.length
                    && (pattern[next] == '?' || pattern[next] == bytes[at])) {
                next++;
                at++;
            } else if (star >= 0) {
                // The last star takes one more; those before it need not change.
                next = star + 1;
                at = ++taken;
            } else {
                return false;
            }
        }
        while (next < pattern.length && pattern[next] == '*') {
            next++;
        }
        return next == pattern.length;
    }

    @Override
    public String toString() {
        return text;
    }
}
