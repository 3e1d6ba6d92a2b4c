// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.relocation;

import static io.ebpf4j.relocation.CoreScene.LOAD_DW;
import static io.ebpf4j.relocation.CoreScene.LOAD_W;
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

class CoreFieldTest {
    private final Types local = new Types();
    private final Types target = new Types();

    @Test
    void moveWithTheTarget() {
        int here =
                local.struct(
                        "task_struct", 8, field("pid", Types.INT, 0), field("tgid", Types.INT, 4));
        target.struct(
                "task_struct", 64, field("state", Types.U64, 0), field("tgid", Types.INT, 44));
        Result r =
                relocate(
                        local,
                        target,
                        relocation(here, "0:1", Kind.FIELD_BYTE_OFFSET),
                        load(LOAD_W, 4));
        assertThat(r.only()).isEqualTo(load(LOAD_W, 44));
        assertThat(r.report().get(0).description()).isEqualTo("[7] struct task_struct::tgid");
    }

    @Test
    void areFoundInsideUnnamedStructsAndUnions() {
        int here = local.struct("s", 8, field("a", Types.INT, 0), field("x", Types.INT, 4));
        int inner = target.struct("", 8, field("y", Types.INT, 0), field("x", Types.INT, 4));
        int union =
                target.add(
                        new BtfType.Union(
                                "", 8, List.of(field("u", Types.U64, 0), field("", inner, 0))));
        target.struct("s", 32, field("a", Types.INT, 0), field("", union, 16));
        Result r =
                relocate(
                        local,
                        target,
                        relocation(here, "0:1", Kind.FIELD_BYTE_OFFSET),
                        load(LOAD_W, 4));
        assertThat(r.only().offset()).isEqualTo(20);
    }

    @Test
    void ofAnUnnamedLocalMemberAreFoundAtTheTop() {
        int inner = local.struct("", 8, field("y", Types.INT, 0), field("x", Types.INT, 4));
        int here = local.struct("s", 12, field("a", Types.INT, 0), field("", inner, 4));
        target.struct("s", 32, field("x", Types.INT, 28));
        Result r =
                relocate(
                        local,
                        target,
                        relocation(here, "0:1:1", Kind.FIELD_BYTE_OFFSET),
                        load(LOAD_W, 8));
        assertThat(r.only().offset()).isEqualTo(28);
    }

    @Test
    void followNestedStructsAndArraysThroughModifiers() {
        int element =
                local.struct("element", 8, field("a", Types.INT, 0), field("b", Types.INT, 4));
        int here = local.struct("s", 32, field("list", local.array(element, 4), 0));
        int there = target.struct("element", 16, field("b", Types.INT, 12));
        int constant =
                target.add(new BtfType.Const(target.add(new BtfType.Typedef("element_t", there))));
        target.struct(
                "s", 72, field("z", Types.U64, 0), field("list", target.array(constant, 4), 8));
        Result r =
                relocate(
                        local,
                        target,
                        relocation(here, "0:0:2:1", Kind.FIELD_BYTE_OFFSET),
                        load(LOAD_W, 20));
        assertThat(r.only().offset()).isEqualTo(8 + 2 * 16 + 12);
    }

    @Test
    void beyondTheTargetsArrayDoNotExistUnlessItIsFlexible() {
        int here = local.struct("s", 64, field("list", local.array(Types.INT, 16), 0));
        CoreRelocation ninth = relocation(here, "0:0:9", Kind.FIELD_EXISTS);
        target.struct("s", 16, field("list", target.array(Types.INT, 4), 0));
        assertThatExists(ninth, 0);
        Types flexible = new Types();
        flexible.struct(
                "s", 4, field("n", Types.INT, 0), field("list", flexible.array(Types.INT, 0), 4));
        CoreRelocation offset = relocation(here, "0:0:9", Kind.FIELD_BYTE_OFFSET);
        assertThat(relocate(local, flexible, offset, load(LOAD_W, 36)).only().offset())
                .isEqualTo(40);
        Types notLast = new Types();
        notLast.struct(
                "s", 4, field("list", notLast.array(Types.INT, 0), 0), field("n", Types.INT, 0));
        relocate(local, notLast, offset, load(LOAD_W, 36)).assertPoisoned();
    }

    private void assertThatExists(CoreRelocation r, long expected) {
        assertThat(relocate(local, target, r, move(1)).only().imm()).isEqualTo(expected);
    }

