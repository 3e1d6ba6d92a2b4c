// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.ebpf4j.asm.Assembler;
import io.ebpf4j.asm.Instructions;
import io.ebpf4j.asm.Register;
import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfBuilder;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.btf.FuncInfo;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.PermissionDeniedException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.error.VerifierException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.spec.AttachType;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.FakeCall;
import io.ebpf4j.sys.FakeSystemCalls;
import io.ebpf4j.sys.MapCreate;

import org.junit.jupiter.api.Test;

import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

class ProgramLoadTest {
    private static final String LOG =
            """
            func#0 @0
            0: R1=ctx() R10=fp0
            ; return *(int *)0; @ prog.c:7
            0: (b7) r1 = 0                        ; R1_w=0
            1: (61) r0 = *(u32 *)(r1 +0)
            R1 invalid mem access 'scalar'
            processed 2 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0
            """;

    private static Instructions returnZero() {
        return new Assembler().mov(Register.R0, 0).exit().build();
    }

    private static ProgramLoad.Builder socketFilter() {
        return ProgramLoad.of("a-name.longer_than_15", ProgramType.SOCKET_FILTER, returnZero());
    }

    private static List<FakeCall> loads(FakeSystemCalls calls) {
        return calls.calls(BpfCommand.PROG_LOAD);
    }

    @Test
    void loadsAtTheFirstAttemptWithoutLogAndWithoutProbes() {
        FakeSystemCalls calls = new FakeSystemCalls("6.12");
        try (Program program = Program.load(Kernel.of(calls), socketFilter().build())) {
            assertThat(program.name()).isEqualTo("a-name.longer_than_15");
            assertThat(program.fd()).isGreaterThanOrEqualTo(3);
        }
        assertThat(calls.calls(BpfCommand.PROG_LOAD)).hasSize(1);
        FakeCall load = loads(calls).getFirst();
        assertThat(load.field("log_level")).isZero();
        assertThat(load.field("insn_cnt")).isEqualTo(2);
        assertThat(load.text("prog_name")).isEqualTo("a_name.longer_t");
        assertThat(calls.leftOpen()).isEmpty();
    }

    @Test
    void asksForTheLogOnlyAfterAFailure() {
        FakeSystemCalls calls = new FakeSystemCalls("6.12").reject(LOG, Errno.EACCES);
        VerifierException e =
                catchThrowableOfType(
                        VerifierException.class,
                        () -> Program.load(Kernel.of(calls), socketFilter().build()));
        assertThat(e.reason()).isEqualTo("R1 invalid mem access 'scalar'");
        assertThat(e.sourceLine()).isEqualTo("return *(int *)0; @ prog.c:7");
        assertThat(e.registerState()).isEqualTo("R1=0 R10=fp0");
        assertThat(e.log()).isEqualTo(LOG);
        assertThat(e.errno()).isEqualTo(Errno.EACCES);
        assertThat(loads(calls)).extracting(c -> c.field("log_level")).containsExactly(0L, 1L);
        assertThat(loads(calls).getLast().field("log_size")).isEqualTo(1 << 16);
        assertThat(calls.leftOpen()).isEmpty();
    }

    @Test
    void growsTheLogAtOnceToTheSizeTheKernelSays() {
        String log = "0: (95) exit\n".repeat(20_000) + "the reason\n";
        FakeSystemCalls calls = new FakeSystemCalls("6.4").reject(log, Errno.EINVAL);
        assertThatThrownBy(() -> Program.load(Kernel.of(calls), socketFilter().build()))
                .isInstanceOfSatisfying(
                        VerifierException.class, e -> assertThat(e.log()).isEqualTo(log))
                .hasMessageContaining("the reason");
        assertThat(loads(calls))
                .extracting(c -> c.field("log_size"))
                .containsExactly(0L, 65_536L, log.length() + 1L);
    }

