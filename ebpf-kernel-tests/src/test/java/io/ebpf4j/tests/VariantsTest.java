// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.Collection;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.map.BpfMap;
import io.ebpf4j.map.Case;
import io.ebpf4j.map.Codec;
import io.ebpf4j.map.Discriminator;
import io.ebpf4j.map.FlexibleArray;
import io.ebpf4j.map.Ktime;
import io.ebpf4j.map.RingBuffer;
import io.ebpf4j.map.Struct;
import io.ebpf4j.program.TestRun;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Java and a program agree on unions, arrays at the end of events, and the clocks. */
@KernelTest
class VariantsTest {
    private static final int PACKET_BYTES = 64;
    private static final Instant EPOCH = Instant.EPOCH;

    enum Kind {
        KIND_OPENED,
        KIND_CLOSED
    }

    record Change(
            Kind kind,
            @Discriminator("kind") What what,
            @Ktime(Ktime.Clock.BOOTTIME) Instant boottime,
            int version,
            byte length,
            int[][] grid) {}

    sealed interface What {}

    @Case(1)
    record Opened(long inode, String name) implements What {}

    @Case(7)
    record Closed(int code, InetAddress address) implements What {}

    private static void run(Collection c, String program) {
        c.program(program).testRun(TestRun.create().data(new byte[PACKET_BYTES]));
    }

    @Test
    void aUnionIsReadByItsDiscriminator() {
        try (Collection c = Collection.load(Objects.spec("variants"))) {
            BpfMap<Integer, Change> changes = c.map("changes", Integer.class, Change.class);
            run(c, "variants");
            Change first = changes.get(0);
            assertThat(first.what()).isEqualTo(new Opened(0x1122334455667788L, "passwd"));
            assertThat(first.kind()).isEqualTo(Kind.KIND_OPENED);
            assertThat(Duration.between(first.boottime(), Instant.now()))
                    .isBetween(Duration.ofSeconds(-1), Duration.ofMinutes(5));
            assertThat(first.version()).isEqualTo(4);
            assertThat(first.length()).isEqualTo((byte) 5);
            assertThat(first.grid())
                    .isDeepEqualTo(new int[][] {{65530, 65531, 65532}, {65533, 65534, 65535}});
            assertThat(changes.get(1).what())
                    .isEqualTo(new Closed(42, InetAddress.ofLiteral("10.0.0.9")));
            // the number 0 of an element that was never written is no constant of the enum
            assertThatThrownBy(() -> changes.get(2)).isInstanceOf(BpfException.class);
        }
    }

    @Test
    void aProgramReadsTheUnionThatIsWritten() {
        try (Collection c = Collection.load(Objects.spec("variants"))) {
            BpfMap<Integer, Change> changes = c.map("changes", Integer.class, Change.class);
            int[][] grid = {{1, 2, 3}, {4, 5, 6}};
            Opened opened = new Opened(1, "x");
            Closed closed = new Closed(77, InetAddress.ofLiteral("::1"));
            changes.put(2, new Change(Kind.KIND_OPENED, opened, EPOCH, 1, (byte) 2, grid));
            changes.put(3, new Change(Kind.KIND_CLOSED, closed, EPOCH, 15, (byte) 0, grid));
            run(c, "variants");
            assertThat(c.variable("opened_seen", int.class).get()).isEqualTo(1);
            assertThat(c.variable("code_seen", int.class).get()).isEqualTo(77);
            assertThat(changes.get(3).what()).isEqualTo(closed);
            Change wrong = new Change(Kind.KIND_CLOSED, opened, EPOCH, 1, (byte) 2, grid);
            assertThatThrownBy(() -> changes.put(3, wrong))
                    .isInstanceOf(BpfException.class)
                    .hasMessage("what is a Opened, but its discriminator is 7, which tells Closed");
            assertThat(changes.get(3).what()).isEqualTo(closed);
        }
    }

    record Line(short length, @FlexibleArray String text) {}

    @Struct("length")
    static final class Head {
        short length;
    }

    @Test
    void eventsEndWithTextOfAnyLength() {
        try (Collection c = Collection.load(Objects.spec("variants"));
                RingBuffer<Line> lines = c.ringBuffer("lines", Line.class)) {
            run(c, "write_lines");
            List<Line> seen = new ArrayList<>();
            lines.consume(seen::add);
            assertThat(seen).containsExactly(new Line((short) 5, "hello"), new Line((short) 0, ""));
        }
    }

    @Test
    void eventsAreReadIntoOneInstance() {
        try (Collection c = Collection.load(Objects.spec("variants"));
                RingBuffer<Head> heads = c.ringBuffer("lines", Head.class)) {
            run(c, "write_lines");
            List<Head> instances = new ArrayList<>();
            List<Short> lengths = new ArrayList<>();
            heads.consume(
                    head -> {
                        instances.add(head);
                        lengths.add(head.length);
                    });
            assertThat(lengths).containsExactly((short) 5, (short) 0);
            assertThat(instances.get(0)).isSameAs(instances.get(1));
        }
    }

    @Test
    void valuesOfMapsHaveAFixedSize() {
        record Bytes(int code, @FlexibleArray byte[] rest) {}
        try (Collection c = Collection.load(Objects.spec("variants"))) {
            assertThatThrownBy(
                            () ->
                                    c.map("closings")
                                            .open(Codec.of(Integer.class), Codec.of(Bytes.class)))
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("of map closings have 20 bytes, but the codec writes 4");
        }
    }

    @Struct
    static final class Closing {
        int code;
        final byte[] address = new byte[16];
    }

    @Test
    void anElementIsReadIntoAnInstance() {
        try (Collection c = Collection.load(Objects.spec("variants"))) {
            BpfMap<Integer, Closing> closings = c.map("closings", Integer.class, Closing.class);
            run(c, "variants");
            Closing target = new Closing();
            byte[] address = target.address;
            assertThat(closings.get(1, target)).isFalse();
            assertThat(target.code).isZero();
            assertThat(closings.get(3, target)).isTrue();
            assertThat(target.code).isEqualTo(43);
            assertThat(target.address).isSameAs(address).startsWith(1, 2, 0);
            target.code = 44;
            closings.put(5, target);
            assertThat(closings.get(5)).usingRecursiveComparison().isEqualTo(target);
            BpfMap<Integer, byte[]> raw = c.map("closings", Integer.class, byte[].class);
            assertThatThrownBy(() -> raw.get(5, new byte[20]))
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("its values are not read as a @Struct class");
        }
    }
}
