// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.kernel.KernelBtf;
import io.ebpf4j.program.BtfObject;
import io.ebpf4j.spec.MapSpec;
import io.ebpf4j.spec.MapType;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.ElementCalls;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.Failure;
import io.ebpf4j.sys.FileDescriptor;
import io.ebpf4j.sys.MapCreate;
import io.ebpf4j.sys.NativeText;
import io.ebpf4j.sys.ObjectKind;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A map in the kernel, and its owner: typed views, ring buffers and variables are opened on it and
 * end with it.
 *
 * <p>Closing a map that programs use, or that is pinned, does not remove it from the kernel.
 * Instances are safe for use by several threads.
 */
public final class MapHandle extends TypedViews implements AutoCloseable {
    private final Kernel kernel;
    private final FileDescriptor descriptor;
    private final ElementCalls elements;
    private final MapShape shape;
    private final MapShape inner;
    private final MapMemory memory;
    private final boolean createdFrozen;
    private final AtomicBoolean read = new AtomicBoolean();
    private final BatchSupport batches = new BatchSupport();
    private volatile boolean frozen;

    private MapHandle(
            Kernel kernel, MapShape shape, MapShape inner, MapMemory memory, boolean frozen) {
        this.kernel = kernel;
        this.descriptor = memory.map();
        this.elements = kernel.bpf().elements(descriptor, Operations.sleepless(shape.type()));
        this.shape = shape;
        this.inner = inner;
        this.memory = memory;
        this.createdFrozen = frozen;
        this.frozen = frozen;
    }

    /**
     * Creates a map, writes its contents, and freezes it if it is read-only data.
     *
     * <p>The size of a ring buffer is rounded up to pages times a power of 2, and a perf event
     * array or CPU map without entries gets one for each possible CPU. On kernels before 5.5,
     * global data is created without {@code BPF_F_MMAPABLE}. An arena is mapped into memory, at the
     * address {@code map_extra} if it is not 0, and given its global variables.
     *
     * @param kernel where to
     * @param spec what to create
     * @param loaded the loaded BTF that the type ids of the spec and of its inner map are of, or
     *     null to create the map without types
     * @param btf the BTF that the spec's type ids are of, for layout checks; or null for none
     * @return the map
     * @throws BpfException if the kernel refuses it, or an arena has no room for its global
     *     variables or its address is taken; nothing is left behind
     */
    public static MapHandle create(Kernel kernel, MapSpec spec, BtfObject loaded, Btf btf) {
        ArenaGlobals globals = ArenaGlobals.of(kernel, spec);
        MapCreation.Created created = MapCreation.create(kernel, spec, loaded);
        MapShape shape = MapShape.of(spec, created.request(), btf);
        MapMemory memory =
                new MapMemory(
                        kernel.calls(), created.descriptor(), shape, globals, spec.mapExtra());
        try {
            memory.fill(spec);
            return new MapHandle(
                    kernel, shape, innerShape(kernel, spec, btf), memory, spec.frozen());
        } catch (Throwable t) {
            memory.close();
            throw t;
        }
    }

    /** Returns what the maps inside a map of maps are like, or null. */
    private static MapShape innerShape(Kernel kernel, MapSpec spec, Btf btf) {
        return spec.inner()
                .map(inner -> MapShape.of(inner, MapCreation.expected(kernel, inner), btf))
                .orElse(null);
    }

    /**
     * Creates a struct_ops map, without a value (Linux 5.6; 6.4 with {@code BPF_F_LINK}).
     *
     * @param kernel where to
     * @param spec what to create, with the size that the value has in the kernel; its own types are
     *     not looked at
     * @param loaded any loaded BTF, which the kernel wants to see
     * @param valueType the type of its value in the kernel's types; those of a module need Linux
     *     6.9
     * @return the map
     * @throws BpfException if the kernel refuses it; nothing is left behind
     */
    public static MapHandle createStructOps(
            Kernel kernel, MapSpec spec, BtfObject loaded, KernelBtf.Target valueType) {
        MapCreation.Created created = MapCreation.createStructOps(kernel, spec, loaded, valueType);
        MapShape shape = MapShape.of(spec, created.request(), null);
        MapMemory memory = new MapMemory(kernel.calls(), created.descriptor(), shape, null, 0);
        return new MapHandle(kernel, shape, null, memory, spec.frozen());
    }

    /**
     * Opens a pinned map (Linux 4.4; 4.13 for its description).
     *
     * @param kernel the kernel
     * @param path its name in a bpf file system
     * @return the map
     * @throws BpfException if there is none, it is no map, or it may not be opened
     */
    public static MapHandle fromPin(Kernel kernel, Path path) {
        String what = path.toString();
        return adopt(kernel, kernel.bpf().objGet(what, 0), what, null);
    }

