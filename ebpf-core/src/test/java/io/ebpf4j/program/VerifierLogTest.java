// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.ebpf4j.asm.Assembler;
import io.ebpf4j.asm.Register;
import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfBuilder;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.btf.LineInfo;
import io.ebpf4j.error.VerifierException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.FakeSystemCalls;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.ByteOrder;
import java.util.List;

class VerifierLogTest {
    @Test
    void readsLogsOf510() {
        VerifierLog log =
                VerifierLog.parse(
                        """
                        func#0 @0
                        0: R1=ctx(id=0,off=0,imm=0) R10=fp0
                        ; return *p;
                        0: (b7) r1 = 0
                        1: R1_w=inv0 R10=fp0
                        1: (61) r0 = *(u32 *)(r1 +0)
                        R1 invalid mem access 'inv'
                        verification time 47 usec
                        stack depth 0
                        processed 2 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0
                        """);
        assertThat(log.reason()).isEqualTo("R1 invalid mem access 'inv'");
        assertThat(log.source()).isEqualTo("return *p;");
        assertThat(log.registers()).isEqualTo("R1=inv0 R10=fp0");
        assertThat(log.instruction()).isEqualTo("r0 = *(u32 *)(r1 +0)");
        assertThat(log.slot()).isEqualTo(1);
    }

