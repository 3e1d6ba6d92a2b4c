// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;

import io.ebpf4j.asm.Reference;
import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.btf.CoreRelocation;
import io.ebpf4j.btf.FuncInfo;
import io.ebpf4j.btf.LineInfo;
import io.ebpf4j.spec.FunctionSpec.Linkage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;

class FunctionsTest {

    @ParameterizedTest
    @EnumSource(names = {"FUNCTIONS", "FUNCTIONS_BIG"})
    void findsProgramsInTheOrderOfTheObject(TestObject object) {
        CollectionSpec spec = object.parse();

        assertThat(spec.programs().values())
                .extracting(
                        ProgramSpec::name,
                        ProgramSpec::section,
                        ProgramSpec::type,
                        ProgramSpec::attachTarget,
                        ProgramSpec::autoload,
                        ProgramSpec::sleepable)
                .containsExactly(
                        tuple("leaf_first", OPENAT, ProgramType.TRACEPOINT, TARGET, true, false),
                        tuple("leaf_last", OPENAT, ProgramType.TRACEPOINT, TARGET, true, false),
                        tuple("alone", OPENAT, ProgramType.TRACEPOINT, TARGET, true, false),
                        tuple("loops", "raw_tp", ProgramType.RAW_TRACEPOINT, "", true, false),
                        tuple(
                                "recursive",
                                "fentry.s/do_unlinkat",
                                ProgramType.TRACING,
                                "do_unlinkat",
                                false,
                                true),
                        tuple("untyped", "an unknown name", ProgramType.UNSPEC, "", true, false));
        assertThat(spec.license()).isEqualTo("Dual MIT/GPL");
    }

    @ParameterizedTest
    @EnumSource(names = {"FUNCTIONS", "FUNCTIONS_BIG"})
    void tellsSubprogramsByTheirLinkage(TestObject object) {
        Map<String, Linkage> linkages = new LinkedHashMap<>();
        for (FunctionSpec function : object.parse().functions().values()) {
            assertThat(function.section()).isEqualTo(".text");
            linkages.put(function.name(), function.linkage());
        }

        assertThat(linkages)
                .containsOnly(
                        entry("leaf", Linkage.STATIC),
                        entry("middle", Linkage.STATIC),
                        entry("on_each", Linkage.STATIC),
                        entry("global_sum", Linkage.GLOBAL),
                        entry("global_callback", Linkage.GLOBAL),
                        entry("odd", Linkage.GLOBAL),
                        entry("even", Linkage.GLOBAL),
                        entry("hidden_sum", Linkage.HIDDEN),
                        entry("weak_sum", Linkage.WEAK));
    }

    @ParameterizedTest
    @EnumSource(names = {"FUNCTIONS", "FUNCTIONS_BIG"})
    void namesWhatIsCalledWithAndWithoutRelocations(TestObject object) {
        CollectionSpec spec = object.parse();

        assertThat(calls(spec.program("leaf_first").function()))
                .containsExactly("leaf", "global_sum", "hidden_sum");
        assertThat(calls(spec.program("leaf_last").function()))
                .containsExactly("global_sum", "weak_sum", "leaf");
        assertThat(calls(spec.functions().get("middle"))).containsExactly("leaf", "leaf");
        assertThat(calls(spec.functions().get("global_sum"))).containsExactly("middle", "leaf");
        assertThat(calls(spec.functions().get("even"))).containsExactly("odd");
        assertThat(calls(spec.functions().get("odd"))).containsExactly("even");
        assertThat(calls(spec.program("loops").function())).containsExactly("middle");
    }

    @ParameterizedTest
    @EnumSource(names = {"FUNCTIONS", "FUNCTIONS_BIG"})
    void namesCallbacksWhoseAddressIsLoaded(TestObject object) {
        CollectionSpec spec = object.parse();

        assertThat(spec.program("loops").function().instructions().references())
                .filteredOn(Reference.FunctionAddress.class::isInstance)
                .extracting(r -> ((Reference.FunctionAddress) r).function())
                .containsExactly("on_each", "global_callback");
    }

