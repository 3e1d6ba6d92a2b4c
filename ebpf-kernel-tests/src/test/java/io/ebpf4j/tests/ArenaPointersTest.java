// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.Collection;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.map.ArenaMemory;
import io.ebpf4j.map.ArenaView;
import io.ebpf4j.map.Chars;
import io.ebpf4j.map.LongVariable;
import io.ebpf4j.map.Struct;
import io.ebpf4j.map.Variable;
import io.ebpf4j.program.TestRun;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.spec.MapSpec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** Lists that a program made are followed here, and lists that are made here by a program. */
@KernelTest
@Requires(value = Requirement.BTF, kernel = "6.9")
class ArenaPointersTest {
    /** A multiple of 4 GiB, so that the lower half of the first address is 0. */
    private static final long FREE = 1L << 44;

    record Node(long next, long value, @Chars(8) String name) {}

    record NodeList(long first, int length, int lowerHalf) {}

    @Struct
    static final class Reused {
        long next;
        long value;
        final byte[] name = new byte[8];
    }

    private static void run(Collection c, String program) {
        assertThat(c.program(program).testRun(TestRun.create()).returnValue()).isZero();
    }

    private static Collection built(CollectionSpec spec) {
        Collection c = Collection.load(spec);
        try {
            run(c, "build");
            return c;
        } catch (Throwable t) {
            c.close();
            throw t;
        }
    }

