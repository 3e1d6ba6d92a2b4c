// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.error.ObjectFormatException;

import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

class StructOpsMapsTest {
    private static final int SOME_OPS = 40;

    @ParameterizedTest
    @EnumSource(names = {"STRUCT_OPS", "STRUCT_OPS_BIG"})
    void everyStructureIsAMap(TestObject object) {
        assertThat(object.parse().maps().values())
                .extracting(
                        MapSpec::name,
                        MapSpec::type,
                        MapSpec::keySize,
                        MapSpec::valueSize,
                        MapSpec::maxEntries,
                        MapSpec::flags,
                        MapSpec::autocreate,
                        MapSpec::internal)
                .containsExactlyInAnyOrder(
                        map("plain", SOME_OPS, 0, true),
                        map("linked_one", SOME_OPS, MapSpec.LINK, true),
                        map("linked_two", 8, MapSpec.LINK, true),
                        map("not_created", SOME_OPS, 0, false),
                        map("not_created_either", 8, MapSpec.LINK, false));
    }

    private static Tuple map(String name, int size, int flags, boolean created) {
        return tuple(name, MapType.STRUCT_OPS, 4, size, 1, flags, created, false);
    }

    @ParameterizedTest
    @EnumSource(names = {"STRUCT_OPS", "STRUCT_OPS_BIG"})
    void relocationsAreTheFunctions(TestObject object) {
        CollectionSpec spec = object.parse();
        assertThat(spec.map("plain").functions()).containsExactly(entry("second", "second"));
        assertThat(spec.map("linked_one").functions())
                .containsExactly(entry("first", "first"), entry("second", "second"));
        assertThat(spec.map("linked_two").functions()).containsExactly(entry("only", "optional"));
        assertThat(spec.map("not_created").functions()).containsExactly(entry("first", "first"));
        assertThat(spec.map("not_created_either").functions()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"STRUCT_OPS", "STRUCT_OPS_BIG"})
    void contentsAreTheStructure(TestObject object) {
        CollectionSpec spec = object.parse();
        MapSpec plain = spec.map("plain");
        Btf btf = spec.btf().orElseThrow();
        assertThat(btf.type(plain.valueTypeId()).name()).isEqualTo("some_ops");
        ByteBuffer bytes = ByteBuffer.wrap(plain.contents()).order(spec.order());
        assertThat(bytes.capacity()).isEqualTo(SOME_OPS);
        assertThat(bytes.getInt(0)).isEqualTo(0x01020304);
        assertThat(bytes.getLong(8)).isZero();
        assertThat(bytes.getLong(16)).isZero();
        assertThat(bytes.getInt(24)).isEqualTo(5);
        assertThat(bytes.getInt(28)).isEqualTo(6);
        assertThat(new String(plain.contents(), 32, 8, StandardCharsets.US_ASCII))
                .isEqualTo("plain\0\0\0");
    }

    @ParameterizedTest
    @EnumSource(names = {"STRUCT_OPS", "STRUCT_OPS_BIG"})
    void programsKnowTheirType(TestObject object) {
        assertThat(object.parse().programs().values())
                .extracting(
                        ProgramSpec::name,
                        ProgramSpec::type,
                        ProgramSpec::sleepable,
                        ProgramSpec::autoload)
                .containsExactlyInAnyOrder(
                        tuple("first", ProgramType.STRUCT_OPS, false, true),
                        tuple("second", ProgramType.STRUCT_OPS, true, true),
                        tuple("optional", ProgramType.STRUCT_OPS, false, false),
                        tuple("lonely", ProgramType.STRUCT_OPS, false, false));
    }

    @Test
    void aCopyIsIndependent() {
        CollectionSpec spec = TestObject.STRUCT_OPS.parse();
        CollectionSpec copy = spec.copy();
        copy.map("plain").functions().remove("second");
        copy.map("plain").contents()[0] = 99;
        copy.map("not_created").autocreate(true);
        assertThat(spec.map("plain").functions()).containsKey("second");
        assertThat(spec.map("plain").contents()[0]).isNotEqualTo((byte) 99);
        assertThat(spec.map("not_created").autocreate()).isFalse();
        assertThat(copy.map("plain").declaredFunctions())
                .containsExactly(entry("second", "second"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    spec_refused_struct_ops.bpf.o         | init   | no pointer to a function
                    spec_refused_struct_ops_program.bpf.o | packet | SEC("struct_ops")
                    """)
    void refusesWhatDoesNotFit(String file, String program, String reason) {
        assertThatThrownBy(() -> CollectionSpec.parse(TestObject.path(file)))
                .isInstanceOf(ObjectFormatException.class)
                .hasMessageContainingAll(file, ".struct_ops", program, reason);
    }
}
