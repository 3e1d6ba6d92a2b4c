// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfBuilder;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.error.BpfException;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

class LayoutCheckTest {
    private final BtfBuilder types = new BtfBuilder();
    private final int u8 = types.add(new BtfType.Int("unsigned char", 1, 0, 0, 8));
    private final int ch = types.add(new BtfType.Int("char", 1, BtfType.Int.SIGNED, 0, 8));
    private final int u16 = types.add(new BtfType.Int("unsigned short", 2, 0, 0, 16));
    private final int u32 =
            typedef("__u32", types.add(new BtfType.Int("unsigned int", 4, 0, 0, 32)));
    private final int s32 = types.add(new BtfType.Int("int", 4, BtfType.Int.SIGNED, 0, 32));
    private final int u64 =
            typedef("__u64", types.add(new BtfType.Int("unsigned long", 8, 0, 0, 64)));
    private final int dbl = types.add(new BtfType.Float("double", 8));
    private final int bool = types.add(new BtfType.Int("_Bool", 1, BtfType.Int.BOOL, 0, 8));
    private final int comm = array(ch, 16);

    record Key(int pid, @Chars(16) String comm) {}

    @Test
    void aRecordThatMatchesIsAccepted() {
        int key = struct("key", 20, member("pid", u32, 0), member("comm", comm, 4));
        Shape shape = check(Key.class, key);
        assertThat(shape.size()).isEqualTo(20);
        assertThat(shape).hasToString(Shapes.of(Key.class, -1, "").toString());
    }

    @Test
    void membersAreFoundBySnakeCaseAndWithoutTrailingUnderscore() {
        record Odd(int realParent, int class_, int exact_) {}
        int odd =
                struct(
                        "odd",
                        12,
                        member("real_parent", u32, 0),
                        member("class", u32, 4),
                        member("exact_", s32, 8));
        assertThat(check(Odd.class, odd).size()).isEqualTo(12);
    }

    @Test
    void lengthsMayBeLeftToBtf() {
        record Task(String comm, int[] slots, byte[] raw) {}
        int task =
                struct(
                        "task",
                        28,
                        member("comm", comm, 0),
                        member("slots", array(u32, 2), 16),
                        member("raw", u32, 24));
        Shape.Structure shape = (Shape.Structure) check(Task.class, task);
        assertThat(shape.fields().get(0).shape().size()).isEqualTo(16);
        assertThat(shape.fields().get(1).shape().size()).isEqualTo(8);
        assertThat(shape.fields().get(2).shape().size()).isEqualTo(4);
    }

    @Test
    void aMismatchPrintsBothLayoutsSideBySide() {
        record Event(long ts, int pid, @Chars(12) String comm, int gone) {}
        int event =
                struct(
                        "event",
                        32,
                        member("ts", u64, 0),
                        member("pid", u64, 8),
                        member("comm", comm, 16));
        assertThatThrownBy(() -> check(Event.class, event))
                .isInstanceOf(BpfException.class)
                .hasMessage(
                        """
                        value of map m: Event does not fit struct event:
                          offset  size  Java          | offset  size  C
                               0     8  long    ts    |      0     8  __u64     ts
                               8     4  int     pid   |      8     8  __u64     pid   <- int loses the upper 4 bytes; use long
                              12    12  String  comm  |     16    16  char[16]  comm  <- @Chars(12) differs
                              24     0  int     gone  |               -               <- no member of this name\
                        """);
    }

    @Test
    void everyMemberNeedsAComponent() {
        record One(int a) {}
        int two = struct("two", 8, member("a", u32, 0), member("b", u32, 4));
        assertMismatch(One.class, two, "b", "no component of this name");
    }

    @Test
    void paddingNeedsNone() {
        record Padded(byte a, long b) {}
        int padded =
                struct(
                        "padded",
                        16,
                        member("a", u8, 0),
                        member("_pad", array(u8, 7), 1),
                        member("b", u64, 8));
        assertThat(check(Padded.class, padded).size()).isEqualTo(16);
    }

