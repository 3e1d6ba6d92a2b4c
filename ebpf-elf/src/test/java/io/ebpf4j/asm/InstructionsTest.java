// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.asm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.error.ObjectFormatException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;

class InstructionsTest {

    private static ByteOrder order(boolean little) {
        return little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    }

    private static Instruction random(Random random) {
        int opcode = random.nextInt(256);
        long imm = opcode == Instruction.LOAD_IMM64 ? random.nextLong() : random.nextInt();
        return new Instruction(
                opcode, random.nextInt(16), random.nextInt(16), (short) random.nextInt(), imm);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsAddedIsReadBack(boolean little) {
        Random random = new Random(7);
        List<Instruction> added = new ArrayList<>();
        Instructions instructions = Instructions.empty(order(little));
        for (int i = 0; i < 5_000; i++) {
            Instruction next =
                    i % 50 == 0
                            ? new Instruction(0x18, 1, 0, 0, random.nextLong())
                            : random(random);
            added.add(next);
            instructions.add(next);
        }

        Instructions decoded = Instructions.decode(instructions.encode(), order(little));
        assertThat(decoded).containsExactlyElementsOf(added);
        assertThat(decoded.encode()).isEqualTo(instructions.encode());
        assertThat(decoded.slotCount())
                .isEqualTo(added.stream().mapToInt(Instruction::slots).sum());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void encodesRegistersAndNumbersInTheByteOrder(boolean little) {
        Instructions instructions = Instructions.empty(order(little));
        instructions.add(new Instruction(0x61, 1, 10, -2, 0x01020304));

        assertThat(instructions.encode())
                .isEqualTo(
                        little
                                ? new byte[] {0x61, (byte) 0xa1, -2, -1, 4, 3, 2, 1}
                                : new byte[] {0x61, 0x1a, -1, -2, 1, 2, 3, 4});
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void fieldsChangeOneByOne(boolean little) {
        Instructions instructions = Instructions.empty(order(little));
        instructions.add(new Instruction(0xbf, 1, 2, 3, 4));
        instructions.add(new Instruction(0xbf, 1, 2, 3, 4));

        instructions.setSrc(0, 15);
        instructions.setOffset(0, -32_768);
        instructions.setImm(0, Integer.MIN_VALUE);

        assertThat(instructions.at(0))
                .isEqualTo(new Instruction(0xbf, 1, 15, -32_768, Integer.MIN_VALUE));
        assertThat(instructions.at(1)).isEqualTo(new Instruction(0xbf, 1, 2, 3, 4));
    }

    @Test
    void fieldsRefuseWhatDoesNotFit() {
        Instructions instructions = Instructions.empty(ByteOrder.LITTLE_ENDIAN);
        instructions.add(new Instruction(0x05, 0, 0, 0, 0));

        assertThatIllegalArgumentException().isThrownBy(() -> instructions.setOffset(0, 32_768));
        assertThatIllegalArgumentException().isThrownBy(() -> instructions.setSrc(0, 16));
        assertThatIllegalArgumentException().isThrownBy(() -> new Instruction(256, 0, 0, 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Instruction(0, 16, 0, 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Instruction(0, 0, -1, 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Instruction(0, 0, 0, 40_000, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Instruction(0, 0, 0, 0, 1L << 32));
        assertThat(instructions.at(0)).isEqualTo(new Instruction(0x05, 0, 0, 0, 0));
    }

    @Test
    void appendingMovesReferences() {
        Instructions first =
                new Assembler(ByteOrder.LITTLE_ENDIAN).loadMap(Register.R1, "a").exit().build();
        Instructions second =
                new Assembler(ByteOrder.LITTLE_ENDIAN).callFunction("sub").exit().build();

        first.append(second);
        first.append(first);

        assertThat(first.slotCount()).isEqualTo(10);
        assertThat(first.references())
                .containsExactly(
                        new Reference.MapDescriptor(0, "a"),
                        new Reference.Call(3, "sub"),
                        new Reference.MapDescriptor(5, "a"),
                        new Reference.Call(8, "sub"));
        assertThat(first.at(8)).isEqualTo(second.at(0));
        assertThat(second.references()).containsExactly(new Reference.Call(0, "sub"));
    }

    @Test
    void appendingAnotherByteOrderIsRefused() {
        Instructions little = Instructions.empty(ByteOrder.LITTLE_ENDIAN);
        Instructions big = Instructions.empty(ByteOrder.BIG_ENDIAN);

        assertThatIllegalArgumentException().isThrownBy(() -> little.append(big));
    }

    @Test
    void aCopyIsIndependent() {
        Instructions original =
                new Assembler(ByteOrder.LITTLE_ENDIAN).loadMap(Register.R1, "a").build();
        Instructions copy = original.copy();
        copy.setImm(0, 99);
        copy.references().clear();

        assertThat(original.imm(0)).isZero();
        assertThat(original.references()).hasSize(1);
    }

    @Test
    void decodingCopiesTheBytes() {
        byte[] bytes = {(byte) 0x95, 0, 0, 0, 0, 0, 0, 0};
        Instructions instructions = Instructions.decode(bytes, ByteOrder.LITTLE_ENDIAN);
        bytes[0] = 0;

        assertThat(instructions.opcode(0)).isEqualTo(0x95);
    }

    @Test
    void replacingAWideLoadTakesBothSlots() {
        Instructions instructions =
                new Assembler(ByteOrder.BIG_ENDIAN)
                        .mov(Register.R1, 1)
                        .mov(Register.R2, 2)
                        .exit()
                        .build();
        instructions.set(0, new Instruction(0x18, 3, 0, 0, 0x1122334455667788L));

        assertThat(instructions.at(0).imm()).isEqualTo(0x1122334455667788L);
        assertThat(instructions.at(2).opcode()).isEqualTo(0x95);
        assertThatThrownBy(() -> instructions.set(2, new Instruction(0x18, 3, 0, 0, 0)))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> instructions.set(-1, new Instruction(0x18, 3, 0, 0, 0)))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void halfASlotIsBadFormat() {
        assertThatThrownBy(() -> Instructions.decode(new byte[12], ByteOrder.LITTLE_ENDIAN))
                .isInstanceOf(ObjectFormatException.class)
                .hasMessageContaining("12 bytes");
    }

    @Test
    void aWideLoadCutInHalfIsBadFormat() {
        Instructions instructions =
                Instructions.decode(
                        new byte[] {0x18, 0, 0, 0, 0, 0, 0, 0}, ByteOrder.LITTLE_ENDIAN);

        assertThatThrownBy(() -> instructions.at(0))
                .isInstanceOf(ObjectFormatException.class)
                .hasMessageContaining("slot 0");
    }

    @Test
    void slotsThatDoNotExistAreRefused() {
        Instructions instructions = new Assembler().exit().build();

        assertThatThrownBy(() -> instructions.opcode(1))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> instructions.imm(-1))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> instructions.setImm(1, 0))
                .isInstanceOf(IndexOutOfBoundsException.class);
        var iterator = instructions.iterator();
        iterator.next();
        assertThat(iterator.hasNext()).isFalse();
        assertThatThrownBy(iterator::next).isInstanceOf(NoSuchElementException.class);
    }
}
