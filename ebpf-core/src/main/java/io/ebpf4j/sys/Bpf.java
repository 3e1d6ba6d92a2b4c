// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The one place that issues {@code bpf()}.
 *
 * <p>Commands that callers retry, or that run for every event, return what the kernel does: 0 or
 * more, or a negated error number. All others throw {@link io.ebpf4j.error.BpfException} and its
 * kin. Attributes are zero past their last member (a stale value pointer makes MAP_DELETE fail with
 * EINVAL), and live in memory that each thread keeps.
 */
public final class Bpf {
    /** {@code struct bpf_common_attr}. */
    private static final int COMMON_ATTRIBUTES_BYTES = 24;

    /** BPF_F_TOKEN_FD. */
    private static final int TOKEN_FD = 1 << 16;

    private final SystemCalls calls;
    private final FileDescriptor token;

    /**
     * Creates a choke point.
     *
     * @param calls what issues the call
     */
    public Bpf(SystemCalls calls) {
        this(calls, null);
    }

    /**
     * Creates a choke point that passes a token where there is room for one.
     *
     * @param calls what issues the call
     * @param token the token, which has to stay open; or null for none
     */
    public Bpf(SystemCalls calls, FileDescriptor token) {
        this.calls = calls;
        this.token = token;
    }

    // ---- elements of a map: raw, nothing allocated ----

    /**
     * Reads an element.
     *
     * @param fd the map
     * @param key address of the key
     * @param value address of room for the value; for per-CPU maps one value, rounded up to 8
     *     bytes, for each possible CPU
     * @param flags {@code BPF_F_LOCK} or 0
     * @return 0 or a negated errno, ENOENT when there is none
     */
    public long mapLookup(int fd, long key, long value, long flags) {
        return element(BpfCommand.MAP_LOOKUP_ELEM, fd, key, value, flags);
    }

    /**
     * Writes an element.
     *
     * @param fd the map
     * @param key address of the key, or 0 for a queue or stack
     * @param value address of the value
     * @param flags {@code BPF_ANY}, {@code BPF_NOEXIST}, {@code BPF_EXIST}, with {@code BPF_F_LOCK}
     * @return 0 or a negated errno
     */
    public long mapUpdate(int fd, long key, long value, long flags) {
        return element(BpfCommand.MAP_UPDATE_ELEM, fd, key, value, flags);
    }

    /**
     * Removes an element.
     *
     * @param fd the map
     * @param key address of the key
     * @return 0 or a negated errno, ENOENT when there is none
     */
    public long mapDelete(int fd, long key) {
        return element(BpfCommand.MAP_DELETE_ELEM, fd, key, 0, 0);
    }

    /**
     * Reads and removes an element: queues and stacks since Linux 4.20, hash maps since 5.14.
     *
     * @param fd the map
     * @param key address of the key, or 0 for a queue or stack
     * @param value address of room for the value
     * @param flags {@code BPF_F_LOCK} or 0
     * @return 0 or a negated errno, ENOENT when there is none
     */
    public long mapLookupAndDelete(int fd, long key, long value, long flags) {
        return element(BpfCommand.MAP_LOOKUP_AND_DELETE_ELEM, fd, key, value, flags);
    }

    /**
     * Finds the key that follows a key.
     *
     * @param fd the map
     * @param key address of the key, or 0 for the first
     * @param nextKey address of room for the next key
     * @return 0 or a negated errno, ENOENT after the last
     */
    public long mapNextKey(int fd, long key, long nextKey) {
        return element(BpfCommand.MAP_GET_NEXT_KEY, fd, key, nextKey, 0);
    }

    /**
     * Reads, reads and removes, writes or removes many elements (Linux 5.6).
     *
     * @param command one of the {@code MAP_*_BATCH} commands
     * @param request the elements
     * @return what the kernel answered: ENOTSUPP when the type of map has no such operation
     */
    public BatchCall.Outcome mapBatch(BpfCommand command, BatchCall request) {
        return request.issue(calls, command);
    }

    private long element(BpfCommand command, int fd, long key, long value, long flags) {
        return calls.bpf(command.number(), Attr.element(fd, key, value, flags));
    }

    // ---- creation and loading: raw, since callers have fallbacks ----

    /**
     * Creates a map.
     *
     * @param request what to create
     * @return a descriptor or a negated errno
     */
    public long mapCreate(MapCreate request) {
        Attr attr = request.attr();
        if (token != null) {
            attr.set(AttrLayout.MapCreate.MAP_FLAGS, request.flags() | TOKEN_FD)
                    .set(AttrLayout.MapCreate.MAP_TOKEN_FD, token.fd());
        }
        return attr.issue(calls, BpfCommand.MAP_CREATE);
    }

