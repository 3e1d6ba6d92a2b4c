// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.kernel.KernelBtf;
import io.ebpf4j.program.BtfObject;
import io.ebpf4j.spec.MapSpec;
import io.ebpf4j.spec.MapType;
import io.ebpf4j.sys.BpfCommand;
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
public final class MapHandle implements AutoCloseable {
    private final Kernel kernel;
    private final FileDescriptor descriptor;
    private final MapShape shape;
    private final boolean createdFrozen;
    private final Object mapping = new Object();
    private final AtomicBoolean read = new AtomicBoolean();
    private final BatchSupport batches = new BatchSupport();
    private volatile boolean frozen;
    private final ArenaGlobals globals;
    private final MapShape inner;
    private MappedValue mapped;

    private MapHandle(
            Kernel kernel,
            FileDescriptor descriptor,
            MapShape shape,
            ArenaGlobals globals,
            boolean frozen) {
        this(kernel, descriptor, shape, globals, frozen, null);
    }

    private MapHandle(
            Kernel kernel,
            FileDescriptor descriptor,
            MapShape shape,
            ArenaGlobals globals,
            boolean frozen,
            MapShape inner) {
        this.inner = inner;
        this.kernel = kernel;
        this.globals = globals;
        this.descriptor = descriptor;
        this.shape = shape;
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
        MapHandle map =
                new MapHandle(
                        kernel,
                        created.descriptor(),
                        MapShape.of(spec, created.request(), btf),
                        globals,
                        spec.frozen(),
                        innerShape(kernel, spec, btf));
        if (globals != null) {
            map.mapArena(spec);
        }
        return map;
    }

    /** Returns what the maps inside a map of maps are like, or null. */
    private static MapShape innerShape(Kernel kernel, MapSpec spec, Btf btf) {
        return spec.inner()
                .map(inner -> MapShape.of(inner, MapCreation.expected(kernel, inner), btf))
                .orElse(null);
    }

    /** Maps the arena, which the kernel wants before a program uses it, and fills in its data. */
    private void mapArena(MapSpec spec) {
        try {
            mapped = MappedValue.mapArena(kernel.calls(), descriptor, spec);
            globals.copy(spec, mapped.segment());
        } catch (Throwable t) {
            close();
            throw t;
        }
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
        return new MapHandle(
                kernel,
                created.descriptor(),
                MapShape.of(spec, created.request(), null),
                null,
                spec.frozen());
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
        return inPlace(kernel, kernel.bpf().objGet(what, 0), spec, btf, what);
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
        return inPlace(kernel, second, spec, btf, "map " + shape.name());
    }

