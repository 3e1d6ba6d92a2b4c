// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.asm.Assembler;
import io.ebpf4j.asm.Condition;
import io.ebpf4j.asm.Instructions;
import io.ebpf4j.asm.Register;
import io.ebpf4j.asm.Width;
import io.ebpf4j.btf.BtfBuilder;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.btf.FuncInfo;
import io.ebpf4j.btf.LineInfo;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.PermissionDeniedException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.error.VerifierException;
import io.ebpf4j.kernel.Feature;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.kernel.KernelBtf;
import io.ebpf4j.kernel.Support;
import io.ebpf4j.program.BtfObject;
import io.ebpf4j.program.LogPolicy;
import io.ebpf4j.program.Program;
import io.ebpf4j.program.ProgramInfo;
import io.ebpf4j.program.ProgramLoad;
import io.ebpf4j.program.TestRun;
import io.ebpf4j.program.TestRunResult;
import io.ebpf4j.spec.AttachType;
import io.ebpf4j.spec.ProgramType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Programs, BTF and probes on the running kernel. */
@KernelTest
class CoreProgramTest {
    private static final int BPF_F_SLEEPABLE = 1 << 4;

    private final Kernel kernel = Kernel.shared();

    private static Instructions returning(int value) {
        return new Assembler().mov(Register.R0, value).exit().build();
    }

    private Program load(ProgramType type, Instructions instructions) {
        return Program.load(kernel, ProgramLoad.of("core_test", type, instructions).build());
    }

    @ParameterizedTest
    @EnumSource(
            names = {"SOCKET_FILTER", "KPROBE", "TRACEPOINT", "RAW_TRACEPOINT", "XDP", "SCHED_CLS"})
    void loadsAndDescribes(ProgramType type) {
        try (Program program = load(type, returning(0))) {
            ProgramInfo info = program.info();
            assertThat(info.type()).isEqualTo(type);
            assertThat(info.name()).isEqualTo("core_test");
            assertThat(info.tag()).hasSize(16).isNotEqualTo("0000000000000000");
            assertThat(info.id()).isPositive();
            assertThat(info.translatedBytes()).isEqualTo(16);
            assertThat(info.loadTime()).isGreaterThan(Duration.ZERO);
            assertThat(info.mapIds()).isEmpty();
            assertThat(program.verifierLog()).isEmpty();
            assertThat(program.translatedInstructions().slotCount()).isEqualTo(2);
            try (Program again = Program.fromId(kernel, info.id())) {
                assertThat(again.info()).isEqualTo(info);
            }
        }
    }

    @Test
    void runsAPacketThroughAProgram() {
        Instructions cut =
                new Assembler()
                        .load(Width.W, Register.R2, Register.R1, 0)
                        .load(Width.W, Register.R3, Register.R1, 4)
                        .mov(Register.R4, Register.R2)
                        .add(Register.R4, 2)
                        .mov(Register.R0, 1)
                        .jumpIf(Condition.GT, Register.R4, Register.R3, "out")
                        .store(Width.B, Register.R2, 0, 0x5a)
                        .mov(Register.R0, 2)
                        .label("out")
                        .exit()
                        .build();
        byte[] packet = new byte[60];
        packet[1] = 7;
        try (Program program = load(ProgramType.XDP, cut)) {
            TestRunResult result = program.testRun(TestRun.create().data(packet).repeat(100));
            assertThat(result.returnValue()).isEqualTo(2);
            assertThat(result.data()).hasSize(60).startsWith(0x5a, 7);
            assertThat(packet[0]).isZero();
        }
    }

