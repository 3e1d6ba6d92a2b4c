// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.asm;

import static io.ebpf4j.asm.Register.R0;
import static io.ebpf4j.asm.Register.R1;
import static io.ebpf4j.asm.Register.R10;
import static io.ebpf4j.asm.Register.R2;
import static io.ebpf4j.asm.Register.R6;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;

class AssemblerTest {

    record Case(String text, UnaryOperator<Assembler> write) {
        @Override
        public String toString() {
            return text;
        }
    }

    static List<Case> single() {
        List<Case> cases = new ArrayList<>();
        cases.add(new Case("r1 = r2", a -> a.mov(R1, R2)));
        cases.add(new Case("r1 = -0x1", a -> a.mov(R1, -1)));
        cases.add(new Case("r1 += r2", a -> a.add(R1, R2)));
        cases.add(new Case("r1 += -0x80000000", a -> a.add(R1, Integer.MIN_VALUE)));
        cases.add(new Case("r1 = -r1", a -> a.negate(R1)));
        cases.add(new Case("w1 = -w1", a -> a.negate32(R1)));
        cases.add(new Case("r1 = (s8)r2", a -> a.movSigned(Width.B, R1, R2)));
        cases.add(new Case("r1 = (s16)r2", a -> a.movSigned(Width.H, R1, R2)));
        cases.add(new Case("r1 = (s32)r2", a -> a.movSigned(Width.W, R1, R2)));
        cases.add(new Case("w1 = (s8)w2", a -> a.movSigned32(Width.B, R1, R2)));
        cases.add(new Case("w1 = (s16)w2", a -> a.movSigned32(Width.H, R1, R2)));
        cases.add(
                new Case(
                        "r1 = addr_space_cast(r2, 0x0, 0x1)",
                        a -> a.addressSpaceCast(R1, R2, 0, 1)));
        cases.add(
                new Case(
                        "r1 = addr_space_cast(r2, 0xffff, 0x2)",
                        a -> a.addressSpaceCast(R1, R2, 0xffff, 2)));
        cases.add(new Case("r1 = le16 r1", a -> a.toLittleEndian(Width.H, R1)));
        cases.add(new Case("r1 = be32 r1", a -> a.toBigEndian(Width.W, R1)));
        cases.add(new Case("r1 = bswap64 r1", a -> a.swapBytes(Width.DW, R1)));
        cases.add(new Case("r1 = 0x7fffffffffffffff ll", a -> a.loadImmediate(R1, Long.MAX_VALUE)));
        cases.add(
                new Case("r1 = -0x8000000000000000 ll", a -> a.loadImmediate(R1, Long.MIN_VALUE)));
        cases.add(new Case("r1 = *(u8 *)(r2 + 0x0)", a -> a.load(Width.B, R1, R2, 0)));
        cases.add(new Case("r1 = *(u64 *)(r10 - 0x8000)", a -> a.load(Width.DW, R1, R10, -0x8000)));
        cases.add(
                new Case("r1 = *(s16 *)(r2 + 0x7fff)", a -> a.loadSigned(Width.H, R1, R2, 0x7fff)));
        cases.add(new Case("*(u32 *)(r10 - 0x4) = r1", a -> a.store(Width.W, R10, -4, R1)));
        cases.add(new Case("*(u16 *)(r10 - 0x4) = -0x5", a -> a.store(Width.H, R10, -4, -5)));
        cases.add(new Case("r0 = *(u16 *)skb[0xc]", a -> a.loadPacket(Width.H, 12)));
        cases.add(new Case("r0 = *(u8 *)skb[r2]", a -> a.loadPacket(Width.B, R2)));
        cases.add(
                new Case(
                        "lock *(u64 *)(r1 + 0x8) += r2",
                        a -> a.atomic(Atomic.ADD, Width.DW, R1, 8, R2)));
        cases.add(
                new Case(
                        "lock *(u32 *)(r1 + 0x8) |= w2",
                        a -> a.atomic(Atomic.OR, Width.W, R1, 8, R2)));
        cases.add(
                new Case(
                        "lock *(u32 *)(r1 + 0x8) &= w2",
                        a -> a.atomic(Atomic.AND, Width.W, R1, 8, R2)));
        cases.add(
                new Case(
                        "lock *(u32 *)(r1 + 0x8) ^= w2",
                        a -> a.atomic(Atomic.XOR, Width.W, R1, 8, R2)));
        cases.add(
                new Case(
                        "r2 = atomic_fetch_add((u64 *)(r1 + 0x0), r2)",
                        a -> a.atomic(Atomic.FETCH_ADD, Width.DW, R1, 0, R2)));
        cases.add(
                new Case(
                        "r2 = atomic_fetch_or((u64 *)(r1 + 0x0), r2)",
                        a -> a.atomic(Atomic.FETCH_OR, Width.DW, R1, 0, R2)));
        cases.add(
                new Case(
                        "w2 = atomic_fetch_and((u32 *)(r1 + 0x0), w2)",
                        a -> a.atomic(Atomic.FETCH_AND, Width.W, R1, 0, R2)));
        cases.add(
                new Case(
                        "w2 = atomic_fetch_xor((u32 *)(r1 + 0x0), w2)",
                        a -> a.atomic(Atomic.FETCH_XOR, Width.W, R1, 0, R2)));
        cases.add(
                new Case(
                        "r2 = xchg_64(r1 + 0x0, r2)",
                        a -> a.atomic(Atomic.XCHG, Width.DW, R1, 0, R2)));
        cases.add(
                new Case(
                        "w0 = cmpxchg32_32(r1 - 0x4, w0, w2)",
                        a -> a.atomic(Atomic.CMPXCHG, Width.W, R1, -4, R2)));
        cases.add(
                new Case(
                        "w1 = load_acquire((u8 *)(r2 + 0x1))",
                        a -> a.loadAcquire(Width.B, R1, R2, 1)));
        cases.add(
                new Case(
                        "store_release((u64 *)(r1 - 0x8), r2)",
                        a -> a.storeRelease(Width.DW, R1, -8, R2)));
        cases.add(new Case("r1 = map[fd:9]", a -> a.loadMap(R1, 9)));
        cases.add(new Case("r1 = map[fd:9][0]+4", a -> a.loadMapValue(R1, 9, 4)));
        cases.add(new Case("call bpf_trace_printk#6", a -> a.callHelper(6)));
        cases.add(new Case("call bpf_ringbuf_output#130", a -> a.callHelper("bpf_ringbuf_output")));
        cases.add(new Case("call unknown#400", a -> a.callHelper(400)));
        cases.add(new Case("exit", Assembler::exit));
        return cases;
    }

