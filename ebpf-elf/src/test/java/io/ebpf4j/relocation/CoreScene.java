// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.relocation;

import static org.assertj.core.api.Assertions.assertThat;

import io.ebpf4j.asm.Instruction;
import io.ebpf4j.asm.Instructions;
import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfBuilder;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.btf.CoreRelocation;
import io.ebpf4j.btf.CoreRelocation.Kind;
import io.ebpf4j.spec.FunctionSpec;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Types, relocations and instructions for the tests of {@link CoreRelocator}. */
final class CoreScene {

    static final int MOV_IMM = 0xb7;
    static final int LOAD_W = 0x61;
    static final int LOAD_DW = 0x79;
    static final int LOAD_B = 0x71;
    static final int STORE_W = 0x63;

    /**
     * Types under construction, with the few every test needs: 1 int, 2 u64, 3 u32, 4 u8, 5 s64, 6
     * pointer.
     */
    static final class Types {
        static final int INT = 1;
        static final int U64 = 2;
        static final int U32 = 3;
        static final int U8 = 4;
        static final int S64 = 5;
        static final int POINTER = 6;
        private final BtfBuilder builder = new BtfBuilder();

        Types() {
            integer("int", 4, BtfType.Int.SIGNED);
            integer("unsigned long", 8, 0);
            integer("unsigned int", 4, 0);
            integer("unsigned char", 1, 0);
            integer("long", 8, BtfType.Int.SIGNED);
            add(new BtfType.Ptr(0));
        }

        int add(BtfType type) {
            return builder.add(type);
        }

        private void integer(String name, int size, int encoding) {
            add(new BtfType.Int(name, size, encoding, 0, size * 8));
        }

        int struct(String name, int size, BtfType.Member... members) {
            return add(new BtfType.Struct(name, size, List.of(members)));
        }

        int array(int type, int count) {
            return add(new BtfType.Array(type, INT, count));
        }

        Btf build() {
            return builder.build(ByteOrder.nativeOrder());
        }
    }

    static BtfType.Member field(String name, int type, int byteOffset) {
        return new BtfType.Member(name, type, byteOffset * 8, 0);
    }

    static BtfType.Member bits(String name, int type, int bitOffset, int bits) {
        return new BtfType.Member(name, type, bitOffset, bits);
    }

    record Vmlinux(Btf vmlinux, List<Btf> modules) implements TargetTypes {}

    static Result relocate(
            Types local, Types target, CoreRelocation relocation, Instruction instruction) {
        return relocate(
                local.build(), new Vmlinux(target.build(), List.of()), relocation, instruction);
    }

    static Result relocate(
            Btf local, TargetTypes target, CoreRelocation relocation, Instruction instruction) {
        return relocate(local, target, List.of(relocation), List.of(instruction));
    }

    static Result relocate(
            Btf local,
            TargetTypes target,
            List<CoreRelocation> relocations,
            List<Instruction> code) {
        Instructions instructions = Instructions.empty(ByteOrder.nativeOrder());
        code.forEach(instructions::add);
        FunctionSpec function =
                new FunctionSpec(
                        "f",
                        "kprobe",
                        0,
                        FunctionSpec.Linkage.GLOBAL,
                        instructions,
                        List.of(),
                        List.of(),
                        relocations);
        List<CoreResolution> report = new CoreRelocator(local, target).apply(function);
        List<Instruction> patched = new ArrayList<>();
        instructions.forEach(patched::add);
        return new Result(patched, report);
    }

    record Result(List<Instruction> code, List<CoreResolution> report) {
        Instruction only() {
            assertThat(code).hasSize(1);
            return code.get(0);
        }

        void assertPoisoned() {
            assertThat(code)
                    .allSatisfy(
                            i ->
                                    assertThat(i)
                                            .isEqualTo(
                                                    new Instruction(
                                                            Instruction.CALL, 0, 0, 0, 0xbad2310)));
            assertThat(report).allMatch(CoreResolution::poisoned);
        }
    }

    static CoreRelocation relocation(int type, String access, Kind kind) {
        return new CoreRelocation(0, type, access, kind);
    }

    static Instruction load(int opcode, int offset) {
        return new Instruction(opcode, 1, 2, offset, 0);
    }

    static Instruction move(long imm) {
        return new Instruction(MOV_IMM, 1, 0, 0, imm);
    }

    private CoreScene() {}
}
