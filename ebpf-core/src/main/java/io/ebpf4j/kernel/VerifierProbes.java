// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.kernel;

import io.ebpf4j.asm.Assembler;
import io.ebpf4j.asm.Instruction;
import io.ebpf4j.asm.Instructions;
import io.ebpf4j.asm.Register;
import io.ebpf4j.btf.BtfBuilder;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.spec.MapType;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.KernelLog;
import io.ebpf4j.sys.MapCreate;
import io.ebpf4j.sys.NativeText;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.List;

/** Asks the verifier what it knows, where only its judgement or its words tell. */
final class VerifierProbes {
    private static final int PSEUDO_MAP_VALUE = 2;
    private static final int GET_FUNC_IP = 173;
    private static final int FUNC_INFO_BYTES = 8;
    private static final int LOG_BYTES = 1 << 12;

    /** Beyond the 512 MiB that kernels took until 7.0. */
    private static final long FAR = 1L << 30;

    private final Kernel kernel;
    private final Trial trial;

    VerifierProbes(Kernel kernel) {
        this.kernel = kernel;
        this.trial = new Trial(kernel);
    }

    /** A small map has no such byte; who takes the offset says so, who does not says that. */
    Support fullRangeOffset() {
        long map = kernel.bpf().mapCreate(MapCreate.of(MapType.ARRAY.number(), 4, 4, 1, 0, ""));
        if (map < 0) {
            return Support.UNKNOWN;
        }
        try (Arena arena = Arena.ofConfined()) {
            Instructions code = Instructions.empty(ByteOrder.nativeOrder());
            code.add(
                    new Instruction(
                            Instruction.LOAD_IMM64,
                            1,
                            PSEUDO_MAP_VALUE,
                            0,
                            FAR << Integer.SIZE | map));
            code.append(Trial.nothing());
            KernelLog log = new KernelLog(arena, LOG_BYTES, 1);
            long result = trial.load(ProgramType.SOCKET_FILTER, 0, code, "", log);
            if (result >= 0) {
                return trial.close(result);
            }
            return log.text().contains("invalid access to map value pointer")
                    ? Support.YES
                    : Trial.refused(result);
        } finally {
            kernel.calls().close((int) map);
        }
    }

    /** A helper that takes nothing but the context is given what a tag says to be one. */
    Support contextArgument() {
        BtfBuilder types = new BtfBuilder();
        int integer = types.add(new BtfType.Int("int", 4, BtfType.Int.SIGNED, 0, 32));
        int pointer = types.add(new BtfType.Ptr(0));
        int prototype =
                types.add(
                        new BtfType.FuncProto(
                                integer, List.of(new BtfType.Parameter("context", pointer))));
        int main = types.add(new BtfType.Func("main", prototype, BtfType.Func.GLOBAL));
        int tagged = types.add(new BtfType.Func("tagged", prototype, BtfType.Func.GLOBAL));
        types.add(new BtfType.DeclTag("arg:ctx", tagged, 0, false));
        try (Arena arena = Arena.ofConfined()) {
            byte[] bytes = types.encode(ByteOrder.nativeOrder());
            long btf = kernel.bpf().btfLoad(NativeText.bytes(arena, bytes), null);
            if (btf < 0) {
                return Trial.refused(btf);
            }
            Instructions code =
                    new Assembler()
                            .callLabel("tagged")
                            .exit()
                            .label("tagged")
                            .callHelper(GET_FUNC_IP)
                            .mov(Register.R0, 0)
                            .exit()
                            .build();
            MemorySegment functions = arena.allocate(2 * FUNC_INFO_BYTES, Long.BYTES);
            NativeText.buffer(functions).putInt(0).putInt(main).putInt(2).putInt(tagged);
            try {
                return trial.close(
                        trial.load(ProgramType.KPROBE, 0, code, "", null, (int) btf, functions));
            } finally {
                kernel.calls().close((int) btf);
            }
        }
    }
}