    @ParameterizedTest
    @MethodSource("single")
    void writesWhatTheDisassemblerReads(Case c) {
        for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
            Instructions built = c.write().apply(new Assembler(order)).build();

            assertThat(Disassembler.listing("", built)).isEqualTo("       0:\t" + c.text() + "\n");
            assertThat(built.references()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Arithmetic.class)
    void writesEveryArithmeticOperationInFourForms(Arithmetic operation) {
        Instructions built =
                new Assembler(ByteOrder.LITTLE_ENDIAN)
                        .alu(operation, R1, R2)
                        .alu(operation, R1, -7)
                        .alu32(operation, R1, R2)
                        .alu32(operation, R1, 7)
                        .build();

        String text = operation.text();
        assertThat(Disassembler.listing("", built))
                .isEqualTo(
                        "       0:\tr1 "
                                + text
                                + " r2\n       1:\tr1 "
                                + text
                                + " -0x7\n       2:\tw1 "
                                + text
                                + " w2\n       3:\tw1 "
                                + text
                                + " 0x7\n");
    }

    @ParameterizedTest
    @EnumSource(Condition.class)
    void writesEveryConditionInFourForms(Condition condition) {
        Instructions built =
                new Assembler(ByteOrder.LITTLE_ENDIAN)
                        .jumpIf(condition, R1, R2, "out")
                        .jumpIf(condition, R1, -7, "out")
                        .jumpIf32(condition, R1, R2, "out")
                        .jumpIf32(condition, R1, 7, "out")
                        .label("out")
                        .exit()
                        .build();

        String text = condition.text();
        assertThat(Disassembler.listing("", built))
                .isEqualTo(
                        "       0:\tif r1 "
                                + text
                                + " r2 goto +0x3\n       1:\tif r1 "
                                + text
                                + " -0x7 goto +0x2\n       2:\tif w1 "
                                + text
                                + " w2 goto +0x1\n       3:\tif w1 "
                                + text
                                + " 0x7 goto +0x0\n       4:\texit\n");
    }

    @Test
    void encodesAsClangDoes() {
        // clang -target bpf gives these bytes for: r6 = r1; r1 = 7 ll; *(u32 *)(r10 - 4) = r1; exit
        Assembler little = new Assembler(ByteOrder.LITTLE_ENDIAN);
        Assembler big = new Assembler(ByteOrder.BIG_ENDIAN);
        for (Assembler a : List.of(little, big)) {
            a.mov(R6, R1).loadImmediate(R1, 7).store(Width.W, R10, -4, R1).exit();
        }

        assertThat(HexFormat.of().formatHex(little.build().encode()))
                .isEqualTo(
                        "bf16000000000000"
                                + "18010000070000000000000000000000"
                                + "631afcff00000000"
                                + "9500000000000000");
        assertThat(HexFormat.of().formatHex(big.build().encode()))
                .isEqualTo(
                        "bf61000000000000"
                                + "18100000000000070000000000000000"
                                + "63a1fffc00000000"
                                + "9500000000000000");
    }

    @Test
    void measuresJumpsInSlots() {
        Instructions built =
                new Assembler()
                        .label("start")
                        .jump("end")
                        .loadImmediate(R1, 1)
                        .mayGoto("start")
                        .callLabel("end")
                        .jumpLong("start")
                        .label("end")
                        .exit()
                        .build();

        assertThat(built.offset(0)).isEqualTo(5);
        assertThat(built.offset(3)).isEqualTo(-4);
        assertThat(built.imm(4)).isEqualTo(1);
        assertThat(built.imm(5)).isEqualTo(-6);
        assertThat(built.offset(5)).isZero();
    }

    @Test
    void notesReferencesWithTheirSlots() {
        Instructions built =
                new Assembler()
                        .loadMap(R1, "counts")
                        .loadMapValue(R2, ".bss", 12)
                        .loadFunction(R2, "callback")
                        .loadExtern(R2, "CONFIG_HZ")
                        .callFunction("sub")
                        .callExtern("bpf_rcu_read_lock")
                        .build();

        assertThat(built.references())
                .containsExactly(
                        new Reference.MapDescriptor(0, "counts"),
                        new Reference.MapValue(2, ".bss", 12),
                        new Reference.FunctionAddress(4, "callback"),
                        new Reference.Extern(6, "CONFIG_HZ"),
                        new Reference.Call(8, "sub"),
                        new Reference.Extern(9, "bpf_rcu_read_lock"));
        assertThat(built.src(0)).isEqualTo(Opcode.BPF_PSEUDO_MAP_FD);
        assertThat(built.src(2)).isEqualTo(Opcode.BPF_PSEUDO_MAP_VALUE);
        assertThat(built.imm(3)).isEqualTo(12);
        assertThat(built.src(4)).isEqualTo(Opcode.BPF_PSEUDO_FUNC);
        assertThat(built.src(6)).isZero();
        assertThat(built.src(8)).isEqualTo(Opcode.BPF_PSEUDO_CALL);
        assertThat(built.src(9)).isEqualTo(Opcode.BPF_PSEUDO_KFUNC_CALL);
    }

    @Test
    void canGoOnAfterBuilding() {
        Assembler assembler = new Assembler().loadMap(R1, "counts");
        Instructions first = assembler.build();
        Instructions second = assembler.exit().build();

        assertThat(first.slotCount()).isEqualTo(2);
        assertThat(second.slotCount()).isEqualTo(3);
        first.references().clear();
        assertThat(second.references()).hasSize(1);
    }

    @Test
    void refusesAMissingLabel() {
        Assembler assembler = new Assembler().mov(R0, 0).jump("nowhere");

        assertThatIllegalStateException()
                .isThrownBy(assembler::build)
                .withMessage("label \"nowhere\", used at slot 1, is missing");
    }

    @Test
    void refusesALabelTwice() {
        Assembler assembler = new Assembler().label("here").exit();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> assembler.label("here"))
                .withMessage("label \"here\" is at slot 0 already");
    }

