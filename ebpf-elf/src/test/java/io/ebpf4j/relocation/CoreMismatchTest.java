// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.relocation;

import static io.ebpf4j.relocation.CoreScene.bits;
import static io.ebpf4j.relocation.CoreScene.field;
import static io.ebpf4j.relocation.CoreScene.relocation;

import static org.assertj.core.api.Assertions.assertThat;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.btf.CoreRelocation;
import io.ebpf4j.btf.CoreRelocation.Kind;
import io.ebpf4j.relocation.CoreScene.Types;

import org.junit.jupiter.api.Test;

import java.util.List;

/** What is said of a candidate that does not match. */
class CoreMismatchTest {
    private final Types local = new Types();
    private final Types target = new Types();

    private String why(CoreRelocation r, int candidate) {
        Btf here = local.build();
        Btf there = target.build();
        Access access = Access.parse(here, r);
        assertThat(AccessMatcher.match(access, r.kind(), there, candidate)).isNull();
        return AccessMatcher.mismatch(access, r.kind(), there, candidate);
    }

    @Test
    void aMissingMemberIsNamedWithItsHolder() {
        int inner = local.struct("inner", 8, field("x", Types.INT, 4));
        int outer = local.struct("outer", 16, field("in", inner, 8));
        int there = target.struct("inner___b", 8, bits("y", Types.INT, 0, 3));
        int candidate = target.struct("outer", 16, field("in", there, 8));
        assertThat(why(relocation(outer, "0:0:0", Kind.FIELD_EXISTS), candidate))
                .isEqualTo("struct inner___b has no member x");
    }

    @Test
    void aMemberOfAnotherKindIsShownWithBothTypes() {
        int here = local.struct("s", 8, field("x", Types.POINTER, 0));
        int inner = target.struct("", 8, field("x", Types.INT, 0));
        int candidate = target.struct("s", 8, field("", inner, 0));
        assertThat(why(relocation(here, "0:0", Kind.FIELD_EXISTS), candidate))
                .isEqualTo("member x of struct s is int, which cannot stand for void *");
    }

    @Test
    void anIndexPastTheEndIsNamedWithItsArray() {
        int here = local.struct("s", 64, field("list", local.array(Types.INT, 16), 0));
        int candidate = target.struct("s", 16, field("list", target.array(Types.INT, 4), 0));
        assertThat(why(relocation(here, "0:0:9", Kind.FIELD_EXISTS), candidate))
                .isEqualTo("int[4] has no element 9");
    }

    @Test
    void aMissingEnumeratorIsNamed() {
        List<BtfType.Enumerator> names = List.of(new BtfType.Enumerator("A", 1));
        int here = local.add(new BtfType.Enum("e", 4, false, names));
        int candidate = target.add(new BtfType.Enum("e", 4, false, List.of()));
        assertThat(why(relocation(here, "0", Kind.ENUMVAL_EXISTS), candidate))
                .isEqualTo("enum e has no A");
    }

    private int function(Types types, String name, int argument) {
        BtfType.Parameter parameter = new BtfType.Parameter("", argument);
        int prototype = types.add(new BtfType.FuncProto(Types.INT, List.of(parameter)));
        return types.add(new BtfType.Typedef(name, prototype));
    }

    @Test
    void aSignatureThatDiffersShowsTheTypesThatDo() {
        int here = function(local, "f", Types.POINTER);
        int candidate = function(target, "f", Types.U32);
        assertThat(why(relocation(here, "0", Kind.TYPE_EXISTS), candidate))
                .isEqualTo("unsigned int cannot stand for void *");
    }

    @Test
    void aShapeThatDiffersShowsTheMember() {
        int inner = local.struct("in", 8, field("a", Types.INT, 0), field("b", Types.INT, 4));
        int here = local.struct("s", 16, field("x", Types.INT, 0), field("in", inner, 8));
        int there = target.struct("in", 8, field("a", Types.INT, 0), field("b", Types.U32, 4));
        int candidate = target.struct("s", 16, field("in", there, 0), field("x", Types.INT, 8));
        assertThat(why(relocation(here, "0", Kind.TYPE_MATCHES), candidate))
                .isEqualTo("member in.b: unsigned int cannot stand for int");
    }

    @Test
    void aShapeWithoutAMemberNamesIt() {
        int here = local.struct("s", 8, field("x", Types.INT, 0), field("y", Types.INT, 4));
        int fewer = target.struct("s", 8, field("x", Types.INT, 0));
        int others = target.struct("s", 16, field("x", Types.INT, 0), field("z", Types.INT, 8));
        CoreRelocation matches = relocation(here, "0", Kind.TYPE_MATCHES);
        assertThat(why(matches, fewer)).isEqualTo("member y: there is none");
        assertThat(why(matches, others)).isEqualTo("member y: there is none");
    }

    @Test
    void typesOfOneNameThatDifferAreSaidToDiffer() {
        List<BtfType.Enumerator> names = List.of(new BtfType.Enumerator("A", 1));
        int here = local.add(new BtfType.Enum("e", 4, false, names));
        int candidate = target.add(new BtfType.Enum("e", 4, false, List.of()));
        assertThat(why(relocation(here, "0", Kind.TYPE_MATCHES), candidate))
                .isEqualTo("enum e differs");
    }

    @Test
    void aFunctionWithOtherParametersIsSaidToDiffer() {
        int here = function(local, "f", Types.INT);
        BtfType.FuncProto without = new BtfType.FuncProto(Types.INT, List.of());
        int candidate = target.add(new BtfType.Typedef("f", target.add(without)));
        for (Kind kind : List.of(Kind.TYPE_EXISTS, Kind.TYPE_MATCHES)) {
            assertThat(why(relocation(here, "0", kind), candidate)).isEqualTo("f differs");
        }
    }
}