    @Test
    void componentsMustComeInTheOrderOfMembers() {
        record Swapped(int uid, int pid) {}
        int ids = struct("ids", 8, member("pid", u32, 0), member("uid", u32, 4));
        assertMismatch(
                Swapped.class, ids, "pid", "components must come in the order of the members");
    }

    @Test
    void widerIntegersAreWidenedByTheMembersSignedness() {
        record Wide(long a, int b, long c) {}
        int narrow =
                struct("narrow", 12, member("a", u32, 0), member("b", u16, 4), member("c", s32, 8));
        Codec<Wide> codec = Codecs.of(check(Wide.class, narrow), Wide.class, "value");
        assertThat(codec.size()).isEqualTo(12);
        byte[] bytes = new byte[12];
        Arrays.fill(bytes, (byte) -1);
        assertThat(codec.decode(MemorySegment.ofArray(bytes), 0))
                .isEqualTo(new Wide(0xffff_ffffL, 0xffff, -1));
        codec.encode(new Wide(0xffff_fffeL, 1, -2), MemorySegment.ofArray(bytes), 0);
        MemorySegment s = MemorySegment.ofArray(bytes);
        assertThat(s.get(ValueLayout.JAVA_INT_UNALIGNED, 0)).isEqualTo(-2);
        assertThat(s.get(ValueLayout.JAVA_INT_UNALIGNED, 4)).isEqualTo(1);
        assertThatThrownBy(() -> codec.encode(new Wide(1L << 32, 1, 1), s, 0))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("a = 4294967296 does not fit an unsigned integer of 4 bytes");
    }

    @Test
    void sameWidthIsReinterpretedAndNarrowerRefused() {
        assertThat(check(Integer.class, u32).size()).isEqualTo(4);
        assertThat(check(Long.class, u32).size()).isEqualTo(4);
        assertMismatch(Short.class, u32, "", "short loses the upper 2 bytes; use int or long");
        assertMismatch(Integer.class, u64, "", "int loses the upper 4 bytes; use long");
    }

    @Test
    void kindsAreToldApart() {
        assertThat(check(Boolean.class, bool).size()).isEqualTo(1);
        assertThat(check(Double.class, dbl).size()).isEqualTo(8);
        assertMismatch(Double.class, u64, "", "is no floating-point number of 8 bytes");
        assertMismatch(Long.class, dbl, "", "is no number");
        assertMismatch(Boolean.class, u32, "", "boolean is 1 byte; use int or long");
        assertMismatch(String.class, u64, "", "is no array of char");
        assertMismatch(Key.class, u64, "", "is no struct");
        assertThat(check(byte[].class, u64).size()).isEqualTo(8);
    }

    @Test
    void structsNestByValueAndInArrays() {
        record Inner(int x, byte y) {}
        record Outer(Inner one, Inner[] more) {}
        int inner = struct("inner", 8, member("x", s32, 0), member("y", u8, 4));
        int outer =
                struct("outer", 24, member("one", inner, 0), member("more", array(inner, 2), 8));
        Codec<Outer> codec = Codecs.of(check(Outer.class, outer), Outer.class, "value");
        MemorySegment s = MemorySegment.ofArray(new byte[24]);
        Outer value =
                new Outer(
                        new Inner(1, (byte) 2),
                        new Inner[] {new Inner(3, (byte) 4), new Inner(5, (byte) 6)});
        codec.encode(value, s, 0);
        assertThat(s.get(ValueLayout.JAVA_INT_UNALIGNED, 16)).isEqualTo(5);
        assertThat(codec.decode(s, 0)).usingRecursiveComparison().isEqualTo(value);

        record Wrong(byte x, byte y) {}
        record Holder(Wrong one, Inner[] more) {}
        assertMismatch(Holder.class, outer, "one.x", "byte loses the upper 3 bytes");
    }