    private static MapHandle inPlace(
            Kernel kernel, FileDescriptor descriptor, MapSpec spec, Btf btf, String what) {
        try {
            checkKind(kernel, descriptor, what);
            MapCreate expected = MapCreation.expected(kernel, spec);
            MapDifferences.check(spec, expected, read(kernel, descriptor, what), what);
            return new MapHandle(
                    kernel,
                    descriptor,
                    MapShape.of(spec, expected, btf),
                    ArenaGlobals.of(kernel, spec),
                    spec.frozen(),
                    innerShape(kernel, spec, btf));
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
            MapShape shape = MapShape.of(read(kernel, descriptor, what));
            return new MapHandle(
                    kernel, descriptor, like == null ? shape : shape.typedAs(like), null, false);
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
     * Opens a typed view. The layouts are checked here, once: against the map's BTF if it is known,
     * else by their size.
     *
     * @param <K> type of keys
     * @param <V> type of values
     * @param key class of keys, see {@link Codec}; {@code byte[]} and {@code String} take the size
     *     of the map's keys
     * @param value class of values; likewise
     * @return the view; it ends with this map
     * @throws BpfException if a layout differs; the message shows both side by side
     * @throws io.ebpf4j.error.UnsupportedException if the map has no elements, or one for each CPU
     */
    public <K, V> BpfMap<K, V> open(Class<K> key, Class<V> value) {
        return new BpfMap<>(this, shape.keyCodec(key), shape.valueCodec(value));
    }

    /**
     * Opens a view of integers by integers that needs no boxes.
     *
     * @return the view; it ends with this map
     * @throws BpfException if the map's BTF says that keys or values are no integers, or their size
     *     is not 1, 2, 4 or 8 bytes
     * @throws io.ebpf4j.error.UnsupportedException if the map has no elements, or one for each CPU
     */
    public LongMap openLongs() {
        Codecs.Whole values = shape.integers(false);
        return new LongMap(this, shape.integers(true), values);
    }

    /**
     * Opens a view through the caller's memory, which the kernel reads and writes in place.
     *
     * @return the view; it ends with this map
     * @throws io.ebpf4j.error.UnsupportedException if another view is right for the map
     */
    public RawMap openRaw() {
        return new RawMap(this);
    }

    /**
     * Opens a typed view of a per-CPU map. The layouts are checked as by {@link #open(Class,
     * Class)}.
     *
     * @param <K> type of keys
     * @param <V> type of one CPU's values
     * @param key class of keys
     * @param value class of one CPU's values
     * @return the view; it ends with this map
     * @throws BpfException if a layout differs; the message shows both side by side
     * @throws io.ebpf4j.error.UnsupportedException if the map is not per CPU
     */
    public <K, V> BpfMap<K, PerCpu<V>> openPerCpu(Class<K> key, Class<V> value) {
        Codec<V> one = shape.perCpuCodec(value);
        return new BpfMap<>(this, shape.keyCodec(key), PerCpuCodec.of(one, kernel.possibleCpus()));
    }

    /**
     * Opens a typed view of one CPU's values of a per-CPU map. The layouts are checked as by {@link
     * #open(Class, Class)}.
     *
     * <p>Since Linux 7.0 the kernel reads and writes the values of one CPU ({@code BPF_F_CPU}).
     * Before, it hands out those of all CPUs, of which the view takes one; writing then throws
     * {@link io.ebpf4j.error.UnsupportedException}, since writing those of all CPUs back would undo
     * what programs write at the same time. Writes with a condition, such as {@link
     * BpfMap#putIfAbsent}, throw it on all kernels: beside {@code BPF_F_CPU} they look at none.
     *
     * @param <K> type of keys
     * @param <V> type of one CPU's values
     * @param cpu the CPU
     * @param key class of keys
     * @param value class of one CPU's values
     * @return the view; it ends with this map. An element that it creates has zeros for other CPUs;
     *     one that it removes is gone for all
     * @throws IndexOutOfBoundsException if there can be no such CPU
     * @throws BpfException if a layout differs; the message shows both side by side
     * @throws io.ebpf4j.error.UnsupportedException if the map is not per CPU
     */
    public <K, V> BpfMap<K, V> openCpu(int cpu, Class<K> key, Class<V> value) {
        return OneCpu.open(this, shape.keyCodec(key), shape.perCpuCodec(value), cpu);
    }

    /**
     * Opens a per-CPU map for writing the same value for each possible CPU. The layouts are checked
     * as by {@link #open(Class, Class)}.
     *
     * @param <K> type of keys
     * @param <V> type of one CPU's values
     * @param key class of keys
     * @param value class of one CPU's values
     * @return what writes; it ends with this map
     * @throws BpfException if a layout differs; the message shows both side by side
     * @throws io.ebpf4j.error.UnsupportedException if the map is not per CPU
     */
    public <K, V> AllCpus<K, V> openAllCpus(Class<K> key, Class<V> value) {
        return AllCpus.open(this, shape.keyCodec(key), shape.perCpuCodec(value));
    }

    /**
     * Opens a longest-prefix trie whose keys are prefixes of IP addresses: IPv4 if they have 8
     * bytes, IPv6 if they have 20.
     *
     * @param <V> type of values
     * @param value class of values; their layout is checked as by {@link #open(Class, Class)}
     * @return the view; it ends with this map
     * @throws BpfException if the keys have another size, or the layout of values differs
     * @throws io.ebpf4j.error.UnsupportedException if the map is no trie
     */
    public <V> BpfMap<IpPrefix, V> openPrefixes(Class<V> value) {
        shape.checkTrie();
        return new BpfMap<>(this, IpPrefix.codec(this), shape.valueCodec(value));
    }

    /**
     * Opens a longest-prefix trie.
     *
     * @param <T> type of the data in keys
     * @param <V> type of values
     * @param data class of the data, which begins behind the 4 bytes of the prefix's length
     * @param value class of values; their layout is checked as by {@link #open(Class, Class)}
     * @return the view; it ends with this map
     * @throws BpfException if the data has another size, or the layout of values differs
     * @throws io.ebpf4j.error.UnsupportedException if the map is no trie
     */
    public <T, V> BpfMap<LpmKey<T>, V> openLpm(Class<T> data, Class<V> value) {
        shape.checkTrie();
        Codec<LpmKey<T>> keys = new LpmKey.Layout<>(Codec.of(data));
        return new BpfMap<>(this, shape.exactly(keys, true), shape.valueCodec(value));
    }

    /**
     * Opens a view with codecs of one's own, which are checked by their size.
     *
     * @param <K> type of keys
     * @param <V> type of values
     * @param key codec of keys
     * @param value codec of values
     * @return the view; it ends with this map
     * @throws BpfException if a size differs
     * @throws io.ebpf4j.error.UnsupportedException if the map has no elements, or one for each CPU
     */
    public <K, V> BpfMap<K, V> open(Codec<K> key, Codec<V> value) {
        return new BpfMap<>(this, shape.sized(key, true), shape.sized(value, false));
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
        return globals == null ? 0 : globals.offset();
    }

    /** Returns how much global data there is, in bytes. */
    int dataSize() {
        return globals == null ? shape.valueSize() : globals.size();
    }

    /**
     * Returns the values of an array map in memory that programs share (Linux 5.5): no access
     * enters the kernel. The value of index i is at i times the size of a value, rounded up to 8.
     *
     * @return all values, read-only where programs only read them or the map is frozen; it ends
     *     with this map
     * @throws UnsupportedException if the map is no array with the flag {@code BPF_F_MMAPABLE}
     * @throws BpfException if the kernel refuses to map it
     * @throws IllegalStateException if the map is closed
     */
    public MemorySegment memory() {
        descriptor.fd();
        MappedValue values = shape.type() == MapType.ARRAY ? mapped() : null;
        if (values == null) {
            throw new UnsupportedException(
                    this + " cannot be mapped into memory",
                    "5.5",
                    "declare it as BPF_MAP_TYPE_ARRAY with the flag BPF_F_MMAPABLE");
        }
        return values.segment();
    }

    /**
     * Returns an element of an array map that is mapped into memory, with plain, ordered and, for
     * numbers, atomic accesses that do not enter the kernel (Linux 5.5).
     *
     * @param index which; unsigned
     * @param type the class to read and write it as
     * @param <T> the type
     * @return the element; it ends with this map
     * @throws IndexOutOfBoundsException if there is no such element
     * @throws UnsupportedException if the map is no array with the flag {@code BPF_F_MMAPABLE}
     * @throws BpfException if the layouts differ, or the kernel refuses to map it
     * @throws IllegalStateException if the map is closed
     */
    public <T> Variable<T> element(int index, Class<T> type) {
        return Variable.ofElement(this, index, type);
    }

    /**
     * Returns the values of an array map that is mapped into memory, as numbers without boxes
     * (Linux 5.5).
     *
     * @return the values; they end with this map
     * @throws UnsupportedException if the map is no array with the flag {@code BPF_F_MMAPABLE}
     * @throws BpfException if its values have not 8 bytes, or the kernel refuses to map it
     * @throws IllegalStateException if the map is closed
     */
    public MappedLongs openMappedLongs() {
        return MappedLongs.of(this);
    }

    /**
     * Returns the memory of an arena, which programs share and where they have it at the same
     * addresses (Linux 6.9). A page that no program allocated is given by the kernel when it is
     * touched; with the flag {@code BPF_F_SEGV_ON_FAULT} touching it ends the process.
     *
     * @return all pages; it ends with this map
     * @throws UnsupportedException if the map is no arena
     * @throws BpfException if it was not created by this process
     * @throws IllegalStateException if the map is closed
     */
    public MemorySegment arena() {
        View.ARENA.check(shape);
        descriptor.fd();
        if (mapped == null) {
            throw new BpfException(this + " was not created here, and is not mapped");
        }
        return mapped.segment();
    }

    /**
     * Opens the memory of an arena by the pointers into it that programs keep (Linux 6.9).
     *
     * @return the memory; it ends with this map
     * @throws UnsupportedException if the map is no arena
     * @throws BpfException if it was not created by this process
     * @throws IllegalStateException if the map is closed
     */
    public ArenaMemory openArena() {
        return ArenaMemory.of(this);
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
     * Returns the memory of the first value, mapped on first use; null if the map cannot be mapped.
     */
    MappedValue mapped() {
        if (shape.type() == MapType.ARENA) {
            return mapped;
        }
        if ((shape.flags() & MapSpec.MMAPABLE) == 0 || shape.type() != MapType.ARRAY) {
            return null;
        }
        synchronized (mapping) {
            if (mapped == null) {
                mapped = MappedValue.map(kernel.calls(), descriptor, shape);
            }
            return mapped;
        }
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
        return mapping;
    }

    /** Closes the map and what is mapped of it. Further calls do nothing. */
    @Override
    public void close() {
        try {
            synchronized (mapping) {
                if (mapped != null) {
                    mapped.close();
                }
            }
        } finally {
            descriptor.close();
        }
    }

    /** Names the map, its type and sizes. */
    @Override
    public String toString() {
        return shape.toString();
    }
}
