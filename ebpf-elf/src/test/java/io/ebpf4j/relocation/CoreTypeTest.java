// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.relocation;

import static io.ebpf4j.relocation.CoreScene.field;
import static io.ebpf4j.relocation.CoreScene.move;
import static io.ebpf4j.relocation.CoreScene.relocate;
import static io.ebpf4j.relocation.CoreScene.relocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.btf.BtfType;
import io.ebpf4j.btf.CoreRelocation.Kind;
import io.ebpf4j.error.RelocationException;
import io.ebpf4j.relocation.CoreScene.Types;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class CoreTypeTest {
    private final Types local = new Types();
    private final Types target = new Types();

    private long ask(int type, Kind kind, long expected) {
        return relocate(local, target, relocation(type, "0", kind), move(expected)).only().imm();
    }

    @Test
    void ofTypesDecideWhetherTheyExist() {
        target.struct("s", 4);
        target.add(new BtfType.Union("u", 4, List.of()));
        assertThat(ask(local.struct("s", 8), Kind.TYPE_EXISTS, 1)).isEqualTo(1);
        assertThat(ask(local.struct("u", 8), Kind.TYPE_EXISTS, 1)).isZero();
        assertThat(ask(local.struct("t", 8), Kind.TYPE_EXISTS, 1)).isZero();
    }

    @Test
    void ofTypesGiveLocalAndTargetIds() {
        int here = local.struct("s", 8);
        target.struct("first", 4);
        int there = target.struct("s", 4);
        assertThat(ask(here, Kind.TYPE_ID_LOCAL, 99)).isEqualTo(here);
        assertThat(ask(here, Kind.TYPE_ID_TARGET, 99)).isEqualTo(there);
        assertThat(ask(local.struct("gone", 8), Kind.TYPE_ID_TARGET, 99)).isZero();
    }

    @Test
    void matchWhenTheTargetHasAllMembersOfTheLocalShape() {
        target.struct("s", 16, field("b", Types.U64, 0), field("a", Types.INT, 8));
        assertThat(ask(local.struct("s___a", 4, field("a", Types.INT, 0)), Kind.TYPE_MATCHES, 1))
                .isEqualTo(1);
        assertThat(ask(local.struct("s___b", 4, field("a", Types.U32, 0)), Kind.TYPE_MATCHES, 1))
                .isZero();
        assertThat(ask(local.struct("s___c", 4, field("c", Types.INT, 0)), Kind.TYPE_MATCHES, 1))
                .isZero();
    }

    @Test
    void matchNoEnumWithFewerEnumerators() {
        BtfType.Enumerator plain = new BtfType.Enumerator("A", 1);
        BtfType.Enumerator flavoured = new BtfType.Enumerator("A___x", 2);
        int one = local.add(new BtfType.Enum("e", 4, false, List.of(flavoured)));
        int two = local.add(new BtfType.Enum("e___two", 4, false, List.of(plain, flavoured)));
        target.add(new BtfType.Enum("e", 4, false, List.of(plain)));
        assertThat(ask(one, Kind.TYPE_MATCHES, 1)).isEqualTo(1);
        assertThat(ask(two, Kind.TYPE_MATCHES, 1)).isZero();
    }

    private int typedef(Types types, String name, int type) {
        return types.add(new BtfType.Typedef(name, type));
    }

    private int function(Types types, int returned, int... arguments) {
        List<BtfType.Parameter> parameters = new ArrayList<>();
        for (int argument : arguments) {
            parameters.add(new BtfType.Parameter("", argument));
        }
        return types.add(new BtfType.FuncProto(returned, parameters));
    }

    @Test
    void ofSignaturesCompareEveryParameterAndTheResult() {
        typedef(target, "f", function(target, Types.INT, Types.POINTER, Types.U32));
        int same = typedef(local, "f", function(local, Types.INT, Types.POINTER, Types.U32));
        int signs = typedef(local, "f", function(local, Types.U64, Types.POINTER, Types.INT));
        int fewer = typedef(local, "f", function(local, Types.INT, Types.POINTER));
        int other = typedef(local, "f", function(local, Types.POINTER, Types.POINTER, 3));
        for (Kind kind : List.of(Kind.TYPE_EXISTS, Kind.TYPE_MATCHES)) {
            assertThat(ask(same, kind, 1)).isEqualTo(1);
            assertThat(ask(fewer, kind, 1)).isZero();
            assertThat(ask(other, kind, 1)).isZero();
        }
        assertThat(ask(signs, Kind.TYPE_EXISTS, 1)).isEqualTo(1);
        assertThat(ask(signs, Kind.TYPE_MATCHES, 1)).isZero();
    }

    @Test
    void ofArraysCompareElementsAndMatchOnlyInTheirCount() {
        typedef(target, "a", target.array(Types.U32, 4));
        int same = typedef(local, "a", local.array(Types.U32, 4));
        int longer = typedef(local, "a", local.array(Types.U32, 5));
        int other = typedef(local, "a", local.array(Types.POINTER, 4));
        assertThat(ask(same, Kind.TYPE_MATCHES, 1)).isEqualTo(1);
        assertThat(ask(longer, Kind.TYPE_EXISTS, 1)).isEqualTo(1);
        assertThat(ask(longer, Kind.TYPE_MATCHES, 1)).isZero();
        assertThat(ask(other, Kind.TYPE_EXISTS, 1)).isZero();
    }

    @Test
    void ofTypedefsGiveTheTypedefsId() {
        target.add(new BtfType.Typedef("u32_t", Types.U64));
        int there = target.add(new BtfType.Typedef("t", Types.U32));
        int here = local.add(new BtfType.Typedef("t", Types.INT));
        assertThat(ask(here, Kind.TYPE_ID_TARGET, 99)).isEqualTo(there);
    }

    @Test
    void matchForwardDeclarationsBehindPointersOnly() {
        int forward = local.add(new BtfType.Fwd("t", false));
        int union = local.add(new BtfType.Fwd("t", true));
        int there = target.struct("t", 4);
        target.struct("s", 8, field("p", target.add(new BtfType.Ptr(there)), 0));
        int good = local.struct("s___f", 8, field("p", local.add(new BtfType.Ptr(forward)), 0));
        int bad = local.struct("s___u", 8, field("p", local.add(new BtfType.Ptr(union)), 0));
        assertThat(ask(good, Kind.TYPE_MATCHES, 1)).isEqualTo(1);
        assertThat(ask(bad, Kind.TYPE_MATCHES, 1)).isZero();
    }

    private int pointers(Types types, int count, int type) {
        int id = type;
        for (int i = 0; i < count; i++) {
            id = types.add(new BtfType.Ptr(id));
        }
        return id;
    }

    @Test
    void followAsManyPointersAsTheKernel() {
        typedef(target, "few", pointers(target, 31, Types.INT));
        typedef(target, "many", pointers(target, 32, Types.INT));
        int few = typedef(local, "few", pointers(local, 31, Types.INT));
        int many = typedef(local, "many", pointers(local, 32, Types.INT));
        for (Kind kind : List.of(Kind.TYPE_EXISTS, Kind.TYPE_MATCHES)) {
            assertThat(ask(few, kind, 1)).isEqualTo(1);
            assertThatThrownBy(() -> ask(many, kind, 1))
                    .isInstanceOf(RelocationException.class)
                    .hasMessageContaining("32 levels");
        }
    }

    @Test
    void countPointersAnewForEachMemberAndParameter() {
        int there = target.struct("s", 8, field("p", pointers(target, 31, Types.INT), 0));
        int here = local.struct("s", 8, field("p", pointers(local, 31, Types.INT), 0));
        assertThat(ask(here, Kind.TYPE_MATCHES, 1)).isEqualTo(1);
        typedef(target, "f", function(target, Types.INT, pointers(target, 31, there)));
        int f = typedef(local, "f", function(local, Types.INT, pointers(local, 31, here)));
        assertThat(ask(f, Kind.TYPE_EXISTS, 1)).isEqualTo(1);
        assertThat(ask(f, Kind.TYPE_MATCHES, 1)).isEqualTo(1);
    }

    @Test
    void behindPointersMatchByNameAndKindAlone() {
        target.struct("s", 8, field("p", pointer(target, target.struct("t", 4)), 0));
        int other = local.struct("t", 8, field("x", Types.INT, 0));
        int same = local.struct("s___a", 8, field("p", pointer(local, other), 0));
        int union = local.add(new BtfType.Union("t", 4, List.of()));
        int otherKind = local.struct("s___b", 8, field("p", pointer(local, union), 0));
        int otherName =
                local.struct("s___c", 8, field("p", pointer(local, local.struct("u", 4)), 0));
        assertThat(ask(same, Kind.TYPE_MATCHES, 1)).isEqualTo(1);
        assertThat(ask(otherKind, Kind.TYPE_MATCHES, 1)).isZero();
        assertThat(ask(otherName, Kind.TYPE_MATCHES, 1)).isZero();
    }

    private static int pointer(Types types, int type) {
        return types.add(new BtfType.Ptr(type));
    }

    @Test
    void matchEnumsOfOneSizeWhateverTheirEncoding() {
        List<BtfType.Enumerator> one = List.of(new BtfType.Enumerator("A", 1));
        List<BtfType.Enumerator> seven = List.of(new BtfType.Enumerator("A", 7));
        target.add(new BtfType.Enum64("wide", 8, false, seven));
        assertThat(ask(local.add(new BtfType.Enum("wide", 8, false, one)), Kind.TYPE_MATCHES, 1))
                .isEqualTo(1);
        int narrow = local.add(new BtfType.Enum("wide___n", 4, false, one));
        assertThat(ask(narrow, Kind.TYPE_MATCHES, 1)).isZero();
        assertThat(ask(narrow, Kind.TYPE_EXISTS, 1)).isEqualTo(1);
        assertThat(ask(narrow, Kind.TYPE_SIZE, 4)).isEqualTo(8);
    }

    @Test
    void thatAreDeclaredOnlyAreFoundAsSuch() {
        target.add(new BtfType.Fwd("ahead", false));
        assertThat(ask(local.add(new BtfType.Fwd("ahead", true)), Kind.TYPE_EXISTS, 1))
                .isEqualTo(1);
        assertThat(ask(local.struct("ahead", 4), Kind.TYPE_EXISTS, 1)).isZero();
    }

    @Test
    void thatAreFloatsNeverExist() {
        target.add(new BtfType.Float("real", 8));
        assertThat(ask(local.add(new BtfType.Float("real", 8)), Kind.TYPE_EXISTS, 1)).isZero();
    }
}
