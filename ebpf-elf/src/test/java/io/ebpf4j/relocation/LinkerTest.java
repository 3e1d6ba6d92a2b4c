// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.relocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.asm.Instruction;
import io.ebpf4j.asm.Instructions;
import io.ebpf4j.asm.Reference;
import io.ebpf4j.btf.FuncInfo;
import io.ebpf4j.btf.LineInfo;
import io.ebpf4j.error.RelocationException;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.spec.FunctionSpec;
import io.ebpf4j.spec.TestObject;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

class LinkerTest {

    private static final Instruction MOVE = new Instruction(0xb7, 0, 0, 0, 1);
    private static final Instruction EXIT = new Instruction(0x95, 0, 0, 0, 0);
    private static final Instruction CALL = new Instruction(Instruction.CALL, 0, 1, 0, -1);
    private static final Instruction LOAD = new Instruction(Instruction.LOAD_IMM64, 2, 0, 0, 0);

    @ParameterizedTest
    @CsvSource({
        "leaf_first, leaf_first leaf global_sum middle hidden_sum",
        "leaf_last,  leaf_last global_sum middle leaf weak_sum",
        "alone,      alone",
        "loops,      loops on_each middle leaf global_callback",
        "recursive,  recursive even odd",
    })
    void appendsEachSubprogramOnceWhereItIsFirstMet(String program, String order) {
        LinkedProgram linked = link(TestObject.FUNCTIONS.parse(), program);

        assertThat(linked.functions())
                .extracting(LinkedProgram.Placement::name)
                .containsExactly(order.split(" "));
    }

    @ParameterizedTest
    @EnumSource(names = {"TAGS", "TAGS_BIG"})
    void appendsAnExceptionCallbackAndWhatItCallsLast(TestObject object) {
        CollectionSpec spec = object.parse();
        FunctionSpec throwing = spec.program("throws").function();
        LinkedProgram linked = Linker.link(throwing, "on_exception", spec.functions()::get);

        assertThat(linked.functions())
                .extracting(LinkedProgram.Placement::name)
                .containsExactly("throws", "no_context", "on_exception", "leaf");
        assertThat(linked.funcInfo())
                .extracting(FuncInfo::slot)
                .containsExactlyElementsOf(
                        linked.functions().stream().map(LinkedProgram.Placement::slot).toList());
        assertThat(linked.lineInfo().getLast().slot())
                .isGreaterThanOrEqualTo(start(linked, "leaf"));
    }

