// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.asm.Instruction;
import io.ebpf4j.asm.Instructions;
import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfBuilder;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.kernel.KernelBtf;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.spec.MapSpec;
import io.ebpf4j.spec.MapType;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.FakeCall;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a load asks the kernel for, and what it refuses before it asks for anything. */
class LoadTest {
    private static final int LOAD_WIDE = 0x18;
    private static final int MAP_FD = 1;
    private static final int MAP_VALUE = 2;

    private final TestKernel kernel = new TestKernel("6.12");

    private List<FakeCall> calls(BpfCommand command) {
        return kernel.fake.calls(command);
    }

    @Test
    void asksOnceForEachThingInOrderAndForNothingElse() {
        kernel.load(TestKernel.spec()).close();
        assertThat(kernel.fake.calls())
                .extracting(FakeCall::name)
                .filteredOn(name -> name.startsWith("BPF_"))
                .containsExactly(
                        "BPF_BTF_LOAD",
                        "BPF_MAP_CREATE",
                        "BPF_MAP_CREATE",
                        "BPF_MAP_CREATE",
                        "BPF_MAP_UPDATE_ELEM",
                        "BPF_MAP_FREEZE",
                        "BPF_MAP_CREATE",
                        "BPF_PROG_LOAD",
                        "BPF_PROG_LOAD",
                        "BPF_PROG_LOAD",
                        "BPF_PROG_BIND_MAP");
        assertThat(kernel.fake.leftOpen()).isEmpty();
    }

    @Test
    void programsKeepTheReadOnlyDataThatTheyDoNotReferTo() {
        try (Collection c = kernel.load(TestKernel.spec())) {
            assertThat(calls(BpfCommand.PROG_BIND_MAP))
                    .singleElement()
                    .satisfies(
                            b -> {
                                assertThat(b.field("prog_fd")).isEqualTo(c.program("loose").fd());
                                assertThat(b.field("map_fd"))
                                        .isEqualTo(c.map(".rodata").descriptor().fd());
                            });
        }
    }

    @Test
    void createsMapsAsTheObjectDescribesThem() {
        kernel.load(TestKernel.spec()).close();
        List<FakeCall> maps = calls(BpfCommand.MAP_CREATE);
        assertThat(maps)
                .extracting(c -> c.text("map_name"))
                .containsExactly("events", "counts", "pipeline.rodata", "pipeline.bss");
        assertThat(maps)
                .extracting(c -> c.field("map_type"))
                .containsExactly(
                        (long) MapType.RINGBUF.number(),
                        (long) MapType.HASH.number(),
                        (long) MapType.ARRAY.number(),
                        (long) MapType.ARRAY.number());
        FakeCall counts = maps.get(1);
        assertThat(counts.field("key_size")).isEqualTo(4);
        assertThat(counts.field("value_size")).isEqualTo(8);
        assertThat(counts.field("max_entries")).isEqualTo(64);
    }

    @Test
    void givesMapsTheUploadedTypesOfTheirKeysAndValues() {
        kernel.load(TestKernel.spec()).close();
        long btf = calls(BpfCommand.BTF_LOAD).getFirst().result();
        Btf types = kernel.types.getFirst();
        FakeCall counts = calls(BpfCommand.MAP_CREATE).get(1);
        assertThat(counts.field("btf_fd")).isEqualTo(btf);
        assertThat(types.sizeOf((int) counts.field("btf_key_type_id"))).isEqualTo(4);
        assertThat(types.sizeOf((int) counts.field("btf_value_type_id"))).isEqualTo(8);
        assertThat(types.typeCount()).isLessThan(TestKernel.spec().btf().orElseThrow().typeCount());
    }

    @Test
    void fillsReadOnlyDataWithTheSpecsValueAndFreezesIt() {
        CollectionSpec spec = TestKernel.spec();
        spec.variable("wanted").set(4711);
        try (Collection c = kernel.load(spec)) {
            assertThat(c.variable("wanted", int.class).get()).isEqualTo(4711);
        }
        long rodata = calls(BpfCommand.MAP_CREATE).get(2).result();
        assertThat(calls(BpfCommand.MAP_UPDATE_ELEM))
                .singleElement()
                .satisfies(c -> assertThat(c.field("map_fd")).isEqualTo(rodata));
        assertThat(calls(BpfCommand.MAP_FREEZE))
                .singleElement()
                .satisfies(c -> assertThat(c.field("map_fd")).isEqualTo(rodata));
    }

