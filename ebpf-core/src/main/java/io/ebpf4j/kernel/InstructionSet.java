// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.kernel;

/**
 * Instructions that not every verifier takes: the versions that clang knows as {@code -mcpu}, and
 * what came beside them.
 */
public enum InstructionSet {
    /** {@code -mcpu=v1}: the first instructions (Linux 3.18). */
    V1,
    /** {@code -mcpu=v2}: jumps if less or equal (Linux 4.14). */
    V2,
    /** {@code -mcpu=v3}: comparisons of 32 bits (Linux 5.1). */
    V3,
    /**
     * {@code -mcpu=v4}: loads and moves with sign extension, unconditional byte swaps, signed
     * division, long jumps (Linux 6.6).
     */
    V4,
    /** Calls of functions of the same program (Linux 4.16). */
    SUBPROGRAMS,
    /** More than 4096 instructions, up to a million (Linux 5.2). */
    LARGE_PROGRAMS,
    /** Loops whose end the verifier can see (Linux 5.3). */
    BOUNDED_LOOPS,
    /** Atomic operations that return the old value, exchange, compare and exchange (Linux 5.12). */
    ATOMICS,
    /** {@code may_goto}, a loop that the kernel ends if the program does not (Linux 6.9). */
    MAY_GOTO,
    /** Casts between the address spaces of the kernel and of an arena (Linux 6.9). */
    ARENA_CASTS,
    /** Loads with acquire and stores with release order (Linux 6.15). */
    ACQUIRE_RELEASE
}
