// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;

import io.ebpf4j.btf.BtfBuilder;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.error.BpfException;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.ByteOrder;
import java.util.List;

class StructTest {
    enum Mode {
        READ,
        WRITE
    }

    @Struct({"x", "y"})
    static final class Point {
        int x;
        @BigEndian short y;
    }

    @Struct({"time", "mode", "comm", "at", "slots", "on", "version", "length"})
    static final class Event {
        static int made;

        long time;
        Mode mode;
        final byte[] comm = new byte[4];
        final Point at = new Point();
        final int[] slots = new int[3];
        boolean on;

        @Bitfield(4)
        int version;

        @Bitfield(12)
        int length;

        transient String cached = "";

        Event() {
            made++;
        }
    }

    /** time 0, mode 8, comm 12, at 16 (y at 20), slots 24, on 36, the bitfields 37. */
    private static MemorySegment memory() {
        MemorySegment s = MemorySegment.ofArray(new long[5]);
        s.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, 11L);
        s.set(ValueLayout.JAVA_INT_UNALIGNED, 8, 1);
        s.set(ValueLayout.JAVA_INT_UNALIGNED, 16, 12);
        s.set(ValueLayout.JAVA_BYTE, 20, (byte) 1);
        for (int i = 0; i < 4; i++) {
            s.set(ValueLayout.JAVA_BYTE, 12 + i, (byte) ('a' + i));
        }
        for (int i = 0; i < 3; i++) {
            s.set(ValueLayout.JAVA_INT_UNALIGNED, 24 + 4 * i, 100 + i);
        }
        s.set(ValueLayout.JAVA_BYTE, 36, (byte) 1);
        return s;
    }

    @Test
    void anInstanceIsFilledColdAndWarm() {
        RecordCodec codec = (RecordCodec) (Codec<?>) Codec.of(Event.class);
        assertThat(codec.size()).isEqualTo(40);
        MemorySegment s = memory();
        Event event = new Event();
        int[] slots = event.slots;
        byte[] comm = event.comm;
        for (int round = 0; round < 2000; round++) {
            s.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, round);
            codec.fill(event, s, 0);
            assertThat(event.time).isEqualTo(round);
        }
        assertThat(event.mode).isEqualTo(Mode.WRITE);
        assertThat(event.comm).isSameAs(comm).containsExactly('a', 'b', 'c', 'd');
        assertThat(event.at.x).isEqualTo(12);
        assertThat(event.at.y).isEqualTo((short) 0x100);
        assertThat(event.slots).isSameAs(slots).containsExactly(100, 101, 102);
        assertThat(event.on).isTrue();
    }

    @Test
    void instancesAreDecodedAndEncodedLikeRecords() {
        Codec<Event> codec = Codec.of(Event.class);
        MemorySegment s = memory();
        Event event = codec.decode(s, 0);
        event.version = 5;
        event.length = 0xabc;
        MemorySegment copy = MemorySegment.ofArray(new long[5]);
        copy.fill((byte) -1);
        codec.encode(event, copy, 0);
        Event read = codec.decode(copy, 0);
        assertThat(read).usingRecursiveComparison().isEqualTo(event);
        assertThat(read).isNotSameAs(codec.decode(copy, 0));
        assertThat(copy.asSlice(0, 37).mismatch(s.asSlice(0, 37))).isEqualTo(-1);
        record Around(byte first, Event event) {}
        Codec<Around> around = Codec.of(Around.class);
        assertThat(around.size()).isEqualTo(48);
        MemorySegment large = MemorySegment.ofArray(new long[6]);
        around.encode(new Around((byte) 1, event), large, 0);
        assertThat(around.decode(large, 0).event()).usingRecursiveComparison().isEqualTo(event);
    }

    @Test
    void fillingAllocatesNothing() {
        if (!(ManagementFactory.getThreadMXBean() instanceof ThreadMXBean threads)) {
            throw new AssertionError("this JVM does not count allocated bytes");
        }
        RecordCodec codec = (RecordCodec) (Codec<?>) Codec.of(Event.class);
        Event event = new Event();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment s = arena.allocate(40, 8).copyFrom(memory());
            int made = Event.made;
            long least = Long.MAX_VALUE;
            for (int round = 0; round < 50 && least > 0; round++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < 20_000; i++) {
                    codec.fill(event, s, 0);
                }
                least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            }
            assertThat(least).isZero();
            assertThat(Event.made).isEqualTo(made);
        }
    }

    @Struct
    static final class Loose {
        short b;
        final int[] list = new int[2];
        long a;
    }

    @Test
    void withBtfMembersAreFoundByName() {
        BtfBuilder types = new BtfBuilder();
        int u16 = types.add(new BtfType.Int("unsigned short", 2, 0, 0, 16));
        int u32 = types.add(new BtfType.Int("unsigned int", 4, 0, 0, 32));
        int list = types.add(new BtfType.Array(u32, u32, 2));
        int loose =
                types.add(
                        new BtfType.Struct(
                                "loose",
                                16,
                                List.of(
                                        new BtfType.Member("a", u32, 0, 0),
                                        new BtfType.Member("b", u16, 32, 0),
                                        new BtfType.Member("list", list, 64, 0))));
        Shape shape =
                LayoutCheck.check(
                        Loose.class, types.build(ByteOrder.LITTLE_ENDIAN), loose, "value");
        RecordCodec codec = new RecordCodec((Shape.Structure) shape);
        MemorySegment s = MemorySegment.ofArray(new int[] {-1, 7, 8, 9});
        Loose target = new Loose();
        codec.fill(target, s, 0);
        assertThat(target.a).isEqualTo(0xffff_ffffL);
        assertThat(target.b).isEqualTo((short) 7);
        assertThat(target.list).containsExactly(8, 9);
        int three = types.add(new BtfType.Array(u32, u32, 3));
        int longer =
                types.add(
                        new BtfType.Struct(
                                "longer",
                                20,
                                List.of(
                                        new BtfType.Member("a", u32, 0, 0),
                                        new BtfType.Member("b", u16, 32, 0),
                                        new BtfType.Member("list", three, 64, 0))));
        assertThatThrownBy(
                        () ->
                                LayoutCheck.check(
                                        Loose.class,
                                        types.build(ByteOrder.LITTLE_ENDIAN),
                                        longer,
                                        "value"))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("<- int[](2) differs");
        assertThatThrownBy(() -> Codec.of(Loose.class))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("must name each of its fields once");
    }

    @Test
    void whatCannotBeFilledIsRefused() {
        assertRefused(WithText.class, "text is a byte[]");
        assertRefused(WithArray.class, "make it final; it is filled, not replaced");
        assertRefused(WithFinal.class, "it cannot be final");
        assertRefused(WithArguments.class, "without a constructor of no arguments");
        RecordCodec codec = (RecordCodec) (Codec<?>) Codec.of(Point.class);
        assertThatThrownBy(() -> codec.fill(new Point(), MemorySegment.ofArray(new byte[7]), 0))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Struct("a")
    static final class WithText {
        String a = "";
    }

    @Struct("a")
    static final class WithArray {
        int[] a = new int[1];
    }

    @Struct("a")
    static final class WithFinal {
        final int a = 1;
    }

    @Struct("a")
    static final class WithArguments {
        int a;

        WithArguments(int a) {
            this.a = a;
        }
    }

    private static void assertRefused(Class<?> type, String message) {
        assertThatThrownBy(() -> Codec.of(type))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining(message);
    }
}
