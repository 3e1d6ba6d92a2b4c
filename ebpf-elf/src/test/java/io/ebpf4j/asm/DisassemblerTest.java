// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.asm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.elf.ElfFile;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

class DisassemblerTest {

    record Golden(String bytes, String text) {}

    static List<Golden> golden() throws IOException {
        List<Golden> lines = new ArrayList<>();
        try (InputStream in = DisassemblerTest.class.getResourceAsStream("llvm-objdump-19.txt");
                BufferedReader reader =
                        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (!line.startsWith("#")) {
                    int tab = line.indexOf('\t');
                    lines.add(new Golden(line.substring(0, tab), line.substring(tab + 1)));
                }
            }
        }
        return lines;
    }

    private static Instructions decode(String bytes) {
        return Instructions.decode(
                HexFormat.ofDelimiter(" ").parseHex(bytes), ByteOrder.LITTLE_ENDIAN);
    }

    @ParameterizedTest
    @MethodSource("golden")
    void printsWhatLlvmPrints(Golden golden) {
        assertThat(Disassembler.text(decode(golden.bytes()), 0)).isEqualTo(golden.text());
    }

    @ParameterizedTest
    @MethodSource("golden")
    void printsTheSameForBothByteOrders(Golden golden) {
        Instructions big = Instructions.empty(ByteOrder.BIG_ENDIAN);
        big.add(decode(golden.bytes()).at(0));

        assertThat(Disassembler.text(big, 0)).isEqualTo(golden.text());
        assertThat(Disassembler.text(big.at(0))).isEqualTo(golden.text());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    85 00 00 00 01 00 00 00 | call bpf_map_lookup_elem#1
                    85 00 00 00 d3 00 00 00 | call bpf_cgrp_storage_delete#211
                    85 00 00 00 d4 00 00 00 | call unknown#212
                    85 00 00 00 ff ff ff ff | call unknown#-1
                    85 10 00 00 05 00 00 00 | call pc+5
                    85 10 00 00 ff ff ff ff | call pc-1
                    85 20 00 00 39 30 00 00 | call kernel-function#12345
                    18 11 00 00 07 00 00 00 00 00 00 00 00 00 00 00 | r1 = map[fd:7]
                    18 21 00 00 07 00 00 00 00 00 00 00 10 00 00 00 | r1 = map[fd:7][0]+16
                    18 32 00 00 0c 00 00 00 00 00 00 00 00 00 00 00 | r2 = ksym[id:12]
                    18 42 00 00 05 00 00 00 00 00 00 00 00 00 00 00 | r2 = subprog[+5]
                    18 51 00 00 02 00 00 00 00 00 00 00 00 00 00 00 | r1 = map[idx:2]
                    18 61 00 00 02 00 00 00 00 00 00 00 08 00 00 00 | r1 = map[idx:2][0]+8
                    0d 01 00 00 00 00 00 00 | gotox r1
                    d3 21 08 00 00 01 00 00 | w1 = load_acquire((u8 *)(r2 + 0x8))
                    cb 21 08 00 00 01 00 00 | w1 = load_acquire((u16 *)(r2 + 0x8))
                    c3 21 08 00 00 01 00 00 | w1 = load_acquire((u32 *)(r2 + 0x8))
                    db 21 f8 ff 00 01 00 00 | r1 = load_acquire((u64 *)(r2 - 0x8))
                    c3 21 08 00 10 01 00 00 | store_release((u32 *)(r1 + 0x8), w2)
                    db 21 f8 ff 10 01 00 00 | store_release((u64 *)(r1 - 0x8), r2)
                    """)
    void printsWhatTheKernelSaysBetter(String bytes, String text) {
        assertThat(Disassembler.text(decode(bytes), 0)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ff 21 08 00 01 00 00 00", // no such operation
                "07 01 02 00 01 00 00 00", // an addition with an offset
                "db 21 00 00 02 00 00 00", // no such atomic operation
                "d3 21 00 00 00 00 00 00", // an atomic addition of one byte
                "d4 01 00 00 11 00 00 00", // a swap of 17 bits
                "bf 2c 00 00 00 00 00 00", // register 12
                "bc 21 20 00 00 00 00 00", // 32 bits of 32 with their sign
                "e5 10 01 00 00 00 00 00", // an unknown condition of the verifier's
                "18 71 00 00 00 00 00 00 00 00 00 00 00 00 00 00", // an unknown pseudo source
                "85 30 00 00 01 00 00 00", // a call of an unknown kind
                "99 21 00 00 00 00 00 00" // eight bytes with their sign
            })
    void printsUnknownInstructionsAsTheirBytes(String bytes) {
        assertThat(Disassembler.text(decode(bytes), 0)).isEqualTo("<unknown> " + bytes);
    }

    @Test
    void printsAWideLoadWithoutItsSecondSlotAsBytes() {
        assertThat(Disassembler.listing("", decode("18 01 00 00 2a 00 00 00")))
                .isEqualTo("       0:\t<unknown> 18 01 00 00 2a 00 00 00\n");
    }

    @Test
    void neverFailsAndPrintsOneLineForEachInstruction() {
        Random random = new Random(1);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = new byte[8 * (1 + random.nextInt(4))];
            random.nextBytes(bytes);
            bytes[0] = (byte) round;
            ByteOrder order = (round & 256) == 0 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
            Instructions instructions = Instructions.decode(bytes, order);
            int lines = 0;
            for (int slot = 0; slot < instructions.slotCount(); lines++) {
                slot += instructions.opcode(slot) == Instruction.LOAD_IMM64 ? 2 : 1;
            }

            assertThat(Disassembler.listing("", instructions).lines().count()).isEqualTo(lines);
        }
    }

    @Test
    void listsAFunctionWithTheTargetsOfItsJumps() {
        Instructions function =
                new Assembler(ByteOrder.LITTLE_ENDIAN)
                        .label("again")
                        .loadImmediate(Register.R0, 0x1_0000_0000L)
                        .jumpIf(Condition.NE, Register.R0, 1, "again")
                        .jumpLong("out")
                        .mov(Register.R0, 0)
                        .label("out")
                        .exit()
                        .build();

        assertThat(Disassembler.listing("f", function))
                .isEqualTo(
                        """
                        f:
                               0:\tr0 = 0x100000000 ll
                               2:\tif r0 != 0x1 goto -0x3 <f>
                               3:\tgotol +0x1 <f+0x28>
                               4:\tr0 = 0x0
                               5:\texit
                        """);
    }

    @Test
    void namesTargetsBeforeTheFunctionToo() {
        Instructions lone = decode("05 00 fd ff 00 00 00 00");

        assertThat(Disassembler.listing("f", lone))
                .isEqualTo("f:\n       0:\tgoto -0x3 <f-0x10>\n");
    }

    @Test
    void namesWhatReferencesReferTo() {
        Instructions function =
                new Assembler(ByteOrder.LITTLE_ENDIAN)
                        .loadMap(Register.R1, "counts")
                        .loadMapValue(Register.R2, ".rodata", 8)
                        .loadFunction(Register.R3, "callback")
                        .loadExtern(Register.R4, "jiffies")
                        .callFunction("sub")
                        .callExtern("bpf_task_acquire")
                        .build();

        assertThat(Disassembler.listing("", function))
                .isEqualTo(
                        """
                               0:\tr1 = map[counts]
                               2:\tr2 = map[.rodata][0]+8
                               4:\tr3 = subprog[callback]
                               6:\tr4 = ksym[jiffies]
                               8:\tcall sub
                               9:\tcall bpf_task_acquire
                        """);
        assertThat(Disassembler.text(function, 2)).isEqualTo("r2 = map[.rodata][0]+8");
    }

    @Test
    void ignoresReferencesThatDoNotFitTheirInstruction() {
        Instructions function = decode("b7 00 00 00 01 00 00 00");
        function.references().add(new Reference.Call(0, "sub"));
        function.references().add(new Reference.Call(99, "nowhere"));

        assertThat(Disassembler.listing("", function)).isEqualTo("       0:\tr0 = 0x1\n");
    }

    @Test
    void aSlotThatDoesNotExistHasNoText() {
        assertThatThrownBy(() -> Disassembler.text(decode("95 00 00 00 00 00 00 00"), 1))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {".text", "tp/first", "tp/second"})
    void printsTheSameForAnObjectOfEitherByteOrder(String section) {
        String little = listing("elf_shapes.bpf.o", section);
        String big = listing("elf_shapes.eb.bpf.o", section);

        assertThat(little).contains("exit").doesNotContain("<unknown>").isEqualTo(big);
    }

    private static String listing(String object, String section) {
        try (ElfFile file = ElfFile.open(Path.of("src/test/bpf", object))) {
            byte[] code = file.section(section).orElseThrow().bytes();
            return Disassembler.listing("f", Instructions.decode(code, file.order()));
        }
    }
}
