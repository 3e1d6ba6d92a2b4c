// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.error.BpfException;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.Arrays;

class CodecTest {
    private static final int OFFSET = 3;

    enum Verdict {
        DROP,
        PASS,
        REDIRECT
    }

    @Test
    void numbersKeepTheirBitsInNativeOrder() {
        MemorySegment s = filled(Long.BYTES);
        encode(Codec.of(Long.class), 0x0102_0304_0506_0708L, s);
        assertThat(s.get(ValueLayout.JAVA_LONG_UNALIGNED, OFFSET))
                .isEqualTo(0x0102_0304_0506_0708L);

        assertRoundTrip(Codec.of(Byte.class), (byte) -7, 1);
        assertRoundTrip(Codec.of(Short.class), (short) -700, 2);
        assertRoundTrip(Codec.of(Character.class), '\uffee', 2);
        assertRoundTrip(Codec.of(Integer.class), Integer.MIN_VALUE, 4);
        assertRoundTrip(Codec.of(Long.class), Long.MIN_VALUE, 8);
        assertRoundTrip(Codec.of(Float.class), 1.5f, 4);
        assertRoundTrip(Codec.of(Double.class), -0.25, 8);
        assertRoundTrip(Codec.of(Boolean.class), true, 1);
    }

    @Test
    void primitiveClassesWorkLikeTheirBoxes() {
        MemorySegment s = filled(Integer.BYTES);
        encode(Codec.of(int.class), 77, s);
        assertThat(Codec.of(int.class).decode(s, OFFSET)).isEqualTo(77);
    }

    @Test
    void everyByteButZeroIsTrue() {
        MemorySegment s = filled(1);
        s.set(ValueLayout.JAVA_BYTE, OFFSET, (byte) 2);
        assertThat(Codec.of(Boolean.class).decode(s, OFFSET)).isTrue();
    }

    @Test
    void textIsPaddedWithNulsAndEndsAtTheFirst() {
        MemorySegment s = filled(8);
        encode(Codec.string(8), "bash", s);
        assertThat(bytes(s, 8)).containsExactly('b', 'a', 's', 'h', 0, 0, 0, 0);
        assertThat(Codec.string(8).decode(s, OFFSET)).isEqualTo("bash");
        s.set(ValueLayout.JAVA_BYTE, OFFSET + 2L, (byte) 0);
        assertThat(Codec.string(8).decode(s, OFFSET)).isEqualTo("ba");
    }

    @Test
    void textMayFillItsBytesWithoutTerminator() {
        assertRoundTrip(Codec.string(4), "ABCD", 4);
        assertRoundTrip(Codec.string(5), "aé€".substring(0, 2) + "bc", 5);
    }

    @Test
    void textThatTakesTooManyBytesOfUtf8IsRefused() {
        MemorySegment s = filled(4);
        assertThatThrownBy(() -> encode(Codec.string(4), "ABCDE", s))
                .isInstanceOf(BpfException.class)
                .hasMessage("text = \"ABCDE\" takes 5 bytes of UTF-8, but there is room for 4");
        assertThatThrownBy(() -> encode(Codec.string(4), "é€", s))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("takes 5 bytes");
    }

    @Test
    void byteArraysMustHaveExactlyTheirLength() {
        MemorySegment s = filled(3);
        encode(Codec.bytes(3), new byte[] {1, 2, 3}, s);
        assertThat(Codec.bytes(3).decode(s, OFFSET)).containsExactly(1, 2, 3);
        assertThatThrownBy(() -> encode(Codec.bytes(3), new byte[2], s))
                .isInstanceOf(BpfException.class)
                .hasMessage("byte[] has 2 bytes, but must have exactly 3");
    }

    @Test
    void enumsAreTheirOrdinalInFourBytes() {
        assertRoundTrip(Codec.of(Verdict.class), Verdict.REDIRECT, 4);
        MemorySegment s = filled(4);
        s.set(ValueLayout.JAVA_INT_UNALIGNED, OFFSET, 3);
        assertThatThrownBy(() -> Codec.of(Verdict.class).decode(s, OFFSET))
                .isInstanceOf(BpfException.class)
                .hasMessage(
                        "value = 3 is the ordinal of no constant of"
                                + " io.ebpf4j.map.CodecTest$Verdict, which has 3");
    }

