// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.relocation;

import static org.assertj.core.api.Assertions.assertThat;
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

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

class CoreRelocatorTest {

    private static final int MOV_IMM = 0xb7;
    private static final int LOAD_W = 0x61;
    private static final int LOAD_DW = 0x79;
    private static final int LOAD_B = 0x71;
    private static final int STORE_W = 0x63;

    /**
     * Types under construction, with the few every test needs: 1 int, 2 u64, 3 u32, 4 u8, 5 s64, 6
     * pointer.
     */
    private static final class Types {
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

    private static BtfType.Member field(String name, int type, int byteOffset) {
        return new BtfType.Member(name, type, byteOffset * 8, 0);
    }

    private static BtfType.Member bits(String name, int type, int bitOffset, int bits) {
        return new BtfType.Member(name, type, bitOffset, bits);
    }

    private record Vmlinux(Btf vmlinux, List<Btf> modules) implements TargetTypes {}

    private static Result relocate(
            Types local, Types target, CoreRelocation relocation, Instruction instruction) {
        return relocate(
                local.build(), new Vmlinux(target.build(), List.of()), relocation, instruction);
    }

    private static Result relocate(
            Btf local, TargetTypes target, CoreRelocation relocation, Instruction instruction) {
        return relocate(local, target, List.of(relocation), List.of(instruction));
    }

