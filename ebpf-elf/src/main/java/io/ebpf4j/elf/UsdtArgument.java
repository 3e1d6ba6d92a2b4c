// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.elf;

import io.ebpf4j.error.ObjectFormatException;
import io.ebpf4j.error.UnsupportedException;

import java.util.List;

/**
 * Where one argument of a static probe is when the probe is hit.
 *
 * <p>The compiler writes the operand of its assembler behind size and sign, so that the text
 * differs by machine: {@code -4@%edi}, {@code 8@-16(%rbp)}, {@code 1@$7} and {@code
 * 4@8(%rax,%rbx,4)} on x86_64, {@code 8@[sp, 24]} on aarch64.
 */
public sealed interface UsdtArgument {

    /**
     * Returns the argument's size.
     *
     * @return 1, 2, 4 or 8 bytes
     */
    int bytes();

    /**
     * Says whether the argument is a signed number.
     *
     * @return true for a size that is written with a minus sign
     */
    boolean signed();

    /**
     * A number that the compiler knew.
     *
     * @param bytes the size
     * @param signed whether it is signed
     * @param value the value
     */
    record Constant(int bytes, boolean signed, long value) implements UsdtArgument {}

    /**
     * A register's value.
     *
     * @param bytes the size
     * @param signed whether it is signed
     * @param register the register
     */
    record InRegister(int bytes, boolean signed, UsdtRegister register) implements UsdtArgument {}

    /**
     * A place in the process's memory.
     *
     * @param bytes the size
     * @param signed whether it is signed
     * @param base the register that holds an address
     * @param offset bytes from that address
     */
    record InMemory(int bytes, boolean signed, UsdtRegister base, long offset)
            implements UsdtArgument {}

    /**
     * A place in the process's memory that an index leads to (x86: scale, index, base).
     *
     * @param bytes the size
     * @param signed whether it is signed
     * @param base the register that holds an address
     * @param index the register that holds the index
     * @param scale what the index is multiplied with: 1, 2, 4 or 8
     * @param offset bytes from the address and the index
     */
    record Indexed(
            int bytes,
            boolean signed,
            UsdtRegister base,
            UsdtRegister index,
            int scale,
            long offset)
            implements UsdtArgument {}

    /**
     * Reads the arguments of a probe.
     *
     * @param machine the file's machine number, {@link ElfFile#machine}
     * @param text the arguments as the note has them, separated by spaces; empty for none
     * @return the arguments, in order
     * @throws ObjectFormatException if the text is malformed, or names an operand whose value a
     *     program cannot get at: a floating-point register, a symbol, a segment
     * @throws UnsupportedException if the grammar of that machine's operands is not known here
     */
    static List<UsdtArgument> parse(int machine, String text) {
        if (text.isBlank()) {
            return List.of();
        }
        return new UsdtGrammar(UsdtMachine.of(machine), text).arguments();
    }
}