    @Test
    void membersOfAnonymousStructsAndUnionsCountAsTheirs() {
        record Flat(int a, int b, int d) {}
        int anonymous = struct("", 4, member("b", u32, 0));
        int union =
                types.add(
                        new BtfType.Union(
                                "",
                                4,
                                List.of(
                                        new BtfType.Member("", anonymous, 0, 0),
                                        new BtfType.Member("c", u32, 0, 0))));
        int flat =
                struct("flat", 12, member("a", u32, 0), member("", union, 4), member("d", u32, 8));
        Shape.Structure shape = (Shape.Structure) check(Flat.class, flat);
        assertThat(shape.fields()).extracting(Shape.Field::offset).containsExactly(0, 4, 8);

        record Without(int a, int d) {}
        assertMismatch(Without.class, flat, "c", "no component of this name");
    }

    enum Level {
        LOW,
        NONE,
        HIGH
    }

    record Bits(int mode, boolean on, Level level, long wide, byte rest) {}

    @Test
    void bitfieldsAreReadAndWrittenBesideEachOther() {
        Codec<Bits> codec = Codecs.of(check(Bits.class, bits()), Bits.class, "value");
        assertThat(codec.size()).isEqualTo(8);
        MemorySegment s = MemorySegment.ofArray(new byte[8]);
        s.fill((byte) -1);
        Bits value = new Bits(-3, true, Level.NONE, 0x1_2345L, (byte) 9);
        codec.encode(value, s, 0);
        assertThat(codec.decode(s, 0)).isEqualTo(value);
        // mode:3 = 101, on:1 = 1, level:3 = 111, wide:20, rest:8
        long expected = 0b101 | 1 << 3 | 0b111 << 4 | 0x1_2345L << 7 | 9L << 32;
        if (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) {
            assertThat(s.get(ValueLayout.JAVA_LONG_UNALIGNED, 0)).isEqualTo(expected);
        }
        for (int mode = -4; mode < 4; mode++) {
            Bits other = new Bits(mode, false, Level.HIGH, (1 << 20) - 1, (byte) 0);
            codec.encode(other, s, 0);
            assertThat(codec.decode(s, 0)).isEqualTo(other);
        }
        assertThatThrownBy(() -> codec.encode(new Bits(4, true, Level.LOW, 0, (byte) 0), s, 0))
                .isInstanceOf(BpfException.class)
                .hasMessage("mode = 4 does not fit a signed integer of 3 bits");
        assertThatThrownBy(
                        () -> codec.encode(new Bits(0, true, Level.LOW, 1 << 20, (byte) 0), s, 0))
                .isInstanceOf(BpfException.class)
                .hasMessage("wide = 1048576 does not fit an unsigned integer of 20 bits");
        s.fill((byte) 0b0010_0000);
        assertThatThrownBy(() -> codec.decode(s, 0))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("level = 2 is the value of no constant of");
    }

    @Test
    void bitfieldsThatDoNotFitAreRefused() {
        record Narrow(int mode, boolean on, Level level, short wide, byte rest) {}
        assertMismatch(
                Narrow.class, bits(), "wide", "short loses the upper 4 bits; use int or long");
        record Flag(boolean mode, boolean on, Level level, int wide, byte rest) {}
        assertMismatch(Flag.class, bits(), "mode", "boolean is 1 bit; use byte or wider");
        record Text(String mode, boolean on, Level level, int wide, byte rest) {}
        assertMismatch(Text.class, bits(), "mode", "a bitfield is a number, boolean or enum");
        record Swapped(int mode, boolean on, Level level, @BigEndian int wide, byte rest) {}
        assertMismatch(
                Swapped.class, bits(), "wide", "a bitfield takes no @BigEndian and no @Unsigned");
    }

    private int bits() {
        int level = enumeration(true, enumerator("LOW", -4), none(), enumerator("HIGH", 3));
        return types.add(
                new BtfType.Struct(
                        "bits",
                        8,
                        List.of(
                                new BtfType.Member("mode", s32, 0, 3),
                                new BtfType.Member("on", u32, 3, 1),
                                new BtfType.Member("level", level, 4, 3),
                                new BtfType.Member("wide", u32, 7, 20),
                                new BtfType.Member("rest", u8, 32, 0))));
    }

