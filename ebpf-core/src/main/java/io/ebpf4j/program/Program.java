// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.program;

import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.spec.AttachType;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.FileDescriptor;

/**
 * A program in the kernel. It stays loaded until it is closed and no link, pin or map refers to it.
 * Safe for use by several threads.
 */
public final class Program implements AutoCloseable {
    private final Kernel kernel;
    private final FileDescriptor descriptor;
    private final String name;
    private final ProgramType type;
    private final AttachType attachType;
    private final String verifierLog;

    Program(
            Kernel kernel,
            FileDescriptor descriptor,
            String name,
            ProgramType type,
            AttachType attachType,
            String verifierLog) {
        this.kernel = kernel;
        this.descriptor = descriptor;
        this.name = name;
        this.type = type;
        this.attachType = attachType;
        this.verifierLog = verifierLog;
    }

    /**
     * Verifies and loads a program.
     *
     * @param kernel where to
     * @param load what
     * @return the loaded program
     * @throws io.ebpf4j.error.VerifierException if the verifier rejects it; the log is kept whole
     * @throws io.ebpf4j.error.PermissionDeniedException if a capability is missing, or lockdown is
     *     in the way
     * @throws io.ebpf4j.error.UnsupportedException if the kernel lacks the type or something the
     *     program uses
     * @throws io.ebpf4j.error.BpfException if the kernel refuses for another reason
     */
    public static Program load(Kernel kernel, ProgramLoad load) {
        return new Loader(kernel, load).load();
    }

    /**
     * Returns the program's name.
     *
     * @return the whole name, even where the kernel keeps 15 characters of it
     */
    public String name() {
        return name;
    }

    /**
     * Returns the program's type.
     *
     * @return the type it was loaded as
     */
    public ProgramType type() {
        return type;
    }

    /**
     * Returns where the program is meant to be attached.
     *
     * @return the attach type given at load; {@link AttachType#NONE} for a program opened from a
     *     pin
     */
    public AttachType attachType() {
        return attachType;
    }

    /**
     * Returns what the verifier said.
     *
     * @return the log asked for by {@link LogPolicy}; empty when none was
     */
    public String verifierLog() {
        return verifierLog;
    }

    /**
     * Returns the kernel that holds the program.
     *
     * @return the kernel given at load
     */
    public Kernel kernel() {
        return kernel;
    }

    /**
     * Returns the descriptor's number, for calls of one's own. It is valid until {@link #close}.
     *
     * @return the descriptor
     * @throws IllegalStateException if the program is closed
     */
    public int fd() {
        return descriptor.fd();
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

    /**
     * Closes the descriptor; attached links and pins keep the program running. Further calls do
     * nothing.
     */
    @Override
    public void close() {
        descriptor.close();
    }

    @Override
    public String toString() {
        return "program " + name + " (" + type + ")";
    }
}
