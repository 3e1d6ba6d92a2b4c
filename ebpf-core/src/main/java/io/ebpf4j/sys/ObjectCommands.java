// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The commands by which objects of all kinds are found, named, opened and described. */
abstract sealed class ObjectCommands permits Bpf {
    /** BPF_F_TOKEN_FD. */
    static final int TOKEN_FD = 1 << 16;

    final SystemCalls calls;

    /** What is passed where there is room for a token; or null for none. */
    final FileDescriptor token;

    ObjectCommands(SystemCalls calls, FileDescriptor token) {
        this.calls = calls;
        this.token = token;
    }

    /**
     * Describes an object.
     *
     * @param fd a program, map, BTF or link
     * @param info room for the type's struct, zero but for members that ask for more; as its kernel
     *     header says
     * @return bytes filled, or a negated errno
     */
    public long info(int fd, MemorySegment info) {
        Attr attr =
                Attr.begin(AttrLayout.InfoByFd.BYTES)
                        .set(AttrLayout.InfoByFd.BPF_FD, fd)
                        .set(AttrLayout.InfoByFd.INFO_LEN, info.byteSize())
                        .set(AttrLayout.InfoByFd.INFO, info);
        long result = attr.issue(calls, BpfCommand.OBJ_GET_INFO_BY_FD);
        return result < 0 ? result : attr.get(AttrLayout.InfoByFd.INFO_LEN);
    }

    /**
     * Finds the id that follows an id.
     *
     * @param command one of the {@code *_GET_NEXT_ID} commands
     * @param id the id, 0 for the first
     * @return the next id, or a negated errno: ENOENT after the last
     */
    public long nextId(BpfCommand command, int id) {
        Attr attr = Attr.begin(AttrLayout.GetId.BYTES).set(AttrLayout.GetId.START_ID, id);
        long result = attr.issue(calls, command);
        return result < 0 ? result : attr.get(AttrLayout.GetId.NEXT_ID) & 0xffff_ffffL;
    }

    /**
     * Opens an object by its id.
     *
     * @param command one of the {@code *_GET_FD_BY_ID} commands
     * @param id the id
     * @return a descriptor or a negated errno
     */
    public long openById(BpfCommand command, int id) {
        if (token != null && command == BpfCommand.BTF_GET_FD_BY_ID) {
            long result =
                    Attr.begin(AttrLayout.GetIdByToken.BYTES)
                            .set(AttrLayout.GetIdByToken.START_ID, id)
                            .set(AttrLayout.GetIdByToken.OPEN_FLAGS, TOKEN_FD)
                            .set(AttrLayout.GetIdByToken.FD_BY_ID_TOKEN_FD, token.fd())
                            .issue(calls, command);
            // before Linux 6.15 there was no token for this command
            if (result != -Errno.EINVAL && result != -Errno.E2BIG) {
                return result;
            }
        }
        return Attr.begin(AttrLayout.GetId.BYTES)
                .set(AttrLayout.GetId.START_ID, id)
                .issue(calls, command);
    }

    /**
     * Gives an object a name in a bpf file system (Linux 4.4).
     *
     * @param fd the object
     * @param path the name; its directory must be in a file system of type bpf
     * @throws io.ebpf4j.error.BpfException if the kernel refuses: EEXIST when the name is taken,
     *     EPERM outside a bpf file system
     */
    public void objPin(int fd, String path) {
        long result;
        try (Arena arena = Arena.ofConfined()) {
            result =
                    Attr.begin(AttrLayout.ObjectPath.BYTES)
                            .set(AttrLayout.ObjectPath.PATHNAME, NativeText.string(arena, path))
                            .set(AttrLayout.ObjectPath.BPF_FD, fd)
                            .issue(calls, BpfCommand.OBJ_PIN);
        }
        if (result < 0) {
            String hint =
                    result == -Errno.EPERM || result == -Errno.ENOENT
                            ? "cannot pin to "
                                    + path
                                    + " (its directory must exist in a bpf file system:"
                                    + " mount -t bpf bpf /sys/fs/bpf)"
                            : "cannot pin to " + path;
            throw Failure.of(BpfCommand.OBJ_PIN, (int) -result, hint);
        }
    }

    /**
     * Opens a pinned object (Linux 4.4).
     *
     * @param path its name
     * @param fileFlags {@code BPF_F_RDONLY}, {@code BPF_F_WRONLY} or 0; Linux 4.15
     * @return its descriptor, owned by the caller
     * @throws io.ebpf4j.error.BpfException if there is no such object, or it may not be opened
     */
    public FileDescriptor objGet(String path, int fileFlags) {
        long result;
        try (Arena arena = Arena.ofConfined()) {
            result =
                    Attr.begin(AttrLayout.ObjectPath.BYTES)
                            .set(AttrLayout.ObjectPath.PATHNAME, NativeText.string(arena, path))
                            .set(AttrLayout.ObjectPath.FILE_FLAGS, fileFlags)
                            .issue(calls, BpfCommand.OBJ_GET);
        }
        return own(BpfCommand.OBJ_GET, result, path, "cannot open the pinned object ");
    }

    /**
     * Takes ownership of a descriptor that a command returned.
     *
     * @param command the command
     * @param result a descriptor or a negated errno
     * @param object what the descriptor stands for, such as {@code map counts}
     * @param failure the beginning of the message for an errno, which {@code object} ends, such as
     *     {@code cannot create }
     * @return its owner
     * @throws io.ebpf4j.error.BpfException if {@code result} is a negated errno
     */
    public FileDescriptor own(BpfCommand command, long result, String object, String failure) {
        if (result < 0) {
            throw Failure.of(command, (int) -result, failure.concat(object));
        }
        return FileDescriptor.adopt(calls, (int) result, object);
    }

    /**
     * Describes a program.
     *
     * @param fd the program
     * @return its information
     * @throws io.ebpf4j.error.BpfException if the kernel refuses
     */
    public RawProgInfo progInfo(int fd) {
        return RawProgInfo.read(this, fd);
    }

    /**
     * Describes a map.
     *
     * @param fd the map
     * @return its information
     * @throws io.ebpf4j.error.BpfException if the kernel refuses
     */
    public RawMapInfo mapInfo(int fd) {
        return RawMapInfo.read(this, fd);
    }

    /**
     * Describes a loaded BTF.
     *
     * @param fd the BTF
     * @return its information
     * @throws io.ebpf4j.error.BpfException if the kernel refuses
     */
    public RawBtfInfo btfInfo(int fd) {
        return RawBtfInfo.read(this, fd);
    }

    /**
     * Reads a loaded BTF.
     *
     * @param fd the BTF
     * @return its bytes
     * @throws io.ebpf4j.error.BpfException if the kernel refuses
     */
    public byte[] btfTypes(int fd) {
        return RawBtfInfo.readTypes(this, fd);
    }

    /** Describes an object, or throws. */
    void describe(int fd, MemorySegment info, String what) {
        long result = info(fd, info);
        if (result < 0) {
            throw Failure.of(
                    BpfCommand.OBJ_GET_INFO_BY_FD, (int) -result, "cannot describe ".concat(what));
        }
    }
}
