// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.btf;

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
}
