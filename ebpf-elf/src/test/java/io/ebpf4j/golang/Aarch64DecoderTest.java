// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.golang;

import static org.assertj.core.api.Assertions.assertThat;

import io.ebpf4j.golang.Instruction.Flow;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;

/** Where aarch64 instructions lead. */
class Aarch64DecoderTest {
    private static final long ADDRESS = 0x1_1000;

    private static Aarch64Decoder decoder(long... words) {
        ByteBuffer code = ByteBuffer.allocate(4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
        for (long word : words) {
            code.putInt((int) word);
        }
        return new Aarch64Decoder(code, ADDRESS);
    }

    @ParameterizedTest
    @CsvSource({
        "0xd65f03c0, RETURN, 0", // ret
        "0xd65f0000, RETURN, 0", // ret x0
        "0xd65f0bff, RETURN, 0", // retaa
        "0xd65f0fff, RETURN, 0", // retab
        "0x14000004, JUMP, 0x11010",
        "0x17ffffff, JUMP, 0x10ffc",
        "0x94000004, CALL, 0x11010",
        "0x54000089, BRANCH, 0x11010", // b.ls
        "0xb4000080, BRANCH, 0x11010", // cbz x0
        "0x35ffffe0, BRANCH, 0x10ffc", // cbnz w0
        "0x36000080, BRANCH, 0x11010", // tbz w0, 0
        "0xb7ffffe0, BRANCH, 0x10ffc", // tbnz x0, 63
        "0xd61f0360, ELSEWHERE, 0", // br x27
        "0xd71f0b61, ELSEWHERE, 0", // braa x27, x1
        "0xd63f0360, NEXT, 0", // blr x27
        "0xf9400b90, NEXT, 0", // ldr x16, [x28, 16]
        "0x00000000, NEXT, 0",
    })
    void leadsWhereItLeads(String word, Flow flow, String target) {
        assertThat(decoder(Long.decode(word)).decode(0))
                .isEqualTo(new Instruction(ADDRESS, 4, flow, Long.decode(target)));
    }

    @Test
    void aJumpThroughATableStaysInTheFunction() {
        // ldr x27, [x1, x0, lsl 3]; br x27
        assertThat(decoder(0xf860783bL, 0xd61f0360L).decode(4).flow()).isEqualTo(Flow.TABLE);
        // into another register, and with another index
        assertThat(decoder(0xf860783aL, 0xd61f0360L).decode(4).flow()).isEqualTo(Flow.ELSEWHERE);
        assertThat(decoder(0xf860683bL, 0xd61f0360L).decode(4).flow()).isEqualTo(Flow.ELSEWHERE);
    }

    @Test
    void aConstantBetweenTheCodeIsNoReturn() {
        // ldr x0, +12; ret; nop; two words of a constant; ret
        Aarch64Decoder decoder =
                decoder(
                        0x58000060L,
                        0xd65f03c0L,
                        0xd503201fL,
                        0xd65f03c0L,
                        0xd65f03c0L,
                        0xd65f03c0L);
        assertThat(decoder.decode(4).flow()).isEqualTo(Flow.RETURN);
        assertThat(decoder.decode(12).flow()).isEqualTo(Flow.NEXT);
        assertThat(decoder.decode(16).flow()).isEqualTo(Flow.NEXT);
        assertThat(decoder.decode(20).flow()).isEqualTo(Flow.RETURN);
        // what is prefetched is no constant
        assertThat(decoder(0xd8000040L, 0xd503201fL, 0xd65f03c0L).decode(8).flow())
                .isEqualTo(Flow.RETURN);
    }

    @Test
    void anyBytesAreWords() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);
            Aarch64Decoder decoder =
                    new Aarch64Decoder(
                            ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN), ADDRESS);
            for (int at = 0; at < bytes.length; at += 4) {
                Instruction instruction = decoder.decode(at);
                assertThat(instruction == null).isEqualTo(at + 4 > bytes.length);
            }
        }
    }
}
