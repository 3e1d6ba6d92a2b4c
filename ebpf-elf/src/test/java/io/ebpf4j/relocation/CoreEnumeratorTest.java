// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.relocation;

import static io.ebpf4j.relocation.CoreScene.move;
import static io.ebpf4j.relocation.CoreScene.relocate;
import static io.ebpf4j.relocation.CoreScene.relocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.asm.Instruction;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.btf.CoreRelocation.Kind;
import io.ebpf4j.error.RelocationException;
import io.ebpf4j.relocation.CoreScene.Result;
import io.ebpf4j.relocation.CoreScene.Types;

import org.junit.jupiter.api.Test;

import java.util.List;

class CoreEnumeratorTest {
    private final Types local = new Types();
    private final Types target = new Types();
    private final int here =
            local.add(
                    new BtfType.Enum(
                            "e",
                            4,
                            false,
                            List.of(
                                    new BtfType.Enumerator("A", 1),
                                    new BtfType.Enumerator("GONE___x", 2))));

    @Test
    void takeTheTargetsValueEvenOf64Bits() {
        target.add(
                new BtfType.Enum64(
                        "e",
                        8,
                        false,
                        List.of(
                                new BtfType.Enumerator("Z", 0),
                                new BtfType.Enumerator("A", 1L << 40))));
        Instruction wide = new Instruction(Instruction.LOAD_IMM64, 1, 0, 0, 1);
        Result r = relocate(local, target, relocation(here, "0", Kind.ENUMVAL_VALUE), wide);
        assertThat(r.only().imm()).isEqualTo(1L << 40);
        assertThat(r.report().get(0).description()).isEqualTo("[7] enum e::A");
    }

    @Test
    void thatAreGonePoisonTheirValue() {
        target.add(new BtfType.Enum("e", 4, false, List.of(new BtfType.Enumerator("A", 7))));
        relocate(local, target, relocation(here, "1", Kind.ENUMVAL_VALUE), move(2))
                .assertPoisoned();
        assertThat(
                        relocate(local, target, relocation(here, "1", Kind.ENUMVAL_EXISTS), move(1))
                                .only()
                                .imm())
                .isZero();
        assertThat(
                        relocate(local, target, relocation(here, "0", Kind.ENUMVAL_EXISTS), move(1))
                                .only()
                                .imm())
                .isEqualTo(1);
    }

    @Test
    void areComparedWithoutFlavour() {
        target.add(new BtfType.Enum("e", 4, false, List.of(new BtfType.Enumerator("GONE", 7))));
        assertThat(
                        relocate(local, target, relocation(here, "1", Kind.ENUMVAL_VALUE), move(2))
                                .only()
                                .imm())
                .isEqualTo(7);
    }

    @Test
    void ofThirtyTwoBitsKeepTheirSign() {
        BtfType.Enumerator minus = new BtfType.Enumerator("MINUS", -1);
        int signed = local.add(new BtfType.Enum("m", 4, true, List.of(minus)));
        target.add(new BtfType.Enum("m", 4, true, List.of(new BtfType.Enumerator("MINUS", -4711))));
        Instruction wide = new Instruction(Instruction.LOAD_IMM64, 1, 0, 0, -1);
        Result r = relocate(local, target, relocation(signed, "0", Kind.ENUMVAL_VALUE), wide);
        assertThat(r.only().imm()).isEqualTo(-4711);
    }

    @Test
    void ofSixtyFourBitsBecomeThoseOfThirtyTwo() {
        BtfType.Enumerator far = new BtfType.Enumerator("FAR", 1L << 40);
        int wide = local.add(new BtfType.Enum64("w", 8, false, List.of(far)));
        target.add(new BtfType.Enum("w", 4, false, List.of(new BtfType.Enumerator("FAR", 3))));
        Instruction load = new Instruction(Instruction.LOAD_IMM64, 1, 0, 0, 1L << 40);
        Result r = relocate(local, target, relocation(wide, "0", Kind.ENUMVAL_VALUE), load);
        assertThat(r.only().imm()).isEqualTo(3);
    }

    @Test
    void thatDoNotFitTheirInstructionAreAnError() {
        target.add(
                new BtfType.Enum64("e", 8, false, List.of(new BtfType.Enumerator("A", 1L << 40))));
        assertThatThrownBy(
                        () ->
                                relocate(
                                        local,
                                        target,
                                        relocation(here, "0", Kind.ENUMVAL_VALUE),
                                        move(1)))
                .isInstanceOf(RelocationException.class)
                .hasMessageContaining("does not fit 32 bits");
    }
}
