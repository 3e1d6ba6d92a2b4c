// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.asm.Assembler;
import io.ebpf4j.asm.Register;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.FakeSystemCalls;

import org.junit.jupiter.api.Test;

class TestRunTest {
    private final FakeSystemCalls calls = new FakeSystemCalls("6.12");

    private Program program(ProgramType type) {
        return Program.load(
                Kernel.of(calls),
                ProgramLoad.of("p", type, new Assembler().mov(Register.R0, 0).exit().build())
                        .build());
    }

    private long runs() {
        return calls.calls(BpfCommand.PROG_TEST_RUN).size();
    }

    @Test
    void givesThePacketRoomToGrow() {
        try (Program p = program(ProgramType.XDP)) {
            p.testRun(TestRun.create().data(new byte[64]).repeat(5));
        }
        var call = calls.calls(BpfCommand.PROG_TEST_RUN).getFirst();
        assertThat(call.field("data_size_in")).isEqualTo(64);
        assertThat(call.field("data_size_out")).isGreaterThan(64 + 255);
        assertThat(call.field("repeat")).isEqualTo(5);
    }

    @Test
    void countsAnInterruptedSingleRunAsDone() {
        calls.fail(BpfCommand.PROG_TEST_RUN, 1, Errno.EINTR);
        try (Program p = program(ProgramType.XDP)) {
            assertThat(p.testRun(TestRun.create().data(new byte[14]).repeat(1))).isNotNull();
        }
        assertThat(runs()).isEqualTo(1);
    }

    @Test
    void startsAnInterruptedSeriesOfRunsOver() {
        calls.fail(BpfCommand.PROG_TEST_RUN, 1, Errno.EINTR);
        try (Program p = program(ProgramType.XDP)) {
            p.testRun(TestRun.create().data(new byte[14]).repeat(1000));
        }
        assertThat(runs()).isEqualTo(2);
    }

    @Test
    void doesNotStartOverForEver() {
        calls.failAll(BpfCommand.PROG_TEST_RUN, Errno.EINTR);
        try (Program p = program(ProgramType.XDP)) {
            TestRun run = TestRun.create().data(new byte[14]).repeat(1000);
            assertThatThrownBy(() -> p.testRun(run)).isInstanceOf(BpfException.class);
        }
        assertThat(runs()).isEqualTo(10);
    }

    @Test
    void saysThatATypeCannotBeRun() {
        calls.failAll(BpfCommand.PROG_TEST_RUN, Errno.ENOTSUPP);
        try (Program p = program(ProgramType.TRACEPOINT)) {
            assertThatThrownBy(() -> p.testRun(TestRun.create()))
                    .isInstanceOf(UnsupportedException.class)
                    .hasMessageContaining("TRACEPOINT");
        }
        assertThat(calls.leftOpen()).isEmpty();
    }

    @Test
    void sendsNoOutputContextForSyscallPrograms() {
        try (Program p = program(ProgramType.SYSCALL)) {
            byte[] context = {1, 2, 3, 4};
            assertThat(p.testRun(TestRun.create().context(context)).context()).isEqualTo(context);
        }
        var call = calls.calls(BpfCommand.PROG_TEST_RUN).getFirst();
        assertThat(call.field("ctx_size_in")).isEqualTo(4);
        assertThat(call.field("ctx_out")).isZero();
    }
}
