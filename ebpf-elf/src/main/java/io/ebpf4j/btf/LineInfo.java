// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.btf;

import io.ebpf4j.error.ObjectFormatException;

import java.util.List;

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

    /**
     * Finds the line of an instruction.
     *
     * @param records line records, in slot order
     * @param slot index of the instruction's 8-byte slot
     * @return the last record at or before that slot, or null when there is none
     */
    public static LineInfo covering(List<LineInfo> records, int slot) {
        LineInfo found = null;
        for (LineInfo record : records) {
            if (record.slot() <= slot && (found == null || record.slot() >= found.slot())) {
                found = record;
            }
        }
        return found;
    }

    /**
     * Says the line the way verifiers since Linux 6.10 do, which is a place that editors and
     * terminals can jump to.
     *
     * @param types the types whose string section the offsets are for
     * @return {@code text @ file:line}, the file without its folders
     * @throws ObjectFormatException if an offset leaves the string section
     */
    public String text(Btf types) {
        String file = types.string(fileOffset);
        String text = types.string(lineOffset).strip();
        return text + " @ " + file.substring(file.lastIndexOf('/') + 1) + ":" + line();
    }
}