    /**
     * Loads a program, once; EAGAIN is the caller's to repeat.
     *
     * @param request what to load
     * @param log what receives the verifier's words, or null for none
     * @return a descriptor or a negated errno
     */
    public long progLoad(ProgLoad request, KernelLog log) {
        Attr attr = request.attr();
        if (token != null) {
            attr.set(AttrLayout.ProgLoad.PROG_FLAGS, request.flags() | TOKEN_FD)
                    .set(AttrLayout.ProgLoad.PROG_TOKEN_FD, token.fd());
        }
        if (log == null) {
            return attr.issue(calls, BpfCommand.PROG_LOAD);
        }
        attr.set(AttrLayout.ProgLoad.LOG_LEVEL, log.level())
                .set(AttrLayout.ProgLoad.LOG_SIZE, log.buffer().byteSize())
                .set(AttrLayout.ProgLoad.LOG_BUF, log.buffer());
        long result = attr.issue(calls, BpfCommand.PROG_LOAD);
        log.needed(attr.get(AttrLayout.ProgLoad.LOG_TRUE_SIZE));
        return result;
    }

    /**
     * Asks for a program to be loaded with common attributes that cannot be read, nor can the
     * program.
     *
     * @return a negated errno: EFAULT from kernels that know common attributes
     */
    public long progLoadWithoutCommonAttributes() {
        return Attr.begin(AttrLayout.ProgLoad.BYTES)
                .issueWithCommon(calls, BpfCommand.PROG_LOAD, 0, COMMON_ATTRIBUTES_BYTES);
    }

    /**
     * Takes up the rights that a bpf file system delegates (Linux 6.9).
     *
     * @param bpffsFd the file system's root
     * @return a descriptor or a negated errno: ENOENT when it delegates nothing
     */
    public long tokenCreate(int bpffsFd) {
        return Attr.begin(AttrLayout.TokenCreate.BYTES)
                .set(AttrLayout.TokenCreate.BPFFS_FD, bpffsFd)
                .issue(calls, BpfCommand.TOKEN_CREATE);
    }

    /**
     * Loads type information (Linux 4.18).
     *
     * @param btf the bytes, in native memory
     * @param log what receives the kernel's words, or null for none
     * @return a descriptor or a negated errno
     */
    public long btfLoad(MemorySegment btf, KernelLog log) {
        Attr attr =
                Attr.begin(AttrLayout.BtfLoad.BYTES)
                        .set(AttrLayout.BtfLoad.BTF, btf)
                        .set(AttrLayout.BtfLoad.BTF_SIZE, btf.byteSize());
        if (token != null) {
            attr.set(AttrLayout.BtfLoad.BTF_FLAGS, TOKEN_FD)
                    .set(AttrLayout.BtfLoad.BTF_TOKEN_FD, token.fd());
        }
        if (log == null) {
            return attr.issue(calls, BpfCommand.BTF_LOAD);
        }
        attr.set(AttrLayout.BtfLoad.BTF_LOG_LEVEL, log.level())
                .set(AttrLayout.BtfLoad.BTF_LOG_SIZE, log.buffer().byteSize())
                .set(AttrLayout.BtfLoad.BTF_LOG_BUF, log.buffer());
        long result = attr.issue(calls, BpfCommand.BTF_LOAD);
        log.needed(attr.get(AttrLayout.BtfLoad.BTF_LOG_TRUE_SIZE));
        return result;
    }

    /**
     * Attaches by a link (Linux 5.7).
     *
     * @param request what to attach where
     * @return a descriptor or a negated errno
     */
    public long linkCreate(LinkCreate request) {
        return request.attr().issue(calls, BpfCommand.LINK_CREATE);
    }

    /**
     * Attaches without a link (Linux 4.10).
     *
     * @param targetFd what to attach to
     * @param progFd the program
     * @param attachType {@code enum bpf_attach_type}
     * @param flags {@code BPF_F_*}
     * @return 0 or a negated errno
     */
    public long progAttach(int targetFd, int progFd, int attachType, int flags) {
        return progAttach(ProgAttach.of(targetFd, progFd, attachType, flags));
    }

    /**
     * Attaches without a link, as later kernels let it be said.
     *
     * @param request what to attach where
     * @return 0 or a negated errno
     */
    public long progAttach(ProgAttach request) {
        return request.attr().issue(calls, BpfCommand.PROG_ATTACH);
    }

