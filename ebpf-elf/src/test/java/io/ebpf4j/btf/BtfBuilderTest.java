// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.btf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.error.ObjectFormatException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

class BtfBuilderTest {
    private static final List<ByteOrder> ORDERS =
            List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN);

    private final Btf source = Fixture.LITTLE_ENDIAN.btf();

    @ParameterizedTest
    @FieldSource("ORDERS")
    void writesEveryKindSoThatItReadsTheSame(ByteOrder order) {
        BtfBuilder builder = new BtfBuilder();
        for (int id = 1; id < source.typeCount(); id++) {
            assertThat(builder.add(source.type(id))).isEqualTo(id);
        }
        Btf written = builder.build(order);

        assertThat(written.order()).isEqualTo(order);
        assertThat(BtfText.of(written)).isEqualTo(BtfText.of(source));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void writesAnyTypesSoThatTheyReadTheSame(long seed) {
        RandomTypes random = new RandomTypes(new Random(seed));
        BtfBuilder builder = new BtfBuilder();
        for (int i = 0; i < 500; i++) {
            builder.add(random.type());
        }
        Btf written = builder.build(ORDERS.get((int) (seed % 2)));

        assertThat(written.typeCount()).isEqualTo(builder.typeCount()).isEqualTo(501);
        for (int id = 1; id < written.typeCount(); id++) {
            assertThat(written.type(id)).isEqualTo(builder.type(id));
        }
    }

    @Test
    void anUneditedCopyHasTheSameBytes() {
        byte[] original = Fixture.LITTLE_ENDIAN.types();

        assertThat(BtfBuilder.edit(source).encode(ByteOrder.LITTLE_ENDIAN)).isEqualTo(original);
    }

    @Test
    void anEditedCopyCanChangeItsByteOrder() {
        Btf big = BtfBuilder.edit(source).build(ByteOrder.BIG_ENDIAN);

        assertThat(big.order()).isEqualTo(ByteOrder.BIG_ENDIAN);
        assertThat(BtfText.of(big)).isEqualTo(BtfText.of(source));
    }

    @Test
    void editsKeepIdsAndStringOffsets() {
        BtfBuilder builder = BtfBuilder.edit(source);
        BtfType.DataSec bss = (BtfType.DataSec) builder.type(68);
        builder.set(68, new BtfType.DataSec(bss.name(), 4096, bss.variables()));
        int added = builder.add(new BtfType.Ptr(68));
        Btf edited = builder.build(ByteOrder.LITTLE_ENDIAN);

        assertThat(added).isEqualTo(source.typeCount());
        assertThat(edited.sizeOf(68)).isEqualTo(4096);
        assertThat(edited.type(added)).isEqualTo(new BtfType.Ptr(68));
        for (int id = 1; id < source.typeCount(); id++) {
            if (id != 68) {
                assertThat(edited.type(id)).isEqualTo(source.type(id));
            }
        }
        BtfExt lines = BtfExt.parse(Fixture.LITTLE_ENDIAN.extension(), edited);
        assertThat(edited.string(lines.lineInfo().get(".text").get(0).fileOffset()))
                .isEqualTo("./btf_types.bpf.c");
    }

    @Test
    void editsSplitBtf() {
        BtfBuilder module = BtfBuilder.split(source);
        int id = module.add(new BtfType.Typedef("alias", 4));
        BtfBuilder copy = BtfBuilder.edit(module.build(ByteOrder.LITTLE_ENDIAN));
        copy.set(id, new BtfType.Typedef("renamed", 9));
        Btf edited = copy.build(ByteOrder.LITTLE_ENDIAN);

        assertThat(edited.firstId()).isEqualTo(source.typeCount());
        assertThat(edited.type(id)).isEqualTo(new BtfType.Typedef("renamed", 9));
        assertThatThrownBy(() -> copy.set(4, new BtfType.Ptr(0)))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void keepsEqualStringsOnce() {
        BtfBuilder builder = new BtfBuilder();
        int offset = builder.addString("name");
        builder.add(new BtfType.Fwd("name", false));
        builder.add(new BtfType.Fwd("name", true));
        byte[] bytes = builder.encode(ByteOrder.LITTLE_ENDIAN);

        assertThat(offset).isEqualTo(1);
        assertThat(builder.addString("")).isZero();
        assertThat(Btf.parse(bytes).string(offset)).isEqualTo("name");
        assertThat(new String(bytes, StandardCharsets.ISO_8859_1)).containsOnlyOnce("name");
        assertThat(builder.encode(ByteOrder.LITTLE_ENDIAN)).isEqualTo(bytes);
    }

    @Test
    void typesMayReferToLaterOnes() {
        BtfBuilder builder = new BtfBuilder();
        int node = builder.add(new BtfType.Fwd("node", false));
        int pointer = builder.add(new BtfType.Ptr(node));
        builder.set(
                node,
                new BtfType.Struct("node", 8, List.of(new BtfType.Member("next", pointer, 0, 0))));
        Btf built = builder.build(ByteOrder.LITTLE_ENDIAN);

        assertThat(built.find("node", BtfType.class)).isEqualTo(node);
        assertThat(built.sizeOf(node)).isEqualTo(8);
    }

    @Test
    void textOutsideAsciiSurvives() {
        BtfBuilder builder = new BtfBuilder();
        int offset = builder.addString("/* größer als 漢字 */");

        assertThat(builder.build(ByteOrder.LITTLE_ENDIAN).string(offset))
                .isEqualTo("/* größer als 漢字 */");
    }

    static final List<BtfType> UNWRITABLE =
            List.of(
                    new BtfType.Void(),
                    new BtfType.Unknown("", 30),
                    new BtfType.Int("i", 4, 16, 0, 32),
                    new BtfType.Int("i", 4, 0, 0, 256),
                    new BtfType.Int("i", 4, 0, -1, 32),
                    new BtfType.Enum("e", 4, false, List.of(new BtfType.Enumerator("x", 1L << 32))),
                    new BtfType.Struct("s", 4, List.of(new BtfType.Member("m", 1, 0, 256))),
                    new BtfType.Struct("s", 4, List.of(new BtfType.Member("m", 1, 1 << 24, 3))),
                    new BtfType.Func("f", 1, -1),
                    new BtfType.Fwd("zero\0byte", false));

    @ParameterizedTest
    @FieldSource("UNWRITABLE")
    void refusesWhatTheBitsCannotHold(BtfType type) {
        BtfBuilder builder = new BtfBuilder();
        builder.add(type);

        assertThatThrownBy(() -> builder.encode(ByteOrder.LITTLE_ENDIAN))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void doesNotCopyKindsItDoesNotKnow() {
        int[][] layout = new int[31][2];
        Btf future = new RawBtf().header(32).layout(layout).type(0, 30, 0, 0).parse();

        assertThatThrownBy(() -> BtfBuilder.edit(future))
                .isInstanceOf(ObjectFormatException.class)
                .hasMessageContaining("[1]");
    }

    @Test
    void leavesTheLayoutOut() {
        RawBtf raw = new RawBtf().header(32).layout(new int[20][2]);
        raw.type(raw.string("kept"), 7, 0, 0);
        byte[] copy = BtfBuilder.edit(raw.parse()).encode(ByteOrder.LITTLE_ENDIAN);

        RawBtf plain = new RawBtf();
        assertThat(copy).isEqualTo(plain.type(plain.string("kept"), 7, 0, 0).bytes());
    }
}
