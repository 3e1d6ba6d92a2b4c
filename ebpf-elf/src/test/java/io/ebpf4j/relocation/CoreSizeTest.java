// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.relocation;

import static io.ebpf4j.relocation.CoreScene.LOAD_B;
import static io.ebpf4j.relocation.CoreScene.LOAD_DW;
import static io.ebpf4j.relocation.CoreScene.LOAD_W;
import static io.ebpf4j.relocation.CoreScene.STORE_W;
import static io.ebpf4j.relocation.CoreScene.bits;
import static io.ebpf4j.relocation.CoreScene.field;
import static io.ebpf4j.relocation.CoreScene.load;
import static io.ebpf4j.relocation.CoreScene.move;
import static io.ebpf4j.relocation.CoreScene.relocate;
import static io.ebpf4j.relocation.CoreScene.relocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.asm.Instruction;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.btf.CoreRelocation;
import io.ebpf4j.btf.CoreRelocation.Kind;
import io.ebpf4j.error.RelocationException;
import io.ebpf4j.relocation.CoreScene.Result;
import io.ebpf4j.relocation.CoreScene.Types;

import org.junit.jupiter.api.Test;

import java.util.List;

class CoreSizeTest {
    private final Types local = new Types();
    private final Types target = new Types();

    private Result changing(int localType, int targetType, Instruction instruction) {
        int here = local.struct("s", 16, field("x", localType, 0));
        target.struct("s", 16, field("x", targetType, 8));
        return relocate(
                local, target, relocation(here, "0:0", Kind.FIELD_BYTE_OFFSET), instruction);
    }

    @Test
    void ofUnsignedFieldsWidenLoads() {
        assertThat(changing(Types.U32, Types.U64, load(LOAD_W, 0)).only())
                .isEqualTo(load(LOAD_DW, 8));
    }

    @Test
    void ofUnsignedFieldsNarrowLoads() {
        assertThat(changing(Types.U32, Types.U8, load(LOAD_W, 0)).only())
                .isEqualTo(load(LOAD_B, 8));
    }

    @Test
    void ofUnsignedFieldsChangeStores() {
        assertThat(changing(Types.U32, Types.U8, load(STORE_W, 0)).only()).isEqualTo(load(0x73, 8));
    }

    @Test
    void ofSignedFieldsThatDifferArePoison() {
        changing(Types.INT, Types.S64, load(LOAD_W, 0)).assertPoisoned();
    }

    @Test
    void thatDifferDoNotMatterToAnAddress() {
        assertThat(changing(Types.INT, Types.S64, move(0)).only()).isEqualTo(move(8));
    }

    @Test
    void otherThanTheFieldsAreAnError() {
        assertThatThrownBy(() -> changing(Types.U32, Types.U64, load(LOAD_B, 0)))
                .isInstanceOf(RelocationException.class)
                .hasMessageContaining("accesses 1 bytes of a field of 4");
    }

    @Test
    void ofArraysAreThoseOfTheirElements() {
        int here = local.struct("s", 16, field("x", local.array(Types.U32, 4), 0));
        target.struct("s", 24, field("x", target.array(Types.U32, 2), 8));
        Result r =
                relocate(
                        local,
                        target,
                        relocation(here, "0:0", Kind.FIELD_BYTE_OFFSET),
                        load(LOAD_W, 0));
        assertThat(r.only()).isEqualTo(load(LOAD_W, 8));
    }

    @Test
    void ofArrayElementsCannotChangeUnderALoop() {
        int here = local.struct("s", 16, field("x", local.array(Types.U32, 4), 0));
        target.struct("s", 40, field("x", target.array(Types.U64, 4), 8));
        CoreRelocation offset = relocation(here, "0:0", Kind.FIELD_BYTE_OFFSET);
        relocate(local, target, offset, load(LOAD_W, 0)).assertPoisoned();
        CoreRelocation second = relocation(here, "0:0:1", Kind.FIELD_BYTE_OFFSET);
        assertThat(relocate(local, target, second, load(LOAD_W, 4)).only())
                .isEqualTo(load(LOAD_DW, 16));
    }

    @Test
    void ofRowsAreThoseOfTheirElements() {
        int rows = local.array(local.array(Types.U32, 4), 2);
        int here = local.struct("s", 32, field("x", rows, 0));
        int fewer = target.array(target.array(Types.U32, 3), 2);
        target.struct("s", 32, field("x", fewer, 8));
        CoreRelocation row = relocation(here, "0:0:1", Kind.FIELD_BYTE_OFFSET);
        assertThat(relocate(local, target, row, load(LOAD_W, 16)).only())
                .isEqualTo(load(LOAD_W, 8 + 12));
    }

    @Test
    void ofBitfieldsDoNotBecomeThoseOfPlainFields() {
        int here = local.struct("s", 4, bits("x", Types.U32, 0, 3));
        target.struct("s", 16, field("x", Types.U32, 8));
        CoreRelocation offset = relocation(here, "0:0", Kind.FIELD_BYTE_OFFSET);
        relocate(local, target, offset, load(LOAD_W, 0)).assertPoisoned();
    }

    @Test
    void ofTypesAreTheTargets() {
        int here = local.struct("s", 16, field("x", Types.U32, 0));
        target.struct("s", 48, field("x", Types.U32, 0));
        assertThat(
                        relocate(local, target, relocation(here, "0", Kind.TYPE_SIZE), move(16))
                                .only()
                                .imm())
                .isEqualTo(48);
        int gone = local.struct("gone", 4);
        assertThat(
                        relocate(local, target, relocation(gone, "0", Kind.TYPE_SIZE), move(4))
                                .only()
                                .imm())
                .isZero();
    }

    @Test
    void ofCharactersAndBooleansChangeLikeUnsignedOnes() {
        int bool = local.add(new BtfType.Int("_Bool", 1, BtfType.Int.BOOL, 0, 8));
        assertThat(changing(bool, Types.U32, load(LOAD_B, 0)).only()).isEqualTo(load(LOAD_W, 8));
    }

    @Test
    void ofEnumsThatDifferArePoison() {
        int here = local.add(new BtfType.Enum("e", 4, false, List.of()));
        int there = target.add(new BtfType.Enum("e", 1, false, List.of()));
        changing(here, there, load(LOAD_W, 0)).assertPoisoned();
    }

    @Test
    void ofStoredImmediatesChange() {
        Instruction word = new Instruction(0x62, 1, 0, 0, 5);
        assertThat(changing(Types.U32, Types.U64, word).only())
                .isEqualTo(new Instruction(0x7a, 1, 0, 8, 5));
    }

    @Test
    void ofLoadsThatExtendTheSignStayWithTheirMode() {
        Instruction signedWord = load(0x81, 0);
        assertThat(changing(Types.INT, Types.INT, signedWord).only()).isEqualTo(load(0x81, 8));
    }

    @Test
    void ofLoadsThatExtendTheSignArePoisonWhereTheyDiffer() {
        changing(Types.INT, Types.S64, load(0x81, 0)).assertPoisoned();
    }

    @Test
    void thatNoInstructionHasAreAnError() {
        int odd = target.add(new BtfType.Int("odd", 3, 0, 0, 24));
        assertThatThrownBy(() -> changing(Types.U32, odd, load(LOAD_W, 0)))
                .isInstanceOf(RelocationException.class)
                .hasMessageContaining("3 bytes");
    }
}