    @Test
    void thatDoNotExistArePoisonedButMayBeAskedAbout() {
        int here = local.struct("s", 8, field("gone", Types.INT, 4));
        target.struct("s", 8, field("other", Types.INT, 0));
        assertThatExists(relocation(here, "0:0", Kind.FIELD_EXISTS), 0);
        CoreRelocation offset = relocation(here, "0:0", Kind.FIELD_BYTE_OFFSET);
        relocate(local, target, offset, load(LOAD_W, 4)).assertPoisoned();
    }

    @Test
    void ofATypeThatDoesNotExistArePoisoned() {
        int here = local.struct("nowhere", 8, field("x", Types.INT, 4));
        relocate(local, target, relocation(here, "0:0", Kind.FIELD_BYTE_OFFSET), load(LOAD_W, 4))
                .assertPoisoned();
    }

    @Test
    void poisonBothSlotsOfAWideLoad() {
        int here = local.struct("nowhere", 8, field("x", Types.INT, 4));
        Instruction wide = new Instruction(Instruction.LOAD_IMM64, 1, 0, 0, 4);
        Result r = relocate(local, target, relocation(here, "0:0", Kind.FIELD_BYTE_OFFSET), wide);
        assertThat(r.code()).hasSize(2);
        r.assertPoisoned();
    }

    @Test
    void ofAnotherKindEndTheSearch() {
        int here = local.struct("s", 8, field("x", Types.POINTER, 0));
        int inner = target.struct("", 8, field("x", Types.POINTER, 0));
        target.struct("s", 16, field("x", Types.INT, 0), field("", inner, 8));
        relocate(local, target, relocation(here, "0:0", Kind.FIELD_BYTE_OFFSET), load(LOAD_DW, 0))
                .assertPoisoned();
    }

    @Test
    void ofFlavouredTypesAreThoseOfThePlainType() {
        int here = local.struct("s___old", 8, field("x", Types.INT, 4));
        target.struct("s", 32, field("x", Types.INT, 16));
        Result r =
                relocate(
                        local,
                        target,
                        relocation(here, "0:0", Kind.FIELD_BYTE_OFFSET),
                        load(LOAD_W, 4));
        assertThat(r.only().offset()).isEqualTo(16);
    }

    @Test
    void keepTheirIndexOfAPretendedArray() {
        int here = local.struct("s", 8, field("x", Types.INT, 4));
        target.struct("s", 32, field("x", Types.INT, 16));
        Result r =
                relocate(
                        local,
                        target,
                        relocation(here, "2:0", Kind.FIELD_BYTE_OFFSET),
                        load(LOAD_W, 20));
        assertThat(r.only().offset()).isEqualTo(2 * 32 + 16);
    }

    @Test
    void giveTheirSizeAndSign() {
        int here = local.struct("s", 8, field("x", Types.INT, 4));
        target.struct("s", 16, field("x", Types.U64, 8));
        assertThat(
                        relocate(
                                        local,
                                        target,
                                        relocation(here, "0:0", Kind.FIELD_BYTE_SIZE),
                                        move(4))
                                .only()
                                .imm())
                .isEqualTo(8);
        assertThat(
                        relocate(local, target, relocation(here, "0:0", Kind.FIELD_SIGNED), move(1))
                                .only()
                                .imm())
                .isZero();
    }

    @Test
    void beyondALocalFlexibleArrayAreFoundInAnArrayOfTheTarget() {
        int here =
                local.struct(
                        "s", 4, field("n", Types.INT, 0), field("l", local.array(Types.INT, 0), 4));
        target.struct("s", 40, field("l", target.array(Types.INT, 8), 8));
        CoreRelocation fifth = relocation(here, "0:1:5", Kind.FIELD_BYTE_OFFSET);
        assertThat(relocate(local, target, fifth, load(LOAD_W, 24)).only().offset())
                .isEqualTo(8 + 5 * 4);
        CoreRelocation ninth = relocation(here, "0:1:8", Kind.FIELD_BYTE_OFFSET);
        relocate(local, target, ninth, load(LOAD_W, 36)).assertPoisoned();
    }

