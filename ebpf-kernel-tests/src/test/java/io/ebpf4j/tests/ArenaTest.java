// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.Collection;
import io.ebpf4j.LoadOptions;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.map.MapHandle;
import io.ebpf4j.map.Variable;
import io.ebpf4j.program.TestRun;
import io.ebpf4j.spec.CollectionSpec;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;

/** Programs and this process see the same memory. */
@KernelTest
@Requires(value = Requirement.BTF, kernel = "6.9")
class ArenaTest {
    private static final int PAGES = 100;

    /** A multiple of 4 GiB where nothing of a process is. */
    private static final long FREE = 1L << 44;

    private static void run(Collection c) {
        assertThat(c.program("add").testRun(TestRun.create()).returnValue()).isZero();
    }

    @Test
    void globalVariablesHaveTheirFirstValues() {
        try (Collection c = Collection.load(Objects.spec("arena"))) {
            Variable<Long> total = c.variable("total", long.class);
            assertThat(total.get()).isEqualTo(7);
            run(c);
            assertThat(total.get()).isEqualTo(7 + 2 + 4);
            total.set(100L);
            run(c);
            assertThat(total.get()).isEqualTo(100 + 2 + 4);
        }
    }

    @Test
    void theSpecSaysTheFirstValues() {
        CollectionSpec spec = Objects.spec("arena");
        spec.variable("total").set(1000);
        try (Collection c = Collection.load(spec)) {
            run(c);
            assertThat(c.variable("total", long.class).get()).isEqualTo(1000 + 2 + 4);
        }
    }

    @Test
    void programsHaveItAtTheSameAddress() {
        CollectionSpec spec = Objects.spec("arena");
        spec.map("pages").mapExtra(FREE);
        try (Collection c = Collection.load(spec)) {
            MemorySegment arena = c.map("pages").arena();
            assertThat(arena.address()).isEqualTo(FREE);
            assertThat(arena.byteSize() % PAGES).isZero();
            run(c);
            long offset = c.variable("address", long.class).get() - FREE;
            assertThat(offset).isBetween(0L, arena.byteSize() - Long.BYTES);
            assertThat(arena.get(ValueLayout.JAVA_LONG, offset)).isEqualTo(7 + 2 + 4);
        }
    }

    @Test
    void anArenaWithoutRoomForItsVariablesIsNotCreated() {
        CollectionSpec spec = Objects.spec("arena");
        spec.map("pages").maxEntries(0);
        assertThatThrownBy(() -> Collection.load(spec).close())
                .isInstanceOf(BpfException.class)
                .hasMessageContainingAll("arena pages", "no room");
    }

    @Test
    @Requires(Requirement.BPFFS)
    void anArenaIsMappedAgainWhereItsAddressSays() throws IOException {
        Path pin = Path.of("/sys/fs/bpf/ebpf4j-arena");
        Files.deleteIfExists(pin);
        CollectionSpec spec = Objects.spec("arena");
        spec.map("pages").mapExtra(FREE);
        try {
            try (Collection c = Collection.load(spec)) {
                c.variable("total", long.class).set(5L);
                c.map("pages").pin(pin);
            }
            Kernel kernel = Kernel.shared();
            try (MapHandle again = MapHandle.fromPin(kernel, pin)) {
                assertThat(again.arena().address()).isEqualTo(FREE);
            }
            try (MapHandle again = MapHandle.fromPin(kernel, pin);
                    Collection c = load(spec, again)) {
                assertThat(c.variable("total", long.class).get()).isEqualTo(5);
                run(c);
                assertThat(c.variable("total", long.class).get()).isEqualTo(5 + 2 + 4);
            }
        } finally {
            Files.deleteIfExists(pin);
        }
    }

    private static Collection load(CollectionSpec spec, MapHandle pages) {
        return Collection.load(spec, LoadOptions.builder().reuse("pages", pages).build());
    }

    @Test
    void collectionsShareAnArenaUntilTheLastIsClosed() {
        CollectionSpec spec = Objects.spec("arena");
        MemorySegment memory;
        Collection second;
        try (Collection first = Collection.load(spec)) {
            second = load(spec, first.map("pages"));
            run(first);
            memory = first.map("pages").arena();
            assertThat(second.map("pages").arena().address()).isEqualTo(memory.address());
        }
        try (Collection last = second) {
            assertThatThrownBy(() -> memory.get(ValueLayout.JAVA_LONG, 0))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(last.variable("total", long.class).get()).isEqualTo(7 + 2 + 4);
            run(last);
            assertThat(last.variable("total", long.class).get()).isEqualTo(7 + 2 * (2 + 4));
        }
    }

    @Test
    void anArenaOfUnknownAddressIsNotMappedTwice() {
        try (Collection c = Collection.load(Objects.spec("arena"));
                MapHandle again = MapHandle.fromId(Kernel.shared(), c.map("pages").info().id())) {
            assertThatThrownBy(again::arena)
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("map_extra");
        }
    }
}
