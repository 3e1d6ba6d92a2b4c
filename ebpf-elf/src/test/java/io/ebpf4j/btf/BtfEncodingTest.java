// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.btf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.error.ObjectFormatException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Headers, layouts and broken bytes that no compiler of today writes. */
class BtfEncodingTest {
    private static final int FORWARD = 7;
    private static final int FUTURE = 23;

    @ParameterizedTest
    @ValueSource(ints = {24, 28, 32, 36, 64})
    void readsHeadersOfAnyLength(int length) {
        RawBtf raw = new RawBtf(ByteOrder.BIG_ENDIAN).header(length);
        raw.type(raw.string("one"), FORWARD, 0, 0);

        assertThat(raw.parse().type(1)).isEqualTo(new BtfType.Fwd("one", false));
    }

    @Test
    void passesOverUnknownKindsByTheLayout() {
        RawBtf raw = new RawBtf().header(32).layout(layoutOf(FUTURE, 8, 12));
        raw.type(raw.string("new"), FUTURE, 3, 0, new int[2 + 3 * 3]);
        raw.type(raw.string("known"), FORWARD, 0, 0);
        Btf btf = raw.parse();

        assertThat(btf.type(1)).isEqualTo(new BtfType.Unknown("new", FUTURE));
        assertThat(btf.type(2)).isEqualTo(new BtfType.Fwd("known", false));
        assertThat(btf.find("known", BtfType.class)).isEqualTo(2);
        assertThat(btf.find("new", BtfType.class)).isEqualTo(-1);
        assertThat(btf.resolveId(1)).isEqualTo(1);
        assertThatThrownBy(() -> btf.sizeOf(1)).isInstanceOf(ObjectFormatException.class);
    }

    @Test
    void splitBtfUsesTheLayoutOfItsBase() {
        Btf base = new RawBtf().header(32).layout(layoutOf(FUTURE, 4, 0)).parse();
        byte[] split = new RawBtf().type(0, FUTURE, 0, 0, 7).bytes();

        assertThat(Btf.parseSplit(split, base).type(1)).isEqualTo(new BtfType.Unknown("", FUTURE));
    }

    @Test
    void anUnknownKindWithoutLayoutIsNamed() {
        RawBtf raw = new RawBtf().type(0, FORWARD, 0, 0).type(0, FUTURE, 0, 0);

        assertThatThrownBy(raw::parse)
                .isInstanceOf(ObjectFormatException.class)
                .hasMessageContaining("[2]")
                .hasMessageContaining("kind 23")
                .hasMessageContaining("0x24");
    }

    @Test
    void aLayoutThatEndsBeforeTheKindDoesNotHelp() {
        RawBtf raw =
                new RawBtf().header(32).layout(layoutOf(FUTURE - 1, 0, 0)).type(0, FUTURE, 0, 0);

        assertThatThrownBy(raw::parse)
                .isInstanceOf(ObjectFormatException.class)
                .hasMessageContaining("kind 23");
    }

    @ParameterizedTest
    @CsvSource({"2, 4", "4, 6"})
    void aLayoutOfHalfWordsIsRefused(int fixed, int element) {
        RawBtf raw =
                new RawBtf()
                        .header(32)
                        .layout(layoutOf(FUTURE, fixed, element))
                        .type(0, FUTURE, 0, 0);

        assertThatThrownBy(raw::parse)
                .isInstanceOf(ObjectFormatException.class)
                .hasMessageContaining("4-byte words");
    }

    @Test
    void countsMoreElementsThanSixteenBitsHold() {
        int count = 70_000;
        int[] enumerators = new int[count * 2];
        for (int i = 0; i < count; i++) {
            enumerators[2 * i + 1] = i;
        }
        RawBtf raw = new RawBtf().type(0, 6, count, 4, enumerators).type(0, FORWARD, 0, 0);
        Btf btf = raw.parse();

        assertThat(((BtfType.Enum) btf.type(1)).enumerators())
                .hasSize(count)
                .last()
                .isEqualTo(new BtfType.Enumerator("", count - 1));
        assertThat(btf.typeCount()).isEqualTo(3);
    }

    @Test
    void aHugeCountIsAnError() {
        RawBtf raw = new RawBtf().type(0, 4, 0xff_ffff, 4);

        assertThatThrownBy(raw::parse)
                .isInstanceOf(ObjectFormatException.class)
                .hasMessageContaining("[1]")
                .hasMessageContaining("cut off");
    }

