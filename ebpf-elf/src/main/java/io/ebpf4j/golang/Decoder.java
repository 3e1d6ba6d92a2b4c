// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.golang;

/** Reads the machine code of one function. */
interface Decoder {

    /**
     * Decodes one instruction.
     *
     * @param at where it begins, in bytes from the start of the function
     * @return the instruction, or null when the bytes are none, or it does not end in the function
     */
    Instruction decode(int at);
}