    private int enumeration(boolean signed, BtfType.Enumerator... values) {
        return types.add(new BtfType.Enum("level", 4, signed, List.of(values)));
    }

    private static BtfType.Enumerator none() {
        return enumerator("NONE", -1);
    }

    private static BtfType.Enumerator enumerator(String name, long value) {
        return new BtfType.Enumerator(name, value);
    }

    @Test
    void bigEndianIntegersAreSwapped() {
        record Flow(@BigEndian int port, @BigEndian int address, @BigEndian long id) {}
        int flow =
                struct(
                        "flow",
                        16,
                        member("port", u16, 0),
                        member("address", u32, 4),
                        member("id", u64, 8));
        Codec<Flow> codec = Codecs.of(check(Flow.class, flow), Flow.class, "value");
        Flow value = new Flow(0xfffe, 0x81020304, 0x8102030405060708L);
        MemorySegment s = MemorySegment.ofArray(new byte[16]);
        codec.encode(value, s, 0);
        assertThat(s.toArray(ValueLayout.JAVA_BYTE))
                .containsExactly(
                        (byte) 0xff,
                        (byte) 0xfe,
                        0,
                        0,
                        (byte) 0x81,
                        2,
                        3,
                        4,
                        (byte) 0x81,
                        2,
                        3,
                        4,
                        5,
                        6,
                        7,
                        8);
        assertThat(codec.decode(s, 0)).isEqualTo(value);
        assertThatThrownBy(() -> codec.encode(new Flow(65536, 0, 0), s, 0))
                .isInstanceOf(BpfException.class)
                .hasMessage("port = 65536 does not fit an unsigned integer of 2 bytes");
        record Odd(@BigEndian boolean on) {}
        assertThatThrownBy(() -> Codec.of(Odd.class))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("@BigEndian is for integers, not for boolean");
        record Span(@BigEndian Duration took) {}
        assertThatThrownBy(() -> Codec.of(Span.class))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("@BigEndian is for integers, not for Duration");
        int span = struct("span", 8, member("took", u64, 0));
        assertMismatch(Span.class, span, "took", "@BigEndian is for integers, not for Duration");
    }

    @Test
    void unsignedEnumsHaveAllTheirBits() {
        // BTF extends the sign of every number of 32 bits
        int id =
                enumeration(
                        false,
                        enumerator("LOW", 1),
                        enumerator("NONE", 2),
                        enumerator("HIGH", Integer.MIN_VALUE));
        Codec<Level> codec = Codecs.of(check(Level.class, id), Level.class, "value");
        MemorySegment s = MemorySegment.ofArray(new byte[4]);
        codec.encode(Level.HIGH, s, 0);
        assertThat(s.get(ValueLayout.JAVA_INT_UNALIGNED, 0)).isEqualTo(Integer.MIN_VALUE);
        assertThat(codec.decode(s, 0)).isEqualTo(Level.HIGH);
    }

    @Test
    void enumsHaveTheNumbersOfTheirNames() {
        int id = enumeration(true, none(), enumerator("LOW", 7), enumerator("HIGH", 70000));
        Codec<Level> codec = Codecs.of(check(Level.class, id), Level.class, "value");
        MemorySegment s = MemorySegment.ofArray(new byte[4]);
        codec.encode(Level.NONE, s, 0);
        assertThat(s.get(ValueLayout.JAVA_INT_UNALIGNED, 0)).isEqualTo(-1);
        for (Level level : Level.values()) {
            codec.encode(level, s, 0);
            assertThat(codec.decode(s, 0)).isEqualTo(level);
        }
        assertThat(s.get(ValueLayout.JAVA_INT_UNALIGNED, 0)).isEqualTo(70000);
        int wide =
                types.add(
                        new BtfType.Enum64(
                                "wide",
                                8,
                                false,
                                List.of(
                                        enumerator("LOW", 1L << 40),
                                        none(),
                                        enumerator("HIGH", 2))));
        Codec<Level> of8 = Codecs.of(check(Level.class, wide), Level.class, "value");
        MemorySegment s8 = MemorySegment.ofArray(new long[1]);
        of8.encode(Level.LOW, s8, 0);
        assertThat(s8.get(ValueLayout.JAVA_LONG_UNALIGNED, 0)).isEqualTo(1L << 40);
        assertThat(of8.decode(s8, 0)).isEqualTo(Level.LOW);
    }

