// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.spec;

import io.ebpf4j.error.BpfException;

import java.util.Optional;

/**
 * A map as an object defines it, or as a user writes it, before a kernel has seen it.
 *
 * <p>The numbers are the object's: rounding a ring buffer to pages, sizing a per-CPU array by the
 * machine and leaving out flags that a kernel lacks happen when the map is created. Instances are
 * mutable and not safe for use by several threads.
 */
public final class MapSpec extends MapFilling implements MapFlags {
    private static final int KERNEL_NAME_LENGTH = 15;

    private final String name;
    private MapType type;
    private int keySize;
    private int valueSize;
    private int maxEntries;
    private int flags;
    private int numaNode = -1;
    private long mapExtra;
    private Pinning pinning = Pinning.NONE;
    private int keyTypeId;
    private int valueTypeId;
    private MapSpec inner;
    private boolean frozen;
    private boolean internal;
    private String kernelName;
    private boolean autocreate = true;

    /** Whether, and where, a map is shared through the BPF file system. */
    public enum Pinning {
        /** Not pinned. */
        NONE,
        /** Pinned under its name, and taken from there when it exists. */
        BY_NAME
    }

    private MapSpec(String name, MapType type) {
        this.name = name;
        this.type = type;
    }

    /**
     * Creates a map by hand.
     *
     * @param name its name in the collection; the kernel is given at most 15 characters of it
     * @param type its type
     * @param keySize bytes of a key, 0 where the type has none
     * @param valueSize bytes of a value, 0 where the type has none
     * @param maxEntries how many entries it holds; bytes for a ring buffer
     * @return a spec without flags, pinning and BTF
     */
    public static MapSpec of(
            String name, MapType type, int keySize, int valueSize, int maxEntries) {
        MapSpec spec = new MapSpec(name, type);
        spec.keySize = keySize;
        spec.valueSize = valueSize;
        spec.maxEntries = maxEntries;
        return spec;
    }

    static MapSpec internal(String name, String kernelName, int size) {
        MapSpec spec = of(name, MapType.ARRAY, Integer.BYTES, size, 1);
        spec.internal = true;
        spec.kernelName = kernelName;
        return spec;
    }

    /**
     * Returns the name in the collection.
     *
     * @return the variable's name in C, or the section's name for global data
     */
    public String name() {
        return name;
    }

