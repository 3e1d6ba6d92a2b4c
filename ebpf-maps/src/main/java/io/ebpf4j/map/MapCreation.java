// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.kernel.KernelBtf;
import io.ebpf4j.program.BtfObject;
import io.ebpf4j.spec.MapSpec;
import io.ebpf4j.spec.MapType;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Capability;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.Failure;
import io.ebpf4j.sys.FileDescriptor;
import io.ebpf4j.sys.MapCreate;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Creates a map from its spec: settles what depends on the machine, leaves out what an older kernel
 * refuses, fills and freezes.
 */
final class MapCreation {
    private static final int MAX_RING = 1 << 30;

    /** The first kernel with BPF_F_LINK (kernel commit 68b04864ca42). */
    private static final String LINK_SINCE = "6.4";

    /** The value's type is a module's (Linux 6.9, kernel commit fcc2c1fb0651). */
    private static final int F_VTYPE_BTF_OBJ_FD = 1 << 15;

    private final Kernel kernel;
    private final MapSpec spec;

    private MapCreation(Kernel kernel, MapSpec spec) {
        this.kernel = kernel;
        this.spec = spec;
    }

    /**
     * Creates, fills and freezes a map.
     *
     * @param btf the loaded BTF that the spec's type ids are of, or null
     * @return the map; nothing is left open on failure
     */
    static Created create(Kernel kernel, MapSpec spec, BtfObject btf) {
        MapCreation creation = new MapCreation(kernel, spec);
        Created created = creation.create(btf);
        try {
            creation.fill(created.descriptor());
            return created;
        } catch (Throwable t) {
            created.descriptor().close();
            throw t;
        }
    }

    /** Creates a map whose value has a type of the kernel's. */
    static Created createStructOps(
            Kernel kernel, MapSpec spec, BtfObject btf, KernelBtf.Target valueType) {
        MapCreation creation = new MapCreation(kernel, spec);
        int btfFd = btf.descriptor().fd();
        if (valueType.module() == 0) {
            return creation.issue(creation.structOps(btfFd, valueType.id(), 0));
        }
        // the map keeps the module
        try (FileDescriptor module = kernel.btf().open(valueType)) {
            return creation.issue(creation.structOps(btfFd, valueType.id(), module.fd()));
        }
    }

    /** Kernels take the value's type from their own, but not without any BTF of the object. */
    private MapCreate structOps(int btfFd, int valueTypeId, int moduleFd) {
        return new MapCreate(
                spec.type().number(),
                spec.keySize(),
                spec.valueSize(),
                spec.maxEntries(),
                moduleFd == 0 ? spec.flags() : spec.flags() | F_VTYPE_BTF_OBJ_FD,
                0,
                0,
                spec.kernelName(),
                btfFd,
                0,
                0,
                valueTypeId,
                spec.mapExtra(),
                moduleFd);
    }

    /**
     * A new map.
     *
     * @param descriptor its descriptor
     * @param request what the kernel accepted in the end
     */
    record Created(FileDescriptor descriptor, MapCreate request) {}

    /** Returns what a map of this spec is created with here, but for its types. */
    static MapCreate expected(Kernel kernel, MapSpec spec) {
        return new MapCreation(kernel, spec).request(null, 0);
    }

    private Created create(BtfObject btf) {
        if (StorageTypes.required(spec) && (btf == null || spec.keyTypeId() == 0)) {
            try (BtfObject made = StorageTypes.load(kernel, spec)) {
                return issue(StorageTypes.name(request(null, 0), made));
            }
        }
        if (spec.inner().isEmpty()) {
            return issue(request(btf, 0));
        }
        // the kernel copies the inner map's properties and needs it only during the call
        try (FileDescriptor inner = create(kernel, spec.inner().get(), btf).descriptor()) {
            return issue(request(btf, inner.fd()));
        }
    }

    private MapCreate request(BtfObject btf, int innerFd) {
        boolean typed =
                btf != null
                        && (spec.keyTypeId() != 0 || spec.valueTypeId() != 0)
                        && takesBtf(spec.type());
        boolean sized = spec.type() != MapType.RINGBUF && spec.type() != MapType.USER_RINGBUF;
        boolean node = spec.numaNode() >= 0;
        return new MapCreate(
                spec.type().number(),
                sized ? spec.keySize() : 0,
                sized ? spec.valueSize() : 0,
                maxEntries(),
                node ? spec.flags() | MapSpec.NUMA_NODE : spec.flags(),
                innerFd,
                node ? spec.numaNode() : 0,
                spec.kernelName(),
                typed ? btf.descriptor().fd() : 0,
                typed ? spec.keyTypeId() : 0,
                typed ? spec.valueTypeId() : 0,
                0,
                spec.mapExtra(),
                0);
    }

