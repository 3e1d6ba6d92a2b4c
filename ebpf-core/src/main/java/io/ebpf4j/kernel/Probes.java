// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.kernel;

import io.ebpf4j.asm.Assembler;
import io.ebpf4j.asm.Instruction;
import io.ebpf4j.asm.Instructions;
import io.ebpf4j.asm.Register;
import io.ebpf4j.btf.BtfBuilder;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.spec.AttachType;
import io.ebpf4j.spec.MapType;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.Bpf;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.LinkCreate;
import io.ebpf4j.sys.MapCreate;
import io.ebpf4j.sys.NativeText;
import io.ebpf4j.sys.ProgLoad;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Asks the kernel for a feature by using it in the smallest way. Every descriptor is closed before
 * a probe returns.
 *
 * <p>A refusal counts as a no only if its error number is one that ignorance gives; EPERM, ENOMEM
 * and the like leave the answer unknown.
 */
final class Probes {
    private static final int PSEUDO_MAP_VALUE = 2;
    private static final int F_MMAPABLE = 1 << 10;
    private static final int RINGBUF_BYTES = 1 << 16;
    private static final int PROBE_READ_KERNEL = 113;
    private static final int KTIME_GET_COARSE_NS = 160;
    private static final int GET_ATTACH_COOKIE = 174;
    private static final int SCRATCH_BYTES = 8;

    private final Kernel kernel;
    private final Bpf bpf;

    Probes(Kernel kernel) {
        this.kernel = kernel;
        this.bpf = kernel.bpf();
    }

    Support ask(Feature feature) {
        return switch (feature) {
            case PROG_NAME -> close(load(ProgramType.SOCKET_FILTER, 0, nothing(), "probe"));
            case EXPECTED_ATTACH_TYPE ->
                    close(
                            load(
                                    ProgramType.CGROUP_SOCK,
                                    AttachType.CGROUP_INET_SOCK_CREATE.number(),
                                    nothing(),
                                    ""));
            case GLOBAL_DATA -> globalData();
            case ARRAY_MMAP ->
                    close(
                            bpf.mapCreate(
                                    MapCreate.of(MapType.ARRAY.number(), 4, 4, 1, F_MMAPABLE, "")));
            case RINGBUF ->
                    close(
                            bpf.mapCreate(
                                    MapCreate.of(
                                            MapType.RINGBUF.number(), 0, 0, RINGBUF_BYTES, 0, "")));
            case PROG_BIND_MAP -> progBindMap();
            case PERF_LINK -> perfLink();
            case PROBE_READ_KERNEL -> close(load(ProgramType.TRACEPOINT, 0, readKernel(), ""));
            case MEMCG_ACCOUNT ->
                    close(load(ProgramType.SOCKET_FILTER, 0, callHelper(KTIME_GET_COARSE_NS), ""));
            case BPF_COOKIE ->
                    close(load(ProgramType.TRACEPOINT, 0, callHelper(GET_ATTACH_COOKIE), ""));
            case BTF,
                    BTF_FUNC,
                    BTF_DATASEC,
                    BTF_GLOBAL_FUNC,
                    BTF_FLOAT,
                    BTF_DECL_TAG,
                    BTF_TYPE_TAG,
                    BTF_ENUM64,
                    BTF_QMARK_DATASEC,
                    BTF_ATTRIBUTE_TAG ->
                    btf(feature);
        };
    }

    /** Reads a result that a descriptor means yes in, and closes it. */
    private Support close(long result) {
        if (result >= 0) {
            kernel.calls().close((int) result);
            return Support.YES;
        }
        return switch ((int) -result) {
            case Errno.EINVAL, Errno.E2BIG, Errno.EACCES, Errno.EOPNOTSUPP, Errno.ENOTSUPP ->
                    Support.NO;
            default -> Support.UNKNOWN;
        };
    }