    private static List<Long> values(ArenaView<Node> nodes, long first) {
        List<Long> values = new ArrayList<>();
        for (Node node = nodes.get(first); node != null; node = nodes.get(node.next())) {
            values.add(node.value());
        }
        return values;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, MapSpec.NO_USER_CONV})
    void pointersInMemoryVariablesAndValuesAreFollowed(int flags) {
        CollectionSpec spec = Objects.spec("pointers");
        spec.map("nodes").flags(spec.map("nodes").flags() | flags);
        try (Collection c = built(spec)) {
            ArenaView<Node> nodes = c.arena("nodes").open(Node.class, "node");
            long head = c.variable("head", long.class).get();
            assertThat(values(nodes, head)).containsExactly(14L, 13L, 12L, 11L, 10L);
            assertThat(nodes.get(head).name()).isEqualTo("e");
            NodeList list = c.map("lists", Integer.class, NodeList.class).get(1);
            assertThat(values(nodes, list.first())).hasSize(list.length());
            // as a program has it that made it a pointer of the kernel's
            long half = Integer.toUnsignedLong(list.lowerHalf());
            assertThat(values(nodes, half)).isEqualTo(values(nodes, head));
            assertThat(c.arena("nodes").offset(half, 1))
                    .isEqualTo(c.arena("nodes").offset(head, 1));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, FREE, FREE + (3L << 30)})
    void offsetsAndPointersAreEachOthersInverse(long address) {
        CollectionSpec spec = Objects.spec("pointers");
        spec.map("nodes").mapExtra(address);
        try (Collection c = built(spec)) {
            ArenaMemory arena = c.arena("nodes");
            MemorySegment memory = arena.memory();
            if (address != 0) {
                assertThat(memory.address()).isEqualTo(address);
            }
            long head = c.variable("head", long.class).get();
            long offset = arena.offset(head, 24);
            assertThat(arena.pointer(offset)).isEqualTo(head);
            assertThat(memory.get(ValueLayout.JAVA_LONG, offset + 8)).isEqualTo(14);
            assertThat(arena.at(head, 24).get(ValueLayout.JAVA_LONG, 8)).isEqualTo(14);
            assertThat(arena.at(head, 24).byteSize()).isEqualTo(24);
            assertThat(arena.pointer(0)).isEqualTo(memory.address());
            assertThat(arena.offset(arena.pointer(memory.byteSize() - 1), 1))
                    .isEqualTo(memory.byteSize() - 1);
        }
    }

    @Test
    void aProgramFollowsWhatIsWrittenHere() {
        try (Collection c = built(Objects.spec("pointers"))) {
            ArenaMemory arena = c.arena("nodes");
            ArenaView<Node> nodes = arena.open(Node.class, "node");
            Variable<Long> head = c.variable("head", long.class);
            long last = arena.pointer(arena.memory().byteSize() - nodes.size());
            nodes.set(last, new Node(head.get(), 1000, "here"));
            head.set(last);
            run(c, "sum");
            assertThat(c.variable("total", long.class).get())
                    .isEqualTo(1000 + 14 + 13 + 12 + 11 + 10);
            LongVariable value = arena.longAt(last + 8);
            assertThat(value.getAndAdd(1)).isEqualTo(1000);
            run(c, "sum");
            assertThat(c.variable("total", long.class).get())
                    .isEqualTo(1001 + 14 + 13 + 12 + 11 + 10);
            assertThat(arena.intAt(last + 8).get()).isEqualTo(1001);
            assertThat(values(nodes, last)).startsWith(1001L, 14L);
        }
    }

    @Test
    void aReusedInstanceIsFilled() {
        try (Collection c = built(Objects.spec("pointers"))) {
            ArenaView<Reused> nodes = c.arena("nodes").open(Reused.class, "node");
            long sum = 0;
            Reused node = new Reused();
            long pointer = c.variable("head", long.class).get();
            while (nodes.get(pointer, node)) {
                sum += node.value;
                pointer = node.next;
            }
            assertThat(sum).isEqualTo(14 + 13 + 12 + 11 + 10);
            assertThat(node.name[0]).isEqualTo((byte) 'a');
            assertThatThrownBy(() -> c.arena("nodes").open(Node.class).get(1, null))
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("@Struct");
        }
    }

    @Test
    void whatLeadsOutOfTheArenaIsAnError() {
        try (Collection c = built(Objects.spec("pointers"))) {
            ArenaMemory arena = c.arena("nodes");
            ArenaView<Node> nodes = arena.open(Node.class);
            long start = arena.memory().address();
            long end = start + arena.memory().byteSize();
            for (long wrong : new long[] {start - 1, end - 23, end, start + (1L << 32), -1, 1}) {
                assertThatThrownBy(() -> nodes.get(wrong))
                        .isInstanceOf(IndexOutOfBoundsException.class)
                        .hasMessageContainingAll(
                                "0x" + Long.toHexString(wrong), "24 bytes in arena nodes");
            }
            assertThat(nodes.get(end - 24)).isEqualTo(new Node(0, 0, ""));
            assertThat(nodes.get(0)).isNull();
            assertThatThrownBy(() -> nodes.set(0, new Node(0, 0, "")))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> arena.at(start, -1))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> arena.at(start, Long.MAX_VALUE))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> arena.pointer(arena.memory().byteSize()))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> arena.longAt(start + 4))
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("is not aligned");
        }
    }

    @Test
    void theLayoutIsCheckedByTheNameInC() {
        record Narrow(long next, int value, @Chars(8) String name) {}
        try (Collection c = Collection.load(Objects.spec("pointers"))) {
            ArenaMemory arena = c.arena("nodes");
            assertThatThrownBy(() -> arena.open(Narrow.class, "node"))
                    .isInstanceOf(BpfException.class)
                    .hasMessageContainingAll("node in arena nodes", "int loses the upper 4 bytes");
            assertThatThrownBy(() -> arena.open(Node.class, "knot"))
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("no struct, union or typedef of this name");
        }
    }

    @Test
    void onlyAnArenaIsOpenedAsOneAndNoLongerThanItsCollection() {
        ArenaView<Node> nodes;
        LongVariable value;
        long head;
        try (Collection c = built(Objects.spec("pointers"))) {
            assertThatThrownBy(() -> c.arena("lists"))
                    .isInstanceOf(UnsupportedException.class)
                    .hasMessageContaining("MapHandle.open");
            nodes = c.arena("nodes").open(Node.class, "node");
            head = c.variable("head", long.class).get();
            value = c.arena("nodes").longAt(head + 8);
        }
        assertThatThrownBy(() -> nodes.get(head)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(value::get).isInstanceOf(IllegalStateException.class);
    }
}
