// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.elf;

import io.ebpf4j.error.UnsupportedException;

import java.util.HashMap;
import java.util.Map;

/**
 * The machines whose operands are known: how they are written, and where {@code struct pt_regs} of
 * the kernel's {@code arch/MACHINE/include} keeps the registers.
 */
enum UsdtMachine {
    X86_64(62, Style.ATT),
    AARCH64(183, Style.BRACKETS),
    RISCV64(243, Style.PLAIN),
    S390X(22, Style.PERCENT);

    /** How operands are written. */
    enum Style {
        /** {@code %rax}, {@code $7}, {@code 8(%rax,%rbx,4)}. */
        ATT,
        /** {@code x0}, {@code 7}, {@code [x0, 8]}. */
        BRACKETS,
        /** {@code a0}, {@code 7}, {@code 8(a0)}. */
        PLAIN,
        /** {@code %r2}, {@code 7}, {@code 8(%r2)}, {@code 8(%r1,%r2)}. */
        PERCENT
    }

    /** The registers that are read as zero, whatever was written. */
    static final int ZERO = -1;

    private static final int WORD = 8;

    private final int number;
    private final Style style;

    UsdtMachine(int number, Style style) {
        this.number = number;
        this.style = style;
    }

    private static final Map<UsdtMachine, Map<String, Integer>> REGISTERS =
            Map.of(X86_64, x86(), AARCH64, aarch64(), RISCV64, riscv(), S390X, s390());

    static UsdtMachine of(int number) {
        for (UsdtMachine machine : values()) {
            if (machine.number == number) {
                return machine;
            }
        }
        throw new UnsupportedException(
                "arguments of static probes of the machine with ELF number " + number,
                "",
                "known are x86_64, aarch64, riscv64 and s390x");
    }

    Style style() {
        return style;
    }

    /** Returns a register's offset in pt_regs, {@link #ZERO}, or null for an unknown name. */
    Integer offset(String register) {
        return REGISTERS.get(this).get(register);
    }

    private static Map<String, Integer> x86() {
        Map<String, Integer> registers = new HashMap<>();
        String[] order = {
            "r15", "r14", "r13", "r12", "bp", "bx", "r11", "r10", "r9", "r8", "ax", "cx", "dx",
            "si", "di", "", "ip", "", "", "sp"
        };
        for (int i = 0; i < order.length; i++) {
            String name = order[i];
            if (name.startsWith("r")) {
                put(registers, i * WORD, name, name + "d", name + "w", name + "b");
            } else if (!name.isEmpty()) {
                put(registers, i * WORD, "r" + name, "e" + name, name);
            }
            if (name.endsWith("x")) {
                String letter = name.substring(0, 1);
                put(registers, i * WORD, letter + "l");
                put(registers, i * WORD + 1, letter + "h");
            } else if (name.length() == 2 && !name.startsWith("r") && !name.equals("ip")) {
                put(registers, i * WORD, name + "l");
            }
        }
        return registers;
    }

    private static Map<String, Integer> aarch64() {
        Map<String, Integer> registers = new HashMap<>();
        for (int i = 0; i < 31; i++) {
            put(registers, i * WORD, "x" + i, "w" + i);
        }
        put(registers, 29 * WORD, "fp");
        put(registers, 30 * WORD, "lr");
        put(registers, 31 * WORD, "sp", "wsp");
        put(registers, ZERO, "xzr", "wzr");
        return registers;
    }

    private static Map<String, Integer> riscv() {
        Map<String, Integer> registers = new HashMap<>();
        String[] order = {
            "", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3", "a4",
            "a5", "a6", "a7", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3",
            "t4", "t5", "t6"
        };
        for (int i = 1; i < order.length; i++) {
            put(registers, i * WORD, order[i], "x" + i);
        }
        put(registers, 8 * WORD, "fp");
        put(registers, ZERO, "zero", "x0");
        return registers;
    }

    private static Map<String, Integer> s390() {
        Map<String, Integer> registers = new HashMap<>();
        for (int i = 0; i < 16; i++) {
            // behind the first argument and the program status word
            put(registers, (3 + i) * WORD, "r" + i);
        }
        return registers;
    }

    private static void put(Map<String, Integer> registers, int offset, String... names) {
        for (String name : names) {
            registers.put(name, offset);
        }
    }
}
