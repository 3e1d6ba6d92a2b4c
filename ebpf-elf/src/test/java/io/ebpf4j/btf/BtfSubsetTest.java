// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.btf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.error.ObjectFormatException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

import java.util.List;

class BtfSubsetTest {
    static final List<Fixture> FIXTURES = List.of(Fixture.LITTLE_ENDIAN, Fixture.BIG_ENDIAN);

    private final Btf source = Fixture.LITTLE_ENDIAN.btf();

    @Test
    void holdsWhatTheChosenTypesReachAndNothingElse() {
        Btf part = subset(source, 5).btf();

        assertThat(BtfText.of(part))
                .isEqualTo(
                        """
                        [1] TYPEDEF 'u64' type_id=2
                        [2] INT 'unsigned long long' size=8 bits_offset=0 nr_bits=64 encoding=(none)
                        [3] FUNC_PROTO '(anon)' ret_type_id=4 vlen=1
                        \t'seed' type_id=1
                        [4] INT 'int' size=4 bits_offset=0 nr_bits=32 encoding=SIGNED
                        [5] FUNC 'walk' type_id=3 linkage=global
                        """);
    }

    @Test
    void givesNewIdsInTheOldOrder() {
        BtfSubset subset = subset(source, 71);

        assertThat(BtfText.of(subset.btf()))
                .isEqualTo(
                        """
                        [1] TYPEDEF 'u32' type_id=2
                        [2] INT 'unsigned int' size=4 bits_offset=0 nr_bits=32 encoding=(none)
                        [3] CONST '(anon)' type_id=4
                        [4] VOLATILE '(anon)' type_id=1
                        [5] VAR 'limit' type_id=3, linkage=global
                        [6] DATASEC '.rodata' size=0 vlen=1
                        \ttype_id=5 offset=0 size=4 (VAR 'limit')
                        """);
        assertThat(subset.type(71)).isEqualTo(6);
        assertThat(subset.type(0)).isZero();
        assertThatThrownBy(() -> subset.type(7))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("7");
        assertThatThrownBy(() -> subset.type(1000)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void takesDeclarationTagsAlong() {
        assertThat(BtfText.of(subset(source, 57).btf())).contains("DECL_TAG 'guarded'");
        assertThat(BtfText.of(subset(source, 19).btf())).doesNotContain("DECL_TAG");
    }

    @ParameterizedTest
    @FieldSource("FIXTURES")
    void theSubsetOfEverythingIsEverything(Fixture fixture) {
        Btf whole = fixture.btf();
        int[] all = new int[whole.typeCount()];
        for (int id = 0; id < all.length; id++) {
            all[id] = id;
        }
        Btf part = subset(whole, all).btf();

        assertThat(part.order()).isEqualTo(whole.order());
        assertThat(BtfText.of(part)).isEqualTo(BtfText.of(whole));
    }

    @ParameterizedTest
    @FieldSource("FIXTURES")
    void everyTypeStandsByItselfWithTheSizeItHad(Fixture fixture) {
        Btf whole = fixture.btf();
        for (int id = 1; id < whole.typeCount(); id++) {
            BtfSubset subset = subset(whole, id);
            BtfType cut = subset.btf().type(subset.type(id));

            assertThat(cut).hasSameClassAs(whole.type(id));
            assertThat(cut.name()).isEqualTo(whole.type(id).name());
            if (cut instanceof BtfType.Composite) {
                assertThat(subset.btf().sizeOf(subset.type(id))).isEqualTo(whole.sizeOf(id));
            }
        }
    }

    @Test
    void translatesFunctionsAndLines() {
        BtfExt ext = BtfExt.parse(Fixture.LITTLE_ENDIAN.extension(), source);
        FuncInfo function = ext.funcInfo().get("kprobe/one").get(0);
        LineInfo line = ext.lineInfo().get("kprobe/one").get(1);
        BtfSubset subset =
                BtfSubset.of(
                        source,
                        new int[] {function.type()},
                        new int[] {line.fileOffset(), line.lineOffset()});

        FuncInfo mapped = subset.map(function);
        assertThat(mapped.slot()).isEqualTo(function.slot());
        assertThat(subset.btf().type(mapped.type()).name()).isEqualTo("first");
        LineInfo moved = subset.map(line);
        assertThat(moved.slot()).isEqualTo(line.slot());
        assertThat(moved.lineColumn()).isEqualTo(line.lineColumn());
        assertThat(subset.btf().string(moved.fileOffset()))
                .isEqualTo(source.string(line.fileOffset()));
        assertThat(subset.btf().string(moved.lineOffset()))
                .isNotEmpty()
                .isEqualTo(source.string(line.lineOffset()));
        LineInfo other = ext.lineInfo().get("tracepoint/two").get(0);
        assertThatThrownBy(() -> subset.map(other)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void isSmallerThanTheWhole() {
        assertThat(subset(source, 5).btf().encode().length).isLessThan(250);
    }

    @Test
    void refusesTypesThatAreNotThere() {
        assertThatThrownBy(() -> subset(source, 1000)).isInstanceOf(ObjectFormatException.class);
        assertThatThrownBy(() -> subset(source, -1)).isInstanceOf(ObjectFormatException.class);
        Btf dangling = new RawBtf().type(0, 10, 0, 77).parse();
        assertThatThrownBy(() -> subset(dangling, 1))
                .isInstanceOf(ObjectFormatException.class)
                .hasMessageContaining("77");
        assertThatThrownBy(() -> BtfSubset.of(source, new int[0], new int[] {1 << 20}))
                .isInstanceOf(ObjectFormatException.class);
    }

    @Test
    void endsOnCycles() {
        Btf cyclic = new RawBtf().type(0, 10, 0, 2).type(0, 9, 0, 1).parse();

        assertThat(subset(cyclic, 2).btf().typeCount()).isEqualTo(3);
    }

    private static BtfSubset subset(Btf btf, int... types) {
        return BtfSubset.of(btf, types, new int[0]);
    }
}
