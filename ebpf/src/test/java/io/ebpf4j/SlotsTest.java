// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.spec.MapSpec;
import io.ebpf4j.spec.MapType;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.FakeCall;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.List;

/** Maps of maps and program arrays are filled with what they are declared to hold. */
class SlotsTest {
    private static final int KEY_BYTES = 4;
    private static final int DESCRIPTOR_BYTES = 4;
    private static final int ENTRIES = 8;

    private final TestKernel kernel = new TestKernel("6.12");
    private final CollectionSpec spec = TestKernel.spec();

    /** Makes the map of counts one that holds what its slots say. */
    private MapSpec counts(MapType type) {
        return spec.map("counts")
                .type(type)
                .keySize(KEY_BYTES)
                .valueSize(DESCRIPTOR_BYTES)
                .maxEntries(ENTRIES)
                .inner(
                        type == MapType.PROG_ARRAY
                                ? null
                                : MapSpec.of("template", MapType.RINGBUF, 0, 0, 4096));
    }

    private void refuses(String... words) {
        assertThatThrownBy(() -> kernel.load(spec))
                .isInstanceOf(BpfException.class)
                .message()
                .contains("map \"counts\"")
                .contains(words);
        assertThat(kernel.fake.leftOpen()).isEmpty();
    }

    private List<FakeCall> calls(BpfCommand command) {
        return kernel.fake.calls(command);
    }

    @ParameterizedTest
    @EnumSource(names = {"ARRAY_OF_MAPS", "HASH_OF_MAPS"})
    void aMapOfMapsIsCreatedWithATemplateThatIsClosedThen(MapType type) {
        counts(type);
        kernel.load(spec).close();
        List<FakeCall> created = calls(BpfCommand.MAP_CREATE);
        FakeCall outer =
                created.stream().filter(c -> c.text("map_name").equals("counts")).findAny().get();
        FakeCall inner =
                created.stream().filter(c -> c.text("map_name").equals("template")).findAny().get();
        assertThat(outer.field("inner_map_fd")).isEqualTo(inner.result());
        assertThat(kernel.closed).contains((int) inner.result());
        assertThat(kernel.fake.leftOpen()).isEmpty();
    }

    @Test
    void theTemplateHasTheTypesOfItsKeysAndValues() {
        MapSpec typed = TestKernel.spec().map("counts");
        counts(MapType.ARRAY_OF_MAPS).inner(typed.copy());
        kernel.load(spec).close();
        FakeCall template =
                calls(BpfCommand.MAP_CREATE).stream()
                        .filter(c -> c.field("map_type") == MapType.HASH.number())
                        .findAny()
                        .get();
        Btf types = kernel.types.getFirst();
        assertThat(template.field("btf_fd"))
                .isEqualTo(calls(BpfCommand.BTF_LOAD).getFirst().result());
        assertThat(types.sizeOf((int) template.field("btf_key_type_id"))).isEqualTo(4);
        assertThat(types.sizeOf((int) template.field("btf_value_type_id"))).isEqualTo(8);
    }

    @ParameterizedTest
    @EnumSource(names = {"ARRAY_OF_MAPS", "HASH_OF_MAPS"})
    void aMapOfMapsIsFilledBeforeProgramsAreLoaded(MapType type) {
        counts(type).slots().put(5, "events");
        try (Collection c = kernel.load(spec)) {
            int outer = c.map("counts").descriptor().fd();
            assertThat(c.maps()).containsOnlyKeys(spec.maps().keySet());
            List<FakeCall> all = kernel.fake.calls();
            FakeCall fill =
                    calls(BpfCommand.MAP_UPDATE_ELEM).stream()
                            .filter(u -> u.field("map_fd") == outer)
                            .findAny()
                            .get();
            assertThat(fill.result()).isZero();
            assertThat(all.indexOf(fill))
                    .isLessThan(all.indexOf(calls(BpfCommand.PROG_LOAD).getFirst()));
        }
        assertThat(kernel.fake.leftOpen()).isEmpty();
    }

    @Test
    void theOrderOfMapsIsTheSpecs() {
        counts(MapType.ARRAY_OF_MAPS).slots().put(0, "events");
        try (Collection c = kernel.load(spec)) {
            assertThat(c.maps().keySet()).containsExactlyElementsOf(spec.maps().keySet());
        }
    }

    @Test
    void aProgramArrayIsFilledAfterProgramsAreLoaded() {
        counts(MapType.PROG_ARRAY).slots().put(2, "second");
        spec.map("counts").slots().put(7, "first");
        try (Collection c = kernel.load(spec)) {
            int array = c.map("counts").descriptor().fd();
            List<FakeCall> all = kernel.fake.calls();
            List<FakeCall> fills =
                    calls(BpfCommand.MAP_UPDATE_ELEM).stream()
                            .filter(u -> u.field("map_fd") == array)
                            .toList();
            assertThat(fills).hasSize(2).allSatisfy(f -> assertThat(f.result()).isZero());
            assertThat(all.indexOf(fills.getFirst()))
                    .isGreaterThan(all.indexOf(calls(BpfCommand.PROG_LOAD).getLast()));
            assertThat(c.map("counts").type()).isEqualTo(MapType.PROG_ARRAY);
        }
        assertThat(kernel.fake.leftOpen()).isEmpty();
    }

    @Test
    void whatCannotBeInASlotIsRefusedBeforeAnythingIsCreated() {
        spec.map("counts").slots().put(0, "events");
        refuses("slot 0 is to hold \"events\"", "a map of type HASH holds neither");
        counts(MapType.PROG_ARRAY);
        refuses("slot 0 is to hold \"events\"", "there is no such program");
        spec.map("counts").slots().put(0, "optional");
        refuses("slot 0 is to hold \"optional\"", "left out of the load");
        counts(MapType.ARRAY_OF_MAPS);
        refuses("slot 0 is to hold \"optional\"", "there is no such map");
        counts(MapType.HASH_OF_MAPS).keySize(8).slots().put(0, "events");
        refuses("keys have 8 bytes");
        counts(MapType.ARRAY_OF_MAPS);
        spec.map("events").type(MapType.HASH_OF_MAPS);
        refuses("that map holds maps itself");
        assertThat(calls(BpfCommand.MAP_CREATE)).isEmpty();
        assertThat(calls(BpfCommand.BTF_LOAD)).isEmpty();
    }

    @Test
    void aProgramThatDoesNotFitLeavesNothing() {
        counts(MapType.PROG_ARRAY).slots().put(3, "loose");
        spec.program("loose").type(ProgramType.KPROBE);
        // the first update fills read-only data
        kernel.fake.fail(BpfCommand.MAP_UPDATE_ELEM, 2, Errno.EINVAL);
        refuses("program \"loose\" into slot 3", "of one type");
        assertThat(calls(BpfCommand.PROG_LOAD)).hasSize(3);
    }

    @Test
    void aMapThatDoesNotFitLeavesNothing() {
        counts(MapType.ARRAY_OF_MAPS).slots().put(8, "events");
        kernel.fake.fail(BpfCommand.MAP_UPDATE_ELEM, 2, Errno.E2BIG);
        refuses("map \"events\" into slot 8", "which has 8 entries");
        assertThat(calls(BpfCommand.PROG_LOAD)).isEmpty();
    }
}