    @Test
    void ofOneNameAreComparedByTheirKindOnly() {
        int floating = local.add(new BtfType.Float("float", 4));
        int pointer = local.add(new BtfType.Ptr(Types.INT));
        int choice = local.add(new BtfType.Enum("choice___old", 4, false, List.of()));
        int ahead = local.add(new BtfType.Fwd("ahead", false));
        int whole = local.struct("whole", 4, field("in", Types.INT, 0));
        Types kernel = new Types();
        int floats = kernel.add(new BtfType.Float("double", 8));
        int pointers = kernel.add(new BtfType.Ptr(floats));
        int choices = kernel.add(new BtfType.Enum64("choice", 8, true, List.of()));
        int otherChoice = kernel.add(new BtfType.Enum("other", 4, false, List.of()));
        int nameless = kernel.add(new BtfType.Enum("", 4, false, List.of()));
        int aheads = kernel.add(new BtfType.Fwd("ahead", true));
        int union = kernel.add(new BtfType.Union("unlike", 8, List.of()));
        assertThat(reaches(floating, kernel, floats)).isTrue();
        assertThat(reaches(pointer, kernel, pointers)).isTrue();
        assertThat(reaches(choice, kernel, choices)).isTrue();
        assertThat(reaches(choice, kernel, nameless)).isTrue();
        assertThat(reaches(choice, kernel, otherChoice)).isFalse();
        assertThat(reaches(ahead, kernel, aheads)).isTrue();
        assertThat(reaches(whole, kernel, union)).isTrue();
        assertThat(reaches(whole, kernel, pointers)).isFalse();
        assertThat(reaches(Types.INT, kernel, Types.U64)).isTrue();
        assertThat(reaches(Types.INT, kernel, floats)).isFalse();
    }

    @Test
    void ofArraysAreComparedByTheirElements() {
        int rows = local.array(local.array(Types.INT, 2), 3);
        Types kernel = new Types();
        int longer = kernel.array(kernel.array(Types.U64, 5), 7);
        int flat = kernel.array(Types.INT, 6);
        int pointers = kernel.array(kernel.array(Types.POINTER, 2), 3);
        assertThat(reaches(rows, kernel, longer)).isTrue();
        assertThat(reaches(rows, kernel, flat)).isFalse();
        assertThat(reaches(rows, kernel, pointers)).isFalse();
    }

    /** Asks for a field that has a type here and another there. */
    private boolean reaches(int localType, Types kernel, int targetType) {
        String name = "holder_" + localType + "_" + targetType;
        int here = local.struct(name, 8, field("x", localType, 0));
        kernel.struct(name, 8, field("x", targetType, 0));
        CoreRelocation exists = relocation(here, "0:0", Kind.FIELD_EXISTS);
        return relocate(local, kernel, exists, move(1)).only().imm() == 1;
    }

    @Test
    void ofOldStyleBitFieldIntegersAreNotFound() {
        int shifted = target.add(new BtfType.Int("int", 4, 0, 3, 5));
        assertThat(reaches(Types.INT, target, shifted)).isFalse();
    }

    @Test
    void areNamedExactlyThoughTheirTypesAreNot() {
        int here = local.struct("s___old", 8, field("x___old", Types.INT, 4));
        target.struct("s", 8, field("x", Types.INT, 0));
        assertThatExists(relocation(here, "0:0", Kind.FIELD_EXISTS), 0);
    }

    @Test
    void thatAreEnumsHaveTheSignOfTheirValues() {
        int signs = target.add(new BtfType.Enum("e", 4, true, List.of()));
        int here =
                local.struct(
                        "s",
                        4,
                        field("x", local.add(new BtfType.Enum("e", 4, false, List.of())), 0));
        target.struct("s", 4, field("x", signs, 0));
        CoreRelocation sign = relocation(here, "0:0", Kind.FIELD_SIGNED);
        assertThat(relocate(local, target, sign, move(0)).only().imm()).isEqualTo(1);
    }

    @Test
    void mayBeElementsOnlyWhereTheirPlaceOrSizeIsAsked() {
        int here = local.struct("s", 64, field("list", local.array(Types.INT, 16), 0));
        target.struct("s", 64, field("list", target.array(Types.U64, 8), 0));
        CoreRelocation size = relocation(here, "0:0:3", Kind.FIELD_BYTE_SIZE);
        assertThat(relocate(local, target, size, move(4)).only().imm()).isEqualTo(8);
        for (Kind kind : List.of(Kind.FIELD_SIGNED, Kind.FIELD_LSHIFT_U64, Kind.FIELD_RSHIFT_U64)) {
            CoreRelocation other = relocation(here, "0:0:3", kind);
            assertThatThrownBy(() -> relocate(local, target, other, move(1)))
                    .isInstanceOf(RelocationException.class)
                    .hasMessageContaining("array element");
        }
    }
}