    @Test
    void growsTheLogQuicklyWhereTheKernelDoesNotSayItsSize() {
        String log = "x".repeat(300_000) + "\nthe reason\n";
        FakeSystemCalls calls = new FakeSystemCalls("6.1").reject(log, Errno.EINVAL);
        assertThatThrownBy(() -> Program.load(Kernel.of(calls), socketFilter().build()))
                .isInstanceOf(VerifierException.class);
        assertThat(loads(calls))
                .extracting(c -> c.field("log_size"))
                .containsExactly(0L, 65_536L, 1_048_576L);
    }

    @Test
    void keepsNoMoreOfALogThanAskedForAndStillTellsWhatTheKernelSaid() {
        String log = "x".repeat(300_000) + "\nthe reason\n";
        FakeSystemCalls calls = new FakeSystemCalls("6.4").reject(log, Errno.EACCES);
        ProgramLoad load = socketFilter().log(new LogPolicy(1, 1 << 16, 200_000)).build();
        assertThatThrownBy(() -> Program.load(Kernel.of(calls), load))
                .isInstanceOfSatisfying(
                        VerifierException.class,
                        e -> assertThat(e.log()).hasSizeBetween(100_000, 200_000));
        assertThat(loads(calls))
                .extracting(c -> c.field("log_size"))
                .contains(200_000L)
                .allSatisfy(size -> assertThat(size).isLessThanOrEqualTo(200_000L));
    }

    @Test
    void stopsGrowingTheLogSoon() {
        FakeSystemCalls calls =
                new FakeSystemCalls("6.1").failAll(BpfCommand.PROG_LOAD, Errno.ENOSPC);
        LogPolicy small = new LogPolicy(1, 128);
        assertThatThrownBy(() -> Program.load(Kernel.of(calls), socketFilter().log(small).build()))
                .isInstanceOf(BpfException.class);
        assertThat(loads(calls)).hasSizeLessThanOrEqualTo(10);
        assertThat(loads(calls)).extracting(c -> c.field("log_size")).contains((1L << 24) - 1);
    }

    @Test
    void keepsTheBeginningOfALogThatAnOldKernelDoesNotWriteWhole() {
        String log = "0: (95) exit\n".repeat(1_400_000) + "the reason\n";
        FakeSystemCalls calls = new FakeSystemCalls("5.1").reject(log, Errno.EINVAL);
        VerifierException e =
                catchThrowableOfType(
                        VerifierException.class,
                        () -> new Loader(Kernel.of(calls), socketFilter().build(), 1 << 25).load());
        assertThat(loads(calls))
                .extracting(c -> c.field("log_size"))
                .hasSize(6)
                .startsWith(0L, 65_536L, 1_048_576L, (1L << 24) - 1);
        assertThat(e.log()).hasSize((1 << 24) - 2).startsWith("0: (95) exit\n0: (95)");
        assertThat(e.reason()).startsWith("the verifier's log is longer than the 15 MiB");
        assertThat(e.advice()).contains("bpf_loop()");
        assertThat(e.instruction()).isEqualTo(-1);
    }

    @Test
    void asksForTheReasonAloneWhereTheLogIsTooLong() {
        String trace = "0: (95) exit\n".repeat(1_400_000);
        String log = trace + "BPF program is too large. Processed 1000001 insn\n";
        FakeSystemCalls calls = new FakeSystemCalls("6.1").reject(log, Errno.E2BIG);
        VerifierException e =
                catchThrowableOfType(
                        VerifierException.class,
                        () -> new Loader(Kernel.of(calls), socketFilter().build(), 1 << 24).load());
        assertThat(loads(calls).getLast().field("log_level")).isEqualTo(4);
        assertThat(e.errno()).isEqualTo(Errno.E2BIG);
        assertThat(e.reason()).isEqualTo("BPF program is too large. Processed 1000001 insn");
        assertThat(e.instruction()).isEqualTo(-1);
        assertThat(e.log())
                .startsWith("0: (95) exit\n0: (95)")
                .contains("[what follows does not fit]\nBPF program is too large");
        assertThat(calls.leftOpen()).isEmpty();
    }

