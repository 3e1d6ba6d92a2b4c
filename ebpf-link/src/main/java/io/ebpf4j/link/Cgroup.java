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
import io.ebpf4j.sys.FileDescriptor;
import io.ebpf4j.sys.ProgQuery;

import java.nio.file.Path;

/**
 * Attaches programs to cgroups of version 2: what they see, and may refuse or change, are the
 * packets, sockets, names, options, system parameters and devices of the processes in the cgroup
 * and in those below it.
 */
public final class Cgroup {
    /** {@code BPF_F_QUERY_EFFECTIVE}. */
    private static final int F_QUERY_EFFECTIVE = 1;

    private Cgroup() {}

    /**
     * Attaches a program to the hook that it was loaded for.
     *
     * @param program a program of a {@code cgroup}, {@code cgroup_skb}, {@code sockops} or {@code
     *     lsm_cgroup} section
     * @param cgroup the cgroup's directory
     * @return the link; close it to detach
     * @throws BpfException if the directory is no cgroup, the program does not say its hook, or the
     *     kernel refuses
     * @throws io.ebpf4j.error.PermissionDeniedException if a capability is missing
     * @throws IllegalStateException if the program is closed
     */
    public static Link attach(Program program, Path cgroup) {
        return attach(program, cgroup, CgroupOptions.DEFAULT);
    }

    /**
     * Attaches a program.
     *
     * @param program a program of a {@code cgroup}, {@code cgroup_skb}, {@code sockops} or {@code
     *     lsm_cgroup} section
     * @param cgroup the cgroup's directory
     * @param options how
     * @return the link; close it to detach
     * @throws BpfException if the directory is no cgroup, the program does not say its hook, or the
     *     kernel refuses, as it does when the cgroup or one above has a program that allows no
     *     other
     * @throws io.ebpf4j.error.UnsupportedException if the kernel lacks what an option asks for
     * @throws io.ebpf4j.error.PermissionDeniedException if a capability is missing
     * @throws IllegalStateException if the program is closed
     */
    public static Link attach(Program program, Path cgroup, CgroupOptions options) {
        return attach(HostFiles.SYSTEM, program, cgroup, options);
    }

    static Link attach(HostFiles files, Program program, Path cgroup, CgroupOptions options) {
        CgroupFolder folder = new CgroupFolder(files, cgroup);
        Hooks.require(
                program,
                folder.toString(),
                ProgramType.CGROUP_SKB,
                ProgramType.CGROUP_SOCK,
                ProgramType.CGROUP_SOCK_ADDR,
                ProgramType.CGROUP_SOCKOPT,
                ProgramType.CGROUP_SYSCTL,
                ProgramType.CGROUP_DEVICE,
                ProgramType.SOCK_OPS,
                ProgramType.LSM);
        return new CgroupLadder(program, folder, type(program, options), options).attach();
    }

    private static AttachType type(Program program, CgroupOptions options) {
        if (options.attachType() != AttachType.NONE) {
            return options.attachType();
        }
        if (program.attachType() != AttachType.NONE) {
            return program.attachType();
        }
        return switch (program.type()) {
            case SOCK_OPS -> AttachType.CGROUP_SOCK_OPS;
            case CGROUP_DEVICE -> AttachType.CGROUP_DEVICE;
            case CGROUP_SYSCTL -> AttachType.CGROUP_SYSCTL;
            case LSM -> AttachType.LSM_CGROUP;
            default ->
                    throw new BpfException(
                            program.name()
                                    + " does not say which hook of a cgroup it is for; name it"
                                    + " with CgroupOptions.builder().attachType(…), such as"
                                    + " CGROUP_INET_EGRESS");
        };
    }

    /**
     * Lists the programs attached to a cgroup of the running kernel (Linux 4.15).
     *
     * @param cgroup the cgroup's directory
     * @param type the hook
     * @return the programs of this very cgroup
     * @throws BpfException if the directory is no cgroup, or the kernel refuses
     * @throws io.ebpf4j.error.PermissionDeniedException if CAP_NET_ADMIN is missing
     */
    public static AttachedPrograms query(Path cgroup, AttachType type) {
        return query(Kernel.shared(), cgroup, type);
    }

    /**
     * Lists the programs attached to a cgroup (Linux 4.15).
     *
     * @param kernel the kernel that has it
     * @param cgroup the cgroup's directory
     * @param type the hook
     * @return the programs of this very cgroup
     * @throws BpfException if the directory is no cgroup, or the kernel refuses
     * @throws io.ebpf4j.error.PermissionDeniedException if CAP_NET_ADMIN is missing
     */
    public static AttachedPrograms query(Kernel kernel, Path cgroup, AttachType type) {
        return query(kernel, new CgroupFolder(HostFiles.SYSTEM, cgroup), type, 0);
    }

    /**
     * Lists the programs that run for a cgroup: its own and those of the cgroups above (Linux
     * 4.15).
     *
     * @param kernel the kernel that has it
     * @param cgroup the cgroup's directory
     * @param type the hook
     * @return the programs
     * @throws BpfException if the directory is no cgroup, or the kernel refuses, as it does for
     *     {@link AttachType#LSM_CGROUP}
     * @throws io.ebpf4j.error.PermissionDeniedException if CAP_NET_ADMIN is missing
     */
    public static AttachedPrograms queryEffective(Kernel kernel, Path cgroup, AttachType type) {
        CgroupFolder folder = new CgroupFolder(HostFiles.SYSTEM, cgroup);
        return query(kernel, folder, type, F_QUERY_EFFECTIVE);
    }

    static AttachedPrograms query(Kernel kernel, CgroupFolder folder, AttachType type, int flags) {
        try (FileDescriptor target = folder.open(kernel)) {
            ProgQuery request = new ProgQuery(target.fd(), type.number(), flags);
            return AttachedPrograms.query(kernel, request, folder + " at " + type);
        } catch (BpfException e) {
            throw e.errno() == Errno.EBADF ? folder.isNone(BpfCommand.PROG_QUERY) : e;
        }
    }
}
