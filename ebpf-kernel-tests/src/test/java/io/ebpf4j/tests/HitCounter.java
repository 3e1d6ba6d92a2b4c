// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import io.ebpf4j.asm.Arithmetic;
import io.ebpf4j.asm.Assembler;
import io.ebpf4j.asm.Atomic;
import io.ebpf4j.asm.Condition;
import io.ebpf4j.asm.Register;
import io.ebpf4j.asm.Width;
import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.program.Program;
import io.ebpf4j.program.ProgramLoad;
import io.ebpf4j.spec.AttachType;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.FileDescriptor;
import io.ebpf4j.sys.MapCreate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A program for any hook that counts how often this process ran into it, and keeps the attachment's
 * cookie if asked to.
 *
 * <p>{@link #getppid} is the event that the tests cause: a libc function, which makes the system
 * call of its name, which nothing else in a JVM does.
 */
final class HitCounter implements AutoCloseable {
    private static final int ARRAY = 2;
    private static final int COOKIE = 8;
    private static final int VALUE_BYTES = 16;

    @SuppressWarnings("restricted")
    private static final MethodHandle GETPPID =
            Linker.nativeLinker()
                    .downcallHandle(
                            Linker.nativeLinker().defaultLookup().find("getppid").orElseThrow(),
                            FunctionDescriptor.of(ValueLayout.JAVA_INT));

    private final Kernel kernel;
    private final FileDescriptor map;
    private final Program program;

    private HitCounter(ProgramType type, AttachType attachType, int btfId, boolean cookie) {
        kernel = Kernel.shared();
        long fd = kernel.bpf().mapCreate(MapCreate.of(ARRAY, 4, VALUE_BYTES, 1, 0, "hits"));
        map = kernel.bpf().own(BpfCommand.MAP_CREATE, fd, "map hits", "cannot create ");
        try {
            program = load(type, attachType, btfId, cookie);
        } catch (RuntimeException e) {
            map.close();
            throw e;
        }
    }

    static HitCounter of(ProgramType type) {
        return new HitCounter(type, AttachType.NONE, 0, false);
    }

    static HitCounter of(ProgramType type, AttachType attachType) {
        return new HitCounter(type, attachType, 0, false);
    }

    /** Counts like {@link #of} and keeps the cookie, which needs Linux 5.15 to load. */
    static HitCounter keepingCookie(ProgramType type) {
        return new HitCounter(type, AttachType.NONE, 0, true);
    }

    /** Counts at a target that the kernel's BTF describes. */
    static HitCounter tracing(
            AttachType attachType, String target, Class<? extends BtfType> kind, boolean cookie) {
        try {
            Btf btf = Btf.parse(Files.readAllBytes(Path.of("/sys/kernel/btf/vmlinux")));
            return new HitCounter(ProgramType.TRACING, attachType, btf.find(target, kind), cookie);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Program load(ProgramType type, AttachType attachType, int btfId, boolean cookie) {
        Assembler code =
                new Assembler()
                        .mov(Register.R6, Register.R1)
                        .mov(Register.R7, 0)
                        .callHelper("bpf_get_current_pid_tgid")
                        .alu(Arithmetic.RSH, Register.R0, 32)
                        .jumpIf(Condition.NE, Register.R0, ProcessHandle.current().pid(), "out");
        if (cookie) {
            code.mov(Register.R1, Register.R6)
                    .callHelper("bpf_get_attach_cookie")
                    .mov(Register.R7, Register.R0);
        }
        code.loadMapValue(Register.R1, map.fd(), 0)
                .mov(Register.R2, 1)
                .atomic(Atomic.ADD, Width.DW, Register.R1, 0, Register.R2)
                .store(Width.DW, Register.R1, COOKIE, Register.R7)
                .label("out")
                .mov(Register.R0, 0)
                .exit();
        ProgramLoad.Builder load =
                ProgramLoad.of("hits", type, code.build()).attachType(attachType);
        return Program.load(kernel, (btfId == 0 ? load : load.attachTo(btfId, 0)).build());
    }

    Program program() {
        return program;
    }

    long hits() {
        return value(0);
    }

    long cookie() {
        return value(COOKIE);
    }

    /** Calls libc's function {@code times} times and returns how many hits that made. */
    long hitsOf(int times) {
        long before = hits();
        for (int i = 0; i < times; i++) {
            getppid();
        }
        return hits() - before;
    }

    static void getppid() {
        try {
            int _ = (int) GETPPID.invokeExact();
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private long value(int offset) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment key = arena.allocate(4);
            MemorySegment value = arena.allocate(VALUE_BYTES, 8);
            long result = kernel.bpf().mapLookup(map.fd(), key.address(), value.address(), 0);
            if (result < 0) {
                throw new AssertionError("lookup failed: " + result);
            }
            return value.get(ValueLayout.JAVA_LONG, offset);
        }
    }

    @Override
    public void close() {
        program.close();
        map.close();
    }
}