    @Test
    void repeatsALoadThatASignalInterrupted() {
        FakeSystemCalls calls =
                new FakeSystemCalls("6.12")
                        .fail(BpfCommand.PROG_LOAD, 1, Errno.EAGAIN)
                        .fail(BpfCommand.PROG_LOAD, 2, Errno.EAGAIN);
        Program.load(Kernel.of(calls), socketFilter().build()).close();
        assertThat(loads(calls)).hasSize(3);
    }

    @Test
    void doesNotRepeatAnInterruptedLoadForEver() {
        FakeSystemCalls calls =
                new FakeSystemCalls("6.12").failAll(BpfCommand.PROG_LOAD, Errno.EAGAIN);
        assertThatThrownBy(() -> Program.load(Kernel.of(calls), socketFilter().build()))
                .hasMessageContaining("signals interrupted the verifier");
        assertThat(loads(calls)).hasSize(20);
    }

    @Test
    void leavesTheNameOutOnKernelsBefore415() {
        FakeSystemCalls calls = new FakeSystemCalls("4.14");
        Program.load(Kernel.of(calls), socketFilter().build()).close();
        assertThat(loads(calls).getLast().text("prog_name")).isEmpty();
        assertThat(calls.leftOpen()).isEmpty();
    }

    @Test
    void leavesTheExpectedAttachTypeOutOnKernelsBefore417() {
        FakeSystemCalls calls = new FakeSystemCalls("4.16");
        ProgramLoad load =
                ProgramLoad.of("p", ProgramType.CGROUP_SOCK, returnZero())
                        .attachType(AttachType.CGROUP_INET_SOCK_CREATE)
                        .attachTypeOptional(true)
                        .build();
        Program.load(Kernel.of(calls), load).close();
        assertThat(loads(calls).getFirst().field("expected_attach_type")).isEqualTo(2);
        assertThat(loads(calls).getLast().field("expected_attach_type")).isZero();
        assertThat(loads(calls).getLast().text("prog_name")).isEqualTo("p");
    }

    @Test
    void isRefusedWithAnAttachTypeThatIsNotOptional() {
        FakeSystemCalls calls = new FakeSystemCalls("4.16");
        ProgramLoad load =
                ProgramLoad.of("p", ProgramType.CGROUP_SOCK, returnZero())
                        .attachType(AttachType.CGROUP_INET4_POST_BIND)
                        .build();
        assertThatThrownBy(() -> Program.load(Kernel.of(calls), load))
                .isInstanceOf(BpfException.class);
        assertThat(loads(calls))
                .filteredOn(l -> l.text("prog_name").equals("p"))
                .isNotEmpty()
                .allSatisfy(l -> assertThat(l.field("expected_attach_type")).isPositive());
    }

    private static ProgramLoad reading(String... helpers) {
        Assembler code = new Assembler();
        for (String helper : helpers) {
            code.callHelper("bpf_" + helper);
        }
        return ProgramLoad.of("reads", ProgramType.TRACEPOINT, code.exit().build()).build();
    }

    private static List<Integer> helpers(FakeSystemCalls calls, Program program) {
        List<Integer> called = new ArrayList<>();
        Instructions code = calls.program(program.fd());
        for (int slot = 0; slot < code.slotCount() - 1; slot++) {
            called.add(code.imm(slot));
        }
        return called;
    }

    @Test
    void readsMemoryAsKernelsBefore55Do() {
        FakeSystemCalls calls = new FakeSystemCalls("5.4");
        ProgramLoad load =
                reading(
                        "probe_read_kernel",
                        "probe_read_user",
                        "probe_read_kernel_str",
                        "probe_read_user_str",
                        "ktime_get_ns");
        try (Program program = Program.load(Kernel.of(calls), load)) {
            assertThat(helpers(calls, program)).containsExactly(4, 4, 45, 45, 5);
            assertThat(program.verifierLog()).isEmpty();
        }
        assertThat(load.instructions().imm(0)).isEqualTo(113);
        assertThat(calls.leftOpen()).isEmpty();
    }

