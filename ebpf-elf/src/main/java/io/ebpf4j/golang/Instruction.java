// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.golang;

/**
 * One instruction.
 *
 * @param address its virtual address, before a load bias
 * @param length bytes
 * @param flow where it leads
 * @param target the address that a {@link Flow#JUMP}, {@link Flow#BRANCH} or {@link Flow#CALL}
 *     names; 0 for others
 */
record Instruction(long address, int length, Flow flow, long target) {

    /** Where an instruction leads. */
    enum Flow {
        /** To the one behind it. */
        NEXT,
        /** To the caller. */
        RETURN,
        /** To its target. */
        JUMP,
        /** To its target or to the one behind it. */
        BRANCH,
        /** To its target, and then to the one behind it. */
        CALL,
        /** To one of the places of a table, as a {@code switch} does. */
        TABLE,
        /** To where a register or memory says. */
        ELSEWHERE
    }

    long end() {
        return address + length;
    }
}