    @Test
    void addressesAreInNetworkOrder() throws Exception {
        Inet4Address v4 = (Inet4Address) InetAddress.getByAddress(new byte[] {10, 0, 0, 1});
        MemorySegment s = filled(4);
        encode(Codec.of(Inet4Address.class), v4, s);
        assertThat(bytes(s, 4)).containsExactly(10, 0, 0, 1);
        assertThat(Codec.of(Inet4Address.class).decode(s, OFFSET)).isEqualTo(v4);

        byte[] mapped = new byte[16];
        mapped[10] = mapped[11] = -1;
        mapped[15] = 9;
        Inet6Address v6 = Inet6Address.getByAddress(null, mapped, -1);
        assertRoundTrip(Codec.of(Inet6Address.class), v6, 16);
    }

    record Padded(byte a, long b, short c) {}

    @Test
    void recordsLieAsInC() {
        Codec<Padded> codec = Codec.of(Padded.class);
        assertThat(codec.size()).isEqualTo(24);
        MemorySegment s = filled(24);
        encode(codec, new Padded((byte) 1, -1L, (short) 2), s);
        assertThat(bytes(s, 24))
                .containsExactly(
                        1, 0, 0, 0, 0, 0, 0, 0, -1, -1, -1, -1, -1, -1, -1, -1, 2, 0, 0, 0, 0, 0, 0,
                        0);
        assertThat(codec.decode(s, OFFSET)).isEqualTo(new Padded((byte) 1, -1L, (short) 2));
    }

    record Inner(int x, byte y) {}

    record Everything(
            byte b,
            short s,
            char c,
            int i,
            long l,
            float f,
            double d,
            boolean z,
            @Chars(5) String text,
            Inner inner,
            @Length(3) int[] ints,
            @Length(2) Inner[] inners,
            @Length(2) byte[] raw,
            Verdict verdict,
            Inet4Address address,
            Integer boxed,
            @Unsigned(2) int port,
            @Unsigned(4) long wide,
            @Unsigned(1) short tiny,
            @Length(2) @Unsigned(4) long[] widened,
            @Length(2) @Chars(4) String[] names,
            @Length(2) boolean[] flags) {}

    @Test
    void everyKindOfComponentRoundTripsColdAndWarm() throws Exception {
        Codec<Everything> codec = Codec.of(Everything.class);
        MemorySegment s = filled(codec.size());
        for (int i = 0; i < 3000; i++) {
            Everything e = everything(i);
            encode(codec, e, s);
            Everything back = codec.decode(s, OFFSET);
            assertThat(back).usingRecursiveComparison().isEqualTo(e);
            if (i % 500 != 0 && i > 5) {
                i += 7;
            }
        }
    }

