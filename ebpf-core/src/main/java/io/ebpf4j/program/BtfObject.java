// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.program;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfFeature;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.PermissionDeniedException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Capability;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.FileDescriptor;
import io.ebpf4j.sys.KernelLog;
import io.ebpf4j.sys.NativeText;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Set;

/**
 * Type information loaded into the kernel (Linux 4.18), for maps and programs that refer to it.
 * They keep it alive themselves, so it may be closed once they are created.
 */
public final class BtfObject implements AutoCloseable {
    private static final int LOG_BYTES = 1 << 16;

    private final FileDescriptor descriptor;
    private final Btf types;

    private BtfObject(FileDescriptor descriptor, Btf types) {
        this.descriptor = descriptor;
        this.types = types;
    }

    /**
     * Loads type information as it stands.
     *
     * @param kernel where to
     * @param btf the bytes of a .BTF section, in the machine's byte order
     * @return the loaded object
     * @throws BpfException if the kernel refuses it; the message has the kernel's own words
     */
    public static BtfObject load(Kernel kernel, byte[] btf) {
        return load(kernel, btf, Btf.parse(btf));
    }

    /**
     * Loads type information, without the kinds that the kernel does not know: after a refusal,
     * each kind in it is probed for, and those missing are replaced by older ones that say nearly
     * the same. Ids stay as they are.
     *
     * @param kernel where to
     * @param btf the types, in the machine's byte order
     * @return the loaded object
     * @throws BpfException if the kernel refuses it; the message has the kernel's own words
     */
    public static BtfObject load(Kernel kernel, Btf btf) {
        try {
            return load(kernel, btf.encode(), btf);
        } catch (PermissionDeniedException refused) {
            throw refused;
        } catch (BpfException refused) {
            Set<BtfFeature> missing = kernel.missing(BtfFeature.usedBy(btf));
            if (missing.isEmpty()) {
                throw refused;
            }
            return load(kernel, BtfFeature.withoutAll(btf, missing).encode(), btf);
        }
    }

    private static BtfObject load(Kernel kernel, byte[] btf, Btf types) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = NativeText.bytes(arena, btf);
            long result = kernel.bpf().btfLoad(bytes, null);
            if (result == -Errno.EPERM && kernel.raiseMemoryLimit()) {
                result = kernel.bpf().btfLoad(bytes, null);
            }
            String reason = "";
            if (result < 0 && result != -Errno.EPERM) {
                KernelLog log = new KernelLog(arena, LOG_BYTES, 1);
                long logged = kernel.bpf().btfLoad(bytes, log);
                // a log that does not fit hides the reason of the first refusal
                if (logged != -Errno.ENOSPC) {
                    result = logged;
                    reason = lastLine(log.text());
                }
            }
            if (result < 0) {
                String what = reason.isEmpty() ? "cannot load BTF" : "cannot load BTF, " + reason;
                throw kernel.explain(BpfCommand.BTF_LOAD, (int) -result, what, Capability.BPF);
            }
            return new BtfObject(
                    kernel.bpf().own(BpfCommand.BTF_LOAD, result, "BTF", "cannot load "), types);
        }
    }

    private static String lastLine(String log) {
        String text = log.stripTrailing();
        return text.substring(text.lastIndexOf('\n') + 1);
    }

    /**
     * Returns the types.
     *
     * @return as given to {@link #load}, before any kind was replaced
     */
    public Btf types() {
        return types;
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
