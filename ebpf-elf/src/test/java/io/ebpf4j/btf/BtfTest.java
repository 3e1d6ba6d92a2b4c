// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.btf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.error.ObjectFormatException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

class BtfTest {
    private final Btf btf = Fixture.LITTLE_ENDIAN.btf();

    @Test
    void decodesEveryKindAsBpftoolDoes() throws IOException {
        assertThat(BtfText.of(btf)).isEqualTo(bpftoolDump());
    }

    @Test
    void decodesBigEndianTypesToTheSameRecords() throws IOException {
        Btf big = Fixture.BIG_ENDIAN.btf();

        assertThat(big.order()).isEqualTo(ByteOrder.BIG_ENDIAN);
        assertThat(BtfText.of(big)).isEqualTo(bpftoolDump());
    }

    @Test
    void readsDirectBuffersFromTheirPosition() throws IOException {
        byte[] types = Fixture.LITTLE_ENDIAN.types();
        ByteBuffer buffer = ByteBuffer.allocateDirect(types.length + 12);
        buffer.position(7).put(types).flip().position(7);

        Btf parsed = Btf.parse(buffer);

        assertThat(BtfText.of(parsed)).isEqualTo(bpftoolDump());
        assertThat(parsed.encode()).isEqualTo(types);
        assertThat(buffer.position()).isEqualTo(7);
    }

    @Test
    void idsRunFromVoidToTheTypeCount() {
        assertThat(btf.firstId()).isEqualTo(1);
        assertThat(btf.type(0)).isEqualTo(new BtfType.Void());
        assertThat(btf.type(btf.typeCount() - 1)).isInstanceOf(BtfType.DataSec.class);
        assertThatThrownBy(() -> btf.type(btf.typeCount()))
                .isInstanceOf(ObjectFormatException.class)
                .hasMessageContaining("73")
                .hasMessageContaining("72");
        assertThatThrownBy(() -> btf.type(-1)).isInstanceOf(ObjectFormatException.class);
    }

    @Test
    void findsATypeByNameAndFamily() {
        assertThat(btf.find("packet", BtfType.Struct.class)).isEqualTo(19);
        assertThat(btf.find("packet", BtfType.Composite.class)).isEqualTo(19);
        assertThat(btf.find("packet", BtfType.class)).isEqualTo(19);
        assertThat(btf.find("packet", BtfType.Union.class)).isEqualTo(-1);
        assertThat(btf.find("wide", BtfType.Enumeration.class)).isEqualTo(12);
        assertThat(btf.find("wide", BtfType.Enum.class)).isEqualTo(-1);
        assertThat(btf.find("walk", BtfType.Func.class)).isEqualTo(5);
        assertThat(btf.find(".bss", BtfType.DataSec.class)).isEqualTo(68);
        assertThat(btf.find("ratio", BtfType.Var.class)).isEqualTo(56);
        assertThat(btf.find("", BtfType.class)).isEqualTo(-1);
        assertThat(btf.find("pack", BtfType.class)).isEqualTo(-1);
        assertThat(btf.find("packets", BtfType.class)).isEqualTo(-1);
    }

    @Test
    void findsANameWithItsFlavourOnly() {
        assertThat(btf.find("task___ours", BtfType.Struct.class)).isEqualTo(7);
        assertThat(btf.find("task", BtfType.Struct.class)).isEqualTo(-1);
        assertThat(btf.find("task___theirs", BtfType.Struct.class)).isEqualTo(-1);
    }

    @Test
    void listsCandidatesOfAllFlavoursInOrderOfId() {
        BtfBuilder builder = new BtfBuilder();
        for (String name :
                new String[] {"task", "other", "task___a", "task____b", "task___a___b", "task"}) {
            builder.add(new BtfType.Fwd(name, false));
        }
        builder.add(new BtfType.Fwd("task___a___b___c", true));
        builder.add(new BtfType.Float("task", 8));
        Btf flavours = builder.build(ByteOrder.LITTLE_ENDIAN);

        assertThat(flavours.candidates("task", BtfType.Fwd.class)).containsExactly(1, 3, 6);
        assertThat(flavours.candidates("task", BtfType.class)).containsExactly(1, 3, 6, 8);
        assertThat(flavours.candidates("task___a", BtfType.Fwd.class)).containsExactly(5);
        assertThat(flavours.candidates("task____b", BtfType.Fwd.class)).containsExactly(4);
        assertThat(flavours.candidates("missing", BtfType.class)).isEmpty();
        assertThat(flavours.find("task", BtfType.Fwd.class)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "task_struct, task_struct",
        "task_struct___old, task_struct",
        "a___b, a",
        "a___b___c, a___b",
        "___x, ___x",
        "x___, x___",
        "a____b, a____b",
        "a___b_, a",
        "a___b____c, a",
        "_a___b, _a",
        "____a, ____a",
        "'', ''"
    })
    void cutsTheFlavourAtTheLastTripleUnderscoreBetweenOtherCharacters(
            String name, String essential) {
        assertThat(Btf.essentialName(name)).isEqualTo(essential);

        Btf one = named(name.isEmpty() ? "other" : name);
        assertThat(one.candidates(essential, BtfType.Fwd.class)).hasSize(name.isEmpty() ? 0 : 1);
    }

