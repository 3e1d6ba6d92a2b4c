// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.relocation;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.asm.Instruction;
import io.ebpf4j.asm.Instructions;
import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfBuilder;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.btf.CoreRelocation;
import io.ebpf4j.btf.CoreRelocation.Kind;
import io.ebpf4j.error.RelocationException;
import io.ebpf4j.spec.FunctionSpec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.nio.ByteOrder;
import java.util.List;

/** Types that no compiler writes end in an error that names the relocation, and soon. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CoreMalformedTypesTest {

    private static final int INT = 1;
    private static final int WIDE = 2;

    private final BtfBuilder local = builder();
    private final BtfBuilder target = builder();

    private static BtfBuilder builder() {
        BtfBuilder builder = new BtfBuilder();
        builder.add(new BtfType.Int("int", 4, BtfType.Int.SIGNED, 0, 32));
        builder.add(new BtfType.Int("long", 8, BtfType.Int.SIGNED, 0, 64));
        return builder;
    }

    private static int struct(BtfBuilder builder, String name, BtfType.Member... members) {
        return builder.add(new BtfType.Struct(name, 8, List.of(members)));
    }

    private static BtfType.Member unnamed(int type) {
        return new BtfType.Member("", type, 0, 0);
    }

    private static BtfType.Member field(String name, int type) {
        return new BtfType.Member(name, type, 0, 0);
    }

    /** Adds structs that hold the next one twice, unnamed, down to a field; returns the first. */
    private static int tangle(BtfBuilder builder, int depth, int leaf) {
        int next = struct(builder, "", field("leaf", leaf));
        for (int i = 0; i < depth; i++) {
            next = struct(builder, i == depth - 1 ? "s" : "", unnamed(next), unnamed(next));
        }
        return next;
    }

    private void assertRefused(CoreRelocation relocation, String reason) {
        Instructions code = Instructions.empty(ByteOrder.nativeOrder());
        code.add(new Instruction(0xb7, 1, 0, 0, 0));
        assertRefused(code, relocation, reason);
    }

    private void assertRefused(Instructions code, CoreRelocation relocation, String reason) {
        Btf types = local.build(ByteOrder.nativeOrder());
        Btf kernel = target.build(ByteOrder.nativeOrder());
        TargetTypes targets =
                new TargetTypes() {
                    @Override
                    public Btf vmlinux() {
                        return kernel;
                    }

                    @Override
                    public List<Btf> modules() {
                        return List.of();
                    }
                };
        FunctionSpec function =
                new FunctionSpec(
                        "f",
                        "kprobe",
                        0,
                        FunctionSpec.Linkage.GLOBAL,
                        code,
                        List.of(),
                        List.of(),
                        List.of(relocation));
        assertThatThrownBy(() -> new CoreRelocator(types, targets).apply(function))
                .isInstanceOf(RelocationException.class)
                .hasMessageContaining("CO-RE relocation " + relocation.kind())
                .hasMessageContaining("f, instruction " + relocation.slot())
                .hasMessageContaining(reason);
    }

    @Test
    void typeIdsThatNameNoType() {
        for (int id : new int[] {99, -1, Integer.MIN_VALUE}) {
            for (Kind kind : Kind.values()) {
                assertRefused(new CoreRelocation(0, id, "0", kind), "<malformed>");
            }
        }
        assertRefused(new CoreRelocation(7, 99, "0", Kind.TYPE_SIZE), "only 1 instructions");
    }

    @Test
    void rootsWithoutASize() {
        int root = local.add(new BtfType.Fwd("s", false));
        assertRefused(new CoreRelocation(0, root, "0", Kind.FIELD_BYTE_OFFSET), "has no size");
    }

    @Test
    void typedefsOfThemselves() {
        int root = local.typeCount();
        local.add(new BtfType.Typedef("t", root));
        target.add(new BtfType.Typedef("t", INT));
        for (Kind kind : List.of(Kind.FIELD_EXISTS, Kind.TYPE_EXISTS, Kind.ENUMVAL_VALUE)) {
            assertRefused(new CoreRelocation(0, root, "0", kind), "refers to itself");
        }
    }

    @Test
    void indicesThatOverflowTheOffset() {
        int root = local.add(new BtfType.Struct("s", Integer.MAX_VALUE, List.of(field("x", INT))));
        assertRefused(
                new CoreRelocation(0, root, "2147483647:0", Kind.FIELD_BYTE_OFFSET), "too far");
    }

    @Test
    void unnamedMembersThatHoldThemselves() {
        int root = struct(local, "s", field("x", INT));
        int there = target.typeCount();
        struct(target, "s", unnamed(there));
        assertRefused(new CoreRelocation(0, root, "0:0", Kind.FIELD_EXISTS), "more than 64 steps");
    }

    @Test
    void unnamedMembersThatMultiply() {
        int root = struct(local, "s", field("x", INT));
        tangle(target, 60, INT);
        assertRefused(
                new CoreRelocation(0, root, "0:0", Kind.FIELD_EXISTS), "members of the target");
    }

    @Test
    void shapesThatMultiply() {
        int root = tangle(local, 30, INT);
        tangle(target, 30, WIDE);
        assertRefused(new CoreRelocation(0, root, "0", Kind.TYPE_MATCHES), "pairs of types");
    }

    @Test
    void wideLoadsCutInHalf() {
        int root = struct(local, "gone", field("x", INT));
        Instructions code =
                Instructions.decode(
                        new byte[] {Instruction.LOAD_IMM64, 0, 0, 0, 0, 0, 0, 0},
                        ByteOrder.nativeOrder());
        assertRefused(
                code, new CoreRelocation(0, root, "0:0", Kind.FIELD_BYTE_OFFSET), "second slot");
    }

    @Test
    void pathsLongerThanAnAccessStringMayBe() {
        int list = local.add(new BtfType.Array(struct(local, "e", field("x", INT)), INT, 4));
        int root = struct(local, "s", field("l", list));
        int inner = struct(target, "e", field("x", INT));
        BtfType.Array elements = new BtfType.Array(inner, INT, 4);
        int next = struct(target, "", field("l", target.add(elements)));
        for (int i = 0; i < 62; i++) {
            next = struct(target, i == 61 ? "s" : "", unnamed(next));
        }
        assertRefused(
                new CoreRelocation(0, root, "0:0:1:0", Kind.FIELD_EXISTS), "more than 64 steps");
    }
}
