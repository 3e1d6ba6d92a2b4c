// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.spec;

import io.ebpf4j.asm.Instructions;
import io.ebpf4j.btf.CoreRelocation;
import io.ebpf4j.btf.FuncInfo;
import io.ebpf4j.btf.LineInfo;

import java.util.List;

/**
 * A function of an object: the body of a program, or a subprogram.
 *
 * <p>Slots in {@link #funcInfo}, {@link #lineInfo} and {@link #relocations} count from the
 * function's own first slot.
 *
 * @param name the symbol's name; unique in the object (a second static function of a name gets a
 *     suffix)
 * @param section name of the ELF section
 * @param slot where the function begins in its section, in 8-byte slots
 * @param linkage the symbol's binding and visibility
 * @param instructions the instructions with their open references
 * @param funcInfo BTF function records, in slot order; empty when the object has none
 * @param lineInfo BTF line records, in slot order; empty when the object has none
 * @param relocations CO-RE relocations, in slot order
 * @param contexts numbers of the parameters that are tagged as the program's context ({@code
 *     __arg_ctx}); only global functions have any
 */
public record FunctionSpec(
        String name,
        String section,
        int slot,
        Linkage linkage,
        Instructions instructions,
        List<FuncInfo> funcInfo,
        List<LineInfo> lineInfo,
        List<CoreRelocation> relocations,
        List<Integer> contexts) {

    /** What a symbol's binding and visibility mean for the verifier. */
    public enum Linkage {
        /** Seen in its object only; verified in its caller's context. */
        STATIC,
        /** Global with hidden visibility; verified like a static one. */
        HIDDEN,
        /** Global: verified on its own. */
        GLOBAL,
        /** Global, and another definition may replace it. */
        WEAK
    }

    /**
     * Creates a function without tags.
     *
     * @param name the symbol's name, unique in the object
     * @param section name of the ELF section
     * @param slot where the function begins in its section, in 8-byte slots
     * @param linkage the symbol's binding and visibility
     * @param instructions the instructions with their open references
     * @param funcInfo BTF function records, in slot order
     * @param lineInfo BTF line records, in slot order
     * @param relocations CO-RE relocations, in slot order
     */
    public FunctionSpec(
            String name,
            String section,
            int slot,
            Linkage linkage,
            Instructions instructions,
            List<FuncInfo> funcInfo,
            List<LineInfo> lineInfo,
            List<CoreRelocation> relocations) {
        this(
                name,
                section,
                slot,
                linkage,
                instructions,
                funcInfo,
                lineInfo,
                relocations,
                List.of());
    }

    /**
     * Creates a function without BTF, as an assembler makes it.
     *
     * @param name the name, unique in the object
     * @param instructions the instructions with their open references
     */
    public FunctionSpec(String name, Instructions instructions) {
        this(name, "", 0, Linkage.GLOBAL, instructions, List.of(), List.of(), List.of());
    }

    /**
     * Copies the function.
     *
     * @return a function whose instructions can be changed independently
     */
    public FunctionSpec copy() {
        return new FunctionSpec(
                name,
                section,
                slot,
                linkage,
                instructions.copy(),
                funcInfo,
                lineInfo,
                relocations,
                contexts);
    }
}