    /**
     * Opens a pinned map in place of creating one (Linux 4.13). Its contents stay as they are: the
     * spec's are not written, and nothing is frozen.
     *
     * @param kernel the kernel
     * @param path its name in a bpf file system
     * @param spec the map that it stands in for
     * @param btf the BTF that the spec's type ids are of, for layout checks; or null for none
     * @return the map, with the spec's name and types
     * @throws BpfException if there is none, it is no map, it may not be opened, or its type,
     *     sizes, number of entries, flags or {@code map_extra} are not what the spec's would be
     *     here; the message lists all that differs
     */
    public static MapHandle fromPin(Kernel kernel, Path path, MapSpec spec, Btf btf) {
        String what = path.toString();
        return inPlace(kernel, kernel.bpf().objGet(what, 0), spec, btf, what, null);
    }

    /**
     * Opens this map a second time, in place of creating one (Linux 4.13). Its contents stay as
     * they are: the spec's are not written, and nothing is frozen.
     *
     * @param spec the map that it stands in for
     * @param btf the BTF that the spec's type ids are of, for layout checks; or null for none
     * @return another handle of the same map, with the spec's name and types; both are closed on
     *     their own
     * @throws BpfException if its type, sizes, number of entries, flags or {@code map_extra} are
     *     not what the spec's would be here, in which case the message lists all that differs; or
     *     if the process has no descriptor left
     * @throws IllegalStateException if this handle is closed
     */
    public MapHandle inPlaceOf(MapSpec spec, Btf btf) {
        FileDescriptor second = descriptor.duplicate("map " + spec.name());
        return inPlace(kernel, second, spec, btf, "map " + shape.name(), memory);
    }

    /**
     * Opens a map in place of creating one.
     *
     * @param here what of it is in memory here already, or null if that is not known
     */
    private static MapHandle inPlace(
            Kernel kernel,
            FileDescriptor descriptor,
            MapSpec spec,
            Btf btf,
            String what,
            MapMemory here) {
        try {
            checkKind(kernel, descriptor, what);
            MapCreate expected = MapCreation.expected(kernel, spec);
            MapDifferences.check(spec, expected, read(kernel, descriptor, what), what);
            MapShape shape = MapShape.of(spec, expected, btf);
            ArenaGlobals globals = ArenaGlobals.of(kernel, spec);
            MapMemory memory =
                    new MapMemory(kernel.calls(), descriptor, shape, globals, spec.mapExtra());
            MapShape inner = innerShape(kernel, spec, btf);
            memory.share(here);
            return new MapHandle(kernel, shape, inner, memory, spec.frozen());
        } catch (Throwable t) {
            descriptor.close();
            throw t;
        }
    }

    /**
     * Opens a map by its id (Linux 4.13).
     *
     * @param kernel the kernel
     * @param id the id, see {@link MapInfo#id}
     * @return the map
     * @throws BpfException if there is none, or the process lacks CAP_SYS_ADMIN
     */
    public static MapHandle fromId(Kernel kernel, int id) {
        return fromId(kernel, id, null);
    }

    /**
     * Opens a map by its id.
     *
     * @param like a map whose types its keys and values have, or null if they are not known
     */
    static MapHandle fromId(Kernel kernel, int id, MapShape like) {
        String what = "map with id " + Integer.toUnsignedString(id);
        long result = kernel.bpf().openById(BpfCommand.MAP_GET_FD_BY_ID, id);
        return adopt(
                kernel,
                kernel.bpf().own(BpfCommand.MAP_GET_FD_BY_ID, result, what, "cannot open the "),
                what,
                like);
    }

    /**
     * Opens the map of a descriptor (Linux 4.13), such as one that was inherited or received from
     * another process.
     *
     * @param kernel the kernel
     * @param fd the descriptor; it stays open, and the caller's to close
     * @return the map, with a descriptor of its own
     * @throws BpfException if it is no descriptor of a map, or the process has no descriptor left
     */
    public static MapHandle fromFd(Kernel kernel, int fd) {
        String what = "descriptor " + fd;
        long copy = kernel.calls().duplicate(fd);
        if (copy < 0) {
            throw Failure.of("fcntl", (int) -copy, "cannot duplicate " + what);
        }
        return adopt(kernel, FileDescriptor.adopt(kernel.calls(), (int) copy, what), what, null);
    }

    private static MapHandle adopt(
            Kernel kernel, FileDescriptor descriptor, String what, MapShape like) {
        try {
            checkKind(kernel, descriptor, what);
            MapInfo info = read(kernel, descriptor, what);
            MapShape plain = MapShape.of(info);
            MapShape shape = like == null ? plain : plain.typedAs(like);
            MapMemory memory =
                    new MapMemory(kernel.calls(), descriptor, shape, null, info.mapExtra());
            return new MapHandle(kernel, shape, null, memory, false);
        } catch (Throwable t) {
            descriptor.close();
            throw t;
        }
    }

    private static void checkKind(Kernel kernel, FileDescriptor descriptor, String what) {
        ObjectKind kind = ObjectKind.of(kernel.calls(), descriptor.fd());
        if (kind != ObjectKind.MAP) {
            throw new BpfException(what + " is no map but a " + kind.text());
        }
    }

