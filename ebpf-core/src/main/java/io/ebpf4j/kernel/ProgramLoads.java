// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.kernel;

import io.ebpf4j.asm.Assembler;
import io.ebpf4j.asm.Instructions;
import io.ebpf4j.asm.Register;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Capability;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.KernelLog;
import io.ebpf4j.sys.NativeText;
import io.ebpf4j.sys.ProgLoad;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Loads the smallest programs, and hears what the verifier says about them. */
final class ProgramLoads {
    private static final int LOG_BYTES = 1 << 13;

    /** The verifier gives up with EAGAIN when a signal is pending (Linux 4.20). */
    private static final int MAX_INTERRUPTIONS = 10;

    private static final long CAPABILITIES =
            Capability.BPF | Capability.PERFMON | Capability.NET_ADMIN;

    private final Kernel kernel;

    ProgramLoads(Kernel kernel) {
        this.kernel = kernel;
    }

    /**
     * What a load came to.
     *
     * @param result 0, or a negated error number; the program is gone again
     * @param words what the verifier said without its statistics; empty when the kernel did not get
     *     as far as verifying
     */
    record Answer(long result, String words) {
        String lastWords() {
            return words.substring(words.lastIndexOf('\n') + 1);
        }
    }

    /**
     * What is loaded.
     *
     * @param variant how
     * @param attachBtfId the kernel type it is loaded for, or 0
     * @param attachBtfFd the module's BTF that the type is in, or 0
     * @param code its instructions
     * @param moduleFd a module's BTF that calls in it refer to as number 1, or 0
     */
    record Program(
            ProgramVariant variant,
            int attachBtfId,
            int attachBtfFd,
            Instructions code,
            int moduleFd) {
        static Program of(ProgramVariant variant, Instructions code) {
            return new Program(variant, 0, 0, code, 0);
        }
    }

    static Instructions nothing() {
        return new Assembler().mov(Register.R0, 0).exit().build();
    }

    /** Loads a program and lets go of it. */
    Answer ask(Program program) {
        try (Arena arena = Arena.ofConfined()) {
            KernelLog log = new KernelLog(arena, LOG_BYTES, 1);
            long result = load(arena, program, log);
            if (result >= 0) {
                kernel.calls().close((int) result);
            }
            return new Answer(Math.min(result, 0), words(log.text()));
        }
    }

    /**
     * Loads a program; returns its descriptor, which is the caller's to close, or a negated errno.
     */
    long open(Program program) {
        try (Arena arena = Arena.ofConfined()) {
            return load(arena, program, null);
        }
    }

    private long load(Arena arena, Program program, KernelLog log) {
        ProgLoad request = request(arena, program);
        long result = uninterrupted(request, log);
        return result == -Errno.EPERM && kernel.raiseMemoryLimit()
                ? uninterrupted(request, log)
                : result;
    }

    private long uninterrupted(ProgLoad request, KernelLog log) {
        long result = -Errno.EAGAIN;
        for (int i = 0; i < MAX_INTERRUPTIONS && result == -Errno.EAGAIN; i++) {
            result = kernel.bpf().progLoad(request, log);
        }
        return result;
    }

    private ProgLoad request(Arena arena, Program program) {
        ProgramVariant variant = program.variant();
        MemorySegment descriptors = MemorySegment.NULL;
        if (program.moduleFd() != 0) {
            descriptors = arena.allocate(2 * Integer.BYTES, Long.BYTES);
            NativeText.buffer(descriptors).putInt(Integer.BYTES, program.moduleFd());
        }
        return new ProgLoad(
                variant.type().number(),
                variant.attachType().number(),
                variant.flags(),
                NativeText.bytes(arena, program.code().encode()),
                NativeText.string(arena, "GPL"),
                "",
                variant.type() == ProgramType.KPROBE ? kernel.version().code() : 0,
                0,
                MemorySegment.NULL,
                MemorySegment.NULL,
                program.attachBtfId(),
                program.attachBtfFd(),
                descriptors);
    }

    /** Leaves out the line that counts what was verified. */
    private static String words(String log) {
        int statistics = log.startsWith("processed ") ? 0 : log.indexOf("\nprocessed ");
        return statistics < 0 ? log.strip() : log.substring(0, statistics).strip();
    }

    /** Reads a refusal that the verifier gave no words for. */
    Outcome refusal(long result) {
        return Outcome.of(kernel, BpfCommand.PROG_LOAD, result, CAPABILITIES);
    }
}
