// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ebpf4j.elf.UsdtArgument.Constant;
import io.ebpf4j.elf.UsdtArgument.InMemory;
import io.ebpf4j.elf.UsdtArgument.InRegister;
import io.ebpf4j.elf.UsdtArgument.Indexed;
import io.ebpf4j.error.ObjectFormatException;
import io.ebpf4j.error.UnsupportedException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Where the arguments of static probes are, as four machines' assemblers write it. */
class UsdtArgumentTest {
    private static final int X86_64 = 62;
    private static final int AARCH64 = 183;
    private static final int RISCV64 = 243;
    private static final int S390X = 22;

    /** Writes an argument in one way for all machines. */
    private static String describe(UsdtArgument argument) {
        String size = (argument.signed() ? "s" : "u") + argument.bytes() * 8 + " ";
        return switch (argument) {
            case Constant c -> size + "= " + c.value();
            case InRegister r -> size + "ctx+" + r.register().offset();
            case InMemory m -> size + "*(ctx+" + m.base().offset() + " + " + m.offset() + ")";
            case Indexed x ->
                    size
                            + "*(ctx+"
                            + x.base().offset()
                            + " + "
                            + x.scale()
                            + " ctx+"
                            + x.index().offset()
                            + " + "
                            + x.offset()
                            + ")";
        };
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "62 | 1@%dil                     | u8 ctx+112",
                "62 | -4@%eax                    | s32 ctx+80",
                "62 | 8@%r15                     | u64 ctx+0",
                "62 | -2@%r10w                   | s16 ctx+56",
                "62 | 4@%r8d                     | u32 ctx+72",
                "62 | 1@%r9b                     | u8 ctx+64",
                "62 | 1@%ah                      | u8 ctx+81",
                "62 | 1@%bh                      | u8 ctx+41",
                "62 | 2@%sp                      | u16 ctx+152",
                "62 | 1@%bpl                     | u8 ctx+32",
                "62 | 8@%rip                     | u64 ctx+128",
                "62 | 1@$1                       | u8 = 1",
                "62 | -4@$-9                     | s32 = -9",
                "62 | 8@$18446744073709551615    | u64 = -1",
                "62 | -8@$-9223372036854775808   | s64 = -9223372036854775808",
                "62 | 8@$0x1f                    | u64 = 31",
                "62 | 8@152(%rdi)                | u64 *(ctx+112 + 152)",
                "62 | -4@-60(%rbp)               | s32 *(ctx+32 + -60)",
                "62 | 8@(%rsp)                   | u64 *(ctx+152 + 0)",
                "62 | 8@(%rax,%rbx,8)            | u64 *(ctx+80 + 8 ctx+40 + 0)",
                "62 | -4@-16(%r12, %r13, 4)      | s32 *(ctx+24 + 4 ctx+16 + -16)",
                "62 | 1@1(%rdx,%rcx)             | u8 *(ctx+96 + 1 ctx+88 + 1)",
                "183 | 8@x0                      | u64 ctx+0",
                "183 | -4@w3                     | s32 ctx+24",
                "183 | 8@x30                     | u64 ctx+240",
                "183 | 8@sp                      | u64 ctx+248",
                "183 | 4@wzr                     | u32 = 0",
                "183 | -4@7                      | s32 = 7",
                "183 | -8@-1                     | s64 = -1",
                "183 | 8@[x19]                   | u64 *(ctx+152 + 0)",
                "183 | -4@[sp, 60]               | s32 *(ctx+248 + 60)",
                "183 | 8@[sp,#-8]                | u64 *(ctx+248 + -8)",
                "183 | 8@[x29, x1]               | u64 *(ctx+232 + 1 ctx+8 + 0)",
                "183 | 4@[x0, x1, lsl 2]         | u32 *(ctx+0 + 4 ctx+8 + 0)",
                "183 | 8@[x0, x1, lsl #3]        | u64 *(ctx+0 + 8 ctx+8 + 0)",
                "183 | 8@[x0, xzr]               | u64 *(ctx+0 + 0)",
                "243 | 8@a0                      | u64 ctx+80",
                "243 | -4@s11                    | s32 ctx+216",
                "243 | 8@t6                      | u64 ctx+248",
                "243 | 8@fp                      | u64 ctx+64",
                "243 | 4@zero                    | u32 = 0",
                "243 | 4@5                       | u32 = 5",
                "243 | -4@-20(s0)                | s32 *(ctx+64 + -20)",
                "243 | 8@(sp)                    | u64 *(ctx+16 + 0)",
                "22 | 8@%r2                      | u64 ctx+40",
                "22 | -4@%r0                     | s32 ctx+24",
                "22 | 8@160(%r15)                | u64 *(ctx+144 + 160)",
                "22 | -8@0(%r1,%r2)              | s64 *(ctx+32 + 1 ctx+40 + 0)",
                "22 | -2@-3                      | s16 = -3",
            })
    void oneArgument(int machine, String text, String expected) {
        List<UsdtArgument> arguments = UsdtArgument.parse(machine, text);
        assertThat(arguments).hasSize(1);
        assertThat(describe(arguments.get(0))).isEqualTo(expected);
    }

    @Test
    void severalArguments() {
        assertThat(UsdtArgument.parse(X86_64, "8@%rdx -4@%eax 8@152(%rdi) 1@%cl"))
                .extracting(UsdtArgumentTest::describe)
                .containsExactly("u64 ctx+96", "s32 ctx+80", "u64 *(ctx+112 + 152)", "u8 ctx+88");
        assertThat(UsdtArgument.parse(AARCH64, " 8@[sp, 8]  -4@w0 8@[x1, 16] "))
                .extracting(UsdtArgumentTest::describe)
                .containsExactly("u64 *(ctx+248 + 8)", "s32 ctx+0", "u64 *(ctx+8 + 16)");
        assertThat(UsdtArgument.parse(X86_64, "")).isEmpty();
        assertThat(UsdtArgument.parse(X86_64, " ")).isEmpty();
    }

    @Test
    void aRegisterKeepsTheNameThatTheNoteGivesIt() {
        assertThat(UsdtArgument.parse(S390X, "8@%r2"))
                .containsExactly(new InRegister(8, false, new UsdtRegister("%r2", 40)));
        assertThat(UsdtArgument.parse(RISCV64, "8@a0"))
                .containsExactly(new InRegister(8, false, new UsdtRegister("a0", 80)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "62 | 3@%rax                | size of 1, 2, 4 or 8",
                "62 | @%rax                 | size of 1, 2, 4 or 8",
                "62 | --4@%rax              | size of 1, 2, 4 or 8",
                "62 | 16@%xmm0              | no @ behind its size",
                "62 | 8f@%xmm0              | floating-point",
                "62 | 8                     | no @",
                "62 | 8 @%rax               | no @",
                "62 | 8@                    | no number where one belongs",
                "62 | 8@%xmm0               | is in %xmm0, which programs cannot read",
                "62 | 8@%fs:16              | is in %fs, which programs cannot read",
                "62 | 8@%                   | no operand that is known",
                "62 | 4@counter(%rip)       | a symbol's address",
                "62 | 4@16(%rip)            | no register holds the address",
                "62 | 4@8                   | absolute address",
                "62 | 4@8(%rax              | no closing parenthesis",
                "62 | 4@8(%rax,%rbx,4       | no closing parenthesis",
                "62 | 4@8(%rax,%rbx,3)      | scale other than",
                "62 | 4@8(,%rbx,4)          | no base register",
                "62 | 4@8(rax)              | no % before its register",
                "62 | 4@$                   | no number",
                "62 | 4@$x                  | no number",
                "62 | 8@$18446744073709551616 | more than 64 bits",
                "62 | 4@%eax,               | no part of an operand",
                "62 | 8@%rax 4@%ebxx        | argument 2",
                "183 | 8@[x0                | no closing bracket",
                "183 | 8@[x0, 8             | no closing bracket",
                "183 | 8@[x0, w1, sxtw 3]   | index of 32 bits",
                "183 | 8@[x0, x1, sxtx 3]   | something else than lsl",
                "183 | 8@[x0, x1, lsl 4]    | something else than 0 to 3",
                "183 | 8@[xzr]              | no register holds the address",
                "183 | 8@d0                 | is in d0",
                "243 | 8@8(a0,a1)           | no closing parenthesis",
                "243 | 8@0(zero)            | no register holds the address",
                "22 | 8@%f0                 | is in %f0",
                "22 | 8@r2                  | no % before its register",
            })
    void whatCannotBeReadIsRefused(int machine, String text, String words) {
        assertThatExceptionOfType(ObjectFormatException.class)
                .isThrownBy(() -> UsdtArgument.parse(machine, text))
                .withMessageContaining(words)
                .withMessageContaining(text);
    }

    @Test
    void otherMachinesAreUnsupported() {
        assertThatExceptionOfType(UnsupportedException.class)
                .isThrownBy(() -> UsdtArgument.parse(8, "4@$4"))
                .withMessageContaining("ELF number 8");
        assertThat(UsdtArgument.parse(8, "")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {X86_64, AARCH64, RISCV64, S390X})
    void whatIsWrittenIsRead(int machine) {
        Random random = new Random(machine);
        for (int round = 0; round < 2_000; round++) {
            List<UsdtArgument> arguments = new ArrayList<>();
            StringBuilder text = new StringBuilder();
            for (int count = random.nextInt(5); count > 0; count--) {
                UsdtArgument argument = any(machine, random);
                arguments.add(argument);
                text.append(text.isEmpty() ? "" : " ").append(write(machine, argument));
            }
            assertThat(UsdtArgument.parse(machine, text.toString()))
                    .as(text.toString())
                    .isEqualTo(arguments);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {X86_64, AARCH64, RISCV64, S390X})
    void damagedTextIsReadOrRefused(int machine) {
        Random random = new Random(machine);
        int refused = 0;
        for (int round = 0; round < 5_000; round++) {
            StringBuilder text =
                    new StringBuilder(
                            write(machine, any(machine, random))
                                    + " "
                                    + write(machine, any(machine, random)));
            for (int change = random.nextInt(1, 4); change > 0; change--) {
                char c = " -@%$()[],#x0lsrip18\u0660\u0000f".charAt(random.nextInt(23));
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.setCharAt(at, c);
                    case 1 -> text.insert(at, c);
                    default -> text.deleteCharAt(at);
                }
            }
            try {
                UsdtArgument.parse(machine, text.toString());
            } catch (ObjectFormatException e) {
                refused++;
            }
        }
        assertThat(refused).isBetween(1_000, 4_999);
    }

    private static UsdtArgument any(int machine, Random random) {
        int bytes = 1 << random.nextInt(4);
        boolean signed = random.nextBoolean();
        long number = random.nextBoolean() ? random.nextInt(-200, 200) : random.nextLong();
        UsdtRegister first = register(machine, random);
        return switch (random.nextInt(machine == RISCV64 ? 3 : 4)) {
            case 0 -> new Constant(bytes, signed, number);
            case 1 -> new InRegister(bytes, signed, first);
            case 2 -> new InMemory(bytes, signed, first, number);
            default ->
                    new Indexed(
                            bytes,
                            signed,
                            first,
                            register(machine, random),
                            machine == S390X ? 1 : 1 << random.nextInt(4),
                            machine == AARCH64 ? 0 : number);
        };
    }

    private static UsdtRegister register(int machine, Random random) {
        int i = random.nextInt(8, 16);
        return switch (machine) {
            case X86_64 -> new UsdtRegister("%r" + i, (15 - i + (i < 12 ? 2 : 0)) * 8);
            case AARCH64 -> new UsdtRegister("x" + i, i * 8);
            case RISCV64 -> new UsdtRegister("a" + (i - 8), (i + 2) * 8);
            default -> new UsdtRegister("%r" + i, (i + 3) * 8);
        };
    }

    private static String write(int machine, UsdtArgument argument) {
        String size = (argument.signed() ? "-" : "") + argument.bytes() + "@";
        return size
                + switch (argument) {
                    case Constant c -> (machine == X86_64 ? "$" : "") + c.value();
                    case InRegister r -> r.register().name();
                    case InMemory m when machine == AARCH64 ->
                            "[" + m.base().name() + ", " + m.offset() + "]";
                    case InMemory m -> m.offset() + "(" + m.base().name() + ")";
                    case Indexed x when machine == AARCH64 ->
                            "["
                                    + x.base().name()
                                    + ", "
                                    + x.index().name()
                                    + ", lsl "
                                    + Integer.numberOfTrailingZeros(x.scale())
                                    + "]";
                    case Indexed x ->
                            x.offset()
                                    + "("
                                    + x.base().name()
                                    + ","
                                    + x.index().name()
                                    + (machine == S390X ? "" : "," + x.scale())
                                    + ")";
                };
    }
}
