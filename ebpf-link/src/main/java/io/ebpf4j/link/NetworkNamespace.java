// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.program.Program;
import io.ebpf4j.spec.AttachType;
import io.ebpf4j.spec.ProgramType;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.Failure;
import io.ebpf4j.sys.FileDescriptor;
import io.ebpf4j.sys.LinkCreate;
import io.ebpf4j.sys.ProgAttach;
import io.ebpf4j.sys.ProgQuery;

import java.nio.file.Path;

/**
 * Attaches programs to network namespaces: those that choose the socket for a packet or connection
 * ({@code SEC("sk_lookup")}, Linux 5.9), and those that dissect packets into flows ({@code
 * SEC("flow_dissector")}, Linux 4.20).
 */
public final class NetworkNamespace {
    private static final Path CURRENT = Path.of("/proc/thread-self/ns/net");
    private static final String LINKS_SINCE = "5.8";

    private NetworkNamespace() {}

    /**
     * Attaches a program to the network namespace that the calling thread is in.
     *
     * @param program a program of type SK_LOOKUP or FLOW_DISSECTOR
     * @return the link; close it to detach
     * @throws BpfException if the program is of another type, or the kernel refuses
     * @throws io.ebpf4j.error.PermissionDeniedException if a capability is missing
     * @throws IllegalStateException if the program is closed
     */
    public static Link attach(Program program) {
        return attach(program, CURRENT);
    }

    /**
     * Attaches a program to a network namespace.
     *
     * <p>By a link (Linux 5.8); below that a flow dissector goes to the current namespace only, by
     * BPF_PROG_ATTACH.
     *
     * @param program a program of type SK_LOOKUP or FLOW_DISSECTOR
     * @param namespace the namespace's file, such as {@code /proc/1234/ns/net} or {@code
     *     /run/netns/blue}
     * @return the link; close it to detach
     * @throws BpfException if the program is of another type, the file is no network namespace, or
     *     the kernel refuses, as it does when there is a flow dissector already
     * @throws UnsupportedException if the kernel has no links for another namespace
     * @throws io.ebpf4j.error.PermissionDeniedException if a capability is missing
     * @throws IllegalStateException if the program is closed
     */
    public static Link attach(Program program, Path namespace) {
        Hooks.require(program, where(namespace), ProgramType.SK_LOOKUP, ProgramType.FLOW_DISSECTOR);
        int fd = program.descriptor().acquire();
        try (FileDescriptor target = open(program.kernel(), namespace)) {
            LinkCreate request =
                    new LinkCreate(
                            fd, target.fd(), type(program).number(), 0, LinkCreate.Options.NONE);
            long result = program.kernel().bpf().linkCreate(request);
            if (result == -Errno.EINVAL && !program.kernel().version().isAtLeast(LINKS_SINCE)) {
                return withoutLink(program, namespace);
            }
            if (result < 0) {
                throw failure(BpfCommand.LINK_CREATE, program, namespace, (int) -result);
            }
            String what = "link of program " + program.name() + " to " + where(namespace);
            return new KernelLink(
                    program.kernel(),
                    FileDescriptor.adopt(program.kernel().calls(), (int) result, what),
                    null);
        } finally {
            program.descriptor().release();
        }
    }

    private static Link withoutLink(Program program, Path namespace) {
        if (program.type() == ProgramType.SK_LOOKUP || !namespace.equals(CURRENT)) {
            throw new UnsupportedException(
                    "attaching " + program.name() + " to " + where(namespace),
                    program.type() == ProgramType.SK_LOOKUP ? "5.9" : LINKS_SINCE,
                    "run in that namespace and attach a flow dissector to the current one");
        }
        AttachType type = type(program);
        return AttachedProgram.attach(
                program,
                null,
                new AttachedProgram.Hook(type, 0, where(namespace), LINKS_SINCE),
                ProgAttach.of(0, 0, type.number(), 0),
                errno -> failure(BpfCommand.PROG_ATTACH, program, namespace, errno));
    }

    /**
     * Lists the programs of a network namespace of the running kernel (Linux 5.8; flow dissectors
     * of the current one 5.3).
     *
     * @param namespace the namespace's file, such as {@code /proc/1234/ns/net}
     * @param type {@link AttachType#SK_LOOKUP} or {@link AttachType#FLOW_DISSECTOR}
     * @return the programs
     * @throws BpfException if the file is no network namespace, or the kernel refuses
     * @throws io.ebpf4j.error.PermissionDeniedException if CAP_NET_ADMIN is missing
     */
    public static AttachedPrograms query(Path namespace, AttachType type) {
        return query(Kernel.shared(), namespace, type);
    }

    /**
     * Lists the programs of a network namespace (Linux 5.8; flow dissectors of the current one
     * 5.3).
     *
     * @param kernel the kernel that has it
     * @param namespace the namespace's file, such as {@code /proc/1234/ns/net}
     * @param type {@link AttachType#SK_LOOKUP} or {@link AttachType#FLOW_DISSECTOR}
     * @return the programs
     * @throws BpfException if the file is no network namespace, or the kernel refuses
     * @throws io.ebpf4j.error.PermissionDeniedException if CAP_NET_ADMIN is missing
     */
    public static AttachedPrograms query(Kernel kernel, Path namespace, AttachType type) {
        try (FileDescriptor target = open(kernel, namespace)) {
            ProgQuery request = new ProgQuery(target.fd(), type.number(), 0);
            return AttachedPrograms.query(kernel, request, where(namespace) + " at " + type);
        }
    }

    private static AttachType type(Program program) {
        return program.type() == ProgramType.SK_LOOKUP
                ? AttachType.SK_LOOKUP
                : AttachType.FLOW_DISSECTOR;
    }

    private static FileDescriptor open(Kernel kernel, Path namespace) {
        long fd = kernel.calls().open(namespace.toString(), 0, 0);
        if (fd < 0) {
            throw Failure.of("openat", (int) -fd, "cannot open " + where(namespace));
        }
        return FileDescriptor.adopt(kernel.calls(), (int) fd, where(namespace));
    }

    private static String where(Path namespace) {
        return namespace.equals(CURRENT)
                ? "the current network namespace"
                : "network namespace " + namespace;
    }

    private static BpfException failure(
            BpfCommand command, Program program, Path namespace, int errno) {
        String reason =
                switch (errno) {
                    case Errno.EINVAL -> " (the file may be no network namespace)";
                    case Errno.EEXIST, Errno.EBUSY, Errno.E2BIG ->
                            " (there is a flow dissector, or one of the first network namespace,"
                                    + " which counts for all; or the most programs that a namespace"
                                    + " can have)";
                    default -> "";
                };
        String what = "cannot attach " + program.name() + " to " + where(namespace);
        return Failure.of(command, errno, what + reason);
    }
}