    @Test
    void readsMemoryAsTheProgramSaysFrom55On() {
        FakeSystemCalls calls = new FakeSystemCalls("5.5");
        try (Program program = Program.load(Kernel.of(calls), reading("probe_read_kernel"))) {
            assertThat(helpers(calls, program)).containsExactly(113);
        }
        assertThat(loads(calls)).hasSize(1);
    }

    @Test
    void whatElseAnOldKernelLacksIsStillItsReason() {
        FakeSystemCalls calls = new FakeSystemCalls("5.4");
        ProgramLoad load = reading("probe_read_kernel", "get_attach_cookie");
        assertThatThrownBy(() -> Program.load(Kernel.of(calls), load))
                .isInstanceOf(VerifierException.class)
                .hasMessageContaining("unknown#174");
        assertThat(calls.leftOpen()).isEmpty();
    }

    @Test
    void givesKprobesTheKernelsVersionOnKernelsBefore50() {
        FakeSystemCalls calls = new FakeSystemCalls("4.19.5");
        Program.load(
                        Kernel.of(calls),
                        ProgramLoad.of("k", ProgramType.KPROBE, returnZero()).build())
                .close();
        assertThat(loads(calls).getLast().field("kern_version")).isEqualTo(4 << 16 | 19 << 8 | 5);
    }

    @Test
    void leavesBtfOutOnKernelsThatHaveNoFunctionRecords() {
        FakeSystemCalls calls = new FakeSystemCalls("4.19");
        Kernel kernel = Kernel.of(calls);
        BtfBuilder types = new BtfBuilder();
        types.add(new BtfType.Int("int", 4, 1, 0, 32));
        try (BtfObject btf = BtfObject.load(kernel, types.build(ByteOrder.nativeOrder()))) {
            ProgramLoad load =
                    socketFilter().btf(btf, List.of(new FuncInfo(0, 1)), List.of()).build();
            Program.load(kernel, load).close();
        }
        assertThat(loads(calls).getFirst().field("func_info_cnt")).isEqualTo(1);
        assertThat(loads(calls).getLast().field("prog_btf_fd")).isZero();
        assertThat(loads(calls).getLast().field("func_info_cnt")).isZero();
        assertThat(calls.leftOpen()).isEmpty();
    }

    @Test
    void saysWhichKernelATypeNeeds() {
        FakeSystemCalls calls = new FakeSystemCalls("5.10");
        assertThatThrownBy(
                        () ->
                                Program.load(
                                        Kernel.of(calls),
                                        ProgramLoad.of("s", ProgramType.SYSCALL, returnZero())
                                                .build()))
                .isInstanceOfSatisfying(
                        UnsupportedException.class,
                        e -> assertThat(e.minimumKernel()).isEqualTo("5.14"))
                .hasMessageContaining("on Linux 5.10");
        assertThat(calls.leftOpen()).isEmpty();
    }

    @Test
    void raisesTheMemoryLimitAndRetriesOnKernelsThatChargeIt() {
        FakeSystemCalls calls = new FakeSystemCalls("5.10").limitMemory(0, 1 << 16, true);
        Program.load(Kernel.of(calls), socketFilter().build()).close();
        assertThat(calls.memoryLimit()).isEqualTo(-1);
        assertThat(calls.leftOpen()).isEmpty();
    }

    @Test
    void repeatsALoadThatWasRefusedBeforeAnotherThreadRaisedTheLimit() {
        FakeSystemCalls calls = new FakeSystemCalls("5.10").limitMemory(0, 1 << 16, true);
        Kernel kernel = Kernel.of(calls);
        assertThat(kernel.raiseMemoryLimit()).isTrue();
        int loads = calls.calls(BpfCommand.PROG_LOAD).size();
        calls.fail(BpfCommand.PROG_LOAD, loads + 1, Errno.EPERM);
        Program.load(kernel, socketFilter().build()).close();
        assertThat(calls.leftOpen()).isEmpty();
    }

