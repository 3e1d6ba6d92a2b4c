// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.Collection;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.program.TestRun;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.spec.MapSpec;
import io.ebpf4j.spec.MapType;
import io.ebpf4j.spec.ProgramType;

import org.junit.jupiter.api.Test;

/** Programs reach what maps of maps and program arrays are declared with. */
@KernelTest
class NestedMapsTest {
    /** An Ethernet header, the least that a test run takes. */
    private static final int PACKET_BYTES = 14;

    private static final int NOT_FOUND = 100;
    private static final int NOT_JUMPED = 7;

    private static int run(Collection c, String program, int slot) {
        c.variable("slot", int.class).set(slot);
        return c.program(program)
                .testRun(TestRun.create().data(new byte[PACKET_BYTES]))
                .returnValue();
    }

    private static Collection load() {
        Collection c = Collection.load(Objects.spec("nested"));
        c.map("first", Integer.class, Long.class).put(0, 11L);
        c.map("second", Integer.class, Long.class).put(0, 22L);
        return c;
    }

    @Test
    void anArrayOfMapsHoldsTheMapsOfItsSlots() {
        try (Collection c = load()) {
            assertThat(run(c, "array", 1)).isEqualTo(11);
            assertThat(run(c, "array", 3)).isEqualTo(22);
            assertThat(run(c, "array", 0)).isEqualTo(NOT_FOUND);
        }
    }

    @Test
    void aHashOfMapsHoldsTheMapsOfItsKeys() {
        try (Collection c = load()) {
            assertThat(run(c, "hash", 9)).isEqualTo(22);
            assertThat(run(c, "hash", 1)).isEqualTo(NOT_FOUND);
        }
    }

    @Test
    void aMapOfMapsWithoutInitialMapsIsEmpty() {
        try (Collection c = load()) {
            assertThat(run(c, "empty_array", 1)).isEqualTo(NOT_FOUND);
        }
    }

    @Test
    void theSpecDecidesWhatSlotsHold() {
        CollectionSpec spec = Objects.spec("nested");
        spec.map("filled").slots().put(0, "first");
        spec.map("filled").slots().remove(1);
        try (Collection c = Collection.load(spec)) {
            c.map("first", Integer.class, Long.class).put(0, 33L);
            assertThat(run(c, "array", 0)).isEqualTo(33);
            assertThat(run(c, "array", 1)).isEqualTo(NOT_FOUND);
        }
    }

    @Test
    void tailCallsThroughAFilledProgramArrayAreTaken() {
        try (Collection c = load()) {
            assertThat(run(c, "jump", 0)).isEqualTo(42);
            assertThat(run(c, "jump", 2)).isEqualTo(43);
            assertThat(run(c, "jump", 1)).isEqualTo(NOT_JUMPED);
        }
    }

    @Test
    void aMapUnlikeTheTemplateIsRefused() {
        CollectionSpec spec = Objects.spec("nested");
        spec.map("second").type(MapType.HASH);
        assertThatThrownBy(() -> Collection.load(spec))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("map \"second\" into slot 3 of map \"filled\"")
                .hasMessageContaining("declared inner map");
    }

    @Test
    void aProgramOfAnotherTypeIsRefused() {
        CollectionSpec spec = Objects.spec("nested");
        spec.program("other_leaf").type(ProgramType.SOCKET_FILTER);
        assertThatThrownBy(() -> Collection.load(spec))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("program \"other_leaf\" into slot 2 of map \"tails\"");
    }

    @Test
    void aSlotBehindTheEndIsRefused() {
        CollectionSpec spec = Objects.spec("nested");
        spec.map("filled").slots().put(4, "first");
        assertThatThrownBy(() -> Collection.load(spec))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("slot 4 of map \"filled\", which has 4 entries");
    }

    @Test
    void aMapOfMapsThatIsWrittenByHandIsFilled() {
        CollectionSpec spec = Objects.spec("nested");
        MapSpec inner = MapSpec.of("any", MapType.ARRAY, 4, 8, 1);
        spec.map("by_index").inner(inner).slots().put(2, "second");
        try (Collection c = Collection.load(spec)) {
            c.map("second", Integer.class, Long.class).put(0, 44L);
            assertThat(run(c, "empty_array", 2)).isEqualTo(44);
        }
    }
}
