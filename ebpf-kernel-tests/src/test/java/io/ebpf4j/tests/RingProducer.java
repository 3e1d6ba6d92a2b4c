// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import io.ebpf4j.asm.Arithmetic;
import io.ebpf4j.asm.Assembler;
import io.ebpf4j.asm.Condition;
import io.ebpf4j.asm.Register;
import io.ebpf4j.asm.Width;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.map.BpfMap;
import io.ebpf4j.map.MapHandle;
import io.ebpf4j.program.Program;
import io.ebpf4j.program.ProgramLoad;
import io.ebpf4j.program.TestRun;
import io.ebpf4j.spec.MapSpec;
import io.ebpf4j.spec.MapType;
import io.ebpf4j.spec.ProgramType;

/**
 * A program that writes numbered records with checksums into a ring buffer as often as it is run,
 * and counts those that found no room. One thread runs it at a time.
 */
final class RingProducer implements AutoCloseable {
    /** Flag of {@code bpf_ringbuf_output}: wake nobody. */
    static final int NO_WAKEUP = 1;

    private static final int MULTIPLIER = 0x1e3779b1;
    private static final int LONGEST = 80;
    private static final int PRODUCED = 0;
    private static final int DROPPED = 8;

    /** What a record begins with; up to 56 bytes follow. */
    record Numbered(long producer, long sequence, long checksum) {
        boolean intact() {
            return checksum == sequence * MULTIPLIER + producer;
        }
    }

    record Counters(long produced, long dropped) {}

    private final MapHandle counters;
    private final Program program;

    /**
     * Loads the program.
     *
     * @param ring where it writes
     * @param id what it marks its records with
     * @param flags of {@code bpf_ringbuf_output}
     */
    RingProducer(Kernel kernel, MapHandle ring, int id, int flags) {
        counters =
                MapHandle.create(
                        kernel, MapSpec.of("counters", MapType.ARRAY, 4, 16, 1), null, null);
        try {
            program =
                    Program.load(
                            kernel,
                            ProgramLoad.of(
                                            "produce",
                                            ProgramType.SOCKET_FILTER,
                                            code(ring, id, flags).build())
                                    .build());
        } catch (RuntimeException e) {
            counters.close();
            throw e;
        }
    }

    private Assembler code(MapHandle ring, int id, int flags) {
        Assembler code = new Assembler();
        for (int offset = -LONGEST; offset < 0; offset += 8) {
            code.store(Width.DW, Register.R10, offset, 0);
        }
        return code.loadMapValue(Register.R6, counters.descriptor().fd(), 0)
                .load(Width.DW, Register.R7, Register.R6, PRODUCED)
                .mov(Register.R1, Register.R7)
                .add(Register.R1, 1)
                .store(Width.DW, Register.R6, PRODUCED, Register.R1)
                .store(Width.DW, Register.R10, -LONGEST, id)
                .store(Width.DW, Register.R10, -LONGEST + 8, Register.R7)
                .mov(Register.R1, Register.R7)
                .alu(Arithmetic.MUL, Register.R1, MULTIPLIER)
                .add(Register.R1, id)
                .store(Width.DW, Register.R10, -LONGEST + 16, Register.R1)
                .loadMap(Register.R1, ring.descriptor().fd())
                .mov(Register.R2, Register.R10)
                .add(Register.R2, -LONGEST)
                .mov(Register.R3, Register.R7)
                .alu(Arithmetic.AND, Register.R3, 7)
                .alu(Arithmetic.LSH, Register.R3, 3)
                .add(Register.R3, 24)
                .mov(Register.R4, flags)
                .callHelper("bpf_ringbuf_output")
                .jumpIf(Condition.EQ, Register.R0, 0, "out")
                .load(Width.DW, Register.R1, Register.R6, DROPPED)
                .add(Register.R1, 1)
                .store(Width.DW, Register.R6, DROPPED, Register.R1)
                .label("out")
                .mov(Register.R0, 0)
                .exit();
    }

    /** Runs the program. */
    void produce(int times) {
        program.testRun(TestRun.create().data(new byte[64]).repeat(times));
    }

    Counters counters() {
        BpfMap<Integer, Counters> view = counters.open(Integer.class, Counters.class);
        return view.get(0);
    }

    @Override
    public void close() {
        program.close();
        counters.close();
    }
}