    /**
     * Detaches what was attached without a link (Linux 4.10).
     *
     * @param targetFd what it is attached to
     * @param progFd the program
     * @param attachType {@code enum bpf_attach_type}
     * @return 0 or a negated errno: ENOENT when it is not attached
     */
    public long progDetach(int targetFd, int progFd, int attachType) {
        return ProgAttach.of(targetFd, progFd, attachType, 0)
                .attr()
                .issue(calls, BpfCommand.PROG_DETACH);
    }

    /**
     * Lists the programs at a hook (Linux 4.15).
     *
     * @param request the hook
     * @return what the kernel answered
     */
    public ProgQuery.Answer progQuery(ProgQuery request) {
        return request.issue(calls);
    }

    /**
     * Attaches a raw tracepoint program, or a tracing program to the target it was loaded for
     * (Linux 4.17).
     *
     * @param name address of the tracepoint's name, or 0 for a tracing program
     * @param progFd the program
     * @param cookie what {@code bpf_get_attach_cookie} returns (Linux 6.10), or 0
     * @return a descriptor or a negated errno
     */
    public long rawTracepointOpen(long name, int progFd, long cookie) {
        return Attr.begin(AttrLayout.RawTracepoint.BYTES)
                .set(AttrLayout.RawTracepoint.NAME, name)
                .set(AttrLayout.RawTracepoint.PROG_FD, progFd)
                .set(AttrLayout.RawTracepoint.COOKIE, cookie)
                .issue(calls, BpfCommand.RAW_TRACEPOINT_OPEN);
    }

    /**
     * Runs a program on given data (Linux 4.12).
     *
     * @param request the program and its data
     * @return what the kernel answered
     */
    public TestRunCall.Outcome progTestRun(TestRunCall request) {
        return request.issue(calls);
    }

    /**
     * Keeps a map alive as long as a program (Linux 5.10).
     *
     * @param progFd the program
     * @param mapFd the map
     * @return 0 or a negated errno
     */
    public long progBindMap(int progFd, int mapFd) {
        return Attr.begin(AttrLayout.ProgBindMap.BYTES)
                .set(AttrLayout.ProgBindMap.PROG_FD, progFd)
                .set(AttrLayout.ProgBindMap.MAP_FD, mapFd)
                .issue(calls, BpfCommand.PROG_BIND_MAP);
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

    // ---- cold commands that throw ----

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
     * Ends all writing to a map from user space (Linux 5.2).
     *
     * @param fd the map
     * @return 0 or a negated errno: EBUSY while it is mapped writable
     */
    public long mapFreeze(int fd) {
        return Attr.begin(AttrLayout.MapElement.BYTES)
                .set(AttrLayout.MapElement.MAP_FD, fd)
                .issue(calls, BpfCommand.MAP_FREEZE);
    }

    /**
     * Replaces the program of a link (Linux 5.7).
     *
     * @param linkFd the link
     * @param newProgFd its new program
     * @param flags {@code BPF_F_REPLACE} or 0
     * @param oldProgFd with BPF_F_REPLACE, the program that must be there; else 0
     * @return 0 or a negated errno
     */
    public long linkUpdate(int linkFd, int newProgFd, int flags, int oldProgFd) {
        return Attr.begin(AttrLayout.LinkUpdate.BYTES)
                .set(AttrLayout.LinkUpdate.LINK_FD, linkFd)
                .set(AttrLayout.LinkUpdate.NEW_PROG_FD, newProgFd)
                .set(AttrLayout.LinkUpdate.FLAGS, flags)
                .set(AttrLayout.LinkUpdate.OLD_PROG_FD, oldProgFd)
                .issue(calls, BpfCommand.LINK_UPDATE);
    }

    /**
     * Detaches a link while descriptors of it stay open (Linux 5.9).
     *
     * @param linkFd the link
     * @return 0 or a negated errno
     */
    public long linkDetach(int linkFd) {
        return Attr.begin(AttrLayout.LinkDetach.BYTES)
                .set(AttrLayout.LinkDetach.LINK_FD, linkFd)
                .issue(calls, BpfCommand.LINK_DETACH);
    }

    /**
     * Opens an iterator's output (Linux 5.8).
     *
     * @param linkFd the iterator's link
     * @return a readable descriptor or a negated errno
     */
    public long iterCreate(int linkFd) {
        return Attr.begin(AttrLayout.IterCreate.BYTES)
                .set(AttrLayout.IterCreate.LINK_FD, linkFd)
                .issue(calls, BpfCommand.ITER_CREATE);
    }

    /**
     * Has the kernel count runs and run time of all programs (Linux 5.8).
     *
     * @return a descriptor that ends the counting when closed, or a negated errno
     */
    public long enableStats() {
        return Attr.begin(AttrLayout.EnableStats.BYTES).issue(calls, BpfCommand.ENABLE_STATS);
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
