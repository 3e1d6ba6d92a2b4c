// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.asm.Instruction;
import io.ebpf4j.btf.Btf;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.ObjectFormatException;
import io.ebpf4j.error.UnsupportedException;

import org.assertj.core.api.RecursiveComparisonAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

class CollectionSpecTest {

    private static final int MACHINE = 18;
    private static final int TYPE = 16;

    @Test
    void takesItsNameFromWhatPrecedesTheFirstDot() {
        byte[] object = TestObject.FUNCTIONS.bytes();

        assertThat(TestObject.FUNCTIONS.parse().name()).isEqualTo("spec_functions");
        assertThat(CollectionSpec.parse("a.b.c", object).name()).isEqualTo("a");
        assertThat(CollectionSpec.parse("plain", object).name()).isEqualTo("plain");
        assertThat(CollectionSpec.parse("s.o", new ByteArrayInputStream(object)).name())
                .isEqualTo("s");
    }

    @ParameterizedTest
    @EnumSource
    void parsesTheSameEveryTime(TestObject object) {
        assertThatEachField(object.parse()).isEqualTo(object.parse());
    }

    @ParameterizedTest
    @EnumSource
    void copiesEverything(TestObject object) {
        CollectionSpec spec = object.parse();

        assertThatEachField(spec.copy()).isEqualTo(spec);
    }

    @Test
    void changesToACopyStayInTheCopy() {
        CollectionSpec spec = TestObject.DATA.parse();
        CollectionSpec copy = spec.copy();

        copy.variable("initialised").set(1);
        copy.variable("total").set(2);
        copy.map(".data").flags(0);
        copy.program("uses").autoload(false).type(ProgramType.XDP);
        copy.program("uses").function().instructions().set(0, new Instruction(0xb7, 0, 0, 0, 0));
        copy.program("uses").function().instructions().references().clear();

        assertThatEachField(spec).isEqualTo(TestObject.DATA.parse());
        assertThatEachField(copy).isNotEqualTo(spec);
        assertThat(copy.variable("initialised").bytes()).startsWith(1);
        assertThat(copy.map(".bss").contents()).contains(2);
        assertThat(copy.map(".data").contents()).isNotEqualTo(spec.map(".data").contents());
    }

    @Test
    void namesWhatThereIsWhenSomethingIsNot() {
        CollectionSpec spec = TestObject.FUNCTIONS.parse();

        assertThatThrownBy(() -> spec.program("missing"))
                .isInstanceOf(BpfException.class)
                .hasMessageContainingAll("missing", "leaf_first", "untyped");
        assertThatThrownBy(() -> spec.map("missing")).hasMessageContaining(".bss");
        assertThatThrownBy(() -> spec.variable("missing")).hasMessageContaining("sink");
    }

    @Test
    void saysWhichFileCannotBeRead() {
        assertThatThrownBy(() -> CollectionSpec.parse(Path.of("no/such.bpf.o")))
                .isInstanceOf(BpfException.class)
                .hasCauseInstanceOf(IOException.class)
                .hasMessageContaining("no/such.bpf.o");
    }

    @ParameterizedTest
    @CsvSource({
        "'', x.o",
        "text, x.o",
    })
    void saysWhichFileIsNoObject(String text, String name) {
        assertThatThrownBy(() -> CollectionSpec.parse(name, text.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(ObjectFormatException.class)
                .hasMessageContaining(name);
    }

    @Test
    void refusesOtherMachinesAndExecutables() {
        byte[] machine = TestObject.FUNCTIONS.bytes();
        machine[MACHINE] = 62;
        byte[] executable = TestObject.FUNCTIONS.bytes();
        executable[TYPE] = 2;

        assertThatThrownBy(() -> CollectionSpec.parse("x.o", machine))
                .isInstanceOf(ObjectFormatException.class)
                .hasMessageContainingAll("x.o", "machine 62", "clang -target bpf");
        assertThatThrownBy(() -> CollectionSpec.parse("x.o", executable))
                .isInstanceOf(ObjectFormatException.class)
                .hasMessageContaining("type 2");
    }

    @Test
    void acceptsObjectsOfCompilersThatKnewNoMachineNumber() {
        byte[] object = TestObject.FUNCTIONS.bytes();
        Arrays.fill(object, MACHINE, MACHINE + 2, (byte) 0);

        assertThat(CollectionSpec.parse("x.o", object).programs()).hasSize(6);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    spec_refused_exception.bpf.o      | .BTF              | exception callback
                    spec_refused_legacy.bpf.o         | section maps      | SEC(".maps")
                    spec_refused_static_map.bpf.o     | .maps             | concealed
                    spec_refused_static_program.bpf.o | section socket    | concealed
                    """)
    void refusesByNameWhatItDoesNotLoad(String file, String section, String reason) {
        assertThatThrownBy(() -> CollectionSpec.parse(TestObject.path(file)))
                .isInstanceOf(UnsupportedException.class)
                .hasMessageContainingAll(file, section, reason);
    }

    @Test
    void refusesCallsOfEntryPrograms() {
        assertThatThrownBy(
                        () ->
                                CollectionSpec.parse(
                                        TestObject.path("spec_refused_entry_call.bpf.o")))
                .isInstanceOf(ObjectFormatException.class)
                .hasMessageContainingAll("section xdp", "callee", "section socket");
    }

    /** Compares all but what BTF remembers of the questions it was asked. */
    private static RecursiveComparisonAssert<?> assertThatEachField(CollectionSpec spec) {
        return assertThat(spec)
                .usingRecursiveComparison()
                .withEqualsForType((a, b) -> Arrays.equals(a.encode(), b.encode()), Btf.class);
    }
}