    @Test
    void placesTheDescriptorsOfMapsInTheInstructions() {
        try (Collection c = kernel.load(TestKernel.spec())) {
            Instructions second = kernel.programs.get(c.program("second").fd());
            List<List<Integer>> wide = new ArrayList<>();
            for (int slot = 0; slot < second.slotCount(); slot++) {
                if (second.opcode(slot) == LOAD_WIDE) {
                    wide.add(List.of(second.src(slot), second.imm(slot), second.imm(slot + 1)));
                    slot++;
                }
            }
            assertThat(wide)
                    .containsExactly(
                            List.of(MAP_FD, fd(c, "events"), 0),
                            List.of(MAP_VALUE, fd(c, ".rodata"), 0),
                            List.of(MAP_VALUE, fd(c, ".bss"), 0),
                            List.of(MAP_FD, fd(c, "counts"), 0));
        }
    }

    private static int fd(Collection c, String map) {
        return c.map(map).descriptor().fd();
    }

    @Test
    void loadsProgramsWithTheirTypeLicenceFunctionsAndLines() {
        try (Collection c = kernel.load(TestKernel.spec())) {
            assertThat(c.programs()).containsOnlyKeys("first", "second", "loose");
            assertThat(calls(BpfCommand.PROG_LOAD))
                    .extracting(l -> l.text("prog_name"))
                    .containsExactly("first", "second", "loose");
        }
        List<FakeCall> loads = calls(BpfCommand.PROG_LOAD);
        long btf = calls(BpfCommand.BTF_LOAD).getFirst().result();
        assertThat(loads)
                .extracting(l -> l.field("prog_type"))
                .containsExactly(
                        (long) ProgramType.RAW_TRACEPOINT.number(),
                        (long) ProgramType.RAW_TRACEPOINT.number(),
                        (long) ProgramType.KPROBE.number());
        assertThat(loads).allSatisfy(l -> assertThat(l.field("prog_btf_fd")).isEqualTo(btf));
        // the program itself, and the subprogram that the first two call
        assertThat(loads).extracting(l -> l.field("func_info_cnt")).containsExactly(2L, 2L, 1L);
        assertThat(loads).allSatisfy(l -> assertThat(l.field("line_info_cnt")).isPositive());
        assertThat(loads).allSatisfy(l -> assertThat(l.field("license")).isNotZero());
    }

    @Test
    void closesTheUploadedTypesOnceEverythingIsLoaded() {
        try (Collection c = kernel.load(TestKernel.spec())) {
            int btf = (int) calls(BpfCommand.BTF_LOAD).getFirst().result();
            assertThat(kernel.closed).containsExactly(btf);
            assertThat(c.programs()).isNotEmpty();
        }
    }

    @Test
    void leavesTheSpecAsItWas() {
        CollectionSpec spec = TestKernel.spec();
        byte[] before = spec.program("second").function().instructions().encode();
        kernel.load(spec).close();
        assertThat(spec.program("second").function().instructions().encode()).isEqualTo(before);
        kernel.load(spec).close();
        List<FakeCall> loads = calls(BpfCommand.PROG_LOAD);
        assertThat(loads).hasSize(6).allSatisfy(l -> assertThat(l.result()).isPositive());
        assertThat(kernel.fake.leftOpen()).isEmpty();
    }

    @Test
    void laterChangesOfTheSpecDoNotReachTheCollection() {
        CollectionSpec spec = TestKernel.spec();
        try (Collection c = kernel.load(spec)) {
            spec.program("first").attachTarget("");
            assertThat(c.attach()).hasSize(2);
        }
    }

    @Test
    void loadsWhatTheSpecWasEditedTo() {
        CollectionSpec spec = TestKernel.spec();
        spec.program("first").autoload(false);
        spec.program("optional").autoload(true);
        spec.map("counts").maxEntries(7);
        try (Collection c = kernel.load(spec)) {
            assertThat(c.programs()).containsOnlyKeys("second", "loose", "optional");
            assertThat(c.map("counts").maxEntries()).isEqualTo(7);
            assertThatThrownBy(() -> c.program("first"))
                    .isInstanceOf(BpfException.class)
                    .hasMessage(
                            "no program \"first\" was loaded; there are [second, loose, optional]");
        }
    }

