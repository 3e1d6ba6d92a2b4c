// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.btf.BtfBuilder;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.error.BpfException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

class UnionTest {
    private final BtfBuilder types = new BtfBuilder();
    private final int u16 = types.add(new BtfType.Int("unsigned short", 2, 0, 0, 16));
    private final int u32 = types.add(new BtfType.Int("unsigned int", 4, 0, 0, 32));
    private final int u64 = types.add(new BtfType.Int("unsigned long", 8, 0, 0, 64));
    private final int opened =
            struct("opened", 16, member("inode", u64, 0), member("flags", u32, 8));
    private final int closed = struct("closed", 8, member("inode", u64, 0));

    record Event(short kind, @Discriminator("kind") Body body, int last) {}

    sealed interface Body {}

    @Case(1)
    record Opened(long inode, int flags) implements Body {}

    @Case({2, 3})
    record Closed(long inode) implements Body {}

    @Case(value = 4, member = "number")
    record Numbered(int value) implements Body {}

    @Case({})
    record Unknown(long first, long second) implements Body {}

    /** kind at 0, the union of 16 bytes at 8, last at 24. */
    private Codec<Event> codec(String from) {
        int union =
                union(
                        member("opened", opened, 0),
                        member("closed", closed, 0),
                        member("number", u32, 0));
        String name = from.equals("named") ? "body" : "";
        int event =
                struct(
                        "event",
                        32,
                        member("kind", u16, 0),
                        member(name, union, 8),
                        member("last", u32, 24));
        return from.equals("alone") ? Codec.of(Event.class) : check(Event.class, event);
    }