    /**
     * Some types take no BTF (kernel/bpf/syscall.c, map_check_btf: no operation of theirs checks
     * it).
     */
    private static boolean takesBtf(MapType type) {
        return switch (type) {
            case PERF_EVENT_ARRAY,
                    CGROUP_ARRAY,
                    STACK_TRACE,
                    ARRAY_OF_MAPS,
                    HASH_OF_MAPS,
                    DEVMAP,
                    DEVMAP_HASH,
                    CPUMAP,
                    XSKMAP,
                    SOCKMAP,
                    SOCKHASH,
                    QUEUE,
                    STACK,
                    RINGBUF,
                    USER_RINGBUF,
                    ARENA ->
                    false;
            default -> true;
        };
    }

    private int maxEntries() {
        int entries = spec.maxEntries();
        return switch (spec.type()) {
            case RINGBUF, USER_RINGBUF -> ringSize(entries);
            case PERF_EVENT_ARRAY, CPUMAP -> entries == 0 ? kernel.possibleCpus() : entries;
            default -> entries;
        };
    }

    /**
     * Rounds up to pages times a power of 2, which is what the kernel takes (kernel/bpf/ringbuf.c,
     * ringbuf_map_alloc).
     */
    private int ringSize(int bytes) {
        if (bytes < 0 || bytes > MAX_RING) {
            throw new BpfException(
                    "ring buffer "
                            + spec.name()
                            + " of "
                            + Integer.toUnsignedLong(bytes)
                            + " bytes is too large; the most is "
                            + MAX_RING);
        }
        if (bytes == 0) {
            return 0;
        }
        int size = Memory.pageSize();
        while (size < bytes) {
            size <<= 1;
        }
        return size;
    }

    private Created issue(MapCreate request) {
        MapCreate accepted = request;
        long result = kernel.bpf().mapCreate(request);
        if (result == -Errno.EPERM && kernel.raiseMemoryLimit()) {
            result = kernel.bpf().mapCreate(request);
        }
        if (result < 0 && result != -Errno.EPERM) {
            for (MapCreate lesser : stepDown(request, (int) -result)) {
                accepted = lesser;
                result = kernel.bpf().mapCreate(lesser);
                if (result >= 0) {
                    break;
                }
            }
        }
        if (result < 0) {
            throw failure((int) -result);
        }
        return new Created(
                FileDescriptor.adopt(kernel.calls(), (int) result, "map " + spec.name()), accepted);
    }

    /**
     * Returns what to try after a refusal: requests without what a kernel may not know, from the
     * best to the least.
     */
    private List<MapCreate> stepDown(MapCreate request, int errno) {
        List<MapCreate> lesser = new ArrayList<>();
        if (spec.type() == MapType.STRUCT_OPS) {
            if (errno == Errno.ENOTSUPP && kernel.readOwnTypes()) {
                lesser.add(request);
            }
            return lesser;
        }
        boolean invalid = errno == Errno.EINVAL || errno == Errno.E2BIG;
        // BPF_F_MMAPABLE: Linux 5.5 (kernel commit fc9702273e2e)
        boolean mapped =
                invalid
                        && spec.type() == MapType.ARRAY
                        && (request.flags() & MapSpec.MMAPABLE) != 0;
        MapCreate unmapped =
                mapped ? withFlags(request, request.flags() & ~MapSpec.MMAPABLE) : request;
        if (mapped) {
            lesser.add(unmapped);
        }
        // BTF of maps: Linux 4.18 (kernel commit a26ca7c982cb); newer kernels refuse types that do
        // not fit the map (EINVAL), or a map type whose operations check none (ENOTSUPP)
        boolean typed = request.btfFd() != 0 && (invalid || unsupported(errno));
        if (typed) {
            lesser.add(request.withoutBtf());
        }
        if (typed && mapped) {
            lesser.add(unmapped.withoutBtf());
        }
        // names: Linux 4.15 (kernel commit ad5b177bd73f)
        if (invalid && !request.name().isEmpty()) {
            lesser.add(withoutName(unmapped));
        }
        return lesser;
    }

    private static boolean unsupported(int errno) {
        return errno == Errno.ENOTSUPP || errno == Errno.EOPNOTSUPP;
    }

    private static MapCreate withFlags(MapCreate r, int flags) {
        return new MapCreate(
                r.type(),
                r.keySize(),
                r.valueSize(),
                r.maxEntries(),
                flags,
                r.innerMapFd(),
                r.numaNode(),
                r.name(),
                r.btfFd(),
                r.btfKeyTypeId(),
                r.btfValueTypeId(),
                r.vmlinuxValueTypeId(),
                r.mapExtra(),
                r.valueTypeBtfObjFd());
    }

