// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.kernel;

import io.ebpf4j.asm.Assembler;
import io.ebpf4j.asm.Instruction;
import io.ebpf4j.asm.Instructions;
import io.ebpf4j.asm.Register;
import io.ebpf4j.spec.AttachType;
import io.ebpf4j.spec.MapType;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.Architecture;
import io.ebpf4j.sys.Bpf;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.MapCreate;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;

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

    /** BPF_F_CPU, of CPU 0. */
    private static final long F_CPU = 8;

    /** A descriptor of nothing. */
    private static final int NO_DESCRIPTOR = -1;

    private final Kernel kernel;
    private final Bpf bpf;
    private final Trial trial;

    Probes(Kernel kernel) {
        this.kernel = kernel;
        this.bpf = kernel.bpf();
        this.trial = new Trial(kernel);
    }

    Support ask(Feature feature) {
        return switch (feature) {
            case PROG_NAME ->
                    trial.close(trial.load(ProgramType.SOCKET_FILTER, 0, Trial.nothing(), "probe"));
            case EXPECTED_ATTACH_TYPE ->
                    trial.close(
                            trial.load(
                                    ProgramType.CGROUP_SOCK,
                                    AttachType.CGROUP_INET_SOCK_CREATE.number(),
                                    Trial.nothing(),
                                    ""));
            case GLOBAL_DATA -> globalData();
            case ARRAY_MMAP -> map(MapType.ARRAY, 4, 1, F_MMAPABLE);
            case RINGBUF -> map(MapType.RINGBUF, 0, RINGBUF_BYTES, 0);
            case PROG_BIND_MAP -> progBindMap();
            case PERF_LINK -> new LinkProbes(kernel).perfEvent();
            case UPROBE_MULTI_LINK -> new LinkProbes(kernel).uprobeMulti();
            case PROBE_READ_KERNEL -> program(ProgramType.TRACEPOINT, readKernel());
            case MEMCG_ACCOUNT ->
                    program(ProgramType.SOCKET_FILTER, callHelper(KTIME_GET_COARSE_NS));
            case BPF_COOKIE -> program(ProgramType.TRACEPOINT, callHelper(GET_ATTACH_COOKIE));
            case ARG_CTX_TAG -> new VerifierProbes(kernel).contextArgument();
            case MAP_CPU_FLAGS -> cpuFlags();
            case FULL_RANGE_OFFSET -> new VerifierProbes(kernel).fullRangeOffset();
            case MODULE_BTF -> new BtfProbes(kernel).modules();
            case BTF_LAYOUT -> new BtfProbes(kernel).layout();
            case SYSCALL_WRAPPER -> systemCallWrapper();
            case UPROBE_SYSCALL -> uprobeSystemCall();
            case TOKEN -> token();
            case COMMON_ATTRIBUTES -> commonAttributes();
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
                    new BtfProbes(kernel).ask(feature);
        };
    }

    private Support map(MapType type, int bytes, int entries, int flags) {
        return trial.close(
                bpf.mapCreate(MapCreate.of(type.number(), bytes, bytes, entries, flags, "")));
    }

    private Support program(ProgramType type, Instructions code) {
        return trial.close(trial.load(type, 0, code, ""));
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
            store.append(Trial.nothing());
            return program(ProgramType.SOCKET_FILTER, store);
        } finally {
            kernel.calls().close((int) map);
        }
    }

    private Support cpuFlags() {
        long map = bpf.mapCreate(MapCreate.of(MapType.PERCPU_ARRAY.number(), 4, 8, 1, 0, ""));
        if (map < 0) {
            return Support.UNKNOWN;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment element = arena.allocate(2 * Long.BYTES, Long.BYTES);
            long key = element.address();
            return trial.zero(bpf.mapLookup((int) map, key, key + Long.BYTES, F_CPU));
        } finally {
            kernel.calls().close((int) map);
        }
    }

    private Support progBindMap() {
        long map = bpf.mapCreate(MapCreate.of(MapType.ARRAY.number(), 4, 32, 1, 0, ""));
        if (map < 0) {
            return Support.UNKNOWN;
        }
        long program = trial.load(ProgramType.SOCKET_FILTER, 0, Trial.nothing(), "");
        try {
            return program < 0
                    ? Support.UNKNOWN
                    : trial.zero(bpf.progBindMap((int) program, (int) map));
        } finally {
            kernel.calls().close((int) map);
            if (program >= 0) {
                kernel.calls().close((int) program);
            }
        }
    }

    /** The name of a system call's function tells. */
    private Support systemCallWrapper() {
        String function = wrapper(Architecture.current());
        if (function == null) {
            return Support.NO;
        }
        String anchor = "_stext";
        Map<String, Kallsyms.Symbol> found = kernel.kallsyms().find(List.of(function, anchor));
        if (found.containsKey(function)) {
            return Support.YES;
        }
        return found.containsKey(anchor) ? Support.NO : Support.UNKNOWN;
    }

    private static String wrapper(Architecture machine) {
        return switch (machine) {
            case X86_64 -> "__x64_sys_bpf";
            case AARCH64 -> "__arm64_sys_bpf";
            case RISCV64 -> "__riscv_sys_bpf";
            case S390X -> "__s390x_sys_bpf";
            case PPC64LE -> "__powerpc_sys_bpf";
            case LOONGARCH64 -> null;
        };
    }

    /** Linux 7.2 answers EPROTO to who is not the kernel's own code, older ones ENXIO. */
    private Support uprobeSystemCall() {
        return switch ((int) -kernel.calls().uprobe()) {
            case Errno.ENXIO, Errno.EPROTO -> Support.YES;
            case Errno.ENOSYS -> Support.NO;
            default -> Support.UNKNOWN;
        };
    }

    /** What is no descriptor is no bpf file system either. */
    private Support token() {
        long result = bpf.tokenCreate(NO_DESCRIPTOR);
        return result == -Errno.EBADF ? Support.YES : trial.close(result);
    }

    /** Attributes at no address cannot be read. */
    private Support commonAttributes() {
        long result = bpf.progLoadWithoutCommonAttributes();
        return result == -Errno.EFAULT ? Support.YES : trial.close(result);
    }
}