    private static Result relocate(
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

    private record Result(List<Instruction> code, List<CoreResolution> report) {
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

    private static CoreRelocation relocation(int type, String access, Kind kind) {
        return new CoreRelocation(0, type, access, kind);
    }

    private static Instruction load(int opcode, int offset) {
        return new Instruction(opcode, 1, 2, offset, 0);
    }

    private static Instruction move(long imm) {
        return new Instruction(MOV_IMM, 1, 0, 0, imm);
    }

    @Nested
    class Fields {
        private final Types local = new Types();
        private final Types target = new Types();

        @Test
        void moveWithTheTarget() {
            int here =
                    local.struct(
                            "task_struct",
                            8,
                            field("pid", Types.INT, 0),
                            field("tgid", Types.INT, 4));
            target.struct(
                    "task_struct", 64, field("state", Types.U64, 0), field("tgid", Types.INT, 44));
            Result r =
                    relocate(
                            local,
                            target,
                            relocation(here, "0:1", Kind.FIELD_BYTE_OFFSET),
                            load(LOAD_W, 4));
            assertThat(r.only()).isEqualTo(load(LOAD_W, 44));
            assertThat(r.report().get(0).description()).isEqualTo("[7] struct task_struct.tgid");
        }

        @Test
        void areFoundInsideUnnamedStructsAndUnions() {
            int here = local.struct("s", 8, field("a", Types.INT, 0), field("x", Types.INT, 4));
            int inner = target.struct("", 8, field("y", Types.INT, 0), field("x", Types.INT, 4));
            int union =
                    target.add(
                            new BtfType.Union(
                                    "", 8, List.of(field("u", Types.U64, 0), field("", inner, 0))));
            target.struct("s", 32, field("a", Types.INT, 0), field("", union, 16));
            Result r =
                    relocate(
                            local,
                            target,
                            relocation(here, "0:1", Kind.FIELD_BYTE_OFFSET),
                            load(LOAD_W, 4));
            assertThat(r.only().offset()).isEqualTo(20);
        }

        @Test
        void ofAnUnnamedLocalMemberAreFoundAtTheTop() {
            int inner = local.struct("", 8, field("y", Types.INT, 0), field("x", Types.INT, 4));
            int here = local.struct("s", 12, field("a", Types.INT, 0), field("", inner, 4));
            target.struct("s", 32, field("x", Types.INT, 28));
            Result r =
                    relocate(
                            local,
                            target,
                            relocation(here, "0:1:1", Kind.FIELD_BYTE_OFFSET),
                            load(LOAD_W, 8));
            assertThat(r.only().offset()).isEqualTo(28);
        }

        @Test
        void followNestedStructsAndArraysThroughModifiers() {
            int element =
                    local.struct("element", 8, field("a", Types.INT, 0), field("b", Types.INT, 4));
            int here = local.struct("s", 32, field("list", local.array(element, 4), 0));
            int there = target.struct("element", 16, field("b", Types.INT, 12));
            int constant =
                    target.add(
                            new BtfType.Const(target.add(new BtfType.Typedef("element_t", there))));
            target.struct(
                    "s", 72, field("z", Types.U64, 0), field("list", target.array(constant, 4), 8));
            Result r =
                    relocate(
                            local,
                            target,
                            relocation(here, "0:0:2:1", Kind.FIELD_BYTE_OFFSET),
                            load(LOAD_W, 20));
            assertThat(r.only().offset()).isEqualTo(8 + 2 * 16 + 12);
        }

        @Test
        void beyondTheTargetsArrayDoNotExistUnlessItIsFlexible() {
            int here = local.struct("s", 64, field("list", local.array(Types.INT, 16), 0));
            CoreRelocation ninth = relocation(here, "0:0:9", Kind.FIELD_EXISTS);
            target.struct("s", 16, field("list", target.array(Types.INT, 4), 0));
            assertThatExists(ninth, 0);
            Types flexible = new Types();
            flexible.struct(
                    "s",
                    4,
                    field("n", Types.INT, 0),
                    field("list", flexible.array(Types.INT, 0), 4));
            CoreRelocation offset = relocation(here, "0:0:9", Kind.FIELD_BYTE_OFFSET);
            assertThat(relocate(local, flexible, offset, load(LOAD_W, 36)).only().offset())
                    .isEqualTo(40);
            Types notLast = new Types();
            notLast.struct(
                    "s",
                    4,
                    field("list", notLast.array(Types.INT, 0), 0),
                    field("n", Types.INT, 0));
            relocate(local, notLast, offset, load(LOAD_W, 36)).assertPoisoned();
        }

        private void assertThatExists(CoreRelocation r, long expected) {
            assertThat(relocate(local, target, r, move(1)).only().imm()).isEqualTo(expected);
        }

        @Test
        void thatDoNotExistArePoisonedButMayBeAskedAbout() {
            int here = local.struct("s", 8, field("gone", Types.INT, 4));
            target.struct("s", 8, field("other", Types.INT, 0));
            assertThatExists(relocation(here, "0:0", Kind.FIELD_EXISTS), 0);
            CoreRelocation offset = relocation(here, "0:0", Kind.FIELD_BYTE_OFFSET);
            relocate(local, target, offset, load(LOAD_W, 4)).assertPoisoned();
        }

        @Test
        void ofATypeThatDoesNotExistArePoisoned() {
            int here = local.struct("nowhere", 8, field("x", Types.INT, 4));
            relocate(
                            local,
                            target,
                            relocation(here, "0:0", Kind.FIELD_BYTE_OFFSET),
                            load(LOAD_W, 4))
                    .assertPoisoned();
        }

        @Test
        void poisonBothSlotsOfAWideLoad() {
            int here = local.struct("nowhere", 8, field("x", Types.INT, 4));
            Instruction wide = new Instruction(Instruction.LOAD_IMM64, 1, 0, 0, 4);
            Result r =
                    relocate(local, target, relocation(here, "0:0", Kind.FIELD_BYTE_OFFSET), wide);
            assertThat(r.code()).hasSize(2);
            r.assertPoisoned();
        }

        @Test
        void ofAnotherKindEndTheSearch() {
            int here = local.struct("s", 8, field("x", Types.POINTER, 0));
            int inner = target.struct("", 8, field("x", Types.POINTER, 0));
            target.struct("s", 16, field("x", Types.INT, 0), field("", inner, 8));
            relocate(
                            local,
                            target,
                            relocation(here, "0:0", Kind.FIELD_BYTE_OFFSET),
                            load(LOAD_DW, 0))
                    .assertPoisoned();
        }

        @Test
        void ofFlavouredTypesAreThoseOfThePlainType() {
            int here = local.struct("s___old", 8, field("x", Types.INT, 4));
            target.struct("s", 32, field("x", Types.INT, 16));
            Result r =
                    relocate(
                            local,
                            target,
                            relocation(here, "0:0", Kind.FIELD_BYTE_OFFSET),
                            load(LOAD_W, 4));
            assertThat(r.only().offset()).isEqualTo(16);
        }

        @Test
        void keepTheirIndexOfAPretendedArray() {
            int here = local.struct("s", 8, field("x", Types.INT, 4));
            target.struct("s", 32, field("x", Types.INT, 16));
            Result r =
                    relocate(
                            local,
                            target,
                            relocation(here, "2:0", Kind.FIELD_BYTE_OFFSET),
                            load(LOAD_W, 20));
            assertThat(r.only().offset()).isEqualTo(2 * 32 + 16);
        }

        @Test
        void giveTheirSizeAndSign() {
            int here = local.struct("s", 8, field("x", Types.INT, 4));
            target.struct("s", 16, field("x", Types.U64, 8));
            assertThat(
                            relocate(
                                            local,
                                            target,
                                            relocation(here, "0:0", Kind.FIELD_BYTE_SIZE),
                                            move(4))
                                    .only()
                                    .imm())
                    .isEqualTo(8);
            assertThat(
                            relocate(
                                            local,
                                            target,
                                            relocation(here, "0:0", Kind.FIELD_SIGNED),
                                            move(1))
                                    .only()
                                    .imm())
                    .isZero();
        }
    }

    @Nested
    class Sizes {
        private final Types local = new Types();
        private final Types target = new Types();

        private Result changing(int localType, int targetType, Instruction instruction) {
            int here = local.struct("s", 16, field("x", localType, 0));
            target.struct("s", 16, field("x", targetType, 8));
            return relocate(
                    local, target, relocation(here, "0:0", Kind.FIELD_BYTE_OFFSET), instruction);
        }

        @Test
        void ofUnsignedFieldsWidenLoads() {
            assertThat(changing(Types.U32, Types.U64, load(LOAD_W, 0)).only())
                    .isEqualTo(load(LOAD_DW, 8));
        }

        @Test
        void ofUnsignedFieldsNarrowLoads() {
            assertThat(changing(Types.U32, Types.U8, load(LOAD_W, 0)).only())
                    .isEqualTo(load(LOAD_B, 8));
        }

        @Test
        void ofUnsignedFieldsChangeStores() {
            assertThat(changing(Types.U32, Types.U8, load(STORE_W, 0)).only())
                    .isEqualTo(load(0x73, 8));
        }

        @Test
        void ofSignedFieldsThatDifferArePoison() {
            changing(Types.INT, Types.S64, load(LOAD_W, 0)).assertPoisoned();
        }

        @Test
        void thatDifferDoNotMatterToAnAddress() {
            assertThat(changing(Types.INT, Types.S64, move(0)).only()).isEqualTo(move(8));
        }

        @Test
        void otherThanTheFieldsAreAnError() {
            assertThatThrownBy(() -> changing(Types.U32, Types.U64, load(LOAD_B, 0)))
                    .isInstanceOf(RelocationException.class)
                    .hasMessageContaining("accesses 1 bytes of a field of 4");
        }

        @Test
        void ofArraysAreThoseOfTheirElements() {
            int here = local.struct("s", 16, field("x", local.array(Types.U32, 4), 0));
            target.struct("s", 24, field("x", target.array(Types.U32, 2), 8));
            Result r =
                    relocate(
                            local,
                            target,
                            relocation(here, "0:0", Kind.FIELD_BYTE_OFFSET),
                            load(LOAD_W, 0));
            assertThat(r.only()).isEqualTo(load(LOAD_W, 8));
        }

        @Test
        void ofArrayElementsCannotChangeUnderALoop() {
            int here = local.struct("s", 16, field("x", local.array(Types.U32, 4), 0));
            target.struct("s", 40, field("x", target.array(Types.U64, 4), 8));
            CoreRelocation offset = relocation(here, "0:0", Kind.FIELD_BYTE_OFFSET);
            relocate(local, target, offset, load(LOAD_W, 0)).assertPoisoned();
            CoreRelocation second = relocation(here, "0:0:1", Kind.FIELD_BYTE_OFFSET);
            assertThat(relocate(local, target, second, load(LOAD_W, 4)).only())
                    .isEqualTo(load(LOAD_DW, 16));
        }

        @Test
        void ofRowsAreThoseOfTheirElements() {
            int rows = local.array(local.array(Types.U32, 4), 2);
            int here = local.struct("s", 32, field("x", rows, 0));
            int fewer = target.array(target.array(Types.U32, 3), 2);
            target.struct("s", 32, field("x", fewer, 8));
            CoreRelocation row = relocation(here, "0:0:1", Kind.FIELD_BYTE_OFFSET);
            assertThat(relocate(local, target, row, load(LOAD_W, 16)).only())
                    .isEqualTo(load(LOAD_W, 8 + 12));
        }

        @Test
        void ofBitfieldsDoNotBecomeThoseOfPlainFields() {
            int here = local.struct("s", 4, bits("x", Types.U32, 0, 3));
            target.struct("s", 16, field("x", Types.U32, 8));
            CoreRelocation offset = relocation(here, "0:0", Kind.FIELD_BYTE_OFFSET);
            relocate(local, target, offset, load(LOAD_W, 0)).assertPoisoned();
        }

        @Test
        void ofTypesAreTheTargets() {
            int here = local.struct("s", 16, field("x", Types.U32, 0));
            target.struct("s", 48, field("x", Types.U32, 0));
            assertThat(
                            relocate(local, target, relocation(here, "0", Kind.TYPE_SIZE), move(16))
                                    .only()
                                    .imm())
                    .isEqualTo(48);
            int gone = local.struct("gone", 4);
            assertThat(
                            relocate(local, target, relocation(gone, "0", Kind.TYPE_SIZE), move(4))
                                    .only()
                                    .imm())
                    .isZero();
        }
    }

    @Nested
    class Bitfields {
        private final Types local = new Types();
        private final Types target = new Types();
        private int here;

        private long ask(Kind kind, long expected) {
            return relocate(local, target, relocation(here, "0:0", kind), move(expected))
                    .only()
                    .imm();
        }

        @Test
        void areReadFromTheSmallestAlignedWordAndShifted() {
            here = local.struct("s", 4, bits("x", Types.U32, 0, 3));
            target.struct("s", 16, field("a", Types.U64, 0), bits("x", Types.U32, 64 + 5, 7));
            boolean little = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
            assertThat(ask(Kind.FIELD_BYTE_OFFSET, 0)).isEqualTo(8);
            assertThat(ask(Kind.FIELD_BYTE_SIZE, 4)).isEqualTo(4);
            assertThat(ask(Kind.FIELD_LSHIFT_U64, 61)).isEqualTo(little ? 64 - 12 : 32 + 5);
            assertThat(ask(Kind.FIELD_RSHIFT_U64, 61)).isEqualTo(57);
            assertThat(ask(Kind.FIELD_SIGNED, 0)).isZero();
        }

        @Test
        void thatCrossTheirWordAreReadFromAWiderOne() {
            here = local.struct("s", 4, bits("x", Types.U32, 0, 3));
            target.struct("s", 8, bits("x", Types.U32, 28, 10));
            assertThat(ask(Kind.FIELD_BYTE_OFFSET, 0)).isZero();
            assertThat(ask(Kind.FIELD_BYTE_SIZE, 4)).isEqualTo(8);
        }

        @Test
        void mayHaveBeenReadByTheCompilerThroughAnotherWord() {
            here = local.struct("s", 4, bits("x", Types.U32, 8, 8));
            target.struct("s", 4, bits("x", Types.U32, 16, 8));
            assertThat(ask(Kind.FIELD_BYTE_OFFSET, 1)).isZero();
        }

        @Test
        void becomePlainFieldsAndBack() {
            here = local.struct("s", 4, bits("x", Types.U32, 0, 3));
            target.struct("s", 16, field("x", Types.U64, 8));
            assertThat(ask(Kind.FIELD_BYTE_OFFSET, 0)).isEqualTo(8);
            assertThat(ask(Kind.FIELD_BYTE_SIZE, 4)).isEqualTo(8);
            assertThat(ask(Kind.FIELD_LSHIFT_U64, 61)).isZero();
            assertThat(ask(Kind.FIELD_RSHIFT_U64, 61)).isZero();
        }
    }

    @Nested
    class Kinds {
        private final Types local = new Types();
        private final Types target = new Types();

        private long ask(int type, Kind kind, long expected) {
            return relocate(local, target, relocation(type, "0", kind), move(expected))
                    .only()
                    .imm();
        }

        @Test
        void ofTypesDecideWhetherTheyExist() {
            target.struct("s", 4);
            target.add(new BtfType.Union("u", 4, List.of()));
            assertThat(ask(local.struct("s", 8), Kind.TYPE_EXISTS, 1)).isEqualTo(1);
            assertThat(ask(local.struct("u", 8), Kind.TYPE_EXISTS, 1)).isZero();
            assertThat(ask(local.struct("t", 8), Kind.TYPE_EXISTS, 1)).isZero();
        }

        @Test
        void ofTypesGiveLocalAndTargetIds() {
            int here = local.struct("s", 8);
            target.struct("first", 4);
            int there = target.struct("s", 4);
            assertThat(ask(here, Kind.TYPE_ID_LOCAL, 99)).isEqualTo(here);
            assertThat(ask(here, Kind.TYPE_ID_TARGET, 99)).isEqualTo(there);
            assertThat(ask(local.struct("gone", 8), Kind.TYPE_ID_TARGET, 99)).isZero();
        }

        @Test
        void matchWhenTheTargetHasAllMembersOfTheLocalShape() {
            target.struct("s", 16, field("b", Types.U64, 0), field("a", Types.INT, 8));
            assertThat(
                            ask(
                                    local.struct("s___a", 4, field("a", Types.INT, 0)),
                                    Kind.TYPE_MATCHES,
                                    1))
                    .isEqualTo(1);
            assertThat(
                            ask(
                                    local.struct("s___b", 4, field("a", Types.U32, 0)),
                                    Kind.TYPE_MATCHES,
                                    1))
                    .isZero();
            assertThat(
                            ask(
                                    local.struct("s___c", 4, field("c", Types.INT, 0)),
                                    Kind.TYPE_MATCHES,
                                    1))
                    .isZero();
        }

        @Test
        void matchNoEnumWithFewerEnumerators() {
            BtfType.Enumerator plain = new BtfType.Enumerator("A", 1);
            BtfType.Enumerator flavoured = new BtfType.Enumerator("A___x", 2);
            int one = local.add(new BtfType.Enum("e", 4, false, List.of(flavoured)));
            int two = local.add(new BtfType.Enum("e___two", 4, false, List.of(plain, flavoured)));
            target.add(new BtfType.Enum("e", 4, false, List.of(plain)));
            assertThat(ask(one, Kind.TYPE_MATCHES, 1)).isEqualTo(1);
            assertThat(ask(two, Kind.TYPE_MATCHES, 1)).isZero();
        }

        private int typedef(Types types, String name, int type) {
            return types.add(new BtfType.Typedef(name, type));
        }

        private int function(Types types, int returned, int... arguments) {
            List<BtfType.Parameter> parameters = new ArrayList<>();
            for (int argument : arguments) {
                parameters.add(new BtfType.Parameter("", argument));
            }
            return types.add(new BtfType.FuncProto(returned, parameters));
        }

        @Test
        void ofSignaturesCompareEveryParameterAndTheResult() {
            typedef(target, "f", function(target, Types.INT, Types.POINTER, Types.U32));
            int same = typedef(local, "f", function(local, Types.INT, Types.POINTER, Types.U32));
            int signs = typedef(local, "f", function(local, Types.U64, Types.POINTER, Types.INT));
            int fewer = typedef(local, "f", function(local, Types.INT, Types.POINTER));
            int other = typedef(local, "f", function(local, Types.POINTER, Types.POINTER, 3));
            for (Kind kind : List.of(Kind.TYPE_EXISTS, Kind.TYPE_MATCHES)) {
                assertThat(ask(same, kind, 1)).isEqualTo(1);
                assertThat(ask(fewer, kind, 1)).isZero();
                assertThat(ask(other, kind, 1)).isZero();
            }
            assertThat(ask(signs, Kind.TYPE_EXISTS, 1)).isEqualTo(1);
            assertThat(ask(signs, Kind.TYPE_MATCHES, 1)).isZero();
        }

        @Test
        void ofArraysCompareElementsAndMatchOnlyInTheirCount() {
            typedef(target, "a", target.array(Types.U32, 4));
            int same = typedef(local, "a", local.array(Types.U32, 4));
            int longer = typedef(local, "a", local.array(Types.U32, 5));
            int other = typedef(local, "a", local.array(Types.POINTER, 4));
            assertThat(ask(same, Kind.TYPE_MATCHES, 1)).isEqualTo(1);
            assertThat(ask(longer, Kind.TYPE_EXISTS, 1)).isEqualTo(1);
            assertThat(ask(longer, Kind.TYPE_MATCHES, 1)).isZero();
            assertThat(ask(other, Kind.TYPE_EXISTS, 1)).isZero();
        }

        @Test
        void ofTypedefsGiveTheTypedefsId() {
            target.add(new BtfType.Typedef("u32_t", Types.U64));
            int there = target.add(new BtfType.Typedef("t", Types.U32));
            int here = local.add(new BtfType.Typedef("t", Types.INT));
            assertThat(ask(here, Kind.TYPE_ID_TARGET, 99)).isEqualTo(there);
        }

        @Test
        void matchForwardDeclarationsBehindPointersOnly() {
            int forward = local.add(new BtfType.Fwd("t", false));
            int union = local.add(new BtfType.Fwd("t", true));
            int there = target.struct("t", 4);
            target.struct("s", 8, field("p", target.add(new BtfType.Ptr(there)), 0));
            int good = local.struct("s___f", 8, field("p", local.add(new BtfType.Ptr(forward)), 0));
            int bad = local.struct("s___u", 8, field("p", local.add(new BtfType.Ptr(union)), 0));
            assertThat(ask(good, Kind.TYPE_MATCHES, 1)).isEqualTo(1);
            assertThat(ask(bad, Kind.TYPE_MATCHES, 1)).isZero();
        }
    }

    @Nested
    class Enumerators {
        private final Types local = new Types();
        private final Types target = new Types();
        private final int here =
                local.add(
                        new BtfType.Enum(
                                "e",
                                4,
                                false,
                                List.of(
                                        new BtfType.Enumerator("A", 1),
                                        new BtfType.Enumerator("GONE___x", 2))));

        @Test
        void takeTheTargetsValueEvenOf64Bits() {
            target.add(
                    new BtfType.Enum64(
                            "e",
                            8,
                            false,
                            List.of(
                                    new BtfType.Enumerator("Z", 0),
                                    new BtfType.Enumerator("A", 1L << 40))));
            Instruction wide = new Instruction(Instruction.LOAD_IMM64, 1, 0, 0, 1);
            Result r = relocate(local, target, relocation(here, "0", Kind.ENUMVAL_VALUE), wide);
            assertThat(r.only().imm()).isEqualTo(1L << 40);
            assertThat(r.report().get(0).description()).isEqualTo("[7] enum e::A");
        }

        @Test
        void thatAreGonePoisonTheirValue() {
            target.add(new BtfType.Enum("e", 4, false, List.of(new BtfType.Enumerator("A", 7))));
            relocate(local, target, relocation(here, "1", Kind.ENUMVAL_VALUE), move(2))
                    .assertPoisoned();
            assertThat(
                            relocate(
                                            local,
                                            target,
                                            relocation(here, "1", Kind.ENUMVAL_EXISTS),
                                            move(1))
                                    .only()
                                    .imm())
                    .isZero();
            assertThat(
                            relocate(
                                            local,
                                            target,
                                            relocation(here, "0", Kind.ENUMVAL_EXISTS),
                                            move(1))
                                    .only()
                                    .imm())
                    .isEqualTo(1);
        }

        @Test
        void areComparedWithoutFlavour() {
            target.add(new BtfType.Enum("e", 4, false, List.of(new BtfType.Enumerator("GONE", 7))));
            assertThat(
                            relocate(
                                            local,
                                            target,
                                            relocation(here, "1", Kind.ENUMVAL_VALUE),
                                            move(2))
                                    .only()
                                    .imm())
                    .isEqualTo(7);
        }
    }

    @Nested
    class Candidates {
        private final Types local = new Types();
        private final int here = local.struct("s", 8, field("x", Types.INT, 4));
        private final CoreRelocation offset = relocation(here, "0:0", Kind.FIELD_BYTE_OFFSET);

        @Test
        void thatDisagreeAreAmbiguous() {
            Types target = new Types();
            target.struct("s", 32, field("x", Types.INT, 16));
            target.struct("s___other", 32, field("x", Types.INT, 20));
            assertThatThrownBy(() -> relocate(local, target, offset, load(LOAD_W, 4)))
                    .isInstanceOf(RelocationException.class)
                    .hasMessageContaining("ambiguous")
                    .hasMessageContaining("s___other")
                    .hasMessageContaining("f, instruction 0");
        }

        @Test
        void thatAgreeAreFine() {
            Types target = new Types();
            target.struct("s", 32, field("x", Types.INT, 16));
            target.struct("s", 64, field("x", Types.INT, 16));
            assertThat(relocate(local, target, offset, load(LOAD_W, 4)).only().offset())
                    .isEqualTo(16);
        }

        @Test
        void thatFailedOneRelocationAreNotMeantByTheNext() {
            Types wide = new Types();
            int both = wide.struct("s", 8, field("x", Types.INT, 4), field("y", Types.INT, 0));
            Types target = new Types();
            target.struct("s", 32, field("x", Types.INT, 16));
            target.struct("s", 32, field("x", Types.INT, 20), field("y", Types.INT, 24));
            Result r =
                    relocate(
                            wide.build(),
                            new Vmlinux(target.build(), List.of()),
                            List.of(
                                    new CoreRelocation(0, both, "0:1", Kind.FIELD_BYTE_OFFSET),
                                    new CoreRelocation(1, both, "0:0", Kind.FIELD_BYTE_OFFSET)),
                            List.of(load(LOAD_W, 0), load(LOAD_W, 4)));
            assertThat(r.code()).containsExactly(load(LOAD_W, 24), load(LOAD_W, 20));
        }

        @Test
        void ofModulesCountOnlyWhenVmlinuxHasNone() {
            Btf vmlinux = new Types().build();
            BtfBuilder module = BtfBuilder.split(vmlinux);
            module.add(new BtfType.Struct("s", 64, List.of(field("x", Types.INT, 60))));
            List<Btf> modules = List.of(module.build(ByteOrder.nativeOrder()));
            assertThat(
                            relocate(
                                            local.build(),
                                            new Vmlinux(vmlinux, modules),
                                            offset,
                                            load(LOAD_W, 4))
                                    .only()
                                    .offset())
                    .isEqualTo(60);
            Types with = new Types();
            with.struct("s", 32, field("x", Types.INT, 8));
            TargetTypes noModules =
                    new TargetTypes() {
                        @Override
                        public Btf vmlinux() {
                            return with.build();
                        }

                        @Override
                        public List<Btf> modules() {
                            throw new AssertionError(
                                    "modules are searched although vmlinux has the type");
                        }
                    };
            assertThat(relocate(local.build(), noModules, offset, load(LOAD_W, 4)).only().offset())
                    .isEqualTo(8);
        }
    }

    @Nested
    class BadInput {
        private final Types local = new Types();
        private final Types target = new Types();
        private final int here = local.struct("s", 8, field("x", Types.INT, 4));

        private void assertRefused(CoreRelocation r, Instruction i, String reason) {
            target.struct("s", 70000, field("x", Types.INT, 4));
            assertThatThrownBy(() -> relocate(local, target, r, i))
                    .isInstanceOf(RelocationException.class)
                    .hasMessageContaining(reason);
        }

        @Test
        void accessStringsAreNumbersAndColons() {
            for (String bad :
                    List.of("", ":", "0:", "0::1", "-1", "0:x", "99999999999", "0:1".repeat(64))) {
                assertRefused(
                        relocation(here, bad, Kind.FIELD_BYTE_OFFSET), load(LOAD_W, 4), "access");
            }
        }

        @Test
        void accessesLeadSomewhere() {
            assertRefused(
                    relocation(here, "0:1", Kind.FIELD_BYTE_OFFSET),
                    load(LOAD_W, 4),
                    "leads nowhere");
            assertRefused(
                    relocation(here, "0:0:0", Kind.FIELD_BYTE_OFFSET),
                    load(LOAD_W, 4),
                    "leads nowhere");
            assertRefused(relocation(here, "1", Kind.TYPE_EXISTS), move(1), "\"0\"");
            assertRefused(relocation(here, "0", Kind.ENUMVAL_VALUE), move(1), "enumerator");
        }

        @Test
        void instructionsHoldWhatTheTypesSay() {
            assertRefused(
                    relocation(here, "0:0", Kind.FIELD_BYTE_OFFSET), load(LOAD_W, 8), "it holds 8");
            assertRefused(relocation(here, "0:0", Kind.FIELD_BYTE_OFFSET), move(5), "it holds 5");
        }

        @Test
        void onlyImmediatesAndOffsetsAreRelocated() {
            assertRefused(
                    relocation(here, "0:0", Kind.FIELD_BYTE_OFFSET),
                    new Instruction(0xbf, 1, 2, 0, 0),
                    "immediate operand");
            assertRefused(
                    relocation(here, "0:0", Kind.FIELD_BYTE_OFFSET),
                    new Instruction(0x95, 0, 0, 0, 0),
                    "only ALU");
        }

        @Test
        void offsetsFit16Bits() {
            target.struct("far", 70000, field("x", Types.INT, 65536));
            int far = local.struct("far", 8, field("x", Types.INT, 4));
            assertRefused(
                    relocation(far, "0:0", Kind.FIELD_BYTE_OFFSET), load(LOAD_W, 4), "16 bits");
        }

        @Test
        void rootTypesHaveAName() {
            int anonymous = local.struct("", 8, field("x", Types.INT, 4));
            assertRefused(
                    relocation(anonymous, "0:0", Kind.FIELD_BYTE_OFFSET),
                    load(LOAD_W, 4),
                    "no name");
        }
    }
}
