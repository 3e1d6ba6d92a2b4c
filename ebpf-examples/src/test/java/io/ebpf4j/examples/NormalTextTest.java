// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.ebpf4j.asm.Instructions;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;

class NormalTextTest {
    private static final Map<Integer, String> MAPS = Map.of(7, "events", 8, ".rodata");

    @Test
    void aSlotIsALineOfFiveFields() {
        assertThat(text(slot(0xb7, 1, 0, 0, -5), slot(0x7b, 10, 1, -8, 0)))
                .isEqualTo("b7 1 0 0 -5\n7b 10 1 -8 0\n");
    }

    @Test
    void descriptorsOfMapsBecomeTheirNames() {
        assertThat(text(slot(0x18, 2, 1, 0, 7), slot(0, 0, 0, 0, 0)))
                .isEqualTo("18 2 1 0 map:events\n00 0 0 0 0\n");
        assertThat(text(slot(0x18, 2, 2, 0, 8), slot(0, 0, 0, 0, 24)))
                .isEqualTo("18 2 2 0 map:.rodata\n00 0 0 0 24\n");
    }

    @Test
    void numbersThatOnlyLookLikeDescriptorsStay() {
        assertThat(text(slot(0x18, 2, 0, 0, 7), slot(0, 0, 0, 0, 0))).startsWith("18 2 0 0 7\n");
        assertThat(text(slot(0x18, 2, 1, 0, 9), slot(0, 0, 0, 0, 0))).startsWith("18 2 1 0 9\n");
        assertThat(text(slot(0xb7, 2, 1, 0, 7))).isEqualTo("b7 2 1 0 7\n");
    }

    @Test
    void theSecondHalfOfAWideLoadIsNoInstruction() {
        assertThat(text(slot(0x18, 1, 0, 0, 1), slot(0x18, 0, 1, 0, 7))).endsWith("\n18 0 1 0 7\n");
    }

    @Test
    void aModulesDescriptorHasNoNumber() {
        assertThat(text(slot(0x18, 1, 3, 0, 100), slot(0, 0, 0, 0, 12)))
                .isEqualTo("18 1 3 0 100\n00 0 0 0 btf-fd\n");
        assertThat(text(slot(0x18, 1, 3, 0, 100), slot(0, 0, 0, 0, 0)))
                .isEqualTo("18 1 3 0 100\n00 0 0 0 0\n");
    }

    @Test
    void theDigestIsTheBeginningOfTheSha256() {
        assertThat(NormalText.digest("abc")).isEqualTo("ba7816bf8f01cfea");
    }

    private static String text(byte[]... slots) {
        ByteBuffer code = ByteBuffer.allocate(slots.length * 8);
        for (byte[] slot : slots) {
            code.put(slot);
        }
        return new NormalText(MAPS).of(Instructions.decode(code.array(), ByteOrder.LITTLE_ENDIAN));
    }

    private static byte[] slot(int opcode, int dst, int src, int offset, int imm) {
        return ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) opcode)
                .put((byte) (src << 4 | dst))
                .putShort((short) offset)
                .putInt(imm)
                .array();
    }
}