    @Test
    void uploadsTypesWithTheIdsThatInstructionsHold() {
        CollectionSpec spec = TestKernel.spec();
        spec.programs().values().forEach(p -> p.autoload(p.name().equals("naming")));
        kernel.load(spec).close();
        Instruction move = kernel.programs.values().iterator().next().at(0);
        BtfType type = kernel.types.getFirst().type((int) move.imm());
        assertThat(type.name()).isEqualTo("named_by_id");
    }

    @Test
    void uploadsNoTypesWhenNothingNeedsAny() {
        CollectionSpec spec = TestKernel.spec();
        spec.programs().values().forEach(p -> p.autoload(false));
        for (MapSpec map : spec.maps().values()) {
            map.types(0, 0);
        }
        try (Collection c = kernel.load(spec)) {
            assertThat(c.programs()).isEmpty();
            assertThat(c.maps()).hasSize(4);
        }
        assertThat(calls(BpfCommand.BTF_LOAD)).isEmpty();
        assertThat(kernel.fake.leftOpen()).isEmpty();
    }

    @Test
    void refusesASectionThatDoesNotSayTheType() {
        CollectionSpec spec = TestKernel.spec();
        spec.program("untyped").autoload(true);
        assertThatThrownBy(() -> kernel.load(spec))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining(TestKernel.OBJECT + ": program \"untyped\"")
                .hasMessageContaining("section \"anything\"")
                .hasMessageContaining("spec.program(\"untyped\").type(")
                .hasMessageContaining("autoload(false)");
        assertThat(kernel.made()).isZero();

        spec.program("untyped").type(ProgramType.SOCKET_FILTER);
        kernel.load(spec).close();
    }

    @Test
    void refusesAnExternThatTheKernelLacksBeforeAnythingIsCreated(@TempDir Path folder)
            throws IOException {
        CollectionSpec spec = TestKernel.spec();
        spec.program("reaching").autoload(true);
        TestKernel typed = new TestKernel("6.12", KernelBtf.from(vmlinux(folder)));
        assertThatThrownBy(() -> typed.load(spec))
                .isInstanceOf(UnsupportedException.class)
                .hasMessageContaining("program \"reaching\"")
                .hasMessageContaining("\"bpf_prog_active\"")
                .hasMessageContaining("autoload(false)");
        assertThat(typed.made()).isZero();
    }

    @Test
    void refusesATracingProgramWithoutTargetBeforeAnythingIsCreated() {
        CollectionSpec spec = TestKernel.spec();
        spec.program("untargeted").autoload(true);
        assertThatThrownBy(() -> kernel.load(spec))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("program \"untargeted\"")
                .hasMessageContaining("section \"fentry\" names no target")
                .hasMessageContaining("attachTarget(");
        assertThat(kernel.made()).isZero();
    }

    @Test
    void resolvesTheTargetOfATracingProgram(@TempDir Path folder) throws IOException {
        TestKernel typed = new TestKernel("6.12", KernelBtf.from(vmlinux(folder)));
        CollectionSpec spec = TestKernel.spec();
        spec.program("untargeted").autoload(true).attachTarget("do_unlinkat");
        typed.load(spec).close();
        FakeCall load = typed.fake.calls(BpfCommand.PROG_LOAD).getLast();
        assertThat(load.text("prog_name")).isEqualTo("untargeted");
        assertThat(load.field("attach_btf_id")).isEqualTo(2);
        assertThat(load.field("attach_prog_fd")).isZero();

        spec.program("untargeted").attachTarget("no_such_function");
        int before = typed.made();
        assertThatThrownBy(() -> typed.load(spec))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("program \"untargeted\"")
                .hasMessageContaining("no \"no_such_function\"");
        assertThat(typed.made()).isEqualTo(before);
        assertThat(typed.fake.leftOpen()).isEmpty();
    }

    /** Types of a kernel whose only function has id 2. */
    private static Path vmlinux(Path folder) throws IOException {
        BtfBuilder types = new BtfBuilder();
        int prototype = types.add(new BtfType.FuncProto(0, List.of()));
        types.add(new BtfType.Func("do_unlinkat", prototype, 0));
        return Files.write(
                folder.resolve("vmlinux"), types.build(ByteOrder.nativeOrder()).encode());
    }
}
