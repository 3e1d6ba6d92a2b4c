// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.error.RelocationException;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.spec.ProgramSpec;
import io.ebpf4j.spec.ProgramType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What tags of functions change in what the kernel is given. */
class FunctionTagsTest {
    private static final Path OBJECT = Path.of("../ebpf-elf/src/test/bpf/spec_tags.bpf.o");

    /** Only the programs of these names are loaded. */
    private static CollectionSpec spec(String... programs) {
        CollectionSpec spec = CollectionSpec.parse(OBJECT);
        Set<String> wanted = Set.of(programs);
        for (ProgramSpec program : spec.programs().values()) {
            program.autoload(wanted.contains(program.name()));
        }
        return spec;
    }

    /** Loads, and returns the types that the kernel was given. */
    private static Btf load(String version, CollectionSpec spec) {
        TestKernel kernel = new TestKernel(version);
        kernel.load(spec).close();
        assertThat(kernel.fake.leftOpen()).isEmpty();
        return kernel.types.getLast();
    }

    /** Returns what the parameter points to in each function of a name, in the order of ids. */
    private static List<BtfType> targets(Btf types, String name, int parameter) {
        List<BtfType> targets = new ArrayList<>();
        for (int id = 1; id < types.typeCount(); id++) {
            if (types.type(id) instanceof BtfType.Func function && function.name().equals(name)) {
                BtfType.FuncProto prototype = (BtfType.FuncProto) types.type(function.type());
                int type = prototype.parameters().get(parameter).type();
                targets.add(types.type(((BtfType.Ptr) types.type(type)).type()));
            }
        }
        return targets;
    }

    private static String name(BtfType type) {
        return type.name();
    }

    @ParameterizedTest
    @CsvSource({"contexts, __sk_buff", "packet, xdp_md"})
    void anOlderKernelIsToldAContextByItsName(String program, String context) {
        Btf types = load("6.1", spec(program));
        assertThat(targets(types, "context_first", 0))
                .extracting(FunctionTagsTest::name)
                .containsExactly(context);
    }

    @Test
    void aFunctionOfProgramsOfTwoTypesHasTwoTypes() {
        Btf types = load("6.1", spec("contexts", "packet"));
        assertThat(targets(types, "context_first", 0))
                .extracting(FunctionTagsTest::name)
                .containsExactly("__sk_buff", "xdp_md");
    }

    @Test
    void whatPointsToTheContextAlreadyStays() {
        Btf types = load("6.1", spec("contexts"));
        assertThat(targets(types, "context_second", 1)).hasSize(1);
        assertThat(((BtfType.Struct) targets(types, "context_second", 1).getFirst()).members())
                .isNotEmpty();
    }

    @Test
    void aTypeWhoseContextHasNoNameIsLeftAlone() {
        Btf types = load("6.1", spec("unnamed_context"));
        assertThat(targets(types, "context_first", 0)).containsExactly(new BtfType.Void());
    }

    @Test
    void registersAreTheKernelsOwn() {
        CollectionSpec spec = spec("contexts");
        spec.program("contexts").type(ProgramType.KPROBE);
        assertThat(targets(load("6.1", spec), "context_first", 0))
                .extracting(FunctionTagsTest::name)
                .containsExactly("bpf_user_pt_regs_t");
    }

    @Test
    void aKernelThatKnowsTheTagIsGivenTheFunctionAsItIs() {
        Btf types = load("6.12", spec("contexts", "packet"));
        assertThat(targets(types, "context_first", 0)).containsExactly(new BtfType.Void());
        boolean tagged = false;
        for (int id = 1; id < types.typeCount(); id++) {
            tagged |=
                    types.type(id) instanceof BtfType.DeclTag tag
                            && tag.name().equals("arg:ctx")
                            && tag.component() == 0;
        }
        assertThat(tagged).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"6.12, true", "5.16, true", "5.15, false"})
    void anExceptionCallbackIsLinkedWhereTheKernelKnowsTags(String version, boolean linked) {
        TestKernel kernel = new TestKernel(version);
        CollectionSpec spec = spec("throws");
        try (Collection c = kernel.load(spec)) {
            int own = spec.program("throws").function().instructions().slotCount();
            int helper = slots(spec, "no_context");
            int callback = slots(spec, "on_exception") + slots(spec, "leaf");
            assertThat(kernel.programs.get(c.program("throws").fd()).slotCount())
                    .isEqualTo(own + helper + (linked ? callback : 0));
        }
        assertThat(kernel.fake.leftOpen()).isEmpty();
    }

    private static int slots(CollectionSpec spec, String function) {
        return spec.functions().get(function).instructions().slotCount();
    }

    @ParameterizedTest
    @CsvSource({"throws_to_nobody, nobody", "throws_to_hidden, hidden_callback"})
    void aCallbackThatCannotBeFoundIsNamed(String program, String callback) {
        TestKernel kernel = new TestKernel("6.12");
        assertThatThrownBy(() -> kernel.load(spec(program)))
                .isInstanceOf(RelocationException.class)
                .hasMessageContainingAll(program, callback);
        assertThat(kernel.fake.leftOpen()).isEmpty();
    }
}
