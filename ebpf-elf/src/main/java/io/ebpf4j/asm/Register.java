// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.asm;

/** A register of the BPF machine, 64 bits wide. */
public enum Register {
    /** The return value of calls and of the program. */
    R0(0),
    /** The first argument; the context on entry. Calls destroy it. */
    R1(1),
    /** The second argument. Calls destroy it. */
    R2(2),
    /** The third argument. Calls destroy it. */
    R3(3),
    /** The fourth argument. Calls destroy it. */
    R4(4),
    /** The fifth argument. Calls destroy it. */
    R5(5),
    /** Kept by calls. */
    R6(6),
    /** Kept by calls. */
    R7(7),
    /** Kept by calls. */
    R8(8),
    /** Kept by calls. */
    R9(9),
    /** The frame pointer: the end of a stack of 512 bytes; read only. */
    R10(10);

    private static final Register[] ALL = values();

    private final int number;

    Register(int number) {
        this.number = number;
    }

    /**
     * Returns the register's number in an instruction.
     *
     * @return 0 to 10
     */
    public int number() {
        return number;
    }

    /**
     * Returns the register of a number.
     *
     * @param number 0 to 10
     * @return the register
     * @throws IllegalArgumentException if there is no such register
     */
    public static Register of(int number) {
        if (number < 0 || number >= ALL.length) {
            throw new IllegalArgumentException("register " + number + ", expected 0 to 10");
        }
        return ALL[number];
    }
}
