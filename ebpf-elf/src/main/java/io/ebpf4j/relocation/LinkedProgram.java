// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.relocation;

import io.ebpf4j.asm.Instructions;
import io.ebpf4j.btf.FuncInfo;
import io.ebpf4j.btf.LineInfo;

import java.util.List;

/**
 * A program with all its subprograms, as one sequence of instructions.
 *
 * @param instructions the program's own instructions, then its subprograms'; calls are resolved,
 *     and the references left open are to maps, externs and jump tables only
 * @param funcInfo BTF function records of all functions, in slot order; empty when the program has
 *     none
 * @param lineInfo BTF line records of all functions, in slot order; empty when the program has none
 * @param functions which function begins where, in slot order; the first is the program's own
 */
public record LinkedProgram(
        Instructions instructions,
        List<FuncInfo> funcInfo,
        List<LineInfo> lineInfo,
        List<Placement> functions) {

    /**
     * Where a function begins in the linked program.
     *
     * @param name the function's name
     * @param slot index of its first 8-byte slot
     */
    public record Placement(String name, int slot) {}
}
