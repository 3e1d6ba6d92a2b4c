// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.btf;

import java.util.List;

/**
 * Names the function that begins at an instruction ({@code struct bpf_func_info}, Linux 5.0).
 *
 * @param slot index of the 8-byte slot, relative to the section or function that holds the record
 * @param type id of a {@link BtfType.Func}
 */
public record FuncInfo(int slot, int type) {

    /**
     * Returns the same record at another place.
     *
     * @param slot index of the 8-byte slot
     * @return a record with that slot
     */
    public FuncInfo at(int slot) {
        return new FuncInfo(slot, type);
    }

    /**
     * Finds the function of an instruction.
     *
     * @param records function records, in slot order
     * @param slot index of the instruction's 8-byte slot
     * @return the last record at or before that slot, or null when there is none
     */
    public static FuncInfo covering(List<FuncInfo> records, int slot) {
        FuncInfo found = null;
        for (FuncInfo record : records) {
            if (record.slot() <= slot && (found == null || record.slot() >= found.slot())) {
                found = record;
            }
        }
        return found;
    }
}