    private static Everything everything(int i) throws Exception {
        return new Everything(
                (byte) i,
                (short) -i,
                (char) (i * 7),
                -i,
                -1L - i,
                i * 0.5f,
                i * 0.25,
                i % 2 == 0,
                "t" + i,
                new Inner(i, (byte) 4),
                new int[] {i, -i, 0},
                new Inner[] {new Inner(1, (byte) i), new Inner(-i, (byte) 3)},
                new byte[] {(byte) i, 5},
                Verdict.values()[i % 3],
                (Inet4Address) InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) i}),
                i * 3,
                65535 - i,
                0xffff_ffffL - i,
                (short) (i & 0xff),
                new long[] {0xffff_fffeL, i},
                new String[] {"a", "bcde"},
                new boolean[] {i % 3 == 0, true});
    }

    @Test
    void numbersThatDoNotFitANarrowMemberAreRefused() {
        record Port(@Unsigned(2) int port) {}
        Codec<Port> codec = Codec.of(Port.class);
        assertThat(codec.size()).isEqualTo(2);
        MemorySegment s = filled(2);
        encode(codec, new Port(65535), s);
        assertThat(codec.decode(s, OFFSET).port()).isEqualTo(65535);
        assertThatThrownBy(() -> encode(codec, new Port(65536), s))
                .isInstanceOf(BpfException.class)
                .hasMessage("port = 65536 does not fit an unsigned integer of 2 bytes");
        assertThatThrownBy(() -> encode(codec, new Port(-1), s)).isInstanceOf(BpfException.class);
    }

    @Test
    void recordsOfAMethodWork() {
        record Key(int pid, @Chars(16) String comm) {}
        assertRoundTrip(Codec.of(Key.class), new Key(4711, "java"), 20);
    }

    @Test
    void lengthsAreDemandedWhereNothingTellsThem() {
        record Key(int pid, String comm) {}
        assertThatThrownBy(() -> Codec.of(Key.class))
                .isInstanceOf(BpfException.class)
                .hasMessage(
                        "type Key, component comm of Key has no length; annotate it with"
                                + " @Chars(n)");
        record Slots(int[] slots) {}
        assertThatThrownBy(() -> Codec.of(Slots.class))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("annotate it with @Length(n)");
        assertThatThrownBy(() -> Codec.string(0)).isInstanceOf(BpfException.class);
    }

    @Test
    void typesWithoutLayoutAreRefused() {
        record Odd(Object what) {}
        assertThatThrownBy(() -> Codec.of(Odd.class))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining(
                        "component what of Odd has type java.lang.Object, which has no layout");
    }

    @Test
    void whatARecordsConstructorThrowsReachesTheCaller() {
        record Positive(int n) {
            @SuppressWarnings("UnusedMethod") // called by the codec alone
            Positive {
                if (n < 0) {
                    throw new IllegalArgumentException("negative");
                }
            }
        }
        MemorySegment s = filled(4);
        s.set(ValueLayout.JAVA_INT_UNALIGNED, OFFSET, -1);
        assertThatThrownBy(() -> Codec.of(Positive.class).decode(s, OFFSET))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("negative");
    }

    @Test
    void aSegmentThatIsTooShortIsNoticed() {
        MemorySegment s = MemorySegment.ofArray(new byte[23]);
        assertThatThrownBy(() -> Codec.of(Padded.class).decode(s, 0))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void addressesOfBothVersionsShareSixteenBytes() throws Exception {
        record Peer(@Length(16) InetAddress address) {}
        Codec<Peer> codec = Codec.of(Peer.class);
        MemorySegment s = MemorySegment.ofArray(new byte[16]);
        InetAddress four = InetAddress.getByName("10.1.2.3");
        codec.encode(new Peer(four), s, 0);
        assertThat(s.toArray(ValueLayout.JAVA_BYTE))
                .containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 10, 1, 2, 3);
        assertThat(codec.decode(s, 0).address()).isEqualTo(four);
        InetAddress six = InetAddress.getByName("fe80::1");
        codec.encode(new Peer(six), s, 0);
        assertThat(codec.decode(s, 0).address()).isEqualTo(six);
        record Four(@Length(4) InetAddress address) {}
        assertThat(Codec.of(Four.class).size()).isEqualTo(4);
        assertThatThrownBy(() -> Codec.of(Four.class).encode(new Four(six), s, 0))
                .isInstanceOf(BpfException.class)
                .hasMessage("address has 16 bytes, but must have exactly 4");
        record Odd(@Length(5) InetAddress address) {}
        assertThatThrownBy(() -> Codec.of(Odd.class))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("has 5 bytes, but an address has 4 or 16");
    }

    record Header(
            @Bitfield(4) byte version,
            @Bitfield(value = 3, signed = true) byte delta,
            @Bitfield(1) boolean last,
            @Bitfield(12) int length,
            @Bitfield(3) Verdict verdict,
            @Bitfield(30) int rest,
            long end) {}

    @Test
    void bitfieldsShareTheirUnitAsCompilersPackThem() {
        Codec<Header> codec = Codec.of(Header.class);
        // one byte of 8 bits, 12 + 3 bits in the rest of its word, 30 in the next word, then 8
        // bytes
        assertThat(codec.size()).isEqualTo(16);
        MemorySegment s = MemorySegment.ofArray(new long[2]);
        s.fill((byte) -1);
        Header value =
                new Header((byte) 9, (byte) -3, true, 0xabc, Verdict.REDIRECT, 0x2000_0001, 5);
        codec.encode(value, s, 0);
        assertThat(codec.decode(s, 0)).isEqualTo(value);
        if (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) {
            long low = 9 | 0b101 << 4 | 1 << 7 | 0xabc << 8 | 2 << 20;
            assertThat(s.get(ValueLayout.JAVA_LONG_UNALIGNED, 0))
                    .isEqualTo(low | 0x2000_0001L << 32);
        }
        assertThatThrownBy(
                        () ->
                                codec.encode(
                                        new Header(
                                                (byte) 16, (byte) 0, true, 0, Verdict.DROP, 0, 0),
                                        s,
                                        0))
                .isInstanceOf(BpfException.class)
                .hasMessage("version = 16 does not fit an unsigned integer of 4 bits");
        record Wide(@Bitfield(9) byte wide) {}
        assertThatThrownBy(() -> Codec.of(Wide.class))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("@Bitfield(9) byte loses the upper 1 bits");
    }

    record Arrays2(
            @Length({2, 3}) int[][] grid,
            @Length({2, 3}) byte[][] rows,
            @Length(2) @BigEndian long[] network,
            @Length(3) @Unsigned(2) int[] narrow,
            @Length(2) boolean[] flags) {}

    @Test
    void arraysHaveALengthForEachDimension() {
        Codec<Arrays2> codec = Codec.of(Arrays2.class);
        assertThat(codec.size()).isEqualTo(56);
        MemorySegment s = MemorySegment.ofArray(new long[7]);
        Arrays2 value =
                new Arrays2(
                        new int[][] {{1, 2, 3}, {4, 5, 6}},
                        new byte[][] {{7, 8, 9}, {10, 11, 12}},
                        new long[] {1, 2},
                        new int[] {65535, 1, 2},
                        new boolean[] {true, false});
        codec.encode(value, s, 0);
        assertThat(codec.decode(s, 0)).usingRecursiveComparison().isEqualTo(value);
        assertThat(s.get(ValueLayout.JAVA_INT_UNALIGNED, 20)).isEqualTo(6);
        assertThat(s.get(ValueLayout.JAVA_BYTE, 29)).isEqualTo((byte) 12);
        assertThat(s.get(ValueLayout.JAVA_BYTE, 39)).isEqualTo((byte) 1);
        record Deep(@Length({2, 3, 4}) int[][] grid) {}
        assertThatThrownBy(() -> Codec.of(Deep.class))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("@Length has 3 lengths for 2 dimensions");
        record Flat(@Length(2) int[][] grid) {}
        assertThatThrownBy(() -> Codec.of(Flat.class))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("has no length; annotate it with @Length(n)");
    }

    @Test
    void timesAreOfTheClockThatIsNamed() {
        record Seen(Instant at, @Ktime(Ktime.Clock.MONOTONIC) Instant same) {}
        Codec<Seen> codec = Codec.of(Seen.class);
        MemorySegment s = MemorySegment.ofArray(new long[] {System.nanoTime(), 0});
        s.set(ValueLayout.JAVA_LONG_UNALIGNED, 8, s.get(ValueLayout.JAVA_LONG_UNALIGNED, 0));
        Seen seen = codec.decode(s, 0);
        assertThat(seen.at()).isBetween(Instant.now().minusSeconds(60), Instant.now());
        assertThat(seen.same()).isEqualTo(seen.at());
        record Wrong(@Ktime(Ktime.Clock.BOOTTIME) long at) {}
        assertThatThrownBy(() -> Codec.of(Wrong.class))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("@Ktime is for Instant, not for long");
    }

    private static <T> void assertRoundTrip(Codec<T> codec, T value, int size) {
        assertThat(codec.size()).isEqualTo(size);
        MemorySegment s = filled(size);
        encode(codec, value, s);
        assertThat(codec.decode(s, OFFSET)).isEqualTo(value);
    }

    /** Encodes and checks that nothing beside the value was touched. */
    private static <T> void encode(Codec<T> codec, T value, MemorySegment s) {
        codec.encode(value, s, OFFSET);
        assertThat(s.get(ValueLayout.JAVA_BYTE, OFFSET - 1L)).isEqualTo((byte) 0x5a);
        assertThat(s.get(ValueLayout.JAVA_BYTE, OFFSET + (long) codec.size()))
                .isEqualTo((byte) 0x5a);
    }

    /** Returns a segment with room for a value at {@link #OFFSET}, full of rubbish. */
    private static MemorySegment filled(int size) {
        byte[] bytes = new byte[OFFSET + size + 1];
        Arrays.fill(bytes, (byte) 0x5a);
        return MemorySegment.ofArray(bytes);
    }

    private static byte[] bytes(MemorySegment s, int size) {
        return s.asSlice(OFFSET, size).toArray(ValueLayout.JAVA_BYTE);
    }
}
