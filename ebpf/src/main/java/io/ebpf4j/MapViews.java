// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.map.AllCpus;
import io.ebpf4j.map.ArenaMemory;
import io.ebpf4j.map.BloomFilter;
import io.ebpf4j.map.BpfMap;
import io.ebpf4j.map.BpfQueue;
import io.ebpf4j.map.CgroupArray;
import io.ebpf4j.map.CgroupStorage;
import io.ebpf4j.map.CpuMap;
import io.ebpf4j.map.DeviceMap;
import io.ebpf4j.map.InodeStorage;
import io.ebpf4j.map.IpPrefix;
import io.ebpf4j.map.LpmKey;
import io.ebpf4j.map.MapHandle;
import io.ebpf4j.map.MapOfMaps;
import io.ebpf4j.map.PerfEventArray;
import io.ebpf4j.map.ProgramArray;
import io.ebpf4j.map.SocketMap;
import io.ebpf4j.map.SocketStorage;
import io.ebpf4j.map.StackTraceMap;
import io.ebpf4j.map.TaskStorage;
import io.ebpf4j.map.XskMap;

/**
 * The views of an object's maps that are not plain keys and values, each for the types that have
 * what it offers. A map of another type is refused with an {@link
 * io.ebpf4j.error.UnsupportedException} that names the call which is right for it.
 */
abstract class MapViews {
    MapViews() {}

    /**
     * Returns a map.
     *
     * @param name the name in the object, or a data section's name such as {@code .bss}
     * @return the map
     * @throws BpfException if there is none of that name; the message lists the names there are
     */
    public abstract MapHandle map(String name);

    /**
     * Opens a queue or stack.
     *
     * @param <V> type of values
     * @param name the map's name
     * @param value class of values
     * @return the view; it ends with this collection
     * @throws BpfException if there is no such map, or it is of another type, or its types and the
     *     classes do not agree
     */
    public <V> BpfQueue<V> queue(String name, Class<V> value) {
        return BpfQueue.of(map(name), value);
    }

    /**
     * Opens a bloom filter (Linux 5.16).
     *
     * @param <V> type of values
     * @param name the map's name
     * @param value class of values
     * @return the view; it ends with this collection
     * @throws BpfException if there is no such map, or it is of another type, or its types and the
     *     classes do not agree
     */
    public <V> BloomFilter<V> bloomFilter(String name, Class<V> value) {
        return BloomFilter.of(map(name), value);
    }

    /**
     * Opens a per-CPU map for writing the same value for each possible CPU.
     *
     * @param <K> type of keys
     * @param <V> type of one CPU's values
     * @param name the map's name
     * @param key class of keys
     * @param value class of one CPU's values
     * @return what writes; it ends with this collection
     * @throws BpfException if there is no such map, or it is of another type, or its types and the
     *     classes do not agree
     */
    public <K, V> AllCpus<K, V> allCpus(String name, Class<K> key, Class<V> value) {
        return map(name).openAllCpus(key, value);
    }

    /**
     * Opens the memory of an arena, by the pointers into it that programs keep (Linux 6.9).
     *
     * @param name the map's name
     * @return the memory; it ends with this collection
     * @throws BpfException if there is no such map, or it is of another type
     */
    public ArenaMemory arena(String name) {
        return map(name).openArena();
    }

    /**
     * Opens a longest-prefix trie of IP addresses.
     *
     * @param <V> type of values
     * @param name the map's name
     * @param value class of values
     * @return the view; it ends with this collection
     * @throws BpfException if there is no such map, or it is of another type, or its types and the
     *     classes do not agree
     */
    public <V> BpfMap<IpPrefix, V> prefixMap(String name, Class<V> value) {
        return map(name).openPrefixes(value);
    }

    /**
     * Opens a longest-prefix trie of any data.
     *
     * @param <T> type of the data in keys
     * @param <V> type of values
     * @param name the map's name
     * @param data class of the data in keys
     * @param value class of values
     * @return the view; it ends with this collection
     * @throws BpfException if there is no such map, or it is of another type, or its types and the
     *     classes do not agree
     */
    public <T, V> BpfMap<LpmKey<T>, V> lpmMap(String name, Class<T> data, Class<V> value) {
        return map(name).openLpm(data, value);
    }

