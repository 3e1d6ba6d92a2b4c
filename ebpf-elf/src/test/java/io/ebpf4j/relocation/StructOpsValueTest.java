// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.relocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfBuilder;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.RelocationException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.spec.MapSpec;
import io.ebpf4j.spec.TestObject;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** The object's struct some_ops against kernels that lay theirs out otherwise. */
class StructOpsValueTest {
    private static final int POINTER_BITS = 64;

    private final BtfBuilder types = new BtfBuilder();
    private final int number = types.add(new BtfType.Int("int", 4, 1, 0, 32));
    private final int character = types.add(new BtfType.Int("char", 1, 1, 0, 8));
    private final int function =
            types.add(new BtfType.Ptr(types.add(new BtfType.FuncProto(number, List.of()))));
    private final int name = types.add(new BtfType.Array(character, number, 8));
    private final int settings =
            types.add(
                    new BtfType.Struct(
                            "inner_settings",
                            8,
                            List.of(
                                    new BtfType.Member("low", number, 0, 0),
                                    new BtfType.Member("high", number, 32, 0))));
    private final List<BtfType.Member> members = new ArrayList<>();
    private int bits;

    private final CollectionSpec spec = TestObject.STRUCT_OPS.parse();

    private StructOpsValueTest member(String called, int type, int width) {
        return member(called, type, width, 0);
    }

    private StructOpsValueTest member(String called, int type, int width, int bitfield) {
        members.add(new BtfType.Member(called, type, bits, bitfield));
        bits += width;
        return this;
    }

    /** Converts a map to a kernel whose structure has the members that were added. */
    private StructOpsValue value(MapSpec map) {
        int struct = types.add(new BtfType.Struct("some_ops", bits / 8, List.copyOf(members)));
        int value =
                types.add(
                        new BtfType.Struct(
                                "bpf_struct_ops_some_ops",
                                64 + bits / 8,
                                List.of(
                                        new BtfType.Member("common", number, 0, 0),
                                        new BtfType.Member("data", struct, 64 * 8, 0))));
        Btf kernel = types.build(ByteOrder.LITTLE_ENDIAN);
        StructOpsValue converted = StructOpsValue.of(map, spec.btf().orElseThrow(), kernel, value);
        assertThat(converted.structId()).isEqualTo(struct);
        assertThat(converted.valueTypeId()).isEqualTo(value);
        assertThat(converted.bytes()).hasSize(64 + bits / 8);
        return converted;
    }

    private void refuses(Class<? extends BpfException> type, MapSpec map, String... words) {
        assertThatThrownBy(() -> value(map)).isInstanceOf(type).message().contains(words);
    }

    /** What has the object's members, in another order and among others. */
    private StructOpsValueTest whole() {
        return member("before", number, 64)
                .member("name", name, 64)
                .member("settings", settings, 64)
                .member("second", function, POINTER_BITS)
                .member("between", function, POINTER_BITS)
                .member("first", function, POINTER_BITS)
                .member("number", number, 64);
    }

    @Test
    void membersGoWhereTheKernelHasThoseOfTheirName() {
        ByteBuffer bytes =
                ByteBuffer.wrap(whole().value(spec.map("plain")).bytes())
                        .order(ByteOrder.LITTLE_ENDIAN);
        assertThat(bytes.getLong(64)).isZero();
        assertThat(bytes.get(64 + 8)).isEqualTo((byte) 'p');
        assertThat(bytes.getInt(64 + 16)).isEqualTo(5);
        assertThat(bytes.getInt(64 + 20)).isEqualTo(6);
        assertThat(bytes.getLong(64 + 24)).isZero();
        assertThat(bytes.getInt(64 + 48)).isEqualTo(0x01020304);
    }

    @Test
    void functionsKnowTheirMemberInTheKernel() {
        assertThat(whole().value(spec.map("linked_one")).functions())
                .containsExactly(
                        new StructOpsValue.Function("first", "first", 5, 64 + 40),
                        new StructOpsValue.Function("second", "second", 3, 64 + 24));
    }

    @Test
    void theFlavourOfAStructureIsNotTheKernels() {
        assertThat(StructOpsValue.valueTypeName(spec.map("linked_two"), spec.btf().orElseThrow()))
                .isEqualTo("bpf_struct_ops_other_ops");
    }

    @Test
    void whatTheKernelLacksIsLeftOutIfItIsZero() {
        member("name", name, 64).member("first", function, POINTER_BITS);
        assertThat(value(spec.map("not_created")).functions())
                .containsExactly(new StructOpsValue.Function("first", "first", 1, 64 + 8));
    }

    @Test
    void whatTheKernelLacksMustBeZero() {
        member("name", name, 64).member("second", function, POINTER_BITS);
        refuses(UnsupportedException.class, spec.map("plain"), "plain", "some_ops.number");
    }

    @Test
    void aFunctionThatTheKernelLacksMustNotBeSet() {
        member("number", number, 64).member("settings", settings, 64).member("name", name, 64);
        refuses(UnsupportedException.class, spec.map("plain"), "some_ops.second", "functions()");
    }

    @Test
    void dataMustHaveTheKernelsSize() {
        member("number", number, 64)
                .member("settings", settings, 64)
                .member("name", types.add(new BtfType.Array(character, number, 16)), 128)
                .member("second", function, POINTER_BITS);
        MapSpec map = spec.map("plain");
        refuses(RelocationException.class, map, "some_ops.name", "8 bytes", "16");
    }

    @Test
    void dataMustBeOfTheKernelsKind() {
        member("first", function, POINTER_BITS)
                .member("name", types.add(new BtfType.Ptr(0)), POINTER_BITS);
        refuses(RelocationException.class, spec.map("not_created"), "some_ops.name");
    }

    @Test
    void bitfieldsAreRefused() {
        member("number", number, 3, 3);
        bits = 64;
        refuses(UnsupportedException.class, spec.map("not_created"), "some_ops.number", "bitfield");
    }

    @Test
    void aProgramNeedsAPointerToAFunction() {
        member("first", types.add(new BtfType.Ptr(number)), POINTER_BITS);
        refuses(RelocationException.class, spec.map("not_created"), "some_ops.first", "no pointer");
    }

    @Test
    void aPointerIsSetToNothingButAProgram() {
        MapSpec map = spec.map("not_created");
        map.functions().clear();
        map.contents()[8] = 1;
        whole();
        refuses(RelocationException.class, map, "some_ops.first", "functions()");
    }

    @Test
    void aProgramGoesIntoAMemberThatThereIs() {
        MapSpec map = spec.map("not_created");
        whole();
        map.functions().put("third", "first");
        refuses(RelocationException.class, map, "no pointer third");
    }

    @Test
    void aProgramGoesIntoNothingButAPointer() {
        MapSpec map = spec.map("not_created");
        whole();
        map.functions().put("number", "first");
        refuses(RelocationException.class, map, "no pointer number");
    }

    @Test
    void aStructureWithoutItsDataIsRefused() {
        types.add(new BtfType.Struct("some_ops", 0, List.of()));
        int value = types.add(new BtfType.Struct("bpf_struct_ops_some_ops", 8, List.of()));
        Btf kernel = types.build(ByteOrder.LITTLE_ENDIAN);
        assertThatThrownBy(
                        () ->
                                StructOpsValue.of(
                                        spec.map("plain"), spec.btf().orElseThrow(), kernel, value))
                .isInstanceOf(RelocationException.class)
                .hasMessageContaining("bpf_struct_ops_some_ops");
    }
}
