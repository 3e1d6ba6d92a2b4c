// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.kernel.KernelBtf;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.Failure;
import io.ebpf4j.sys.FileDescriptor;
import io.ebpf4j.sys.RawBtfInfo;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Finds what is attached to a function of the kernel, whoever attached it: the links of kprobes,
 * alone and of many (both Linux 6.6), and of fentry, fexit, fmod_ret, fsession and LSM programs
 * (5.13).
 *
 * <p>The kernel does not tell what links of {@code fentry.multi} and its kin are attached to, nor
 * of kprobes without a link. All links of the machine are looked at.
 */
public final class FunctionLinks {
    /** Bytes within which a function calls the tracer. */
    private static final int PROLOGUE = 16;

    private final Kernel kernel;
    private final String name;
    private final String place;
    private final int typeId;
    private final long address;

    private FunctionLinks(HostFiles files, Kernel kernel, String function) {
        int colon = function.indexOf(':');
        this.kernel = kernel;
        this.name = function.substring(colon + 1);
        KernelBtf.Target target = kernel.btf().function(function).orElse(null);
        this.typeId = target == null ? -1 : target.id();
        this.place =
                target == null || target.module() == 0
                        ? "vmlinux"
                        : kernel.btf().name(kernel.btf().types(target));
        this.address = new FunctionSearch(files).addresses(Set.of(name)).getOrDefault(name, 0L);
    }

    /**
     * Finds the links at a function of the running kernel.
     *
     * @param function its name as {@code /proc/kallsyms} has it, or {@code module:name}
     * @return what the kernel says of each link, in the order of their ids; the links stay as they
     *     are
     * @throws BpfException if the kernel refuses
     * @throws io.ebpf4j.error.PermissionDeniedException if CAP_SYS_ADMIN is missing
     */
    public static List<LinkInfo> query(String function) {
        return query(Kernel.shared(), function);
    }

    /**
     * Finds the links at a function.
     *
     * @param kernel the kernel that has it
     * @param function its name as {@code /proc/kallsyms} has it, or {@code module:name}
     * @return what the kernel says of each link, in the order of their ids; the links stay as they
     *     are
     * @throws BpfException if the kernel refuses
     * @throws io.ebpf4j.error.PermissionDeniedException if CAP_SYS_ADMIN is missing
     */
    public static List<LinkInfo> query(Kernel kernel, String function) {
        return query(HostFiles.SYSTEM, kernel, function);
    }

    static List<LinkInfo> query(HostFiles files, Kernel kernel, String function) {
        FunctionLinks links = new FunctionLinks(files, kernel, function);
        List<LinkInfo> found = new ArrayList<>();
        long id = links.next(0);
        while (id > 0) {
            links.look((int) id, found);
            id = links.next((int) id);
        }
        return List.copyOf(found);
    }

    /** Returns the id that follows, or 0 behind the last. */
    private long next(int id) {
        BpfCommand command = BpfCommand.LINK_GET_NEXT_ID;
        long next = kernel.bpf().nextId(command, id);
        if (next < 0 && next != -Errno.ENOENT) {
            throw Failure.of(command, (int) -next, "cannot list links");
        }
        return Math.max(next, 0);
    }

    private void look(int id, List<LinkInfo> into) {
        Link link;
        try {
            link = Link.fromId(kernel, id);
        } catch (BpfException e) {
            if (e.errno() == Errno.ENOENT) {
                // it was closed meanwhile
                return;
            }
            throw e;
        }
        try (link) {
            LinkInfo info = link.info();
            if (isHere(info.detail())) {
                into.add(info);
            }
        }
    }

    private boolean isHere(LinkInfo.Detail detail) {
        return switch (detail) {
            case LinkInfo.Kprobe probe -> probe.function().equals(name);
            case LinkInfo.KprobeMulti many ->
                    address != 0
                            && many.addresses().stream()
                                    .anyMatch(a -> a >= address && a - address <= PROLOGUE);
            case LinkInfo.Tracing tracing ->
                    typeId > 0
                            && tracing.targetBtfId() == typeId
                            && place.equals(typesOf(tracing.targetObjectId()));
            default -> false;
        };
    }

    /** Returns vmlinux or a module, as the BTF of that id is its; empty for a program's. */
    private String typesOf(int objectId) {
        BpfCommand command = BpfCommand.BTF_GET_FD_BY_ID;
        long fd = kernel.bpf().openById(command, objectId);
        if (fd == -Errno.ENOENT) {
            return "";
        }
        try (FileDescriptor types = kernel.bpf().own(command, fd, "BTF", "cannot open the ")) {
            RawBtfInfo info = kernel.bpf().btfInfo(types.fd());
            return info.kernel() ? info.name() : "";
        }
    }
}
