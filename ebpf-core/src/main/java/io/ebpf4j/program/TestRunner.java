// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.program;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.NativeText;
import io.ebpf4j.sys.TestRunCall;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Arrays;

/** Issues BPF_PROG_TEST_RUN for one program. */
final class TestRunner {
    private static final int MAX_INTERRUPTIONS = 10;

    private final Program program;
    private final TestRun run;

    TestRunner(Program program, TestRun run) {
        this.program = program;
        this.run = run;
    }

    TestRunResult run(int fd) {
        TestRunResult result = run(fd, run.outputBytes());
        return result != null ? result : run(fd, needed);
    }

    private int needed;

    /**
     * Returns null when the output needs more room than that, and {@link #needed} says how much.
     */
    private TestRunResult run(int fd, int outputBytes) {
        boolean inPlace = program.type() == ProgramType.SYSCALL;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment context = NativeText.bytes(arena, run.context());
            MemorySegment dataOut =
                    outputBytes == 0 ? MemorySegment.NULL : arena.allocate(outputBytes, Long.BYTES);
            MemorySegment contextOut =
                    takesContextOut(context)
                            ? arena.allocate(context.byteSize(), Long.BYTES)
                            : MemorySegment.NULL;
            TestRunCall.Outcome outcome =
                    issue(
                            new TestRunCall(
                                    fd,
                                    NativeText.bytes(arena, run.data()),
                                    dataOut,
                                    context,
                                    contextOut,
                                    run.repeat(),
                                    run.flags(),
                                    run.cpu(),
                                    0));
            if (outcome.result() == -Errno.ENOSPC && outcome.dataBytes() > outputBytes) {
                needed = outcome.dataBytes();
                return null;
            }
            if (outcome.result() < 0 && !ranAnyway(outcome.result())) {
                throw explain((int) -outcome.result());
            }
            return new TestRunResult(
                    outcome.returnValue(),
                    Duration.ofNanos(outcome.durationNanos()),
                    copy(dataOut, outcome.dataBytes()),
                    inPlace
                            ? copy(context, run.context().length)
                            : copy(contextOut, outcome.contextBytes()));
        }
    }

    private boolean takesContextOut(MemorySegment context) {
        return switch (program.type()) {
            case SYSCALL, RAW_TRACEPOINT, RAW_TRACEPOINT_WRITABLE, SK_LOOKUP -> false;
            default -> context.byteSize() != 0;
        };
    }

    /**
     * A signal that arrives during a single run is noticed after it, so it counts as done; several
     * runs start over.
     */
    private boolean ranAnyway(long result) {
        return result == -Errno.EINTR && run.repeat() <= 1;
    }

    private TestRunCall.Outcome issue(TestRunCall call) {
        TestRunCall.Outcome outcome = program.kernel().bpf().progTestRun(call);
        for (int i = 1; i < MAX_INTERRUPTIONS; i++) {
            boolean again =
                    outcome.result() == -Errno.EAGAIN
                            || outcome.result() == -Errno.EINTR && run.repeat() > 1;
            if (!again) {
                return outcome;
            }
            outcome = program.kernel().bpf().progTestRun(call);
        }
        return outcome;
    }

    private static byte[] copy(MemorySegment memory, int bytes) {
        if (memory.byteSize() == 0) {
            return new byte[0];
        }
        byte[] copy = new byte[(int) memory.byteSize()];
        memory.asByteBuffer().get(copy);
        return Arrays.copyOf(copy, Math.min(bytes, copy.length));
    }

    private BpfException explain(int errno) {
        String what = "cannot run " + program;
        String command = BpfCommand.PROG_TEST_RUN.kernelName();
        if (errno == Errno.ENOTSUPP || errno == Errno.EOPNOTSUPP) {
            return new UnsupportedException(
                    what + ": this kernel has no test run for the type",
                    "",
                    "attach it and cause its event instead",
                    command,
                    errno);
        }
        if (errno == Errno.EINVAL) {
            return new BpfException(
                    what
                            + ": "
                            + Errno.describe(errno)
                            + "; packet types need 14 bytes of data or more, raw tracepoint and"
                            + " syscall programs take a context and neither data nor a repeat"
                            + " count",
                    command,
                    errno);
        }
        return program.kernel()
                .explain(
                        BpfCommand.PROG_TEST_RUN,
                        errno,
                        what,
                        Requirements.capabilities(program.type()));
    }
}
