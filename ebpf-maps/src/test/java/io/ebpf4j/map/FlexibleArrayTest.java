// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.btf.BtfBuilder;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.error.BpfException;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

class FlexibleArrayTest {
    record Bytes(long a, byte n, @FlexibleArray byte[] data) {}

    record Pair(int x, byte y) {}

    record Pairs(short n, @FlexibleArray Pair[] pairs) {}

    record Shorts(int n, @FlexibleArray @BigEndian short[] all) {}

    record Text(int n, @FlexibleArray String text) {}

    @Test
    void theRestOfAnEventIsItsLastComponent() {
        Codec<Bytes> codec = Codec.of(Bytes.class);
        assertThat(codec.size()).isEqualTo(16);
        assertRoundTrip(codec, new Bytes(1, (byte) 2, new byte[] {3, 4, 5}), 12);
        assertRoundTrip(codec, new Bytes(1, (byte) 2, new byte[0]), 9);
        Pairs pairs =
                new Pairs((short) 2, new Pair[] {new Pair(1, (byte) 2), new Pair(3, (byte) 4)});
        assertRoundTrip(Codec.of(Pairs.class), pairs, 20);
        assertRoundTrip(Codec.of(Shorts.class), new Shorts(1, new short[] {1, 2, 3}), 10);
        assertRoundTrip(Codec.of(Text.class), new Text(1, "né"), 7);
    }

    @Test
    void elementsThatAreNotWholeAreLeftOutAndTextEndsAtANul() {
        byte[] bytes = {1, 0, 0, 0, 'a', 'b', 0, 'c', 'd', 'e', 'f'};
        assertThat(Codec.of(Text.class).decode(MemorySegment.ofArray(bytes), 0).text())
                .isEqualTo("ab");
        assertThat(Codec.of(Pairs.class).decode(MemorySegment.ofArray(bytes), 0).pairs()).isEmpty();
        assertThatThrownBy(
                        () -> Codec.of(Bytes.class).decode(MemorySegment.ofArray(new byte[8]), 0))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void btfTellsFlexibleArrays() {
        record Event(int n, long[] list) {}
        BtfBuilder types = new BtfBuilder();
        int u32 = types.add(new BtfType.Int("unsigned int", 4, 0, 0, 32));
        int flexible = types.add(new BtfType.Array(u32, u32, 0));
        int event =
                types.add(
                        new BtfType.Struct(
                                "event",
                                4,
                                List.of(
                                        new BtfType.Member("n", u32, 0, 0),
                                        new BtfType.Member("list", flexible, 32, 0))));
        Shape shape =
                LayoutCheck.check(
                        Event.class, types.build(ByteOrder.LITTLE_ENDIAN), event, "record");
        Codec<Event> codec = Codecs.of(shape, Event.class, "record");
        MemorySegment s = MemorySegment.ofArray(new int[] {2, -1, 5});
        Event read = codec.decode(s, 0);
        assertThat(read.n()).isEqualTo(2);
        assertThat(read.list()).containsExactly(0xffff_ffffL, 5);
        record Words(int n, String list) {}
        assertThatThrownBy(
                        () ->
                                LayoutCheck.check(
                                        Words.class,
                                        types.build(ByteOrder.LITTLE_ENDIAN),
                                        event,
                                        "record"))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("<- is no array of bytes");
    }

    @Test
    void whatHasNoFixedSizeIsForEventsOnly() {
        record Middle(@FlexibleArray byte[] data, int n) {}
        assertRefused(Middle.class, "is no flexible array: that is the last one of an event");
        record Inner(int n, Bytes bytes) {}
        assertRefused(Inner.class, "is no flexible array: that is the last one of an event");
        record Scalar(int n, @FlexibleArray long last) {}
        assertRefused(Scalar.class, "a flexible array is a byte[], a MemorySegment, a String");
        assertThatThrownBy(
                        () ->
                                RecordCodec.requireFixed(
                                        Codec.of(Bytes.class), "the values of map m"))
                .isInstanceOf(BpfException.class)
                .hasMessage(
                        "the values of map m: Bytes ends with the flexible array data, which only"
                                + " events can have");
    }

    private static void assertRefused(Class<?> type, String message) {
        assertThatThrownBy(() -> Codec.of(type))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining(message);
    }

    /** Encodes into exactly the bytes that a value takes, and decodes them. */
    private static <T> void assertRoundTrip(Codec<T> codec, T value, int length) {
        assertThat(((RecordCodec) (Codec<?>) codec).length(value)).isEqualTo(length);
        MemorySegment s = MemorySegment.ofArray(new byte[length + 3]);
        s.fill((byte) -1);
        codec.encode(value, s.asSlice(0, length), 0);
        assertThat(codec.decode(s.asSlice(0, length), 0))
                .usingRecursiveComparison()
                .isEqualTo(value);
        assertThat(s.asSlice(length).toArray(ValueLayout.JAVA_BYTE)).containsExactly(-1, -1, -1);
        assertThatThrownBy(() -> codec.encode(value, s.asSlice(0, length - 1), 0))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }
}
