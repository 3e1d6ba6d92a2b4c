// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.program;

import io.ebpf4j.asm.Instructions;
import io.ebpf4j.btf.Btf;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.spec.AttachType;
import io.ebpf4j.spec.ProgramSpec;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.Failure;
import io.ebpf4j.sys.FileDescriptor;
import io.ebpf4j.sys.ObjectKind;
import io.ebpf4j.sys.RawProgInfo;

import java.nio.ByteOrder;
import java.nio.file.Path;

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
     * @throws BpfException if the kernel refuses for another reason
     */
    public static Program load(Kernel kernel, ProgramLoad load) {
        return new Loader(kernel, load).load();
    }

    /**
     * Opens a pinned program (Linux 4.4).
     *
     * @param kernel where it is
     * @param path its name in a bpf file system
     * @return the program, with the type and name the kernel says
     * @throws BpfException if there is no such program, or it may not be opened
     */
    public static Program fromPin(Kernel kernel, Path path) {
        FileDescriptor fd = kernel.bpf().objGet(path.toString(), 0);
        return opened(kernel, fd, path.toString());
    }

    /**
     * Opens a loaded program by its id (Linux 4.13, CAP_SYS_ADMIN).
     *
     * @param kernel where it is
     * @param id its id
     * @return the program, with the type and name the kernel says
     * @throws BpfException if there is no such program, or it may not be opened
     */
    public static Program fromId(Kernel kernel, int id) {
        long fd = kernel.bpf().openById(BpfCommand.PROG_GET_FD_BY_ID, id);
        String what = "program with id " + id;
        return opened(
                kernel,
                kernel.bpf().own(BpfCommand.PROG_GET_FD_BY_ID, fd, what, "cannot open the "),
                what);
    }

    /**
     * Opens a second descriptor of a program that something else holds open, such as one that was
     * inherited or received from another process.
     *
     * @param kernel where it is
     * @param fd a descriptor of it, which stays the caller's
     * @return the program, with the type and name the kernel says
     * @throws BpfException if the descriptor is of no program, or the process has none left
     */
    public static Program fromFd(Kernel kernel, int fd) {
        long second = kernel.calls().duplicate(fd);
        String what = "descriptor " + fd;
        if (second < 0) {
            throw Failure.of("fcntl", (int) -second, "cannot duplicate " + what);
        }
        return opened(kernel, FileDescriptor.adopt(kernel.calls(), (int) second, "program"), what);
    }

    /**
     * Opens this program a second time, in place of loading one.
     *
     * @param spec the program that it stands in for
     * @return another handle of the same program, with the spec's name and attach type; both are
     *     closed on their own
     * @throws BpfException if the process has no descriptor left
     * @throws IllegalStateException if this handle is closed
     */
    public Program inPlaceOf(ProgramSpec spec) {
        return new Program(
                kernel,
                descriptor.duplicate("program ".concat(spec.name())),
                spec.name(),
                type,
                spec.attachType(),
                "");
    }

    private static Program opened(Kernel kernel, FileDescriptor fd, String what) {
        try {
            ObjectKind kind = ObjectKind.of(kernel.calls(), fd.fd());
            if (kind != ObjectKind.PROGRAM) {
                throw new BpfException(what + " is no program but a " + kind.text());
            }
            ProgramInfo info = info(kernel, fd);
            return new Program(kernel, fd, info.name(), info.type(), AttachType.NONE, "");
        } catch (Throwable t) {
            fd.close();
            throw t;
        }
    }

    private static ProgramInfo info(Kernel kernel, FileDescriptor descriptor) {
        int fd = descriptor.acquire();
        try {
            return ProgramInfo.of(kernel.bpf().progInfo(fd));
        } finally {
            descriptor.release();
        }
    }

    /**
     * Describes the program (Linux 4.13).
     *
     * @return what the kernel says now
     * @throws IllegalStateException if the program is closed
     * @throws BpfException if the kernel refuses
     */
    public ProgramInfo info() {
        return info(kernel, descriptor);
    }

    /**
     * Reads the program's type information (Linux 4.18, CAP_SYS_ADMIN).
     *
     * @return its types: those of its functions, and of what they use
     * @throws IllegalStateException if the program is closed
     * @throws BpfException if it was loaded without, or the kernel refuses
     */
    public Btf types() {
        return ProgramTypes.read(this);
    }

    /**
     * Finds a function in the program's type information, for programs that replace or trace it
     * (Linux 5.5, CAP_SYS_ADMIN).
     *
     * @param function the entry function's or a subprogram's name
     * @return the function's id
     * @throws IllegalStateException if the program is closed
     * @throws BpfException if it has no such function, in which case the message lists those it
     *     has; or it was loaded without types, or the kernel refuses
     */
    public int functionId(String function) {
        return ProgramTypes.function(this, function);
    }

    /**
     * Reads the instructions as the kernel rewrote them (Linux 4.13).
     *
     * @return the instructions; empty when the kernel hides them (sysctl kernel.kptr_restrict,
     *     net.core.bpf_jit_harden)
     * @throws IllegalStateException if the program is closed
     * @throws BpfException if the kernel refuses
     */
    public Instructions translatedInstructions() {
        int fd = descriptor.acquire();
        try {
            return Instructions.decode(
                    RawProgInfo.translated(kernel.bpf(), fd), ByteOrder.nativeOrder());
        } finally {
            descriptor.release();
        }
    }

    /**
     * Runs the program on given data, without attaching it (Linux 4.12; raw tracepoints 5.10,
     * syscall programs 5.14).
     *
     * <p>A signal during a run that is not repeated counts as success, although the kernel then
     * reports no value.
     *
     * @param run the data
     * @return what came out
     * @throws IllegalStateException if the program is closed
     * @throws io.ebpf4j.error.UnsupportedException if the kernel cannot run programs of this type
     *     so
     * @throws BpfException if the kernel refuses
     */
    public TestRunResult testRun(TestRun run) {
        int fd = descriptor.acquire();
        try {
            return new TestRunner(this, run).run(fd);
        } finally {
            descriptor.release();
        }
    }

    /**
     * Gives the program a name in a bpf file system, which keeps it loaded (Linux 4.4).
     *
     * @param path the name; its directory must be in a file system of type bpf
     * @throws IllegalStateException if the program is closed
     * @throws BpfException if the kernel refuses: EEXIST when the name is taken
     */
    public void pin(Path path) {
        int fd = descriptor.acquire();
        try {
            kernel.bpf().objPin(fd, path.toString());
        } finally {
            descriptor.release();
        }
    }

    /**
     * Takes a name away; nothing happens when it is not there.
     *
     * @param path the name given to {@link #pin}
     * @throws BpfException if the file system refuses
     */
    public void unpin(Path path) {
        long result = kernel.calls().unlink(path.toString());
        if (result < 0 && result != -Errno.ENOENT) {
            throw Failure.of("unlink", (int) -result, "cannot unpin " + path);
        }
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
