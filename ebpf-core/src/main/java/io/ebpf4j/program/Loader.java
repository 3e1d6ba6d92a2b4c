// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.program;

import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.KernelName;
import io.ebpf4j.sys.NativeText;
import io.ebpf4j.sys.ProgLoad;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Walks one program through BPF_PROG_LOAD. */
final class Loader {
    private final Kernel kernel;
    private final ProgramLoad load;

    Loader(Kernel kernel, ProgramLoad load) {
        this.kernel = kernel;
        this.load = load;
    }

    Program load() {
        try (Arena arena = Arena.ofConfined()) {
            ProgLoad request =
                    new ProgLoad(
                            load.type().number(),
                            load.attachType().number(),
                            load.flags(),
                            NativeText.bytes(arena, load.instructions().encode()),
                            NativeText.string(arena, load.license()),
                            KernelName.of(load.name()),
                            0,
                            0,
                            MemorySegment.NULL,
                            MemorySegment.NULL,
                            load.attachBtfId(),
                            load.attachTarget(),
                            MemorySegment.NULL);
            long result;
            do {
                result = kernel.bpf().progLoad(request, null);
            } while (result == -Errno.EAGAIN);
            return new Program(
                    kernel,
                    kernel.bpf()
                            .own(
                                    BpfCommand.PROG_LOAD,
                                    result,
                                    "program " + load.name(),
                                    "cannot load "),
                    load.name(),
                    load.type(),
                    load.attachType(),
                    "");
        }
    }
}
