// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.btf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.ByteOrder;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

class BtfFeatureTest {
    private final Btf source = Fixture.LITTLE_ENDIAN.btf();

    @Test
    void functionsBecomeTypedefsAndEnums() {
        Btf old = without(source, BtfFeature.FUNCTION);

        assertThat(old.type(5)).isEqualTo(new BtfType.Typedef("walk", 3));
        assertThat(old.type(3)).isEqualTo(new BtfType.Enum("", 4, false, List.of()));
        assertOnlyChanged(old, Set.of(BtfType.Func.class, BtfType.FuncProto.class));
    }

    @Test
    void variablesBecomeIntegersAndSectionsStructs() {
        Btf old = without(source, BtfFeature.DATA_SECTION);

        assertThat(old.type(33)).isEqualTo(new BtfType.Int("limit", 1, 0, 0, 8));
        assertThat(old.type(69))
                .isEqualTo(
                        new BtfType.Struct(
                                "_data",
                                0,
                                List.of(
                                        new BtfType.Member("initialised", 30, 0, 0),
                                        new BtfType.Member("current_level", 40, 32 * 8, 0))));
        assertOnlyChanged(old, Set.of(BtfType.Var.class, BtfType.DataSec.class));
    }

    @Test
    void everyFunctionBecomesStatic() {
        Btf old = without(source, BtfFeature.GLOBAL_FUNCTION);

        assertThat(old.type(5)).isEqualTo(new BtfType.Func("walk", 3, BtfType.Func.STATIC));
        assertThat(old.type(16))
                .isEqualTo(new BtfType.Func("kernel_function", 15, BtfType.Func.STATIC));
        assertOnlyChanged(old, Set.of(BtfType.Func.class));
    }

    @Test
    void floatsBecomeStructsOfTheirSize() {
        Btf old = without(source, BtfFeature.FLOAT);

        assertThat(old.type(55)).isEqualTo(new BtfType.Struct("", 8, List.of()));
        assertOnlyChanged(old, Set.of(BtfType.Float.class));
    }

    @Test
    void tagsBecomeIntegersAndConst() {
        Btf old = without(source, BtfFeature.DECL_TAG, BtfFeature.TYPE_TAG);

        assertThat(old.type(58)).isEqualTo(new BtfType.Int("guarded", 1, 0, 0, 8));
        assertThat(old.type(59)).isEqualTo(new BtfType.Const(4));
        assertOnlyChanged(old, Set.of(BtfType.DeclTag.class, BtfType.TypeTag.class));
    }

    @Test
    void wideEnumsBecomeUnionsAndEnumsLoseTheirSign() {
        Btf old = without(source, BtfFeature.ENUM64);
        int added = source.typeCount();

        assertThat(old.typeCount()).isEqualTo(added + 1);
        assertThat(old.sizeOf(added)).isEqualTo(1);
        assertThat(old.type(12))
                .isEqualTo(
                        new BtfType.Union(
                                "wide",
                                8,
                                List.of(
                                        new BtfType.Member("NARROW", added, 0, 0),
                                        new BtfType.Member("WIDE", added, 0, 0))));
        BtfType.Enum level = (BtfType.Enum) source.type(39);
        assertThat(level.signed()).isTrue();
        assertThat(old.type(39))
                .isEqualTo(new BtfType.Enum("level", 4, false, level.enumerators()));
        assertThat(old.type(47)).isEqualTo(source.type(47));
    }

    @Test
    void questionMarksLeaveSectionNames() {
        BtfBuilder builder = new BtfBuilder();
        builder.add(new BtfType.DataSec("?.struct_ops", 8, List.of(new BtfType.Section(3, 0, 8))));
        builder.add(new BtfType.DataSec(".data?", 8, List.of()));
        Btf optional = builder.build(ByteOrder.LITTLE_ENDIAN);

        Btf old = without(optional, BtfFeature.OPTIONAL_SECTION);
        assertThat(old.type(1))
                .isEqualTo(
                        new BtfType.DataSec(
                                "_.struct_ops", 8, List.of(new BtfType.Section(3, 0, 8))));
        assertThat(old.type(2)).isEqualTo(optional.type(2));
    }

    @Test
    void attributesBecomeIntegersAndConst() {
        BtfBuilder builder = new BtfBuilder();
        builder.add(new BtfType.TypeTag("address_space(1)", 3, true));
        builder.add(new BtfType.DeclTag("packed", 3, -1, true));
        builder.add(new BtfType.TypeTag("user", 4, false));
        builder.add(new BtfType.DeclTag("plain", 3, 0, false));
        Btf tags = builder.build(ByteOrder.LITTLE_ENDIAN);

        Btf old = without(tags, BtfFeature.ATTRIBUTE_TAG);
        assertThat(old.type(1)).isEqualTo(new BtfType.Const(3));
        assertThat(old.type(2)).isEqualTo(new BtfType.Int("packed", 1, 0, 0, 8));
        assertThat(old.type(3)).isEqualTo(tags.type(3));
        assertThat(old.type(4)).isEqualTo(tags.type(4));
    }

    @ParameterizedTest
    @EnumSource
    void whatWasRewrittenIsUsedNoMore(BtfFeature feature) {
        Btf old = without(source, feature);

        assertThat(BtfFeature.usedBy(old)).doesNotContain(feature);
    }

    @Test
    void knowsWhatIsUsed() {
        assertThat(BtfFeature.usedBy(source))
                .isEqualTo(
                        EnumSet.complementOf(
                                EnumSet.of(BtfFeature.OPTIONAL_SECTION, BtfFeature.ATTRIBUTE_TAG)));
        assertThat(BtfFeature.usedBy(new BtfBuilder().build(ByteOrder.LITTLE_ENDIAN))).isEmpty();
    }

    @Test
    void theOldestKernelGetsTheOldestKindsOnly() {
        Btf old = BtfFeature.withoutAll(source, EnumSet.allOf(BtfFeature.class));

        assertThat(BtfFeature.usedBy(old)).isEmpty();
        for (int id = 1; id < old.typeCount(); id++) {
            assertThat(old.kind(id).number).isLessThanOrEqualTo(Kind.RESTRICT.number);
        }
        assertThat(old.sizeOf(19)).isEqualTo(source.sizeOf(19));
    }

    @Test
    void aCompleteKernelGetsTheTypesAsTheyAre() {
        assertThat(BtfFeature.withoutAll(source, Set.of())).isSameAs(source);
    }

    @Test
    void stringOffsetsDoNotMove() {
        Btf old = BtfFeature.withoutAll(source, EnumSet.allOf(BtfFeature.class));
        BtfExt ext = BtfExt.parse(Fixture.LITTLE_ENDIAN.extension(), source);

        assertThat(ext.lineInfo()).isNotEmpty();
        ext.lineInfo()
                .values()
                .forEach(
                        lines ->
                                lines.forEach(
                                        line ->
                                                assertThat(old.string(line.lineOffset()))
                                                        .isEqualTo(
                                                                source.string(line.lineOffset()))));
    }

    private static Btf without(Btf btf, BtfFeature first, BtfFeature... rest) {
        return BtfFeature.withoutAll(btf, EnumSet.of(first, rest));
    }

    private void assertOnlyChanged(Btf old, Set<Class<?>> kinds) {
        assertThat(old.typeCount()).isEqualTo(source.typeCount());
        for (int id = 1; id < source.typeCount(); id++) {
            if (!kinds.contains(source.type(id).getClass())) {
                assertThat(old.type(id)).isEqualTo(source.type(id));
            }
        }
    }
}