    @Test
    @Requires(kernel = "5.14")
    void readsASyscallProgramsContextBack() {
        Instructions store =
                new Assembler()
                        .mov(Register.R2, 77)
                        .store(Width.DW, Register.R1, 8, Register.R2)
                        .mov(Register.R0, 3)
                        .exit()
                        .build();
        ProgramLoad load =
                ProgramLoad.of("core_test", ProgramType.SYSCALL, store)
                        .flags(BPF_F_SLEEPABLE)
                        .build();
        try (Program program = Program.load(kernel, load)) {
            TestRunResult result = program.testRun(TestRun.create().context(new byte[16]));
            assertThat(result.returnValue()).isEqualTo(3);
            assertThat(result.context()).hasSize(16);
            assertThat(
                            result.context()[
                                    ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? 8 : 15])
                    .isEqualTo((byte) 77);
        }
    }

    @Test
    void saysWhichTypesCannotBeRun() {
        try (Program program = load(ProgramType.KPROBE, returning(0))) {
            assertThatThrownBy(() -> program.testRun(TestRun.create()))
                    .isInstanceOf(UnsupportedException.class);
        }
    }

    @Test
    void explainsARejectionWithItsSourceLine() {
        BtfBuilder types = new BtfBuilder();
        int integer = types.add(new BtfType.Int("int", 4, 1, 0, 32));
        int context = types.add(new BtfType.Ptr(0));
        int prototype =
                types.add(
                        new BtfType.FuncProto(
                                integer, List.of(new BtfType.Parameter("ctx", context))));
        int function = types.add(new BtfType.Func("bad", prototype, BtfType.Func.GLOBAL));
        int file = types.addString("/home/someone/bad.bpf.c");
        int first = types.addString("  int *p = 0;");
        int second = types.addString("  return *p;");
        Instructions bad =
                new Assembler()
                        .mov(Register.R1, 0)
                        .load(Width.W, Register.R0, Register.R1, 0)
                        .exit()
                        .build();
        try (BtfObject btf = BtfObject.load(kernel, types.build(ByteOrder.nativeOrder()))) {
            ProgramLoad load =
                    ProgramLoad.of("bad", ProgramType.SOCKET_FILTER, bad)
                            .btf(
                                    btf,
                                    List.of(new FuncInfo(0, function)),
                                    List.of(
                                            new LineInfo(0, file, first, 3 << 10 | 8),
                                            new LineInfo(1, file, second, 4 << 10 | 10)))
                            .build();
            assertThatThrownBy(() -> Program.load(kernel, load).close())
                    .isInstanceOfSatisfying(
                            VerifierException.class,
                            e -> {
                                assertThat(e.reason()).startsWith("R1 invalid mem access");
                                assertThat(e.sourceLine()).isEqualTo("return *p; @ bad.bpf.c:4");
                                // older verifiers print no states at this level
                                if (Requirement.atLeast("5.18")) {
                                    assertThat(e.registerState()).contains("R1");
                                }
                                assertThat(e.log()).contains("processed ");
                            });
        }
    }

    @Test
    void growsTheLogUntilItFits() {
        Assembler assembler = new Assembler();
        for (int i = 0; i < 2000; i++) {
            assembler.mov(Register.R1, i);
        }
        Instructions noResult = assembler.exit().build();
        ProgramLoad load =
                ProgramLoad.of("core_test", ProgramType.SOCKET_FILTER, noResult)
                        .log(new LogPolicy(2, 128))
                        .build();
        assertThatThrownBy(() -> Program.load(kernel, load).close())
                .isInstanceOfSatisfying(
                        VerifierException.class,
                        e -> {
                            assertThat(e.reason()).startsWith("R0 !read_ok");
                            assertThat(e.log()).contains("1000: (b7) r1 = 1000").contains("\n0: ");
                        });
    }

    @Test
    void keepsTheLogThatWasAskedFor() {
        ProgramLoad load =
                ProgramLoad.of("core_test", ProgramType.SOCKET_FILTER, returning(0))
                        .log(LogPolicy.VERBOSE)
                        .build();
        try (Program program = Program.load(kernel, load)) {
            assertThat(program.verifierLog()).contains("(b7) r0 = 0").contains("processed 2 insns");
        }
    }