    @Test
    void candidatesAreAskedForWithoutFlavour() {
        assertThat(named("a___b").candidates("a___b", BtfType.class)).isEmpty();
    }

    private static Btf named(String name) {
        BtfBuilder builder = new BtfBuilder();
        builder.add(new BtfType.Fwd(name, false));
        return builder.build(ByteOrder.BIG_ENDIAN);
    }

    @Test
    void resolvesPastAliases() {
        assertThat(btf.resolveId(21)).isEqualTo(23);
        assertThat(btf.resolve(21)).isEqualTo(new BtfType.Int("char", 1, 1, 0, 8));
        assertThat(btf.resolveId(59)).isEqualTo(4);
        assertThat(btf.resolveId(20)).isEqualTo(20);
        assertThat(btf.resolveId(0)).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "packet, 32",
        "task___ours, 24",
        "unsigned int, 4",
        "u64, 8",
        "wide, 8",
        "double, 8",
        "counters, 120",
        "tagged_variable, 16",
        "callback, 8"
    })
    void knowsSizes(String name, long size) {
        assertThat(btf.sizeOf(btf.find(name, BtfType.class))).isEqualTo(size);
    }

    @ParameterizedTest
    @CsvSource({"forward", "walk"})
    void refusesTheSizeOfTypesWithoutOne(String name) {
        int id = btf.find(name, BtfType.class);

        assertThatThrownBy(() -> btf.sizeOf(id))
                .isInstanceOf(ObjectFormatException.class)
                .hasMessageContaining(name);
        assertThatThrownBy(() -> btf.sizeOf(0)).isInstanceOf(ObjectFormatException.class);
    }

    @Test
    void aFlexibleArrayHasNoBytes() {
        assertThat(btf.sizeOf(29)).isZero();
    }

    @Test
    void cyclesAreErrors() {
        RawBtf raw = new RawBtf();
        int name = raw.string("loop");
        raw.type(name, 8, 0, 2).type(0, 10, 0, 1).type(0, 3, 0, 0, 3, 3, 1).type(0, 14, 0, 4, 0);
        Btf cyclic = raw.parse();

        for (int id = 1; id <= 4; id++) {
            int type = id;
            assertThatThrownBy(() -> cyclic.sizeOf(type))
                    .isInstanceOf(ObjectFormatException.class)
                    .hasMessageContaining("[" + type + "]")
                    .hasMessageContaining("itself");
        }
        assertThatThrownBy(() -> cyclic.resolveId(1)).isInstanceOf(ObjectFormatException.class);
        assertThatThrownBy(() -> cyclic.resolve(2)).isInstanceOf(ObjectFormatException.class);
        assertThat(cyclic.resolveId(3)).isEqualTo(3);
    }

    @Test
    void sizesMultiplyWithoutOverflow() {
        RawBtf raw = new RawBtf();
        raw.type(raw.string("big"), 1, 0, 8, 64);
        for (int i = 0; i < 4; i++) {
            raw.type(0, 3, 0, 0, i + 1, 1, 0x10000);
        }
        Btf arrays = raw.parse();

        assertThat(arrays.sizeOf(4)).isEqualTo(8L << 48);
        assertThatThrownBy(() -> arrays.sizeOf(5))
                .isInstanceOf(ObjectFormatException.class)
                .hasMessageContaining("[5]")
                .hasMessageContaining("2^63");
    }

    @Test
    void readsStringsByOffset() {
        assertThat(btf.string(0)).isEmpty();
        assertThatThrownBy(() -> btf.string(-1)).isInstanceOf(ObjectFormatException.class);
        assertThatThrownBy(() -> btf.string(1 << 20))
                .isInstanceOf(ObjectFormatException.class)
                .hasMessageContaining("1048576");
    }

    @Test
    void splitBtfContinuesItsBase() {
        BtfBuilder builder = BtfBuilder.split(btf);
        int member = btf.find("u64", BtfType.Typedef.class);
        int struct =
                builder.add(
                        new BtfType.Struct(
                                "module_state",
                                8,
                                List.of(new BtfType.Member("count", member, 0, 0))));
        builder.add(new BtfType.Struct("packet", 4, List.of()));
        Btf split = Btf.parseSplit(builder.encode(ByteOrder.LITTLE_ENDIAN), btf);

        assertThat(split.firstId()).isEqualTo(btf.typeCount()).isEqualTo(struct);
        assertThat(split.typeCount()).isEqualTo(btf.typeCount() + 2);
        assertThat(split.type(struct)).isEqualTo(builder.type(struct));
        assertThat(split.type(19)).isEqualTo(btf.type(19));
        assertThat(split.sizeOf(struct)).isEqualTo(8);
        assertThat(split.find("module_state", BtfType.Struct.class)).isEqualTo(struct);
        assertThat(split.find("packet", BtfType.Struct.class)).isEqualTo(19);
        assertThat(split.candidates("packet", BtfType.Struct.class)).containsExactly(struct + 1);
        assertThat(split.candidates("task", BtfType.Struct.class)).isEmpty();
        assertThat(split.string(1)).isEqualTo(btf.string(1));
    }

    @Test
    void splitBtfFindsNamesThatLieInItsBase() {
        RawBtf base = new RawBtf();
        int name = base.string("shared___flavour");
        Btf parsed = base.type(name, 7, 0, 0).parse();
        RawBtf raw = new RawBtf().type(name, 16, 0, 4);
        byte[] bytes = raw.bytes();
        Btf split = Btf.parseSplit(bytes, parsed);

        assertThat(split.type(2)).isEqualTo(new BtfType.Float("shared___flavour", 4));
        assertThat(split.candidates("shared", BtfType.class)).containsExactly(2);
    }

    @Test
    void splitBtfNeedsTheByteOrderOfItsBase() {
        byte[] split = BtfBuilder.split(btf).encode(ByteOrder.BIG_ENDIAN);

        assertThatThrownBy(() -> Btf.parseSplit(split, btf))
                .isInstanceOf(ObjectFormatException.class)
                .hasMessageContaining("BIG_ENDIAN")
                .hasMessageContaining("LITTLE_ENDIAN");
    }

    private static String bpftoolDump() throws IOException {
        try (InputStream in = BtfTest.class.getResourceAsStream("btf_types.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void refusesATypeWhoseNamesTakeFarMoreThanTheStrings() {
        RawBtf raw = new RawBtf();
        int name = raw.string("n".repeat(1 << 20));
        int[] members = new int[3 * 60_000];
        for (int i = 0; i < members.length; i += 3) {
            members[i] = name;
        }
        Btf btf = raw.type(0, 4, members.length / 3, 4, members).parse();

        assertThatThrownBy(() -> btf.type(1))
                .isInstanceOf(ObjectFormatException.class)
                .hasMessageContaining("[1]")
                .hasMessageContaining("string section");
    }

    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void refusesToSearchTypesThatAllBearOneVeryLongName() {
        RawBtf raw = new RawBtf();
        String name = "n".repeat(1 << 20);
        int offset = raw.string(name);
        for (int i = 0; i < 200_000; i++) {
            raw.type(offset, 7, 0, 0);
        }
        Btf btf = raw.parse();

        assertThat(btf.find("n", BtfType.Fwd.class)).isEqualTo(-1);
        assertThatThrownBy(() -> btf.find(name, BtfType.Fwd.class))
                .isInstanceOf(ObjectFormatException.class)
                .hasMessageContaining("string section");
        assertThatThrownBy(() -> btf.candidates(name, BtfType.Fwd.class))
                .isInstanceOf(ObjectFormatException.class)
                .hasMessageContaining("string section");
    }

    /** Names whose separators lie around the end of what is hashed. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 59, 60, 61, 62, 63, 64, 65, 66, 67, 100})
    void findsNamesOfAnyLengthByTheirEssentialPart(int length) {
        RawBtf raw = new RawBtf();
        String essential = "n".repeat(length);
        String[] names = {
            essential,
            essential + "___one",
            essential + "___two___three",
            essential + "____",
            essential + "____four",
            essential + "_",
            "_" + essential,
        };
        for (String name : names) {
            raw.type(raw.string(name), 7, 0, 0);
        }
        Btf btf = raw.parse();

        assertThat(btf.candidates(essential, BtfType.Fwd.class)).containsExactly(1, 2);
        assertThat(btf.candidates(essential + "___two", BtfType.Fwd.class)).containsExactly(3);
        for (int i = 0; i < names.length; i++) {
            assertThat(btf.find(names[i], BtfType.Fwd.class)).isEqualTo(1 + i);
        }
    }

    @Test
    void findsFunctionsBesideOtherTypes() {
        RawBtf raw = new RawBtf();
        int name = raw.string("same");
        raw.type(name, 12, 1, 0);
        raw.type(name, 7, 0, 0);
        raw.type(name, 12, 1, 0);
        Btf btf = raw.parse();

        assertThat(btf.find("same", BtfType.Func.class)).isEqualTo(1);
        assertThat(btf.find("same", BtfType.Fwd.class)).isEqualTo(2);
        assertThat(btf.find("same", BtfType.class)).isEqualTo(1);
        assertThat(btf.candidates("same", BtfType.Func.class)).containsExactly(1, 3);
        assertThat(btf.candidates("same", BtfType.class)).containsExactly(1, 2, 3);
    }
}