    @Test
    void readsStatesThatStandBehindInstructions() {
        VerifierLog log =
                VerifierLog.parse(
                        """
                        5: (bf) r2 = r10                      ; R2_w=fp0 R10=fp0
                        6: (85) call bpf_map_lookup_elem#1
                        invalid indirect read from stack R2 off -8+0 size 8
                        processed 7 insns (limit 1000000) max_states_per_insn 0 total_states 0
                        """);
        assertThat(log.reason()).isEqualTo("invalid indirect read from stack R2 off -8+0 size 8");
        assertThat(log.registers()).isEqualTo("R2=fp0 R10=fp0");
        assertThat(log.slot()).isEqualTo(6);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0: (95) exit|R0 !read_ok",
                "3: (05) goto pc-2|back-edge from insn 3 to 2",
                "7: (85) call pc+2|Unreleased reference id=2 alloc_insn=4",
                "9: (79) r0 = 1|The sequence of 8193 jumps is too complex.",
                "9: (79) r0 = 1|BPF program is too large. Processed 1000001 insn",
            })
    void takesTheLineAfterTheLastInstructionForTheReason(String instruction, String reason) {
        VerifierLog log =
                VerifierLog.parse(
                        instruction + "\n" + reason + "\nprocessed 1 insns (limit 1000000)\n");
        assertThat(log.reason()).isEqualTo(reason);
    }

    @Test
    void takesTheLastLineForTheReasonWhenNothingElseIsLeft() {
        assertThat(VerifierLog.parse("0: (95) exit\nprocessed 1 insns\n").reason())
                .isEqualTo("0: (95) exit");
        assertThat(VerifierLog.parse("something new\n").reason()).isEqualTo("something new");
        assertThat(VerifierLog.parse("\n\n").reason()).isEmpty();
    }

    @Test
    void joinsTheLinesOfAReason() {
        VerifierLog log =
                VerifierLog.parse(
                        """
                        9: (61) r0 = *(u32 *)(r1 +24)
                        invalid access to map value, value_size=16 off=24 size=4
                        R1 min value is outside of the allowed memory range
                        processed 10 insns (limit 1000000)
                        """);
        assertThat(log.reason())
                .isEqualTo(
                        "invalid access to map value, value_size=16 off=24 size=4;"
                                + " R1 min value is outside of the allowed memory range");
        assertThat(log.reasons()).hasSize(2);
    }

    @Test
    void blamesTheInstructionThatTheReasonNames() {
        VerifierLog log =
                VerifierLog.parse(
                        """
                        1: R1=ctx() R10=fp0
                        1: (b7) r2 = 7                        ; R2=7
                        2: (05) goto pc-2
                        infinite loop detected at insn 1
                        cur state: R1=ctx() R2=7 R10=fp0
                        old state: R1=ctx() R2=7 R10=fp0
                        processed 9 insns (limit 1000000)
                        """);
        assertThat(log.reason()).isEqualTo("infinite loop detected at insn 1");
        assertThat(log.slot()).isEqualTo(1);
        assertThat(log.instruction()).isEmpty();
        assertThat(log.registers()).isEqualTo("R1=ctx() R2=7 R10=fp0");
        assertThat(VerifierLog.parse("unreachable insn 12\nprocessed 0 insns\n").slot())
                .isEqualTo(12);
    }

    @Test
    void keepsTheStatesOfTheLastFrameOnly() {
        VerifierLog log =
                VerifierLog.parse(
                        """
                        1: (85) call pc+1
                        caller:
                         R6=ctx() R10=fp0
                        callee:
                         frame1: R1=scalar() R10=fp0
                        3: frame1: R1=scalar() R10=fp0
                        3: (bc) w0 = w1                       ; frame1: R0_w=scalar(id=5) R1=scalar(id=5)
                        4: (26) if w0 > 0x1 goto pc+1 6: frame1: R0=scalar(id=5,umin=2) R1=scalar(id=5)
                        6: (07) r1 += 4
                        bad
                        """);
        assertThat(log.instruction()).isEqualTo("r1 += 4");
        assertThat(log.registers()).isEqualTo("R0=scalar(id=5,umin=2) R1=scalar(id=5) R10=fp0");
    }

    @Test
    void forgetsWhatOlderKernelsDoNotRepeat() {
        VerifierLog log =
                VerifierLog.parse(
                        """
                        from 4 to 7: R0=inv0 R1=ctx(id=0,off=0,imm=0) R6_w=inv7 R7=inv2 R10=fp0 fp-8=mmmmmmmm
                        7: (b7) r6 = 8
                        8: (7b) *(u64 *)(r10 -8) = r6
                        9: (85) call bpf_get_prandom_u32#7
                        10: (55) if r0 != 0x0 goto pc+3
                        R7 something
                        """);
        assertThat(log.registers()).isEqualTo("R7=inv2 R10=fp0");
    }

    @Test
    void dropsAStateThatTheReasonContradicts() {
        String before = "0: R1=pkt(r=14) R2=4096 R10=fp0\n1: (71) r0 = *(u8 *)(r1 +0)\n";
        assertThat(VerifierLog.parse(before + "R1 invalid mem access 'scalar'\n").registers())
                .isEqualTo("R2=4096 R10=fp0");
        assertThat(VerifierLog.parse(before + "R2 type=scalar expected=fp\n").registers())
                .isEqualTo("R1=pkt(r=14) R2=4096 R10=fp0");
    }

    @Test
    void explainsByFunctionAndInstructionWhatTheLogOnlyNumbers() {
        FakeSystemCalls calls =
                new FakeSystemCalls("5.10").reject("unreachable insn 1\n", Errno.EINVAL);
        ProgramLoad load =
                ProgramLoad.of(
                                "p",
                                ProgramType.KPROBE,
                                new Assembler().mov(Register.R0, 0).exit().build())
                        .build();
        VerifierException e =
                catchThrowableOfType(
                        VerifierException.class, () -> Program.load(Kernel.of(calls), load));
        assertThat(e.rejection().instructionText()).isEqualTo("exit");
        assertThat(e.instruction()).isEqualTo(1);
        assertThat(e.rejection().function()).isEmpty();
        assertThat(e.sourceLine()).isEmpty();
        assertThat(e.getMessage())
                .startsWith("program p was rejected: unreachable insn 1\n  instruction 1: exit\n")
                .endsWith("\n  full log: VerifierException.log(), 1 line");
    }

    @Test
    void keepsTheMessageShortWhateverTheReason() {
        String log = "0: (95) exit\n" + "far too long ".repeat(10_000) + "\n";
        FakeSystemCalls calls = new FakeSystemCalls("6.12").reject(log, Errno.EINVAL);
        ProgramLoad load =
                ProgramLoad.of(
                                "p",
                                ProgramType.KPROBE,
                                new Assembler().mov(Register.R0, 0).exit().build())
                        .build();
        VerifierException e =
                catchThrowableOfType(
                        VerifierException.class, () -> Program.load(Kernel.of(calls), load));
        assertThat(e.getMessage()).hasSizeLessThan(1000);
        assertThat(e.reason()).hasSizeGreaterThan(100_000);
        assertThat(e.log()).isEqualTo(log);
    }

    @Test
    void findsTheSourceLineInTheLineRecordsWhereTheLogHasNoFile() {
        BtfBuilder types = new BtfBuilder();
        types.add(new BtfType.Int("int", 4, 1, 0, 32));
        int file = types.addString("/src/prog.bpf.c");
        int first = types.addString("int x = 0;");
        int second = types.addString("    return *p;");
        Btf btf = types.build(ByteOrder.nativeOrder());
        FakeSystemCalls calls =
                new FakeSystemCalls("5.10")
                        .reject("; return *p;\n4: (61) r0 = 0\nbad thing\n", Errno.EINVAL);
        Kernel kernel = Kernel.of(calls);
        try (BtfObject object = BtfObject.load(kernel, btf)) {
            ProgramLoad load =
                    ProgramLoad.of(
                                    "p",
                                    ProgramType.KPROBE,
                                    new Assembler().mov(Register.R0, 0).exit().build())
                            .btf(
                                    object,
                                    List.of(),
                                    List.of(
                                            new LineInfo(0, file, first, 11 << 10),
                                            new LineInfo(3, file, second, 12 << 10 | 5),
                                            new LineInfo(6, file, first, 13 << 10)))
                            .build();
            VerifierException e =
                    catchThrowableOfType(VerifierException.class, () -> Program.load(kernel, load));
            assertThat(e.sourceLine()).isEqualTo("return *p; @ prog.bpf.c:12");
            assertThat(e.getMessage()).contains("program p was rejected: bad thing");
        }
    }
}
