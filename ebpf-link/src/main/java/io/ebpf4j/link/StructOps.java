// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.spec.AttachType;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.Failure;
import io.ebpf4j.sys.FileDescriptor;
import io.ebpf4j.sys.LinkCreate;
import io.ebpf4j.sys.NativeText;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Registers structures of programs with the subsystem of the kernel that calls them, such as TCP
 * congestion controls (struct_ops, Linux 5.6).
 */
public final class StructOps {
    private StructOps() {}

    /**
     * Registers a struct_ops map; for this library's modules, {@code Collection.attachStructOps} is
     * for users.
     *
     * <p>A map with {@code BPF_F_LINK} (Linux 6.4) is registered by a {@code bpf_link}. Any other
     * is registered by giving it a value, stays so when this process ends, and is unregistered when
     * the link is closed.
     *
     * @param kernel the kernel that has the map
     * @param map the map's descriptor
     * @param name the map's name
     * @param value the structure, with descriptors of programs in place of functions
     * @param byLink whether the map has {@code BPF_F_LINK}
     * @return the link; close it to unregister
     * @throws BpfException if the kernel refuses, as it does when a function is missing that the
     *     subsystem needs, or the structure's name is taken
     * @throws IllegalStateException if the map is closed
     */
    @SuppressWarnings("exports")
    public static Link attach(
            Kernel kernel, FileDescriptor map, String name, byte[] value, boolean byLink) {
        int fd = map.acquire();
        try {
            return byLink ? link(kernel, fd, name, value) : register(kernel, map, name, value);
        } finally {
            map.release();
        }
    }

    /**
     * Puts another struct_ops map in the place of the one that a link registered, without a moment
     * in which neither is (Linux 6.4); for this library's modules, {@code
     * Collection.updateStructOps} is for users.
     *
     * @param link the link
     * @param map the other map's descriptor; it has {@code BPF_F_LINK} and the same type
     * @param name its name
     * @param value its structure, with descriptors of programs in place of functions
     * @param expected the map that has to be registered now, or null for any
     * @throws UnsupportedException if the map was registered without a link, or the subsystem
     *     cannot replace what it has
     * @throws BpfException if another map is registered, or the kernel refuses, as TCP does when
     *     the structure has another name
     * @throws IllegalStateException if the link or a map is closed
     */
    @SuppressWarnings("exports")
    public static void update(
            Link link, FileDescriptor map, String name, byte[] value, FileDescriptor expected) {
        if (!(link instanceof KernelLink registered)) {
            throw new UnsupportedException(
                    "putting struct_ops map " + name + " in the place of " + link,
                    "6.4",
                    "put both into SEC(\".struct_ops.link\")");
        }
        Kernel kernel = registered.kernel();
        int fd = map.acquire();
        try {
            setValue(kernel, fd, name, value);
            int linkFd = registered.descriptor().acquire();
            try {
                int error = update(kernel, linkFd, fd, expected);
                if (error != 0) {
                    throw notReplaced(link, name, expected, error);
                }
            } finally {
                registered.descriptor().release();
            }
        } finally {
            map.release();
        }
    }

    private static int update(Kernel kernel, int link, int map, FileDescriptor expected) {
        if (expected == null) {
            return (int) -kernel.bpf().linkUpdate(link, map, 0, 0);
        }
        int expectedFd = expected.acquire();
        try {
            return (int) -kernel.bpf().linkUpdate(link, map, KernelLink.F_REPLACE, expectedFd);
        } finally {
            expected.release();
        }
    }

    private static BpfException notReplaced(
            Link link, String name, FileDescriptor expected, int errno) {
        String what = "cannot put struct_ops map " + name + " in the place of " + link;
        BpfCommand command = BpfCommand.LINK_UPDATE;
        return switch (errno) {
            case Errno.EOPNOTSUPP ->
                    new UnsupportedException(
                            what + ": the subsystem cannot replace what is registered",
                            "",
                            "close the link and register the map",
                            command.kernelName(),
                            errno);
            case Errno.EINVAL ->
                    Failure.of(
                            command,
                            errno,
                            what + " (both must be of one type, and TCP wants one name)");
            case Errno.ENOLINK -> Failure.of(command, errno, what + " (the link is detached)");
            case Errno.EPERM ->
                    Failure.of(
                            command,
                            errno,
                            expected == null
                                    ? what
                                    : what + " (another map than the expected is there)");
            default -> Failure.of(command, errno, what);
        };
    }

    private static Link register(Kernel kernel, FileDescriptor map, String name, byte[] value) {
        // what unregisters it must be there before it is registered
        FileDescriptor own = map.duplicate("struct_ops map " + name);
        int error = (int) -update(kernel, own.fd(), value);
        if (error != 0) {
            own.close();
            throw failure(BpfCommand.MAP_UPDATE_ELEM, error, name);
        }
        return new RegisteredMap(kernel, own, name);
    }

    private static Link link(Kernel kernel, int fd, String name, byte[] value) {
        setValue(kernel, fd, name, value);
        int type = AttachType.STRUCT_OPS.number();
        LinkCreate request = new LinkCreate(fd, 0, type, 0, LinkCreate.Options.NONE);
        long result = kernel.bpf().linkCreate(request);
        if (result < 0) {
            throw failure(BpfCommand.LINK_CREATE, (int) -result, name);
        }
        String what = "link of struct_ops map " + name;
        FileDescriptor link = FileDescriptor.adopt(kernel.calls(), (int) result, what);
        return new KernelLink(kernel, link, null);
    }

    private static void setValue(Kernel kernel, int fd, String name, byte[] value) {
        int error = (int) -update(kernel, fd, value);
        // a map that was linked before keeps its value, which is the same
        if (error != 0 && error != Errno.EBUSY) {
            throw failure(BpfCommand.MAP_UPDATE_ELEM, error, name);
        }
    }

    private static long update(Kernel kernel, int fd, byte[] value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment key = arena.allocate(ValueLayout.JAVA_INT);
            MemorySegment bytes = NativeText.bytes(arena, value);
            return kernel.bpf().mapUpdate(fd, key.address(), bytes.address(), 0);
        }
    }

    private static BpfException failure(BpfCommand command, int errno, String name) {
        return Failure.of(command, errno, "cannot register struct_ops map " + name + reason(errno));
    }

    private static String reason(int errno) {
        return switch (errno) {
            case Errno.EINVAL ->
                    " (a member that the kernel needs may be missing, or have a value"
                            + " that it does not allow)";
            case Errno.EEXIST -> " (one of that name is registered)";
            case Errno.EBUSY -> " (it is registered)";
            default -> "";
        };
    }
}