    @Test
    void readsBitfieldsWithTheKindFlagOnly() {
        RawBtf raw = new RawBtf();
        int name = raw.string("f");
        raw.words(0, 1 << 31 | 4 << 24 | 1, 4, name, 9, 5 << 24 | 3);
        raw.words(0, 4 << 24 | 1, 4, name, 9, 5 << 24 | 3);
        Btf btf = raw.parse();

        assertThat(((BtfType.Struct) btf.type(1)).members())
                .containsExactly(new BtfType.Member("f", 9, 3, 5));
        assertThat(((BtfType.Struct) btf.type(2)).members())
                .containsExactly(new BtfType.Member("f", 9, 5 << 24 | 3, 0));
    }

    @Test
    void flagsOfTagsMeanAttributes() {
        RawBtf raw = new RawBtf();
        int name = raw.string("used");
        raw.words(name, 1 << 31 | 18 << 24, 5).words(name, 1 << 31 | 17 << 24, 5, -1);
        Btf btf = raw.parse();

        assertThat(btf.type(1)).isEqualTo(new BtfType.TypeTag("used", 5, true));
        assertThat(btf.type(2)).isEqualTo(new BtfType.DeclTag("used", 5, -1, true));
    }

    @Test
    void aReferenceToNoTypeIsFoundWhenFollowed() {
        Btf btf = new RawBtf().type(0, 10, 0, 99).type(0, 10, 0, -1).parse();

        assertThat(btf.type(1)).isEqualTo(new BtfType.Const(99));
        assertThatThrownBy(() -> btf.resolve(1))
                .isInstanceOf(ObjectFormatException.class)
                .hasMessageContaining("99");
        assertThatThrownBy(() -> btf.sizeOf(2)).isInstanceOf(ObjectFormatException.class);
    }

    @Test
    void aMemberNameOutsideTheStringsIsFoundWhenDecoded() {
        Btf btf = new RawBtf().type(0, 4, 1, 4, 500, 0, 0).parse();

        assertThatThrownBy(() -> btf.type(1))
                .isInstanceOf(ObjectFormatException.class)
                .hasMessageContaining("500");
    }

    @Test
    void aTypeNameOutsideTheStringsIsFoundWhenParsed() {
        RawBtf raw = new RawBtf().type(0, FORWARD, 0, 0).type(500, FORWARD, 0, 0);

        assertThatThrownBy(raw::parse)
                .isInstanceOf(ObjectFormatException.class)
                .hasMessageContaining("[2]")
                .hasMessageContaining("500");
    }

    @ParameterizedTest
    @CsvSource({"4, 0", "3, 12"})
    void sizesAndCountsFromTwoGibibytesOnAreRefused(int kind, int rest) {
        int[] words = new int[rest / 4];
        Arrays.fill(words, -1);
        Btf btf = new RawBtf().type(0, kind, 0, -1, words).parse();

        assertThatThrownBy(() -> btf.type(1))
                .isInstanceOf(ObjectFormatException.class)
                .hasMessageContaining("4294967295");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0x0000eb9e, magic",
        "0, 0x0002eb9f, version",
        "4, 23, header",
        "4, 4096, header",
        "4, -8, header",
        "8, 4096, type section",
        "8, -4, type section",
        "12, 4096, type section",
        "12, -1, type section",
        "12, 11, cut off",
        "16, 4096, string section",
        "20, 4096, string section",
        "20, -1, string section",
        "20, 0, string section",
        "20, 3, string section",
        "16, 13, string section",
        "24, 4096, layout section",
        "28, 4096, layout section",
        "28, 3, layout section"
    })
    void brokenHeadersSayWhatIsWrong(int offset, String value, String complaint) {
        RawBtf raw = new RawBtf().header(32).layout(new int[][] {{0, 0}});
        byte[] bytes = raw.type(raw.string("name"), FORWARD, 0, 0).bytes();
        Btf.parse(bytes.clone());
        ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(offset, (int) (long) Long.decode(value));

        assertThatThrownBy(() -> Btf.parse(bytes))
                .isInstanceOf(ObjectFormatException.class)
                .hasMessageContaining(complaint);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 23})
    void aBlobShorterThanItsHeaderIsRefused(int length) {
        byte[] bytes = Arrays.copyOf(Fixture.LITTLE_ENDIAN.types(), length);

        assertThatThrownBy(() -> Btf.parse(bytes))
                .isInstanceOf(ObjectFormatException.class)
                .hasMessageContaining("24");
    }

    private static int[][] layoutOf(int kind, int fixed, int element) {
        int[][] sizes = new int[kind + 1][2];
        sizes[kind] = new int[] {fixed, element};
        return sizes;
    }
}
