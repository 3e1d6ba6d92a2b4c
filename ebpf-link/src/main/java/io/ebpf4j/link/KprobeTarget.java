// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.BpfException;

/**
 * A kernel function and an offset in it, written {@code function[+offset]}.
 *
 * @param function the function, as {@code /proc/kallsyms} names it; may begin with {@code module:}
 * @param offset bytes from its first instruction
 */
record KprobeTarget(String function, long offset) {

    /**
     * Parses the text.
     *
     * @throws BpfException if it is not of that form
     */
    static KprobeTarget parse(String text) {
        int plus = text.indexOf('+');
        String function = plus < 0 ? text : text.substring(0, plus);
        long offset = plus < 0 ? 0 : Numbers.offset(text, plus + 1);
        if (function.isEmpty() || offset < 0 || !isName(function)) {
            throw new BpfException(
                    "\""
                            + text
                            + "\" names no kernel function; write function or function+offset, "
                            + "such as do_unlinkat or do_unlinkat+0x4");
        }
        return new KprobeTarget(function, offset);
    }

    private static boolean isName(String function) {
        for (int i = 0; i < function.length(); i++) {
            char c = function.charAt(i);
            boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
            if (!letter && c != '_' && c != '.' && c != ':' && c != '$') {
                return false;
            }
        }
        return true;
    }
}