    @Test
    @Requires({Requirement.BTF, Requirement.TP_BTF})
    void loadsForATypedTracepoint() {
        KernelBtf.Target target =
                kernel.btf().attachTarget(AttachType.TRACE_RAW_TP, "sched_switch").orElseThrow();
        ProgramLoad load =
                ProgramLoad.of("core_test", ProgramType.TRACING, returning(0))
                        .attachType(AttachType.TRACE_RAW_TP)
                        .attachTo(target.id(), 0)
                        .build();
        try (Program program = Program.load(kernel, load)) {
            assertThat(program.info().type()).isEqualTo(ProgramType.TRACING);
        }
    }

    @Test
    @Requires(Requirement.BTF)
    void blamesLockdownAndNotACapabilityWhenTracingIsRefused() {
        KernelBtf.Target target = kernel.btf().function("vfs_read").orElseThrow();
        ProgramLoad load =
                ProgramLoad.of("core_test", ProgramType.TRACING, returning(0))
                        .attachType(AttachType.TRACE_FENTRY)
                        .attachTo(target.id(), 0)
                        .build();
        if (Requirement.FENTRY.missing().isEmpty()) {
            try (Program program = Program.load(kernel, load)) {
                assertThat(program.info().type()).isEqualTo(ProgramType.TRACING);
            }
        } else {
            assertThatThrownBy(() -> Program.load(kernel, load).close())
                    .isInstanceOf(PermissionDeniedException.class)
                    .hasMessageContaining("lockdown")
                    .hasMessageContaining("capabilities are not the reason");
        }
    }

    @Test
    @Requires(Requirement.BPFFS)
    void livesOnInAPin() {
        Path pin = Mounts.BPFFS.place().resolve("core_test_" + ProcessHandle.current().pid());
        int id;
        try (Program program = load(ProgramType.SOCKET_FILTER, returning(0))) {
            program.pin(pin);
            id = program.info().id();
        }
        try (Program program = Program.fromPin(kernel, pin)) {
            assertThat(program.info().id()).isEqualTo(id);
            assertThat(program.type()).isEqualTo(ProgramType.SOCKET_FILTER);
            assertThatThrownBy(() -> program.pin(pin)).isInstanceOf(BpfException.class);
            program.unpin(pin);
        }
        assertThatThrownBy(() -> Program.fromPin(kernel, pin)).isInstanceOf(BpfException.class);
    }

    @ParameterizedTest
    @EnumSource(Feature.class)
    void probesAgreeWithTheVersion(Feature feature) {
        Support expected = kernel.version().isAtLeast(feature.since()) ? Support.YES : Support.NO;
        assertThat(Kernel.create().supports(feature)).isEqualTo(expected);
    }

    @Test
    @Requires(Requirement.BTF)
    void loadsTypesOfEveryKindWhateverTheKernelKnows() {
        BtfBuilder types = new BtfBuilder();
        int integer = types.add(new BtfType.Int("int", 4, 1, 0, 32));
        types.add(new BtfType.Float("double", 8));
        types.add(new BtfType.Ptr(types.add(new BtfType.TypeTag("user", integer, false))));
        types.add(
                new BtfType.Enum64("e", 8, false, List.of(new BtfType.Enumerator("A", 1L << 40))));
        int variable = types.add(new BtfType.Var("v", integer, BtfType.Var.GLOBAL));
        types.add(new BtfType.DeclTag("tag", variable, -1, false));
        types.add(new BtfType.DataSec("?.data", 4, List.of(new BtfType.Section(variable, 0, 4))));
        try (BtfObject object = BtfObject.load(kernel, types.build(ByteOrder.nativeOrder()))) {
            assertThat(object.descriptor().isOpen()).isTrue();
        }
    }

    @Test
    void findsSymbolsAndCpus() {
        assertThat(kernel.kallsyms().find(List.of("vfs_read", "no_such_symbol")))
                .containsOnlyKeys("vfs_read");
        assertThat(kernel.onlineCpus()).isNotEmpty();
        assertThat(kernel.possibleCpus()).isGreaterThanOrEqualTo(kernel.onlineCpus().length);
    }
}
