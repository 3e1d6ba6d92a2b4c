// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.btf;

/**
 * The C source line of the instructions from a slot on ({@code struct bpf_line_info}, Linux 5.0).
 *
 * @param slot index of the 8-byte slot, relative to the section or function that holds the record
 * @param fileOffset offset of the file's name in the BTF string section
 * @param lineOffset offset of the line's text in the BTF string section
 * @param lineColumn line number in the upper 22 bits, column in the lower 10
 */
public record LineInfo(int slot, int fileOffset, int lineOffset, int lineColumn) {

    /**
     * Returns the line's number.
     *
     * @return counted from 1
     */
    public int line() {
        return lineColumn >>> 10;
    }

    /**
     * Returns the same record at another place.
     *
     * @param slot index of the 8-byte slot
     * @return a record with that slot
     */
    public LineInfo at(int slot) {
        return new LineInfo(slot, fileOffset, lineOffset, lineColumn);
    }
}