    @Test
    void raisesTheMemoryLimitNoFurtherThanTheHardLimitWithoutTheCapability() {
        FakeSystemCalls calls = new FakeSystemCalls("5.10").limitMemory(0, 1 << 20, false);
        Program.load(Kernel.of(calls), socketFilter().build()).close();
        assertThat(calls.memoryLimit()).isEqualTo(1 << 20);
    }

    @Test
    void neverTouchesTheMemoryLimitWhereMemoryCgroupsAccount() {
        FakeSystemCalls calls =
                new FakeSystemCalls("6.12").fail(BpfCommand.PROG_LOAD, 1, Errno.EPERM);
        assertThatThrownBy(() -> Program.load(Kernel.of(calls), socketFilter().build()))
                .isInstanceOf(PermissionDeniedException.class);
        assertThat(calls.calls()).noneMatch(c -> c.name().equals("prlimit64"));
        assertThat(calls.leftOpen()).isEmpty();
    }

    @Test
    void replacesKindsOfTypesThatTheKernelLacks() {
        FakeSystemCalls calls = new FakeSystemCalls("5.10");
        BtfBuilder types = new BtfBuilder();
        int integer = types.add(new BtfType.Int("int", 4, 1, 0, 32));
        types.add(new BtfType.Float("double", 8));
        types.add(new BtfType.Ptr(types.add(new BtfType.TypeTag("user", integer, false))));
        Btf btf = types.build(ByteOrder.nativeOrder());
        try (BtfObject object = BtfObject.load(Kernel.of(calls), btf)) {
            assertThat(object.types()).isSameAs(btf);
            assertThat(object.descriptor().isOpen()).isTrue();
        }
        assertThat(calls.leftOpen()).isEmpty();
    }

    @Test
    void rejectsAProgramWithoutInstructions() {
        FakeSystemCalls calls =
                new FakeSystemCalls("6.12").failAll(BpfCommand.PROG_LOAD, Errno.E2BIG);
        Instructions none = Instructions.empty(ByteOrder.nativeOrder());
        assertThatThrownBy(
                        () ->
                                Program.load(
                                        Kernel.of(calls),
                                        ProgramLoad.of("n", ProgramType.SOCKET_FILTER, none)
                                                .build()))
                .hasMessageContaining("no instructions");
    }

    @Test
    void opensAPinOnlyIfItIsAProgram() {
        FakeSystemCalls calls = new FakeSystemCalls("6.12");
        Kernel kernel = Kernel.of(calls);
        Path path = Path.of("/sys/fs/bpf/p");
        try (Program program = Program.load(kernel, socketFilter().build())) {
            program.pin(path);
            try (Program again = Program.fromPin(kernel, path)) {
                assertThat(again.type()).isEqualTo(ProgramType.SOCKET_FILTER);
                assertThat(again.name()).isEqualTo("a_name.longer_t");
            }
            assertThatThrownBy(() -> program.pin(path))
                    .isInstanceOfSatisfying(
                            BpfException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EEXIST));
            program.unpin(path);
            program.unpin(path);
        }
        int map = (int) kernel.bpf().mapCreate(MapCreate.of(2, 4, 4, 1, 0, "m"));
        kernel.bpf().objPin(map, path.toString());
        calls.close(map);
        assertThatThrownBy(() -> Program.fromPin(kernel, path)).hasMessageContaining("but a map");
        assertThat(calls.leftOpen()).isEmpty();
    }

    @Test
    void refusesToWorkOnceClosed() {
        FakeSystemCalls calls = new FakeSystemCalls("6.12");
        Program program = Program.load(Kernel.of(calls), socketFilter().build());
        program.close();
        program.close();
        assertThatThrownBy(program::info).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(program::fd).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> program.testRun(TestRun.create()))
                .isInstanceOf(IllegalStateException.class);
        assertThat(calls.calls()).filteredOn(c -> c.name().equals("close")).hasSize(1);
    }
}
