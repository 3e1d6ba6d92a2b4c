// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.asm.Instructions;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.VerifierException;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.spec.MapType;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** What refers to a map that is left out is loaded, with a call that the verifier names. */
class MissingMapsTest {
    private static final int CALL = 0x85;
    private static final int MISSING_MAP = 2_001_000_000;

    private final TestKernel kernel = new TestKernel("6.12");
    private final CollectionSpec spec = TestKernel.spec();

    private int index(String map) {
        return List.copyOf(spec.maps().keySet()).indexOf(map);
    }

    /** Returns the slots of a program that call something. */
    private List<Integer> missing(Collection c, String program, String map) {
        int index = index(map);
        Instructions code = kernel.programs.get(c.program(program).fd());
        List<Integer> slots = new ArrayList<>();
        for (int slot = 0; slot < code.slotCount(); slot++) {
            if (code.opcode(slot) == CALL && code.imm(slot) == MISSING_MAP + index) {
                assertThat(List.of(code.src(slot), code.dst(slot), code.offset(slot)))
                        .containsOnly(0);
                slots.add(slot);
            }
        }
        return slots;
    }

    @Test
    void aReferenceBecomesTwoCalls() {
        spec.map("events").autocreate(false);
        try (Collection c = kernel.load(spec)) {
            assertThat(c.maps()).doesNotContainKey("events").containsKey("counts");
            List<Integer> slots = missing(c, "second", "events");
            assertThat(slots).hasSize(2);
            assertThat(slots.get(1)).isEqualTo(slots.get(0) + 1);
            assertThat(missing(c, "first", "events")).isEmpty();
        }
        assertThat(kernel.fake.calls(BpfCommand.MAP_CREATE))
                .noneMatch(c -> c.text("map_name").equals("events"));
        assertThat(kernel.fake.leftOpen()).isEmpty();
    }

    @Test
    void globalDataCanBeLeftOutToo() {
        spec.map(".bss").autocreate(false);
        try (Collection c = kernel.load(spec)) {
            assertThat(missing(c, "first", ".bss")).hasSize(2);
        }
    }

    @Test
    void theVerifiersComplaintNamesTheMap() {
        spec.map("events").autocreate(false);
        int slot;
        try (Collection c = kernel.load(spec)) {
            slot = missing(c, "second", "events").getFirst();
        }
        String call = "unknown#" + (MISSING_MAP + index("events"));
        String log = slot + ": (85) call " + call + "\ninvalid func " + call + "\n";
        kernel.fake.reject(log, Errno.EINVAL);
        for (String program : List.of("first", "loose")) {
            spec.program(program).autoload(false);
        }
        assertThatThrownBy(() -> kernel.load(spec))
                .isInstanceOf(VerifierException.class)
                .hasMessageContainingAll("it uses map events", "autocreate(true)");
    }

    @Test
    void aMapOfMapsCannotHoldIt() {
        spec.map("counts")
                .type(MapType.ARRAY_OF_MAPS)
                .valueSize(4)
                .inner(spec.map("events").copy())
                .slots()
                .put(0, "events");
        spec.map("events").autocreate(false);
        assertThatThrownBy(() -> kernel.load(spec))
                .isInstanceOf(BpfException.class)
                .hasMessageContainingAll("slot 0", "left out");
        spec.map("counts").autocreate(false);
        kernel.load(spec).close();
        assertThat(kernel.fake.leftOpen()).isEmpty();
    }
}
