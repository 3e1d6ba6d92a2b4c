// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.sys;

import java.lang.foreign.MemorySegment;

/**
 * The one place that issues {@code bpf()}: on elements of maps, to create, load and attach. What is
 * the same for objects of all kinds is in the class that it extends.
 *
 * <p>Commands that callers retry, or that run for every event, return what the kernel does: 0 or
 * more, or a negated error number. All others throw {@link io.ebpf4j.error.BpfException} and its
 * kin. Attributes are zero past their last member (a stale value pointer makes MAP_DELETE fail with
 * EINVAL), and live in memory that each thread keeps.
 */
public final class Bpf extends ObjectCommands {
    /** {@code struct bpf_common_attr}. */
    private static final int COMMON_ATTRIBUTES_BYTES = 24;

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
        super(calls, token);
    }

    // ---- elements of a map: raw, nothing allocated ----

    /**
     * Returns the calls on single elements of a map, for those that are made again and again.
     *
     * @param map the map's descriptor, which has no others
     * @param sleepless whether the kernel never sleeps in them
     * @return the calls; they end with the descriptor
     */
    public ElementCalls elements(FileDescriptor map, boolean sleepless) {
        return new ElementCalls(calls, map, sleepless);
    }

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
     * Replaces the program of a link (Linux 5.7), or the map of one for structures of programs
     * (6.4).
     *
     * @param linkFd the link
     * @param newProgFd its new program or map
     * @param flags {@code BPF_F_REPLACE} or 0
     * @param oldProgFd with BPF_F_REPLACE, the program or map that must be there; else 0
     * @return 0 or a negated errno
     */
    public long linkUpdate(int linkFd, int newProgFd, int flags, int oldProgFd) {
        return Attr.begin(LinkLayout.Update.BYTES)
                .set(LinkLayout.Update.LINK_FD, linkFd)
                .set(LinkLayout.Update.NEW_PROG_FD, newProgFd)
                .set(LinkLayout.Update.FLAGS, flags)
                .set(LinkLayout.Update.OLD_PROG_FD, oldProgFd)
                .issue(calls, BpfCommand.LINK_UPDATE);
    }

    /**
     * Detaches a link while descriptors of it stay open (Linux 5.9).
     *
     * @param linkFd the link
     * @return 0 or a negated errno
     */
    public long linkDetach(int linkFd) {
        return Attr.begin(LinkLayout.Detach.BYTES)
                .set(LinkLayout.Detach.LINK_FD, linkFd)
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
}