    @ParameterizedTest
    @EnumSource(names = {"FUNCTIONS", "FUNCTIONS_BIG"})
    void givesEachFunctionItsOwnRecords(TestObject object) {
        CollectionSpec spec = object.parse();
        Btf btf = spec.btf().orElseThrow();

        for (ProgramSpec program : spec.programs().values()) {
            checkRecords(program.function(), btf);
        }
        for (FunctionSpec function : spec.functions().values()) {
            checkRecords(function, btf);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FUNCTIONS", "FUNCTIONS_BIG"})
    void keepsFieldRelocationsWithTheirFunction(TestObject object) {
        CollectionSpec spec = object.parse();

        assertThat(spec.program("recursive").function().relocations())
                .extracting(CoreRelocation::access, CoreRelocation::kind)
                .containsExactlyInAnyOrder(
                        tuple("0:1", CoreRelocation.Kind.FIELD_BYTE_OFFSET),
                        tuple("0:0", CoreRelocation.Kind.FIELD_BYTE_OFFSET));
        assertThat(spec.program("alone").function().relocations()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"FUNCTIONS", "FUNCTIONS_BIG"})
    void makesHiddenFunctionsStaticInBtf(TestObject object) {
        Btf btf = object.parse().btf().orElseThrow();

        assertThat(function(btf, "hidden_sum").linkage()).isEqualTo(BtfType.Func.STATIC);
        assertThat(function(btf, "global_sum").linkage()).isEqualTo(BtfType.Func.GLOBAL);
        assertThat(function(btf, "weak_sum").linkage()).isEqualTo(BtfType.Func.GLOBAL);
        assertThat(function(btf, "leaf").linkage()).isEqualTo(BtfType.Func.STATIC);
    }

    @Test
    void parsesBothByteOrdersToTheSameInstructions() {
        CollectionSpec little = TestObject.FUNCTIONS.parse();
        CollectionSpec big = TestObject.FUNCTIONS_BIG.parse();

        assertThat(little.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
        assertThat(big.order()).isEqualTo(ByteOrder.BIG_ENDIAN);
        for (ProgramSpec program : little.programs().values()) {
            FunctionSpec other = big.program(program.name()).function();
            assertThat(other.instructions())
                    .as(program.name())
                    .containsExactlyElementsOf(program.function().instructions());
            assertThat(other.instructions().references())
                    .containsExactlyElementsOf(program.function().instructions().references());
        }
    }

    private static final String OPENAT = "tp/syscalls/sys_enter_openat";
    private static final String TARGET = "syscalls/sys_enter_openat";

    private static Iterable<String> calls(FunctionSpec function) {
        return function.instructions().references().stream()
                .filter(Reference.Call.class::isInstance)
                .map(Reference.Call.class::cast)
                .sorted((a, b) -> Integer.compare(a.slot(), b.slot()))
                .map(Reference.Call::function)
                .toList();
    }

    private static void checkRecords(FunctionSpec function, Btf btf) {
        assertThat(function.funcInfo()).as(function.name()).hasSize(1);
        FuncInfo info = function.funcInfo().get(0);
        assertThat(info.slot()).isZero();
        assertThat(btf.type(info.type()).name()).isEqualTo(function.name());

        int before = -1;
        for (LineInfo line : function.lineInfo()) {
            assertThat(line.slot())
                    .isGreaterThan(before)
                    .isLessThan(function.instructions().slotCount());
            assertThat(btf.string(line.fileOffset())).isEqualTo("./spec_functions.bpf.c");
            before = line.slot();
        }
        assertThat(function.lineInfo().get(0).slot()).isZero();
    }

    private static BtfType.Func function(Btf btf, String name) {
        return (BtfType.Func) btf.type(btf.find(name, BtfType.Func.class));
    }
}
