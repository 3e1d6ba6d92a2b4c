// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

/** Reads {@code /proc/self/mountinfo} (proc(5)). */
final class MountTable {
    private static final int ROOT = 3;
    private static final int MOUNT_POINT = 4;

    private MountTable() {}

    /**
     * Returns where a file system of that type is mounted with its own root, or null.
     *
     * <p>A line reads {@code id parent major:minor root mount-point options [tag...] - type source
     * super-options}.
     */
    static String find(String table, String type) {
        String marker = " - " + type + " ";
        int start = 0;
        while (start < table.length()) {
            int end = table.indexOf('\n', start);
            end = end < 0 ? table.length() : end;
            int at = table.indexOf(marker, start);
            if (at < 0) {
                return null;
            }
            if (at < end && field(table, start, at, ROOT).equals("/")) {
                return unescape(field(table, start, at, MOUNT_POINT));
            }
            start = end + 1;
        }
        return null;
    }

    private static String field(String table, int start, int end, int index) {
        int from = start;
        for (int i = 0; i < index; i++) {
            from = table.indexOf(' ', from) + 1;
            if (from == 0 || from > end) {
                return "";
            }
        }
        int to = table.indexOf(' ', from);
        return table.substring(from, to < 0 || to > end ? end : to);
    }

    // Space, tab, newline and backslash are written as a backslash and three octal digits.
    private static String unescape(String text) {
        if (text.indexOf('\\') < 0) {
            return text;
        }
        StringBuilder s = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 3 < text.length()) {
                s.append((char) Integer.parseInt(text.substring(i + 1, i + 4), 8));
                i += 3;
            } else {
                s.append(c);
            }
        }
        return s.toString();
    }
}
