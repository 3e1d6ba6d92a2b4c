// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;

import java.lang.foreign.MemorySegment;

/**
 * The views of a map's elements, and of what of them is in memory. Other types of maps have views
 * of their own, which name the map's handle.
 */
abstract sealed class TypedViews permits MapHandle {
    TypedViews() {}

    abstract MapHandle map();

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
     * @throws UnsupportedException if the map has no elements, or one for each CPU
     */
    public <K, V> BpfMap<K, V> open(Class<K> key, Class<V> value) {
        return new BpfMap<>(map(), map().shape().keyCodec(key), map().shape().valueCodec(value));
    }

    /**
     * Opens a view of integers by integers that needs no boxes.
     *
     * @return the view; it ends with this map
     * @throws BpfException if the map's BTF says that keys or values are no integers, or their size
     *     is not 1, 2, 4 or 8 bytes
     * @throws UnsupportedException if the map has no elements, or one for each CPU
     */
    public LongMap openLongs() {
        NumberCodecs.Numeric values = map().shape().integers(false);
        return new LongMap(map(), map().shape().integers(true), values);
    }

    /**
     * Opens a view through the caller's memory, which the kernel reads and writes in place.
     *
     * @return the view; it ends with this map
     * @throws UnsupportedException if another view is right for the map
     */
    public RawMap openRaw() {
        return new RawMap(map());
    }

    /**
     * Opens a typed view of a per-CPU map. The layouts are checked as by {@link
     * MapHandle#open(Class, Class)}.
     *
     * @param <K> type of keys
     * @param <V> type of one CPU's values
     * @param key class of keys
     * @param value class of one CPU's values
     * @return the view; it ends with this map
     * @throws BpfException if a layout differs; the message shows both side by side
     * @throws UnsupportedException if the map is not per CPU
     */
    public <K, V> BpfMap<K, PerCpu<V>> openPerCpu(Class<K> key, Class<V> value) {
        Codec<V> one = map().shape().perCpuCodec(value);
        return new BpfMap<>(
                map(),
                map().shape().keyCodec(key),
                PerCpuCodec.of(one, map().kernel().possibleCpus()));
    }

    /**
     * Opens a typed view of one CPU's values of a per-CPU map. The layouts are checked as by {@link
     * MapHandle#open(Class, Class)}.
     *
     * <p>Since Linux 7.0 the kernel reads and writes the values of one CPU ({@code BPF_F_CPU}).
     * Before, it hands out those of all CPUs, of which the view takes one; writing then throws
     * {@link UnsupportedException}, since writing those of all CPUs back would undo what programs
     * write at the same time. Writes with a condition, such as {@link BpfMap#putIfAbsent}, throw it
     * on all kernels: beside {@code BPF_F_CPU} they look at none.
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
     * @throws UnsupportedException if the map is not per CPU
     */
    public <K, V> BpfMap<K, V> openCpu(int cpu, Class<K> key, Class<V> value) {
        return OneCpu.open(
                map(), map().shape().keyCodec(key), map().shape().perCpuCodec(value), cpu);
    }

    /**
     * Opens a per-CPU map for writing the same value for each possible CPU. The layouts are checked
     * as by {@link MapHandle#open(Class, Class)}.
     *
     * @param <K> type of keys
     * @param <V> type of one CPU's values
     * @param key class of keys
     * @param value class of one CPU's values
     * @return what writes; it ends with this map
     * @throws BpfException if a layout differs; the message shows both side by side
     * @throws UnsupportedException if the map is not per CPU
     */
    public <K, V> AllCpus<K, V> openAllCpus(Class<K> key, Class<V> value) {
        return AllCpus.open(map(), map().shape().keyCodec(key), map().shape().perCpuCodec(value));
    }

    /**
     * Opens a longest-prefix trie whose keys are prefixes of IP addresses: IPv4 if they have 8
     * bytes, IPv6 if they have 20.
     *
     * @param <V> type of values
     * @param value class of values; their layout is checked as by {@link MapHandle#open(Class,
     *     Class)}
     * @return the view; it ends with this map
     * @throws BpfException if the keys have another size, or the layout of values differs
     * @throws UnsupportedException if the map is no trie
     */
    public <V> BpfMap<IpPrefix, V> openPrefixes(Class<V> value) {
        map().shape().checkTrie();
        return new BpfMap<>(map(), IpPrefix.codec(map()), map().shape().valueCodec(value));
    }

    /**
     * Opens a longest-prefix trie.
     *
     * @param <T> type of the data in keys
     * @param <V> type of values
     * @param data class of the data, which begins behind the 4 bytes of the prefix's length
     * @param value class of values; their layout is checked as by {@link MapHandle#open(Class,
     *     Class)}
     * @return the view; it ends with this map
     * @throws BpfException if the data has another size, or the layout of values differs
     * @throws UnsupportedException if the map is no trie
     */
    public <T, V> BpfMap<LpmKey<T>, V> openLpm(Class<T> data, Class<V> value) {
        map().shape().checkTrie();
        Codec<LpmKey<T>> keys = new LpmKey.Layout<>(Codec.of(data));
        return new BpfMap<>(
                map(), map().shape().exactly(keys, true), map().shape().valueCodec(value));
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
     * @throws UnsupportedException if the map has no elements, or one for each CPU
     */
    public <K, V> BpfMap<K, V> open(Codec<K> key, Codec<V> value) {
        return new BpfMap<>(
                map(), map().shape().sized(key, true), map().shape().sized(value, false));
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
        map().descriptor().fd();
        return map().inMemory().values();
    }

    /**
     * Returns the memory of an arena, which programs share and where they have it at the same
     * addresses (Linux 6.9). A page that no program allocated is given by the kernel when it is
     * touched; with the flag {@code BPF_F_SEGV_ON_FAULT} touching it ends the process.
     *
     * @return all pages; it ends with this map
     * @throws UnsupportedException if the map is no arena
     * @throws BpfException if it was created by another process without an address ({@code
     *     map_extra}), or its address is taken in this one
     * @throws IllegalStateException if the map is closed
     */
    public MemorySegment arena() {
        View.ARENA.check(map().shape());
        map().descriptor().fd();
        return map().mapped().segment();
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
        return Variable.ofElement(map(), index, type);
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
        return MappedLongs.of(map());
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
        return ArenaMemory.of(map());
    }
}