    @Test
    void refusesAJumpBeyondSixteenBitsAndNamesTheWayOut() {
        Assembler assembler = new Assembler().jump("end");
        for (int i = 0; i < 32_767; i++) {
            assembler.mov(R0, 0);
        }
        Instructions longest = assembler.label("end").exit().build();
        assertThat(longest.offset(0)).isEqualTo(32_767);

        Assembler tooFar = new Assembler().label("start");
        for (int i = 0; i < 32_768; i++) {
            tooFar.mov(R0, 0);
        }
        tooFar.jump("start");
        assertThatIllegalStateException()
                .isThrownBy(tooFar::build)
                .withMessageContaining("-32769 slots away from slot 32768")
                .withMessageContaining("jumpLong");
    }

    @Test
    void refusesNumbersThatDoNotFit() {
        Assembler a = new Assembler();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> a.mov(R1, 0x8000_0000L))
                .withMessage("immediate 2147483648 does not fit 32 bits");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> a.alu32(Arithmetic.ADD, R1, -0x8000_0001L));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> a.jumpIf(Condition.EQ, R1, 1L << 32, "x"));
        assertThatIllegalArgumentException().isThrownBy(() -> a.store(Width.DW, R10, -8, 1L << 31));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> a.load(Width.W, R1, R2, 0x8000))
                .withMessage("offset 32768 does not fit 16 bits");
        assertThatIllegalArgumentException().isThrownBy(() -> a.store(Width.W, R10, -0x8001, R1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> a.addressSpaceCast(R1, R2, 0x10000, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> a.callHelper(0));
        assertThat(a.build().slotCount()).isZero();
    }

    @Test
    void refusesWidthsThatDoNotExist() {
        Assembler a = new Assembler();

        assertThatIllegalArgumentException().isThrownBy(() -> a.movSigned(Width.DW, R1, R2));
        assertThatIllegalArgumentException().isThrownBy(() -> a.movSigned32(Width.W, R1, R2));
        assertThatIllegalArgumentException().isThrownBy(() -> a.loadSigned(Width.DW, R1, R2, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> a.toBigEndian(Width.B, R1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> a.atomic(Atomic.ADD, Width.H, R1, 0, R2));
        assertThatIllegalArgumentException().isThrownBy(() -> a.loadPacket(Width.DW, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> a.loadPacket(Width.DW, R1));
    }

    @Test
    void refusesHelpersAndRegistersThatDoNotExist() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Assembler().callHelper("bpf_task_acquire"))
                .withMessageContaining("bpf_task_acquire");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Register.of(11))
                .withMessage("register 11, expected 0 to 10");
        assertThatIllegalArgumentException().isThrownBy(() -> Register.of(-1));
        assertThat(Register.of(10)).isSameAs(R10);
        assertThat(R10.number()).isEqualTo(10);
    }

    @Test
    void aRefusedJumpLeavesNoTrace() {
        Assembler a = new Assembler();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> a.jumpIf(Condition.EQ, R1, Long.MAX_VALUE, "missing"));

        assertThat(a.exit().build().slotCount()).isEqualTo(1);
    }
}