    @ParameterizedTest
    @ValueSource(strings = {"alone", "named", "anonymous"})
    void theDiscriminatorTellsTheRecord(String from) {
        Codec<Event> codec = codec(from);
        assertThat(codec.size()).isEqualTo(32);
        MemorySegment s = MemorySegment.ofArray(new long[4]);
        List<Event> events =
                List.of(
                        new Event((short) 1, new Opened(5, 6), 7),
                        new Event((short) 2, new Closed(8), 9),
                        new Event((short) 3, new Closed(10), 11),
                        new Event((short) 4, new Numbered(12), 13),
                        new Event((short) -1, new Unknown(14, 15), 16));
        for (int round = 0; round < 2000; round++) {
            Event event = events.get(round % events.size());
            s.fill((byte) -1);
            codec.encode(event, s, 0);
            assertThat(codec.decode(s, 0)).isEqualTo(event);
            assertThat(s.get(ValueLayout.JAVA_INT_UNALIGNED, 24)).isEqualTo(event.last());
            if (event.body() instanceof Closed c) {
                assertThat(s.get(ValueLayout.JAVA_LONG_UNALIGNED, 8)).isEqualTo(c.inode());
                assertThat(s.get(ValueLayout.JAVA_LONG_UNALIGNED, 16)).isZero();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"alone", "named", "anonymous"})
    void aRecordThatIsNotTheDiscriminatorsIsNotWritten(String from) {
        MemorySegment s = MemorySegment.ofArray(new long[4]);
        assertThatThrownBy(() -> codec(from).encode(new Event((short) 1, new Closed(8), 9), s, 0))
                .isInstanceOf(BpfException.class)
                .hasMessage("body is a Closed, but its discriminator is 1, which tells Opened");
    }

    enum Kind {
        NONE,
        A,
        B
    }

    record Head(byte size, Kind kind) {}

    record Strict(Head head, @Discriminator("head.kind") Ab what) {}

    sealed interface Ab {}

    @Case(1)
    record A(int a) implements Ab {}

    @Case(2)
    record B(byte b) implements Ab {}

    @Test
    void whatNoRecordHasIsAnErrorWhereNoneTakesTheRest() {
        Codec<Strict> codec = Codec.of(Strict.class);
        MemorySegment s = MemorySegment.ofArray(new byte[12]);
        Strict value = new Strict(new Head((byte) 1, Kind.B), new B((byte) 7));
        codec.encode(value, s, 0);
        assertThat(codec.decode(s, 0)).isEqualTo(value);
        s.set(ValueLayout.JAVA_INT_UNALIGNED, 4, 0);
        assertThatThrownBy(() -> codec.decode(s, 0))
                .isInstanceOf(BpfException.class)
                .hasMessage("what holds something unknown: its discriminator is 0");
        Strict none = new Strict(new Head((byte) 1, Kind.NONE), new A(1));
        assertThatThrownBy(() -> codec.encode(none, s, 0))
                .isInstanceOf(BpfException.class)
                .hasMessage("what is a A, but its discriminator is 0, which no record has");
    }

    @Test
    void aDiscriminatorMayBeOfUnsignedBytesOrInNetworkOrder() {
        record Wire(@BigEndian short type, @Discriminator("type") Ab body) {}
        MemorySegment s = MemorySegment.ofArray(new byte[] {0, 2, 0, 0, 9, 0, 0, 0});
        assertThat(Codec.of(Wire.class).decode(s, 0))
                .isEqualTo(new Wire((short) 2, new B((byte) 9)));
        record High(@Unsigned(1) int type, @Discriminator("type") Edge body) {}
        MemorySegment high = MemorySegment.ofArray(new byte[] {(byte) 200, 3});
        assertThat(Codec.of(High.class).decode(high, 0))
                .isEqualTo(new High(200, new Two((byte) 3)));
    }

    sealed interface Edge {}

    @Case(200)
    record Two(byte b) implements Edge {}

    @Test
    void whatDoesNotTellOneRecordIsRefused() {
        record Without(int kind, Ab body) {}
        assertRefused(Without.class, "is a union; say with @Discriminator which component tells");
        record Missing(int kind, @Discriminator("type") Ab body) {}
        assertRefused(Missing.class, "there is no component type before it");
        record Late(@Discriminator("kind") Ab body, int kind) {}
        assertRefused(Late.class, "there is no component kind before it");
        record Words(@Chars(4) String kind, @Discriminator("kind") Ab body) {}
        assertRefused(Words.class, "its discriminator kind is neither an integer nor an enum");
        record Twice(int kind, @Discriminator("kind") Doubled body) {}
        assertRefused(Twice.class, "has two records for @Case(1)");
        record Bare(int kind, @Discriminator("kind") Uncased body) {}
        assertRefused(Bare.class, "must be a record that has a @Case");
        record Scalar(int kind, @Discriminator("kind") long body) {}
        assertRefused(Scalar.class, "@Discriminator is for sealed interfaces, not for long");
    }

    sealed interface Doubled {}

    @Case(1)
    record First(int a) implements Doubled {}

    @Case({3, 1})
    record Second(int a) implements Doubled {}

    sealed interface Uncased {}

    record Uncase(int a) implements Uncased {}

    @Test
    void aRecordWithoutItsMemberIsARowOfTheTable() {
        record Wrong(short kind, @Discriminator("kind") Body body) {}
        int union = union(member("opened", opened, 0), member("closed", u32, 0));
        int event = struct("event", 24, member("kind", u16, 0), member("body", union, 8));
        assertThatThrownBy(() -> check(Wrong.class, event))
                .isInstanceOf(BpfException.class)
                .satisfies(
                        e ->
                                assertThat(e.getMessage().lines())
                                        .anyMatch(
                                                l ->
                                                        l.contains("body as Numbered")
                                                                && l.contains(
                                                                        "<- no member number"))
                                        .anyMatch(
                                                l ->
                                                        l.contains("body as Closed")
                                                                        && l.contains("int loses")
                                                                || l.contains("body as Closed")));
        int plain = struct("event", 16, member("kind", u16, 0), member("body", u64, 8));
        assertThatThrownBy(() -> check(Wrong.class, plain))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("<- is no union");
    }

    private static void assertRefused(Class<?> type, String message) {
        assertThatThrownBy(() -> Codec.of(type))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining(message);
    }

    private <T> Codec<T> check(Class<T> type, int id) {
        Shape shape =
                LayoutCheck.check(type, types.build(ByteOrder.LITTLE_ENDIAN), id, "value of map m");
        return Codecs.of(shape, type, "value");
    }

    private static BtfType.Member member(String name, int type, int offset) {
        return new BtfType.Member(name, type, offset * 8, 0);
    }

    private int struct(String name, int size, BtfType.Member... members) {
        return types.add(new BtfType.Struct(name, size, List.of(members)));
    }

    private int union(BtfType.Member... members) {
        return types.add(new BtfType.Union("", 16, List.of(members)));
    }
}
