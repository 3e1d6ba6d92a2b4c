// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.golang;

import static org.assertj.core.api.Assertions.assertThat;

import io.ebpf4j.golang.Instruction.Flow;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Random;

/** Lengths of x86_64 instructions, and where they lead. */
class X86DecoderTest {
    private static final long ADDRESS = 0x40_1000;
    private static final HexFormat HEX = HexFormat.of();

    private static X86Decoder decoder(byte[] code) {
        return new X86Decoder(ByteBuffer.wrap(code).order(ByteOrder.LITTLE_ENDIAN), ADDRESS);
    }

    static byte[] bytes(String hex) {
        return HEX.parseHex(hex.replace(" ", ""));
    }

    /** Each line is one instruction, whose bytes are all of it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "90", // nop
                "48 89 f8", // mov rax, rdi
                "48 89 7c 24 f8", // mov [rsp - 8], rdi
                "48 8b 84 24 88 00 00 00", // mov rax, [rsp + 136]
                "48 8b 05 11 22 33 44", // mov rax, [rip + 0x44332211]
                "48 8b 04 25 00 10 00 00", // mov rax, [0x1000]
                "48 8b 04 8d 00 10 00 00", // mov rax, [4 * rcx + 0x1000]
                "42 8b 44 a5 00", // mov eax, [rbp + 4 * r12]
                "48 b8 88 77 66 55 44 33 22 11", // movabs rax, imm64
                "b8 44 33 22 11", // mov eax, imm32
                "66 b8 22 11", // mov ax, imm16
                "66 48 b8 88 77 66 55 44 33 22 11", // REX.W counts more than 66
                "48 a1 88 77 66 55 44 33 22 11", // movabs rax, [moffs64]
                "67 a1 44 33 22 11", // mov eax, [moffs32]
                "c8 10 00 01", // enter 16, 1
                "05 44 33 22 11", // add eax, imm32
                "66 05 22 11", // add ax, imm16
                "48 05 44 33 22 11", // add rax, imm32
                "80 38 00", // cmp byte [rax], 0
                "48 81 ec 00 01 00 00", // sub rsp, 256
                "66 81 38 22 11", // cmp word [rax], imm16
                "83 7c 24 08 00", // cmp dword [rsp + 8], 0
                "f6 c1 01", // test cl, 1
                "f6 d1", // not cl
                "f7 c1 44 33 22 11", // test ecx, imm32
                "66 f7 c1 22 11", // test cx, imm16
                "48 f7 d9", // neg rcx
                "48 f7 44 24 08 44 33 22 11", // test qword [rsp + 8], imm32
                "c7 44 24 08 44 33 22 11", // mov dword [rsp + 8], imm32
                "c7 f8 44 33 22 11", // xbegin
                "69 c0 44 33 22 11", // imul eax, eax, imm32
                "6b c0 11", // imul eax, eax, imm8
                "68 44 33 22 11", // push imm32
                "6a 11", // push imm8
                "64 48 8b 0c 25 f8 ff ff ff", // mov rcx, fs:[-8]
                "f0 48 0f b1 0a", // lock cmpxchg [rdx], rcx
                "f3 48 ab", // rep stosq
                "0f 1f 84 00 00 00 00 00", // nop of eight bytes
                "66 2e 0f 1f 84 00 00 00 00 00", // nop of ten
                "0f a2", // cpuid
                "0f 05", // syscall
                "0f 0b", // ud2
                "0f 01 d0", // xgetbv
                "0f ba e0 05", // bt eax, 5
                "48 0f ac d0 04", // shrd rax, rdx, 4
                "0f c8", // bswap eax
                "0f 20 c0", // mov rax, cr0
                "0f 20 05", // the same: a register whatever mod is
                "0f 38 00 c1", // pshufb mm0, mm1
                "66 0f 3a 0f c1 08", // palignr xmm0, xmm1, 8
                "f2 48 0f 38 f1 06", // crc32 rax, qword [rsi]
                "66 0f 70 c0 1b", // pshufd
                "66 0f 78 c0 01 02", // extrq xmm0, 1, 2
                "0f 78 d8", // vmread rax, rbx
                "0f 0f c1 b4", // pfmul mm0, mm1
                "c5 f8 77", // vzeroupper
                "c5 fd 6f 44 24 20", // vmovdqa ymm0, [rsp + 32]
                "c5 f9 70 c0 1b", // vpshufd xmm0, xmm0, 0x1b
                "c4 e2 7d 18 05 11 22 33 44", // vbroadcastss ymm0, [rip + ...]
                "c4 e3 7d 39 c1 01", // vextracti128 xmm1, ymm0, 1
                "c4 e2 f3 f7 c0", // shrx rax, rax, rcx
                "62 f1 7c 48 10 44 24 01", // vmovups zmm0, [rsp + 64]
                "62 f3 75 48 25 c2 ff", // vpternlogd zmm0, zmm1, zmm2, 0xff
                "62 f5 74 48 58 c2", // vaddph zmm0, zmm1, zmm2
                "8f 00", // pop [rax]
                "8f e8 78 c0 c1 04", // vprotb xmm0, xmm1, 4
                "8f ea 78 10 c1 44 33 22 11", // bextr eax, ecx, imm32
                "cd 80", // int 0x80
                "ca 08 00", // retf 8
                "40 40 90", // only the last of several REX prefixes counts
                "48 66 b8 22 11", // a REX prefix before another prefix does not count
                "66 66 66 66 66 66 66 66 66 66 66 66 66 66 90", // as long as can be
            })
    void isAsLongAsItsBytes(String hex) {
        byte[] instruction = bytes(hex);
        byte[] code = new byte[instruction.length + 16];
        System.arraycopy(instruction, 0, code, 0, instruction.length);
        assertThat(decoder(code).decode(0))
                .isEqualTo(new Instruction(ADDRESS, instruction.length, Flow.NEXT, 0));
        assertThat(decoder(instruction).decode(0).length()).isEqualTo(instruction.length);
        for (int length = 0; length < instruction.length; length++) {
            byte[] cut = new byte[length];
            System.arraycopy(instruction, 0, cut, 0, length);
            assertThat(decoder(cut).decode(0)).as("its first " + length + " bytes").isNull();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "c3, RETURN, 0",
        "c2 08 00, RETURN, 0",
        "f3 c3, RETURN, 0",
        "f2 c3, RETURN, 0",
        "e8 fb 0f 00 00, CALL, 0x402000",
        "66 66 48 e8 f8 0f 00 00, CALL, 0x402000",
        "e9 fb ef ff ff, JUMP, 0x400000",
        "eb fe, JUMP, 0x401000",
        "72 10, BRANCH, 0x401012",
        "7f 80, BRANCH, 0x400f82",
        "0f 86 fa 00 00 00, BRANCH, 0x401100",
        "f2 0f 84 f9 00 00 00, BRANCH, 0x401100",
        "e3 0e, BRANCH, 0x401010",
        "67 e3 0d, BRANCH, 0x401010",
        "e2 0e, BRANCH, 0x401010",
        "ff e0, ELSEWHERE, 0",
        "3e ff e0, ELSEWHERE, 0",
        "ff 25 11 22 33 44, ELSEWHERE, 0",
        "ff 64 24 08, ELSEWHERE, 0",
        "ff 24 c8, TABLE, 0",
        "42 ff 24 e5 00 10 40 00, TABLE, 0",
        "ff 2c c8, ELSEWHERE, 0",
        "ff d0, NEXT, 0",
        "ff 14 c8, NEXT, 0",
        "ff 30, NEXT, 0",
    })
    void leadsWhereItLeads(String hex, Flow flow, String target) {
        byte[] instruction = bytes(hex);
        assertThat(decoder(instruction).decode(0))
                .isEqualTo(new Instruction(ADDRESS, instruction.length, flow, Long.decode(target)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "06",
                "27",
                "60",
                "82 00 00",
                "9a 00 00 00 00 00 00",
                "c4 e0 7d 18 00",
                "62 f4 7c 08 10 00",
                "62 f1 78 48 10 00",
                "8f eb 78 10 c1",
                "d5 00 00",
                "d6",
                "ea 00 00 00 00 00 00",
                "0f 04",
                "0f 24 c0",
                "0f 39 00",
                "0f 7a 00",
                "66 66 66 66 66 66 66 66 66 66 66 66 66 66 66 90",
                "66 66 66 66 66 66 66 66 66 66 66 66 48 89 04 24",
            })
    void whatNoProcessorKnowsIsNone(String hex) {
        assertThat(decoder(bytes(hex)).decode(0)).isNull();
    }

    @Test
    void anyBytesAreAnInstructionThatEndsInTimeOrNone() {
        Random random = new Random(7);
        int decoded = 0;
        for (int i = 0; i < 200_000; i++) {
            byte[] code = new byte[random.nextInt(20)];
            random.nextBytes(code);
            Instruction instruction = decoder(code).decode(0);
            if (instruction != null) {
                assertThat(instruction.length()).isBetween(1, Math.min(15, code.length));
                decoded++;
            }
        }
        assertThat(decoded).isGreaterThan(50_000);
    }
}