    private long load(ProgramType type, int attachType, Instructions instructions, String name) {
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
                            0,
                            MemorySegment.NULL,
                            MemorySegment.NULL,
                            0,
                            0,
                            MemorySegment.NULL);
            return bpf.progLoad(request, null);
        }
    }

    private static Instructions nothing() {
        return new Assembler().mov(Register.R0, 0).exit().build();
    }

    private static Instructions callHelper(int id) {
        return new Assembler().callHelper(id).exit().build();
    }

    private static Instructions readKernel() {
        return new Assembler()
                .mov(Register.R1, Register.R10)
                .add(Register.R1, -SCRATCH_BYTES)
                .mov(Register.R2, SCRATCH_BYTES)
                .mov(Register.R3, 0)
                .callHelper(PROBE_READ_KERNEL)
                .exit()
                .build();
    }

    private Support globalData() {
        long map = bpf.mapCreate(MapCreate.of(MapType.ARRAY.number(), 4, 32, 1, 0, ""));
        if (map < 0) {
            return Support.UNKNOWN;
        }
        try {
            Instructions store = Instructions.empty(ByteOrder.nativeOrder());
            store.add(
                    new Instruction(
                            Instruction.LOAD_IMM64, 1, PSEUDO_MAP_VALUE, 0, 16L << 32 | map));
            store.append(nothing());
            return close(load(ProgramType.SOCKET_FILTER, 0, store, ""));
        } finally {
            kernel.calls().close((int) map);
        }
    }

    private Support progBindMap() {
        long map = bpf.mapCreate(MapCreate.of(MapType.ARRAY.number(), 4, 32, 1, 0, ""));
        if (map < 0) {
            return Support.UNKNOWN;
        }
        long program = load(ProgramType.SOCKET_FILTER, 0, nothing(), "");
        try {
            return program < 0 ? Support.UNKNOWN : zero(bpf.progBindMap((int) program, (int) map));
        } finally {
            kernel.calls().close((int) map);
            if (program >= 0) {
                kernel.calls().close((int) program);
            }
        }
    }

    private Support zero(long result) {
        return result == 0 ? Support.YES : close(result);
    }

    /**
     * A kernel that knows such links looks at the descriptor, -1, before anything else it could
     * complain about.
     */
    private Support perfLink() {
        long program = load(ProgramType.TRACEPOINT, 0, nothing(), "");
        if (program < 0) {
            return Support.UNKNOWN;
        }
        long link =
                bpf.linkCreate(
                        new LinkCreate(
                                (int) program,
                                -1,
                                AttachType.PERF_EVENT.number(),
                                0,
                                LinkCreate.Options.NONE));
        kernel.calls().close((int) program);
        return link == -Errno.EBADF ? Support.YES : close(link);
    }

    private Support btf(Feature feature) {
        BtfBuilder types = new BtfBuilder();
        int integer = types.add(new BtfType.Int("int", 4, 1, 0, 32));
        switch (feature) {
            case BTF_FUNC -> function(types, BtfType.Func.STATIC);
            case BTF_GLOBAL_FUNC -> function(types, BtfType.Func.GLOBAL);
            case BTF_DATASEC -> section(types, integer, ".data");
            case BTF_QMARK_DATASEC -> section(types, integer, "?.data");
            case BTF_FLOAT -> types.add(new BtfType.Float("float", 4));
            case BTF_DECL_TAG -> {
                int variable = types.add(new BtfType.Var("v", integer, BtfType.Var.STATIC));
                types.add(new BtfType.DeclTag("tag", variable, -1, false));
            }
            case BTF_TYPE_TAG ->
                    types.add(
                            new BtfType.Ptr(types.add(new BtfType.TypeTag("tag", integer, false))));
            case BTF_ATTRIBUTE_TAG ->
                    types.add(
                            new BtfType.Ptr(types.add(new BtfType.TypeTag("tag", integer, true))));
            case BTF_ENUM64 ->
                    types.add(
                            new BtfType.Enum64(
                                    "e", 8, false, List.of(new BtfType.Enumerator("A", 0))));
            default -> {
                // an integer alone is what every kernel with BTF takes
            }
        }
        try (Arena arena = Arena.ofConfined()) {
            byte[] bytes = types.encode(ByteOrder.nativeOrder());
            return close(bpf.btfLoad(NativeText.bytes(arena, bytes), null));
        }
    }

    private static void function(BtfBuilder types, int linkage) {
        int prototype = types.add(new BtfType.FuncProto(0, List.of(new BtfType.Parameter("a", 1))));
        types.add(new BtfType.Func("f", prototype, linkage));
    }

    private static void section(BtfBuilder types, int integer, String name) {
        int variable = types.add(new BtfType.Var("v", integer, BtfType.Var.STATIC));
        types.add(new BtfType.DataSec(name, 4, List.of(new BtfType.Section(variable, 0, 4))));
    }
}
