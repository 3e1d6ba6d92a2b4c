// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.BpfException;
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

/**
 * Attaches programs to maps of sockets: they see what is received ({@code SEC("sk_skb")}, Linux
 * 4.14) or sent ({@code SEC("sk_msg")}, Linux 4.17) by every socket that is put into the map from
 * then on.
 */
public final class SocketMapHook {
    /** Kernel commit 699c23f02c65. */
    private static final String LINKS_SINCE = "6.10";

    private SocketMapHook() {}

    /**
     * Attaches a program to a map; for this library's modules, {@code Collection.attachSocketMap}
     * is for users.
     *
     * <p>By a link (Linux 6.10), below that by BPF_PROG_ATTACH, which takes the place of a program
     * of the same kind.
     *
     * @param kernel the kernel that has the map
     * @param map the map's descriptor
     * @param name the map's name
     * @param program a program of type SK_SKB or SK_MSG
     * @param type the hook, or {@link AttachType#NONE} for the one that the program was loaded for
     * @return the link; close it to detach
     * @throws BpfException if the program is of another type or does not say its hook, or the
     *     kernel refuses
     * @throws io.ebpf4j.error.PermissionDeniedException if a capability is missing
     * @throws IllegalStateException if the map or the program is closed
     */
    @SuppressWarnings("exports")
    public static Link attach(
            Kernel kernel, FileDescriptor map, String name, Program program, AttachType type) {
        String where = "socket map " + name;
        Hooks.require(program, where, ProgramType.SK_SKB, ProgramType.SK_MSG);
        AttachType hook = type(program, type);
        int mapFd = map.acquire();
        try {
            int fd = program.descriptor().acquire();
            try {
                LinkCreate request =
                        new LinkCreate(fd, mapFd, hook.number(), 0, LinkCreate.Options.NONE);
                long result = kernel.bpf().linkCreate(request);
                if (result == -Errno.EINVAL && !kernel.version().isAtLeast(LINKS_SINCE)) {
                    return withoutLink(map, where, program, hook);
                }
                if (result < 0) {
                    throw failure(BpfCommand.LINK_CREATE, program, where, (int) -result);
                }
                String what = "link of program " + program.name() + " to " + where;
                return new KernelLink(
                        kernel, FileDescriptor.adopt(kernel.calls(), (int) result, what), null);
            } finally {
                program.descriptor().release();
            }
        } finally {
            map.release();
        }
    }

    private static Link withoutLink(
            FileDescriptor map, String where, Program program, AttachType type) {
        return AttachedProgram.attach(
                program,
                map,
                new AttachedProgram.Hook(type, 0, where, LINKS_SINCE),
                ProgAttach.of(map.fd(), 0, type.number(), 0),
                errno -> failure(BpfCommand.PROG_ATTACH, program, where, errno));
    }

    /**
     * Lists the programs of a map of sockets (Linux 5.17); for this library's modules.
     *
     * @param kernel the kernel that has the map
     * @param map the map's descriptor
     * @param name the map's name
     * @param type the hook
     * @return the program, if there is one
     * @throws BpfException if the kernel refuses
     * @throws io.ebpf4j.error.PermissionDeniedException if CAP_NET_ADMIN is missing
     * @throws IllegalStateException if the map is closed
     */
    @SuppressWarnings("exports")
    public static AttachedPrograms query(
            Kernel kernel, FileDescriptor map, String name, AttachType type) {
        int fd = map.acquire();
        try {
            ProgQuery request = new ProgQuery(fd, type.number(), 0);
            return AttachedPrograms.query(kernel, request, "socket map " + name + " at " + type);
        } finally {
            map.release();
        }
    }

    private static AttachType type(Program program, AttachType given) {
        AttachType type = given == AttachType.NONE ? program.attachType() : given;
        if (type != AttachType.NONE) {
            return type;
        }
        if (program.type() == ProgramType.SK_MSG) {
            return AttachType.SK_MSG_VERDICT;
        }
        throw new BpfException(
                program.name()
                        + " does not say which hook of a socket map it is for; write"
                        + " SEC(\"sk_skb/stream_parser\"), SEC(\"sk_skb/stream_verdict\") or"
                        + " SEC(\"sk_skb/verdict\"), or name the attach type");
    }

    private static BpfException failure(
            BpfCommand command, Program program, String where, int errno) {
        String reason =
                switch (errno) {
                    case Errno.EBUSY -> " (the map has such a program)";
                    case Errno.EINVAL, Errno.EOPNOTSUPP ->
                            " (it must be a map of type SOCKMAP or SOCKHASH, and not have both"
                                    + " stream programs and one for sk_skb/verdict)";
                    default -> "";
                };
        String what = "cannot attach " + program.name() + " to " + where;
        return Failure.of(command, errno, what + reason);
    }
}