    private static MapCreate withoutName(MapCreate r) {
        return new MapCreate(
                r.type(),
                r.keySize(),
                r.valueSize(),
                r.maxEntries(),
                r.flags(),
                r.innerMapFd(),
                r.numaNode(),
                "",
                0,
                0,
                0,
                0,
                r.mapExtra(),
                0);
    }

    private BpfException failure(int errno) {
        String what = "cannot create " + spec;
        boolean refused = errno == Errno.EINVAL || errno == Errno.E2BIG;
        if (refused
                && (spec.flags() & MapSpec.LINK) != 0
                && !kernel.version().isAtLeast(LINK_SINCE)) {
            return new UnsupportedException(
                    "registering struct_ops map " + spec.name() + " by a link",
                    LINK_SINCE,
                    "put it into SEC(\".struct_ops\"), or clear MapSpec.LINK from its flags",
                    BpfCommand.MAP_CREATE.kernelName(),
                    errno);
        }
        if (errno == Errno.EINVAL && lacksNoPrealloc()) {
            return new BpfException(
                    what
                            + ": maps of type "
                            + spec.type()
                            + " need the flag BPF_F_NO_PREALLOC (MapSpec.NO_PREALLOC)",
                    BpfCommand.MAP_CREATE.kernelName(),
                    errno);
        }
        if (errno == Errno.EINVAL && spec.type().number() > MapType.ARRAY.number()) {
            // the kernel says EINVAL for types it does not know and for wrong sizes or flags alike
            return new BpfException(
                    what
                            + ": "
                            + Errno.describe(errno)
                            + ": its sizes or flags are wrong for the type, or the kernel does not"
                            + " know the type ("
                            + spec.type()
                            + " needs Linux "
                            + spec.type().since()
                            + ")",
                    BpfCommand.MAP_CREATE.kernelName(),
                    errno);
        }
        if (errno == Errno.E2BIG) {
            return new BpfException(
                    what
                            + ": "
                            + Errno.describe(errno)
                            + ": it has too many entries or too large ones",
                    BpfCommand.MAP_CREATE.kernelName(),
                    errno);
        }
        return kernel.explain(BpfCommand.MAP_CREATE, errno, what, capabilities(spec.type()));
    }

    /** Some types have no other elements than those that are allocated when they are put in. */
    private boolean lacksNoPrealloc() {
        return (spec.flags() & MapSpec.NO_PREALLOC) == 0
                && switch (spec.type()) {
                    case LPM_TRIE, SK_STORAGE, INODE_STORAGE, TASK_STORAGE, CGRP_STORAGE, RHASH ->
                            true;
                    default -> false;
                };
    }

    /** Maps of network devices and sockets ask for more (kernel/bpf/syscall.c, map_create). */
    private static long capabilities(MapType type) {
        return switch (type) {
            case SOCKMAP, SOCKHASH, DEVMAP, DEVMAP_HASH, XSKMAP ->
                    Capability.BPF | Capability.NET_ADMIN;
            default -> Capability.BPF;
        };
    }

    private void fill(FileDescriptor map) {
        // a new array is zero, and an arena has no elements
        if (spec.type() != MapType.ARENA && !spec.zeroed() && !zero(spec.contents())) {
            write(map.fd(), spec.contents());
        }
        if (spec.frozen()) {
            freeze(kernel, map, spec.name());
        }
    }

    private static boolean zero(byte[] bytes) {
        for (byte b : bytes) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    private void write(int fd, byte[] contents) {
        if (contents.length != spec.valueSize()) {
            throw new BpfException(
                    "the contents of "
                            + spec.name()
                            + " have "
                            + contents.length
                            + " bytes, but its value has "
                            + spec.valueSize());
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment key = arena.allocate(ValueLayout.JAVA_INT);
            MemorySegment value = arena.allocate(contents.length, Long.BYTES);
            MemorySegment.copy(contents, 0, value, ValueLayout.JAVA_BYTE, 0, contents.length);
            long result = kernel.bpf().mapUpdate(fd, key.address(), value.address(), 0);
            if (result < 0) {
                throw Failure.of(
                        BpfCommand.MAP_UPDATE_ELEM, (int) -result, "cannot fill " + spec.name());
            }
        }
    }

    static void freeze(Kernel kernel, FileDescriptor map, String name) {
        int fd = map.acquire();
        long result;
        try {
            result = kernel.bpf().mapFreeze(fd);
        } finally {
            map.release();
        }
        if (result == -Errno.EINVAL) {
            throw new UnsupportedException(
                    "freezing map " + name,
                    BpfCommand.MAP_FREEZE.since(),
                    "leave it writable",
                    BpfCommand.MAP_FREEZE.kernelName(),
                    Errno.EINVAL);
        }
        if (result < 0) {
            throw Failure.of(BpfCommand.MAP_FREEZE, (int) -result, "cannot freeze map " + name);
        }
    }
}
