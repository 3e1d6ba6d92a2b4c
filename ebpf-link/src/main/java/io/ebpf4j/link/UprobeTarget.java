// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.BpfException;

/**
 * A function in an executable or library, written {@code path:function[+offset]} or {@code
 * path:0xFILEOFFSET}.
 *
 * @param binary a path, a library's soname or an executable's name
 * @param symbol the symbol, or the empty string when the place is given by {@code offset} alone
 * @param offset bytes from the symbol, or from the start of the file
 */
record UprobeTarget(String binary, String symbol, long offset) {

    /**
     * Parses the text.
     *
     * @throws BpfException if it is not of that form
     */
    static UprobeTarget parse(String text) {
        // The first colon: paths seldom have one, symbols of Go and Objective-C do.
        int colon = text.indexOf(':');
        if (colon <= 0 || colon == text.length() - 1) {
            throw malformed(text);
        }
        String binary = text.substring(0, colon);
        String place = text.substring(colon + 1);
        if (place.startsWith("0x") || place.startsWith("0X")) {
            long offset = Numbers.offset(place, 0);
            if (offset < 0) {
                throw malformed(text);
            }
            return new UprobeTarget(binary, "", offset);
        }
        // C++ and Go symbols hold a plus now and then: only a number after the last one is an
        // offset.
        int plus = place.lastIndexOf('+');
        long offset = plus <= 0 ? -1 : Numbers.offset(place, plus + 1);
        return offset < 0
                ? new UprobeTarget(binary, place, 0)
                : new UprobeTarget(binary, place.substring(0, plus), offset);
    }

    private static BpfException malformed(String text) {
        return new BpfException(
                "\""
                        + text
                        + "\" names no function of a binary; write binary:function,"
                        + " binary:function+offset or binary:0xFILEOFFSET, such as"
                        + " libc.so.6:malloc");
    }
}