    /**
     * Opens a program array.
     *
     * @param name the map's name
     * @return the view; it ends with this collection
     * @throws BpfException if there is no such map, or it is of another type
     */
    public ProgramArray programArray(String name) {
        return ProgramArray.of(map(name));
    }

    /**
     * Opens a map of maps.
     *
     * @param <K> type of keys
     * @param name the map's name
     * @param key class of keys
     * @return the view; it ends with this collection
     * @throws BpfException if there is no such map, or it is of another type, or its types and the
     *     classes do not agree
     */
    public <K> MapOfMaps<K> mapOfMaps(String name, Class<K> key) {
        return MapOfMaps.of(map(name), key);
    }

    /**
     * Opens the slots of a perf event array.
     *
     * @param name the map's name
     * @return the view; it ends with this collection
     * @throws BpfException if there is no such map, or it is of another type
     */
    public PerfEventArray perfEventArray(String name) {
        return PerfEventArray.of(map(name));
    }

    /**
     * Opens a cgroup array.
     *
     * @param name the map's name
     * @return the view; it ends with this collection
     * @throws BpfException if there is no such map, or it is of another type
     */
    public CgroupArray cgroupArray(String name) {
        return CgroupArray.of(map(name));
    }

    /**
     * Opens stack traces.
     *
     * @param name the map's name
     * @return the view; it ends with this collection
     * @throws BpfException if there is no such map, or it is of another type
     */
    public StackTraceMap stackTraces(String name) {
        return StackTraceMap.of(map(name));
    }

    /**
     * Opens a map of network devices.
     *
     * @param name the map's name
     * @return the view; it ends with this collection
     * @throws BpfException if there is no such map, or it is of another type
     */
    public DeviceMap deviceMap(String name) {
        return DeviceMap.of(map(name));
    }

    /**
     * Opens a map of CPUs.
     *
     * @param name the map's name
     * @return the view; it ends with this collection
     * @throws BpfException if there is no such map, or it is of another type
     */
    public CpuMap cpuMap(String name) {
        return CpuMap.of(map(name));
    }

    /**
     * Opens a map of AF_XDP sockets.
     *
     * @param name the map's name
     * @return the view; it ends with this collection
     * @throws BpfException if there is no such map, or it is of another type
     */
    public XskMap xskMap(String name) {
        return XskMap.of(map(name));
    }

    /**
     * Opens a map of sockets.
     *
     * @param <K> type of keys
     * @param name the map's name
     * @param key class of keys
     * @return the view; it ends with this collection
     * @throws BpfException if there is no such map, or it is of another type, or its types and the
     *     classes do not agree
     */
    public <K> SocketMap<K> socketMap(String name, Class<K> key) {
        return SocketMap.of(map(name), key);
    }

    /**
     * Opens the values of sockets.
     *
     * @param <V> type of values
     * @param name the map's name
     * @param value class of values
     * @return the view; it ends with this collection
     * @throws BpfException if there is no such map, or it is of another type, or its types and the
     *     classes do not agree
     */
    public <V> SocketStorage<V> socketStorage(String name, Class<V> value) {
        return SocketStorage.of(map(name), value);
    }

    /**
     * Opens the values of tasks.
     *
     * @param <V> type of values
     * @param name the map's name
     * @param value class of values
     * @return the view; it ends with this collection
     * @throws BpfException if there is no such map, or it is of another type, or its types and the
     *     classes do not agree
     */
    public <V> TaskStorage<V> taskStorage(String name, Class<V> value) {
        return TaskStorage.of(map(name), value);
    }

    /**
     * Opens the values of inodes.
     *
     * @param <V> type of values
     * @param name the map's name
     * @param value class of values
     * @return the view; it ends with this collection
     * @throws BpfException if there is no such map, or it is of another type, or its types and the
     *     classes do not agree
     */
    public <V> InodeStorage<V> inodeStorage(String name, Class<V> value) {
        return InodeStorage.of(map(name), value);
    }

    /**
     * Opens the values of cgroups.
     *
     * @param <V> type of values
     * @param name the map's name
     * @param value class of values
     * @return the view; it ends with this collection
     * @throws BpfException if there is no such map, or it is of another type, or its types and the
     *     classes do not agree
     */
    public <V> CgroupStorage<V> cgroupStorage(String name, Class<V> value) {
        return CgroupStorage.of(map(name), value);
    }
}
