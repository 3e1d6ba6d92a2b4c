// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.kernel;

import io.ebpf4j.asm.Arithmetic;
import io.ebpf4j.asm.Assembler;
import io.ebpf4j.asm.Atomic;
import io.ebpf4j.asm.Condition;
import io.ebpf4j.asm.Instructions;
import io.ebpf4j.asm.Register;
import io.ebpf4j.asm.Width;
import io.ebpf4j.spec.MapType;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.MapCreate;

/** Asks which instructions the verifier takes, in socket filters, which every kernel has. */
final class InstructionProbes {
    /** What a program has at most before Linux 5.2. */
    private static final int FORMER_MAX_INSTRUCTIONS = 4096;

    /** Where the arena would be mapped, which the kernel wants to know before it takes a cast. */
    private static final long ARENA_ADDRESS = 1L << 44;

    private static final ProgramVariant VARIANT =
            ProgramVariant.of(ProgramType.SOCKET_FILTER).getFirst();

    private final Kernel kernel;
    private final ProgramLoads loads;
    private final MapProbes maps;

    InstructionProbes(Kernel kernel, ProgramLoads loads, MapProbes maps) {
        this.kernel = kernel;
        this.loads = loads;
        this.maps = maps;
    }

    Outcome set(InstructionSet set) {
        return switch (set) {
            case V1 -> load(ProgramLoads.nothing());
            case V2 -> load(comparison());
            case V3 -> load(comparison32());
            case V4 -> load(version4());
            case SUBPROGRAMS -> load(subprogram());
            case LARGE_PROGRAMS -> large();
            case BOUNDED_LOOPS -> load(boundedLoop());
            case ATOMICS -> load(atomics());
            case MAY_GOTO -> load(mayGoto());
            case ARENA_CASTS -> arenaCasts();
            case ACQUIRE_RELEASE -> load(acquireRelease());
        };
    }

    /** The verifier takes a program without such instructions, so its words are about them. */
    private Outcome load(Instructions code) {
        ProgramLoads.Answer answer = loads.ask(ProgramLoads.Program.of(VARIANT, code));
        boolean refused = answer.result() < 0 && !answer.words().isEmpty();
        return refused ? Outcome.no(answer.lastWords()) : loads.refusal(answer.result());
    }

    private static Assembler zero() {
        return new Assembler().mov(Register.R0, 0);
    }

    private static Instructions comparison() {
        return zero().jumpIf(Condition.LT, Register.R0, 1, "end")
                .mov(Register.R0, 1)
                .label("end")
                .exit()
                .build();
    }

    private static Instructions comparison32() {
        return zero().jumpIf32(Condition.LT, Register.R0, 1, "end")
                .mov(Register.R0, 1)
                .label("end")
                .exit()
                .build();
    }

    private static Instructions version4() {
        return zero().store(Width.DW, Register.R10, -8, Register.R0)
                .loadSigned(Width.B, Register.R0, Register.R10, -8)
                .movSigned(Width.H, Register.R0, Register.R0)
                .swapBytes(Width.DW, Register.R0)
                .alu(Arithmetic.SDIV, Register.R0, 2)
                .jumpLong("end")
                .label("end")
                .exit()
                .build();
    }

    private static Instructions subprogram() {
        return new Assembler()
                .callLabel("function")
                .exit()
                .label("function")
                .mov(Register.R0, 0)
                .exit()
                .build();
    }

    /** Loads without a log, which would tell of every instruction. */
    private Outcome large() {
        Assembler code = new Assembler();
        for (int i = 0; i < FORMER_MAX_INSTRUCTIONS; i++) {
            code.mov(Register.R0, 0);
        }
        long fd = loads.open(ProgramLoads.Program.of(VARIANT, code.exit().build()));
        if (fd >= 0) {
            kernel.calls().close((int) fd);
        }
        return loads.refusal(fd);
    }

    private static Instructions boundedLoop() {
        return new Assembler()
                .mov(Register.R0, 2)
                .label("again")
                .add(Register.R0, -1)
                .jumpIf(Condition.NE, Register.R0, 0, "again")
                .exit()
                .build();
    }

    private static Instructions atomics() {
        return zero().mov(Register.R1, 1)
                .store(Width.DW, Register.R10, -8, Register.R0)
                .atomic(Atomic.FETCH_ADD, Width.DW, Register.R10, -8, Register.R1)
                .atomic(Atomic.AND, Width.DW, Register.R10, -8, Register.R1)
                .atomic(Atomic.XCHG, Width.DW, Register.R10, -8, Register.R1)
                .atomic(Atomic.CMPXCHG, Width.DW, Register.R10, -8, Register.R1)
                .mov(Register.R0, 0)
                .exit()
                .build();
    }

    private static Instructions mayGoto() {
        return zero().label("again").mayGoto("end").jump("again").label("end").exit().build();
    }

    private static Instructions acquireRelease() {
        return zero().storeRelease(Width.DW, Register.R10, -8, Register.R0)
                .loadAcquire(Width.DW, Register.R0, Register.R10, -8)
                .exit()
                .build();
    }

    private Outcome arenaCasts() {
        long arena =
                maps.open(
                        new MapCreate(
                                MapType.ARENA.number(),
                                0,
                                0,
                                1,
                                MapProbes.F_MMAPABLE,
                                0,
                                0,
                                "",
                                0,
                                0,
                                0,
                                0,
                                ARENA_ADDRESS,
                                0));
        if (arena < 0) {
            return maps.closed(arena);
        }
        try {
            return load(
                    new Assembler()
                            .loadMap(Register.R1, (int) arena)
                            .mov(Register.R1, 0)
                            .addressSpaceCast(Register.R1, Register.R1, 0, 1)
                            .mov(Register.R0, 0)
                            .exit()
                            .build());
        } finally {
            kernel.calls().close((int) arena);
        }
    }
}
