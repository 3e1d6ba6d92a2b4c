// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.program;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.FileDescriptor;
import io.ebpf4j.sys.KernelLog;
import io.ebpf4j.sys.NativeText;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Type information loaded into the kernel (Linux 4.18), for maps and programs that refer to it.
 * They keep it alive themselves, so it may be closed once they are created.
 */
public final class BtfObject implements AutoCloseable {
    private static final int LOG_BYTES = 1 << 16;

    private final FileDescriptor descriptor;

    private BtfObject(FileDescriptor descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * Loads type information.
     *
     * @param kernel where to
     * @param btf the bytes of a .BTF section, in the machine's byte order
     * @return the loaded object
     * @throws BpfException if the kernel refuses it; the message ends with the kernel's own words
     */
    public static BtfObject load(Kernel kernel, byte[] btf) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = NativeText.bytes(arena, btf);
            long result = kernel.bpf().btfLoad(bytes, null);
            String reason = "";
            if (result < 0 && result != -Errno.EPERM) {
                KernelLog log = new KernelLog(arena, LOG_BYTES, 1);
                result = kernel.bpf().btfLoad(bytes, log);
                reason = lastLine(log.text());
            }
            return new BtfObject(
                    kernel.bpf()
                            .own(
                                    BpfCommand.BTF_LOAD,
                                    result,
                                    "BTF",
                                    reason.isEmpty() ? "cannot load " : reason + ": cannot load "));
        }
    }

    private static String lastLine(String log) {
        String text = log.stripTrailing();
        return text.substring(text.lastIndexOf('\n') + 1);
    }

    /**
     * Returns the owner of the descriptor; for this library's modules.
     *
     * @return the descriptor
     */
    @SuppressWarnings("exports")
    public FileDescriptor descriptor() {
        return descriptor;
    }

    /** Closes the descriptor. Further calls do nothing. */
    @Override
    public void close() {
        descriptor.close();
    }
}