    /**
     * Asks the kernel about the map (Linux 4.13).
     *
     * @return its description now
     * @throws BpfException if the kernel refuses
     * @throws IllegalStateException if the map is closed
     */
    public MapInfo info() {
        return read(kernel, descriptor, "map " + shape.name());
    }

    private static MapInfo read(Kernel kernel, FileDescriptor descriptor, String what) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(MapInfo.BYTES, Long.BYTES);
            int fd = descriptor.acquire();
            long result;
            try {
                result = kernel.bpf().info(fd, info);
            } finally {
                descriptor.release();
            }
            if (result < 0) {
                throw Failure.of(
                        BpfCommand.OBJ_GET_INFO_BY_FD, (int) -result, "cannot describe " + what);
            }
            return MapInfo.decode(NativeText.buffer(info));
        }
    }

    /**
     * Returns the name.
     *
     * @return the name in the object; for a map that was pinned or found by id, the kernel's, which
     *     is cut to 15 characters
     */
    public String name() {
        return shape.name();
    }

    /**
     * Returns the type.
     *
     * @return the map's type; {@link MapType#UNSPEC} for one this library does not know
     */
    public MapType type() {
        return shape.type();
    }

    /**
     * Returns the size of a key.
     *
     * @return bytes, 0 for maps without keys
     */
    public int keySize() {
        return shape.keySize();
    }

    /**
     * Returns the size of a value.
     *
     * @return bytes, of one CPU's value for per-CPU maps; 0 for ring buffers
     */
    public int valueSize() {
        return shape.valueSize();
    }

    /**
     * Returns how much the map holds.
     *
     * @return most elements, unsigned; bytes for a ring buffer, after rounding
     */
    public int maxEntries() {
        return shape.maxEntries();
    }

    /**
     * Returns the flags.
     *
     * @return {@code BPF_F_*}, as the kernel took them
     */
    public int flags() {
        return shape.flags();
    }

    /**
     * Ends all writing from user space (Linux 5.2). Programs still write unless the map has {@code
     * BPF_F_RDONLY_PROG}.
     *
     * @throws io.ebpf4j.error.UnsupportedException if the kernel is too old
     * @throws BpfException if the kernel refuses, as it does while the map is mapped writable
     */
    public void freeze() {
        MapCreation.freeze(kernel, descriptor, shape.name());
        frozen = true;
    }

    /**
     * Gives the map a name in a bpf file system, where it outlives this process (Linux 4.4).
     *
     * @param path the name; its directory must be in a file system of type bpf
     * @throws BpfException if the kernel refuses, as it does when the name is taken
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
     * Removes a name that {@link #pin} gave. A name that is not there is no error.
     *
     * @param path the name
     * @throws BpfException if it cannot be removed
     */
    public void unpin(Path path) {
        long result = kernel.calls().unlink(path.toString());
        if (result < 0 && result != -Errno.ENOENT) {
            throw Failure.of("unlink", (int) -result, "cannot unpin " + path);
        }
    }

    /**
     * Returns the kernel; for this library's modules.
     *
     * @return where the map is
     */
    public Kernel kernel() {
        return kernel;
    }

    /**
     * Returns the owner of the map's descriptor; for this library's modules.
     *
     * @return the descriptor
     */
    @SuppressWarnings("exports")
    public FileDescriptor descriptor() {
        return descriptor;
    }

    /**
     * Returns where the map's global data begins, as instructions refer to it; for this library's
     * modules.
     *
     * @return bytes from the start of the value, or of an arena
     */
    public long dataOffset() {
        return memory.dataOffset();
    }

    /** Returns how much global data there is, in bytes. */
    int dataSize() {
        return memory.dataSize();
    }

    @Override
    MapHandle map() {
        return this;
    }

    MapMemory inMemory() {
        return memory;
    }

    MapShape shape() {
        return shape;
    }

    /** Returns what the maps inside a map of maps are like, or null if that is not known. */
    MapShape inner() {
        return inner;
    }

    BatchSupport batches() {
        return batches;
    }

    boolean frozen() {
        return frozen;
    }

    /** Says whether the map was frozen already when it was created, as read-only data is. */
    boolean createdFrozen() {
        return createdFrozen;
    }

    /**
     * Returns the memory of the first value, or of an arena, mapped on first use; null if the map
     * cannot be mapped.
     */
    MappedValue mapped() {
        return memory.value();
    }

    /** Makes the caller the only reader of a ring buffer; false if there is one. */
    boolean beginReading() {
        return read.compareAndSet(false, true);
    }

    void endReading() {
        read.set(false);
    }

    /** Returns what those hold who read, change and write back the whole of a section. */
    Object sectionLock() {
        return memory;
    }

    /** Closes the map and what is mapped of it. Further calls do nothing. */
    @Override
    public void close() {
        memory.close();
    }

    /** Returns the calls on single elements. */
    ElementCalls elements() {
        return elements;
    }

    /** Names the map, its type and sizes. */
    @Override
    public String toString() {
        return shape.toString();
    }
}
