// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;

import java.nio.file.Path;

/**
 * The values that programs keep of cgroups ({@code BPF_MAP_TYPE_CGRP_STORAGE}, Linux 6.2): by the
 * directory of a cgroup of version 2 or a descriptor of it. Those of the older type {@code
 * BPF_MAP_TYPE_CGROUP_STORAGE} are opened by {@link MapHandle#open(Class, Class)}, see {@link
 * CgroupStorageKey}.
 *
 * <p>The value is freed with its cgroup; nobody can walk over them from user space. Each operation
 * is one system call. Safe for use by several threads; it ends with its map.
 *
 * @param <V> type of values
 */
public final class CgroupStorage<V> {
    private final Storage<V> values;

    private CgroupStorage(Storage<V> values) {
        this.values = values;
    }

    /**
     * Opens the values. Their layout is checked as by {@link MapHandle#open(Class, Class)}.
     *
     * @param <V> type of values
     * @param map a map of type CGRP_STORAGE
     * @param value class of values
     * @return the view; it ends with the map
     * @throws BpfException if the layout differs
     * @throws io.ebpf4j.error.UnsupportedException if the map is of another type
     */
    public static <V> CgroupStorage<V> of(MapHandle map, Class<V> value) {
        return new CgroupStorage<>(Storage.of(View.CGROUP_STORAGE, map, value));
    }

    /**
     * Reads the value of a cgroup.
     *
     * @param fd descriptor of the cgroup's directory
     * @return the value, or null if it has none
     * @throws BpfException if it is no descriptor of a cgroup (errno EBADF), or the kernel refuses
     */
    public V get(int fd) {
        return values.get(fd);
    }

    /**
     * Gives a cgroup a value, in place of the one it has.
     *
     * @param fd descriptor of the cgroup's directory
     * @param value the value
     * @throws BpfException if it is no descriptor of a cgroup (errno EBADF), the value cannot be
     *     written as bytes, or the kernel refuses
     */
    public void put(int fd, V value) {
        values.put(fd, value);
    }

    /**
     * Gives a cgroup a value unless it has one.
     *
     * @param fd descriptor of the cgroup's directory
     * @param value the value
     * @return false if it has one
     * @throws BpfException if it is no descriptor of a cgroup (errno EBADF), the value cannot be
     *     written as bytes, or the kernel refuses
     */
    public boolean putIfAbsent(int fd, V value) {
        return values.putIfAbsent(fd, value);
    }

    /**
     * Replaces the value of a cgroup if it has one.
     *
     * @param fd descriptor of the cgroup's directory
     * @param value the value
     * @return false if it has none
     * @throws BpfException if it is no descriptor of a cgroup (errno EBADF), the value cannot be
     *     written as bytes, or the kernel refuses
     */
    public boolean replace(int fd, V value) {
        return values.replace(fd, value);
    }

    /**
     * Removes the value of a cgroup.
     *
     * @param fd descriptor of the cgroup's directory
     * @return false if it had none
     * @throws BpfException if it is no descriptor of a cgroup (errno EBADF), or the kernel refuses
     */
    public boolean remove(int fd) {
        return values.remove(fd);
    }

    /**
     * Reads the value of a cgroup.
     *
     * @param path its directory
     * @return the value, or null if it has none
     * @throws BpfException if there is no such cgroup, or the kernel refuses
     */
    public V get(Path path) {
        return OpenedPath.with(values.map(), path, fd -> values.get(fd));
    }

    /**
     * Gives a cgroup a value, in place of the one it has.
     *
     * @param path its directory
     * @param value the value
     * @throws BpfException if there is no such cgroup, the value cannot be written as bytes, or the
     *     kernel refuses
     */
    public void put(Path path, V value) {
        OpenedPath.use(values.map(), path, fd -> values.put(fd, value));
    }

    /**
     * Gives a cgroup a value unless it has one.
     *
     * @param path its directory
     * @param value the value
     * @return false if it has one
     * @throws BpfException if there is no such cgroup, the value cannot be written as bytes, or the
     *     kernel refuses
     */
    public boolean putIfAbsent(Path path, V value) {
        return OpenedPath.with(values.map(), path, fd -> values.putIfAbsent(fd, value));
    }

    /**
     * Replaces the value of a cgroup if it has one.
     *
     * @param path its directory
     * @param value the value
     * @return false if it has none
     * @throws BpfException if there is no such cgroup, the value cannot be written as bytes, or the
     *     kernel refuses
     */
    public boolean replace(Path path, V value) {
        return OpenedPath.with(values.map(), path, fd -> values.replace(fd, value));
    }

    /**
     * Removes the value of a cgroup.
     *
     * @param path its directory
     * @return false if it had none
     * @throws BpfException if there is no such cgroup, or the kernel refuses
     */
    public boolean remove(Path path) {
        return OpenedPath.with(values.map(), path, fd -> values.remove(fd));
    }

    /** Names the map, its type and sizes. */
    @Override
    public String toString() {
        return values.toString();
    }
}
