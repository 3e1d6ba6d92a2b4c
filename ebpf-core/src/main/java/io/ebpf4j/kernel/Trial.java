// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.kernel;

import io.ebpf4j.asm.Assembler;
import io.ebpf4j.asm.Instructions;
import io.ebpf4j.asm.Register;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.Bpf;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.KernelLog;
import io.ebpf4j.sys.NativeText;
import io.ebpf4j.sys.ProgLoad;
import io.ebpf4j.sys.SystemCalls;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Loads the small programs that probes are made of, and reads what became of them. */
final class Trial {
    private final Bpf bpf;
    private final SystemCalls calls;

    Trial(Kernel kernel) {
        this.bpf = kernel.bpf();
        this.calls = kernel.calls();
    }

    /** Reads a result that a descriptor means yes in, and closes it. */
    Support close(long result) {
        if (result >= 0) {
            calls.close((int) result);
            return Support.YES;
        }
        return refused(result);
    }

    /** Reads a result that success means yes in. */
    Support zero(long result) {
        return result >= 0 ? Support.YES : refused(result);
    }

    static Support refused(long result) {
        return switch ((int) -result) {
            case Errno.EINVAL, Errno.E2BIG, Errno.EACCES, Errno.EOPNOTSUPP, Errno.ENOTSUPP ->
                    Support.NO;
            default -> Support.UNKNOWN;
        };
    }

    /** Loads a program; returns its descriptor or a negated errno. */
    long load(ProgramType type, int attachType, Instructions instructions, String name) {
        return load(type, attachType, instructions, name, null);
    }

    /** Loads a program with a log; returns its descriptor or a negated errno. */
    long load(
            ProgramType type,
            int attachType,
            Instructions instructions,
            String name,
            KernelLog log) {
        return load(type, attachType, instructions, name, log, 0, MemorySegment.NULL);
    }

    /** Loads a program with the types of its functions. */
    long load(
            ProgramType type,
            int attachType,
            Instructions instructions,
            String name,
            KernelLog log,
            int btfFd,
            MemorySegment functions) {
        try (Arena arena = Arena.ofConfined()) {
            ProgLoad request =
                    new ProgLoad(
                            type.number(),
                            attachType,
                            0,
                            NativeText.bytes(arena, instructions.encode()),
                            NativeText.string(arena, "GPL"),
                            name,
                            0,
                            btfFd,
                            functions,
                            MemorySegment.NULL,
                            0,
                            0,
                            MemorySegment.NULL);
            return bpf.progLoad(request, log);
        }
    }

    /** Returns a program that returns 0. */
    static Instructions nothing() {
        return new Assembler().mov(Register.R0, 0).exit().build();
    }
}
