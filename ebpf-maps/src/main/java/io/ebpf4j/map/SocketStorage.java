// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;

/**
 * The values that programs keep of sockets ({@code BPF_MAP_TYPE_SK_STORAGE}, Linux 5.2), by the
 * descriptor of a socket of this process.
 *
 * <p>The value is freed with its socket; nobody can walk over them from user space. Each operation
 * is one system call. Safe for use by several threads; it ends with its map.
 *
 * @param <V> type of values
 */
public final class SocketStorage<V> {
    private final Storage<V> values;

    private SocketStorage(Storage<V> values) {
        this.values = values;
    }

    /**
     * Opens the values. Their layout is checked as by {@link MapHandle#open(Class, Class)}.
     *
     * @param <V> type of values
     * @param map a map of type SK_STORAGE
     * @param value class of values
     * @return the view; it ends with the map
     * @throws BpfException if the layout differs
     * @throws io.ebpf4j.error.UnsupportedException if the map is of another type
     */
    public static <V> SocketStorage<V> of(MapHandle map, Class<V> value) {
        return new SocketStorage<>(Storage.of(View.SOCKET_STORAGE, map, value));
    }

    /**
     * Reads the value of a socket.
     *
     * @param fd the socket's descriptor
     * @return the value, or null if it has none
     * @throws BpfException if it is no descriptor of a socket (errno EBADF or ENOTSOCK), or the
     *     kernel refuses
     */
    public V get(int fd) {
        return values.get(fd);
    }

    /**
     * Gives a socket a value, in place of the one it has.
     *
     * @param fd the socket's descriptor
     * @param value the value
     * @throws BpfException if it is no descriptor of a socket (errno EBADF or ENOTSOCK), the value
     *     cannot be written as bytes, or the kernel refuses
     */
    public void put(int fd, V value) {
        values.put(fd, value);
    }

    /**
     * Gives a socket a value unless it has one.
     *
     * @param fd the socket's descriptor
     * @param value the value
     * @return false if it has one
     * @throws BpfException if it is no descriptor of a socket (errno EBADF or ENOTSOCK), the value
     *     cannot be written as bytes, or the kernel refuses
     */
    public boolean putIfAbsent(int fd, V value) {
        return values.putIfAbsent(fd, value);
    }

    /**
     * Replaces the value of a socket if it has one.
     *
     * @param fd the socket's descriptor
     * @param value the value
     * @return false if it has none
     * @throws BpfException if it is no descriptor of a socket (errno EBADF or ENOTSOCK), the value
     *     cannot be written as bytes, or the kernel refuses
     */
    public boolean replace(int fd, V value) {
        return values.replace(fd, value);
    }

    /**
     * Removes the value of a socket.
     *
     * @param fd the socket's descriptor
     * @return false if it had none
     * @throws BpfException if it is no descriptor of a socket (errno EBADF or ENOTSOCK), or the
     *     kernel refuses
     */
    public boolean remove(int fd) {
        return values.remove(fd);
    }

    /** Names the map, its type and sizes. */
    @Override
    public String toString() {
        return values.toString();
    }
}