    @Test
    void timesAreNanoseconds() {
        record Span(Duration took, Instant at) {}
        int span = struct("span", 16, member("took", u64, 0), member("at", u64, 8));
        Codec<Span> codec = Codecs.of(check(Span.class, span), Span.class, "value");
        MemorySegment s = MemorySegment.ofArray(new long[] {1_000_000_001L, 0});
        Instant before = Instant.now();
        s.set(ValueLayout.JAVA_LONG_UNALIGNED, 8, System.nanoTime());
        Instant after = Instant.now();
        Span read = codec.decode(s, 0);
        assertThat(read.took()).isEqualTo(Duration.ofSeconds(1, 1));
        assertThat(read.at()).isBetween(before.minusSeconds(1), after.plusSeconds(1));
        MemorySegment copy = MemorySegment.ofArray(new long[2]);
        codec.encode(read, copy, 0);
        assertThat(copy.mismatch(s)).isEqualTo(-1);
        assertMismatch(Duration.class, u32, "", "is no integer of 8 bytes");
    }

    enum State {
        IDLE,
        BUSY
    }

    @Test
    void allConstantsMustHaveAnEnumeratorIfOneHas() {
        int same =
                types.add(
                        new BtfType.Enum(
                                "state",
                                4,
                                false,
                                List.of(
                                        new BtfType.Enumerator("IDLE", 0),
                                        new BtfType.Enumerator("BUSY", 1))));
        assertThat(check(State.class, same).size()).isEqualTo(4);
        int other =
                types.add(
                        new BtfType.Enum(
                                "state", 4, false, List.of(new BtfType.Enumerator("BUSY", 2))));
        assertMismatch(State.class, other, "", "has no enumerator IDLE");
    }

    @Test
    void packedStructsAreReadWhereBtfSays() {
        record Packed(byte a, int b) {}
        int packed = struct("packed", 5, member("a", u8, 0), member("b", u32, 1));
        Codec<Packed> codec = Codecs.of(check(Packed.class, packed), Packed.class, "value");
        MemorySegment s = MemorySegment.ofArray(new byte[5]);
        codec.encode(new Packed((byte) 7, 0x01020304), s, 0);
        assertThat(s.get(ValueLayout.JAVA_INT_UNALIGNED, 1)).isEqualTo(0x01020304);
        assertThat(codec.decode(s, 0)).isEqualTo(new Packed((byte) 7, 0x01020304));
    }

    private void assertMismatch(Class<?> type, int id, String row, String problem) {
        assertThatThrownBy(() -> check(type, id))
                .isInstanceOf(BpfException.class)
                .satisfies(
                        e ->
                                assertThat(e.getMessage().lines())
                                        .anySatisfy(
                                                line ->
                                                        assertThat(line)
                                                                .contains(row)
                                                                .contains("<- " + problem)));
    }

    private Shape check(Class<?> type, int id) {
        Btf btf = types.build(ByteOrder.LITTLE_ENDIAN);
        return LayoutCheck.check(type, btf, id, "value of map m");
    }

    private int typedef(String name, int type) {
        return types.add(new BtfType.Typedef(name, type));
    }

    private int array(int type, int count) {
        return types.add(new BtfType.Array(type, u8, count));
    }

    private static BtfType.Member member(String name, int type, int offset) {
        return new BtfType.Member(name, type, offset * 8, 0);
    }

    private int struct(String name, int size, BtfType.Member... members) {
        return types.add(new BtfType.Struct(name, size, List.of(members)));
    }
}
