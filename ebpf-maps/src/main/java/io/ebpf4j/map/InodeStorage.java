// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;

import java.nio.file.Path;

/**
 * The values that programs keep of inodes ({@code BPF_MAP_TYPE_INODE_STORAGE}, Linux 5.10): by the
 * path of a file or a descriptor of it. The kernel has them only if the BPF LSM is built in.
 *
 * <p>The value is freed with its inode; nobody can walk over them from user space. Each operation
 * is one system call. Safe for use by several threads; it ends with its map.
 *
 * @param <V> type of values
 */
public final class InodeStorage<V> {
    private final Storage<V> values;

    private InodeStorage(Storage<V> values) {
        this.values = values;
    }

    /**
     * Opens the values. Their layout is checked as by {@link MapHandle#open(Class, Class)}.
     *
     * @param <V> type of values
     * @param map a map of type INODE_STORAGE
     * @param value class of values
     * @return the view; it ends with the map
     * @throws BpfException if the layout differs
     * @throws io.ebpf4j.error.UnsupportedException if the map is of another type
     */
    public static <V> InodeStorage<V> of(MapHandle map, Class<V> value) {
        return new InodeStorage<>(Storage.of(View.INODE_STORAGE, map, value));
    }

    /**
     * Reads the value of a file.
     *
     * @param fd descriptor of the file
     * @return the value, or null if it has none
     * @throws BpfException if it is no descriptor of a file (errno EBADF), or the kernel refuses
     */
    public V get(int fd) {
        return values.get(fd);
    }

    /**
     * Gives a file a value, in place of the one it has.
     *
     * @param fd descriptor of the file
     * @param value the value
     * @throws BpfException if it is no descriptor of a file (errno EBADF), the value cannot be
     *     written as bytes, or the kernel refuses
     */
    public void put(int fd, V value) {
        values.put(fd, value);
    }

    /**
     * Gives a file a value unless it has one.
     *
     * @param fd descriptor of the file
     * @param value the value
     * @return false if it has one
     * @throws BpfException if it is no descriptor of a file (errno EBADF), the value cannot be
     *     written as bytes, or the kernel refuses
     */
    public boolean putIfAbsent(int fd, V value) {
        return values.putIfAbsent(fd, value);
    }

    /**
     * Replaces the value of a file if it has one.
     *
     * @param fd descriptor of the file
     * @param value the value
     * @return false if it has none
     * @throws BpfException if it is no descriptor of a file (errno EBADF), the value cannot be
     *     written as bytes, or the kernel refuses
     */
    public boolean replace(int fd, V value) {
        return values.replace(fd, value);
    }

    /**
     * Removes the value of a file.
     *
     * @param fd descriptor of the file
     * @return false if it had none
     * @throws BpfException if it is no descriptor of a file (errno EBADF), or the kernel refuses
     */
    public boolean remove(int fd) {
        return values.remove(fd);
    }

    /**
     * Reads the value of a file.
     *
     * @param path its path
     * @return the value, or null if it has none
     * @throws BpfException if there is no such file, or the kernel refuses
     */
    public V get(Path path) {
        return OpenedPath.with(values.map(), path, fd -> values.get(fd));
    }

    /**
     * Gives a file a value, in place of the one it has.
     *
     * @param path its path
     * @param value the value
     * @throws BpfException if there is no such file, the value cannot be written as bytes, or the
     *     kernel refuses
     */
    public void put(Path path, V value) {
        OpenedPath.use(values.map(), path, fd -> values.put(fd, value));
    }

    /**
     * Gives a file a value unless it has one.
     *
     * @param path its path
     * @param value the value
     * @return false if it has one
     * @throws BpfException if there is no such file, the value cannot be written as bytes, or the
     *     kernel refuses
     */
    public boolean putIfAbsent(Path path, V value) {
        return OpenedPath.with(values.map(), path, fd -> values.putIfAbsent(fd, value));
    }

    /**
     * Replaces the value of a file if it has one.
     *
     * @param path its path
     * @param value the value
     * @return false if it has none
     * @throws BpfException if there is no such file, the value cannot be written as bytes, or the
     *     kernel refuses
     */
    public boolean replace(Path path, V value) {
        return OpenedPath.with(values.map(), path, fd -> values.replace(fd, value));
    }

    /**
     * Removes the value of a file.
     *
     * @param path its path
     * @return false if it had none
     * @throws BpfException if there is no such file, or the kernel refuses
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