    @Test
    void appendsAnExceptionCallbackThatIsCalledOnce() {
        FunctionSpec callback = function("callback", MOVE, EXIT);
        FunctionSpec entry = function("entry", CALL, EXIT);
        entry.instructions().references().add(new Reference.Call(0, "callback"));

        assertThat(Linker.link(entry, "callback", Map.of("callback", callback)::get).functions())
                .hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"nobody, no subprogram", "hidden_callback, must be global"})
    void refusesAnExceptionCallbackThatTheKernelWouldNotFind(String callback, String reason) {
        CollectionSpec spec = TestObject.TAGS.parse();
        FunctionSpec entry = spec.program("throws").function();

        assertThatThrownBy(() -> Linker.link(entry, callback, spec.functions()::get))
                .isInstanceOf(RelocationException.class)
                .hasMessageContainingAll("throws", callback, reason);
    }

    @ParameterizedTest
    @EnumSource(names = {"FUNCTIONS", "FUNCTIONS_BIG"})
    void leadsEveryCallToTheFunctionThatItNamed(TestObject object) {
        CollectionSpec spec = object.parse();
        for (String program : spec.programs().keySet()) {
            LinkedProgram linked = link(spec, program);
            for (LinkedProgram.Placement placement : linked.functions()) {
                FunctionSpec function =
                        placement.slot() == 0
                                ? spec.program(program).function()
                                : spec.functions().get(placement.name());
                checkTargets(linked, placement.slot(), function.instructions().references());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FUNCTIONS", "FUNCTIONS_BIG"})
    void movesOpenReferencesAndRecordsWithTheirFunction(TestObject object) {
        CollectionSpec spec = object.parse();
        LinkedProgram linked = link(spec, "leaf_first");
        List<Reference> references = new ArrayList<>();
        List<FuncInfo> functions = new ArrayList<>();
        List<LineInfo> lines = new ArrayList<>();
        for (LinkedProgram.Placement placement : linked.functions()) {
            FunctionSpec function =
                    placement.slot() == 0
                            ? spec.program("leaf_first").function()
                            : spec.functions().get(placement.name());
            function.instructions().references().stream()
                    .filter(Reference.MapValue.class::isInstance)
                    .forEach(r -> references.add(r.at(r.slot() + placement.slot())));
            function.funcInfo().forEach(i -> functions.add(i.at(i.slot() + placement.slot())));
            function.lineInfo().forEach(i -> lines.add(i.at(i.slot() + placement.slot())));
        }

        assertThat(linked.instructions().references())
                .containsExactlyInAnyOrderElementsOf(references);
        assertThat(linked.funcInfo()).isEqualTo(functions);
        assertThat(linked.lineInfo()).isEqualTo(lines);
    }

    @Test
    void leavesTheFunctionsAsTheyWere() {
        CollectionSpec spec = TestObject.FUNCTIONS.parse();

        for (String program : spec.programs().keySet()) {
            link(spec, program);
        }

        assertThat(spec)
                .usingRecursiveComparison()
                .ignoringFields("btf")
                .isEqualTo(TestObject.FUNCTIONS.parse());
    }

    @Test
    void followsAFunctionThatCallsItself() {
        FunctionSpec self = function("self", MOVE, CALL, EXIT);
        self.instructions().references().add(new Reference.Call(1, "self"));
        FunctionSpec entry = function("entry", CALL, EXIT);
        entry.instructions().references().add(new Reference.Call(0, "self"));

        Instructions linked = Linker.link(entry, Map.of("self", self)::get).instructions();

        assertThat(linked.slotCount()).isEqualTo(5);
        assertThat(linked.imm(0)).isEqualTo(1);
        assertThat(linked.imm(3)).isEqualTo(-2);
    }

    @Test
    void clearsBothHalvesOfAFunctionsAddress() {
        FunctionSpec callback = function("callback", EXIT);
        FunctionSpec entry =
                function(
                        "entry",
                        new Instruction(Instruction.LOAD_IMM64, 2, 0, 0, 0x5_0000_0018L),
                        EXIT);
        entry.instructions().references().add(new Reference.FunctionAddress(0, "callback"));

        Instructions linked = Linker.link(entry, Map.of("callback", callback)::get).instructions();

        assertThat(linked.at(0)).isEqualTo(new Instruction(Instruction.LOAD_IMM64, 2, 4, 0, 2));
    }

    @Test
    void followsAChainThatIsDeeperThanAnyStack() {
        int depth = 100_000;
        Map<String, FunctionSpec> functions = new HashMap<>();
        for (int i = 0; i < depth; i++) {
            FunctionSpec function = function("f" + i, CALL, EXIT);
            function.instructions().references().add(new Reference.Call(0, "f" + (i + 1)));
            functions.put(function.name(), function);
        }
        functions.put("f" + depth, function("f" + depth, EXIT));

        LinkedProgram linked = Linker.link(functions.get("f0"), functions::get);

        assertThat(linked.functions()).hasSize(depth + 1);
        assertThat(linked.instructions().slotCount()).isEqualTo(2 * depth + 1);
    }

    @Test
    void refusesUnknownFunctions() {
        FunctionSpec entry = function("entry", CALL, EXIT);
        entry.instructions().references().add(new Reference.Call(0, "nowhere"));

        assertThatThrownBy(() -> Linker.link(entry, name -> null))
                .isInstanceOf(RelocationException.class)
                .hasMessageContainingAll("entry", "nowhere");
    }

    @Test
    void refusesMoreSlotsThanTheKernelTakes() {
        byte[] half = new byte[500_001 * Instructions.SLOT_BYTES];
        FunctionSpec large =
                new FunctionSpec("large", Instructions.decode(half, ByteOrder.LITTLE_ENDIAN));
        FunctionSpec entry = new FunctionSpec("entry", large.instructions().copy());
        entry.instructions().references().add(new Reference.Call(0, "large"));

        assertThatThrownBy(() -> Linker.link(entry, name -> large))
                .isInstanceOf(RelocationException.class)
                .hasMessageContainingAll("1000002", "1000000");
    }

    @Test
    void wantsRecordsOfAllFunctionsOrOfNone() {
        FunctionSpec plain = function("plain", EXIT);
        FunctionSpec described = described(function("described", CALL, EXIT));
        described.instructions().references().add(new Reference.Call(0, "plain"));
        FunctionSpec bare = function("bare", CALL, EXIT);
        bare.instructions().references().add(new Reference.Call(0, "sub"));
        FunctionSpec sub = described(function("sub", EXIT));

        assertThatThrownBy(() -> Linker.link(described, name -> plain))
                .isInstanceOf(RelocationException.class)
                .hasMessageContainingAll("plain", "described");
        LinkedProgram linked = Linker.link(bare, name -> sub);
        assertThat(linked.funcInfo()).isEmpty();
        assertThat(linked.lineInfo()).isEmpty();
    }

    @Test
    void keepsReferencesToMapsAndExternsOpen() {
        FunctionSpec sub = function("sub", LOAD, CALL, EXIT);
        sub.instructions().references().add(new Reference.MapDescriptor(0, "map"));
        sub.instructions().references().add(new Reference.Extern(2, "kfunc"));
        FunctionSpec entry = function("entry", CALL, EXIT);
        entry.instructions().references().add(new Reference.Call(0, "sub"));

        Instructions linked = Linker.link(entry, name -> sub).instructions();

        assertThat(linked.references())
                .containsExactly(
                        new Reference.MapDescriptor(2, "map"), new Reference.Extern(4, "kfunc"));
        assertThat(linked.imm(4)).isEqualTo(-1);
    }

    private static void checkTargets(LinkedProgram linked, int start, List<Reference> references) {
        Instructions instructions = linked.instructions();
        for (Reference reference : references) {
            int slot = start + reference.slot();
            if (reference instanceof Reference.Call call) {
                assertThat(instructions.src(slot)).isEqualTo(1);
                assertThat(slot + 1 + instructions.imm(slot))
                        .isEqualTo(start(linked, call.function()));
            } else if (reference instanceof Reference.FunctionAddress address) {
                assertThat(instructions.src(slot)).isEqualTo(4);
                assertThat(slot + 1 + instructions.at(slot).imm())
                        .isEqualTo(start(linked, address.function()));
            }
        }
    }

    private static int start(LinkedProgram linked, String function) {
        return linked.functions().stream()
                .filter(placement -> placement.name().equals(function))
                .findFirst()
                .orElseThrow()
                .slot();
    }

    private static LinkedProgram link(CollectionSpec spec, String program) {
        return Linker.link(spec.program(program).function(), spec.functions()::get);
    }

    private static FunctionSpec described(FunctionSpec function) {
        return new FunctionSpec(
                function.name(),
                "",
                0,
                function.linkage(),
                function.instructions(),
                List.of(new FuncInfo(0, 1)),
                List.of(new LineInfo(0, 1, 1, 1 << 10)),
                List.of());
    }

    private static FunctionSpec function(String name, Instruction... body) {
        Instructions instructions = Instructions.empty(ByteOrder.LITTLE_ENDIAN);
        for (Instruction instruction : body) {
            instructions.add(instruction);
        }
        return new FunctionSpec(name, instructions);
    }
}