    /**
     * Returns the name that the kernel is given.
     *
     * @return at most 15 characters of the set that the kernel accepts: letters, digits,
     *     underscores and dots
     */
    public String kernelName() {
        String full = kernelName == null ? name : kernelName;
        int length = Math.min(full.length(), KERNEL_NAME_LENGTH);
        StringBuilder clean = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            char c = full.charAt(i);
            boolean legal =
                    c >= 'a' && c <= 'z'
                            || c >= 'A' && c <= 'Z'
                            || c >= '0' && c <= '9'
                            || c == '.';
            clean.append(legal ? c : '_');
        }
        return clean.toString();
    }

    /**
     * Returns the type.
     *
     * @return the map's type
     */
    @Override
    public MapType type() {
        return type;
    }

    /**
     * Changes the type.
     *
     * @param type the new type
     * @return this
     */
    public MapSpec type(MapType type) {
        this.type = type;
        return this;
    }

    /**
     * Turns a ring buffer into a perf event array with an entry for each CPU, for kernels before
     * Linux 5.8. The program must choose {@code bpf_perf_event_output} then, by what it finds in
     * the kernel's types or by a variable. The type of records that the ring buffer declares is
     * kept.
     *
     * @return this
     * @throws BpfException if the map is no ring buffer
     */
    public MapSpec toPerfEventArray() {
        if (type != MapType.RINGBUF) {
            throw new BpfException(
                    "map "
                            + name
                            + " of type "
                            + type
                            + " cannot become a perf event array; ring"
                            + " buffers can");
        }
        type = MapType.PERF_EVENT_ARRAY;
        keySize = Integer.BYTES;
        valueSize = Integer.BYTES;
        maxEntries = 0;
        flags = flags & ~RING_OVERWRITE;
        return this;
    }

    /**
     * Returns the size of a key.
     *
     * @return bytes; 0 where the type has no key
     */
    public int keySize() {
        return keySize;
    }

    /**
     * Changes the size of a key. The BTF type of keys is forgotten when the size becomes another
     * one.
     *
     * @param keySize bytes
     * @return this
     */
    public MapSpec keySize(int keySize) {
        if (keySize != this.keySize) {
            this.keySize = keySize;
            this.keyTypeId = 0;
        }
        return this;
    }

    /**
     * Returns the size of a value.
     *
     * @return bytes; for per-CPU maps of one CPU's value; 0 where the type has no value
     */
    @Override
    public int valueSize() {
        return valueSize;
    }

    /**
     * Changes the size of a value. The BTF type of values is forgotten when the size becomes
     * another one.
     *
     * @param valueSize bytes
     * @return this
     * @throws BpfException if the map holds global data of another size
     */
    public MapSpec valueSize(int valueSize) {
        if (internal && valueSize != this.valueSize) {
            throw new BpfException(
                    "map "
                            + name
                            + " holds "
                            + this.valueSize
                            + " bytes of global data; its values cannot take "
                            + valueSize);
        }
        if (valueSize != this.valueSize) {
            this.valueSize = valueSize;
            this.valueTypeId = 0;
        }
        return this;
    }

    /**
     * Returns how many entries the map holds.
     *
     * @return number of entries as an unsigned 32-bit number; bytes for ring buffers, 0 where the
     *     kernel or the loader chooses
     */
    public int maxEntries() {
        return maxEntries;
    }

    /**
     * Changes how many entries the map holds.
     *
     * @param maxEntries number of entries; bytes for ring buffers
     * @return this
     */
    public MapSpec maxEntries(int maxEntries) {
        this.maxEntries = maxEntries;
        return this;
    }

    /**
     * Returns the flags ({@code map_flags}).
     *
     * @return bit set of {@code BPF_F_*} for BPF_MAP_CREATE
     */
    public int flags() {
        return flags;
    }

    /**
     * Changes the flags ({@code map_flags}).
     *
     * @param flags bit set of {@code BPF_F_*} for BPF_MAP_CREATE
     * @return this
     */
    public MapSpec flags(int flags) {
        this.flags = flags;
        return this;
    }

    /**
     * Returns the NUMA node that holds the map.
     *
     * @return the node's number, or -1 for any
     */
    public int numaNode() {
        return numaNode;
    }

    /**
     * Changes the NUMA node that holds the map; {@link #NUMA_NODE} has to be among the flags for
     * the kernel to look at it.
     *
     * @param numaNode the node's number, or -1 for any
     * @return this
     */
    public MapSpec numaNode(int numaNode) {
        this.numaNode = numaNode;
        return this;
    }

    /**
     * Returns what the type makes of {@code map_extra} (Linux 5.16).
     *
     * @return the number of hash functions of a bloom filter, the address of an arena, else 0
     */
    public long mapExtra() {
        return mapExtra;
    }

    /**
     * Changes {@code map_extra} (Linux 5.16).
     *
     * @param mapExtra the number of hash functions of a bloom filter, the address of an arena, else
     *     0
     * @return this
     */
    public MapSpec mapExtra(long mapExtra) {
        this.mapExtra = mapExtra;
        return this;
    }

    /**
     * Returns whether the map is pinned.
     *
     * @return how the map is shared
     */
    public Pinning pinning() {
        return pinning;
    }

    /**
     * Changes whether the map is pinned.
     *
     * @param pinning how the map is shared
     * @return this
     */
    public MapSpec pinning(Pinning pinning) {
        this.pinning = pinning;
        return this;
    }

    /**
     * Returns the type of keys.
     *
     * @return an id in the object's BTF, or 0 when it is not known
     */
    public int keyTypeId() {
        return keyTypeId;
    }

    /**
     * Returns the type of values.
     *
     * @return an id in the object's BTF, or 0 when it is not known
     */
    public int valueTypeId() {
        return valueTypeId;
    }

    /**
     * Changes the types of keys and values. Their sizes stay.
     *
     * @param keyTypeId an id in the object's BTF, or 0
     * @param valueTypeId an id in the object's BTF, or 0
     * @return this
     */
    public MapSpec types(int keyTypeId, int valueTypeId) {
        this.keyTypeId = keyTypeId;
        this.valueTypeId = valueTypeId;
        return this;
    }

    /**
     * Returns the template of the maps inside a map of maps.
     *
     * @return the template, or empty for other types
     */
    public Optional<MapSpec> inner() {
        return Optional.ofNullable(inner);
    }

    /**
     * Changes the template of the maps inside a map of maps.
     *
     * @param inner the template, or null for none
     * @return this
     */
    public MapSpec inner(MapSpec inner) {
        this.inner = inner;
        return this;
    }

    /**
     * Returns whether the map is created with its collection.
     *
     * @return false after {@code SEC("?.struct_ops")} or when it was turned off
     */
    public boolean autocreate() {
        return autocreate;
    }

    /**
     * Changes whether the map is created with its collection. A program that refers to a map which
     * is not there is loaded nevertheless, and rejected only if it can reach the reference.
     *
     * @param autocreate true to create
     * @return this
     */
    public MapSpec autocreate(boolean autocreate) {
        this.autocreate = autocreate;
        return this;
    }

    /**
     * Returns whether the map is frozen once it is filled, so that nothing but programs reads it
     * and the verifier can rely on what it holds.
     *
     * @return true for read-only data
     */
    public boolean frozen() {
        return frozen;
    }

    /**
     * Changes whether the map is frozen once it is filled (Linux 5.2).
     *
     * @param frozen true to freeze
     * @return this
     */
    public MapSpec frozen(boolean frozen) {
        this.frozen = frozen;
        return this;
    }

    /**
     * Returns whether the map holds an object's global data, not what its author called a map.
     *
     * @return true for {@code .data}, {@code .rodata}, {@code .bss}, {@code .kconfig} and their kin
     */
    @Override
    public boolean internal() {
        return internal;
    }

    /**
     * Copies the spec, its contents and its inner map.
     *
     * @return an independent spec
     */
    public MapSpec copy() {
        MapSpec copy = of(name, type, keySize, valueSize, maxEntries);
        copy.fillAs(this);
        copy.flags = flags;
        copy.numaNode = numaNode;
        copy.mapExtra = mapExtra;
        copy.pinning = pinning;
        copy.keyTypeId = keyTypeId;
        copy.valueTypeId = valueTypeId;
        copy.inner = inner == null ? null : inner.copy();
        copy.frozen = frozen;
        copy.internal = internal;
        copy.kernelName = kernelName;
        copy.autocreate = autocreate;
        return copy;
    }

    /** Describes everything but the contents' bytes. */
    @Override
    public String toString() {
        return "MapSpec["
                + name
                + ", "
                + type
                + ", key "
                + keySize
                + ", value "
                + valueSize
                + ", max "
                + Integer.toUnsignedString(maxEntries)
                + ", flags 0x"
                + Integer.toHexString(flags)
                + ", node "
                + numaNode
                + ", extra 0x"
                + Long.toHexString(mapExtra)
                + ", pinning "
                + pinning
                + ", types "
                + keyTypeId
                + "/"
                + valueTypeId
                + (inner == null ? "" : ", inner " + inner)
                + filling()
                + (frozen ? ", frozen" : "")
                + (autocreate ? "" : ", not created")
                + "]";
    }
}
