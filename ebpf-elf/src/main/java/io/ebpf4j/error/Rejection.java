// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.error;

import java.io.Serializable;
import java.util.Objects;

/**
 * Why the kernel's verifier rejected a program, where, and what to do about it.
 *
 * <p>What is not known is the empty string, or -1 where it is a number.
 *
 * @param reason the verifier's own words; where it says it in several lines, they are joined by
 *     {@code "; "}
 * @param advice what to do, in a sentence or two
 * @param instruction index of the rejected instruction's 8-byte slot in the program as it was
 *     loaded, subprograms appended
 * @param instructionText the instruction, as the verifier or the {@code Disassembler} prints it
 * @param function the function of the object that the instruction belongs to
 * @param offset index of the instruction's slot in that function
 * @param sourceLine the line of C, as {@code text @ file:line}; that of the function's first
 *     instruction where the verifier blames none
 * @param registerState what the verifier knows of registers and stack before that instruction, such
 *     as {@code R0=scalar() R10=fp0}; kernels before 5.18 seldom say
 */
public record Rejection(
        String reason,
        String advice,
        int instruction,
        String instructionText,
        String function,
        int offset,
        String sourceLine,
        String registerState)
        implements Serializable {
    private static final long serialVersionUID = 1L;

    /**
     * Checks that nothing is absent.
     *
     * @throws NullPointerException if a component is null
     */
    public Rejection {
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(advice, "advice");
        Objects.requireNonNull(instructionText, "instructionText");
        Objects.requireNonNull(function, "function");
        Objects.requireNonNull(sourceLine, "sourceLine");
        Objects.requireNonNull(registerState, "registerState");
    }

    /**
     * Explains the same rejection by what the verifier could not know.
     *
     * @param why the reason
     * @param whatToDo the advice
     * @return a rejection with those and all else equal
     */
    public Rejection because(String why, String whatToDo) {
        return new Rejection(
                why,
                whatToDo,
                instruction,
                instructionText,
                function,
                offset,
                sourceLine,
                registerState);
    }

    /**
     * Says where the same rejection is.
     *
     * @param holder the function that the instruction belongs to
     * @param slot index of the instruction's slot in that function
     * @param line the line of C, as {@code text @ file:line}
     * @return a rejection with those and all else equal
     */
    public Rejection in(String holder, int slot, String line) {
        return new Rejection(
                reason, advice, instruction, instructionText, holder, slot, line, registerState);
    }
}
