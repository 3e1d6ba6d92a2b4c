// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.asm.Reference;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.ObjectFormatException;
import io.ebpf4j.error.UnsupportedException;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

class ArenaTest {
    private static final Class<UnsupportedException> UNSUPPORTED = UnsupportedException.class;

    private final CollectionSpec spec = TestObject.ARENA.parse();
    private final MapSpec pages = spec.map("pages");

    @Test
    void theArenaHasItsSectionsContents() {
        assertThat(pages.type()).isEqualTo(MapType.ARENA);
        assertThat(pages.valueSize()).isZero();
        assertThat(pages.dataSize()).isEqualTo(24);
        assertThat(pages.contents()).hasSize(24);
        assertThat(pages.internal()).isFalse();
        assertThat(spec.maps()).containsOnlyKeys("pages", ".data");
    }

    @Test
    void itsVariablesCanBeChanged() {
        VariableSpec total = spec.variable("total");
        assertThat(total.map()).isEqualTo("pages");
        assertThat(total.size()).isEqualTo(8);
        total.set(99);
        ByteBuffer bytes = ByteBuffer.wrap(pages.contents()).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(bytes.getLong(total.offset())).isEqualTo(99);
        assertThat(bytes.getInt(spec.variable("values").offset() + 8)).isEqualTo(3);
        assertThat(spec.copy().variable("total").bytes()).startsWith(99);
    }

    @Test
    void instructionsReferToItsVariables() {
        List<Reference> references = new ArrayList<>();
        for (Reference r : spec.program("add").function().instructions().references()) {
            references.add(r.at(0));
        }
        assertThat(references)
                .contains(
                        new Reference.MapValue(0, "pages", spec.variable("total").offset()),
                        new Reference.MapValue(0, "pages", spec.variable("values").offset()),
                        new Reference.MapValue(0, ".data", 0));
    }

    @Test
    void oneArenaIsAllThereCanBe() {
        refuses(UNSUPPORTED, "spec_refused_arenas.bpf.o", "one", "two", "use one arena");
    }

    @Test
    void variablesNeedAnArena() {
        refuses(ObjectFormatException.class, "spec_refused_no_arena.bpf.o", ".addr_space.1");
    }

    private static void refuses(Class<? extends BpfException> type, String file, String... words) {
        assertThatThrownBy(() -> CollectionSpec.parse(TestObject.path(file)))
                .isInstanceOf(type)
                .message()
                .contains(file)
                .contains(words);
    }
}
