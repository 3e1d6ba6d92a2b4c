// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;

/**
 * The values that programs keep of tasks ({@code BPF_MAP_TYPE_TASK_STORAGE}, Linux 5.11): by the id
 * of a process, whose main thread is meant, or a descriptor of it.
 *
 * <p>The value is freed with its task; nobody can walk over them from user space. Each operation is
 * one system call. Safe for use by several threads; it ends with its map.
 *
 * @param <V> type of values
 */
public final class TaskStorage<V> {
    private final Storage<V> values;

    private TaskStorage(Storage<V> values) {
        this.values = values;
    }

    /**
     * Opens the values. Their layout is checked as by {@link MapHandle#open(Class, Class)}.
     *
     * @param <V> type of values
     * @param map a map of type TASK_STORAGE
     * @param value class of values
     * @return the view; it ends with the map
     * @throws BpfException if the layout differs
     * @throws io.ebpf4j.error.UnsupportedException if the map is of another type
     */
    public static <V> TaskStorage<V> of(MapHandle map, Class<V> value) {
        return new TaskStorage<>(Storage.of(View.TASK_STORAGE, map, value));
    }

    /**
     * Reads the value of a process.
     *
     * @param fd descriptor of the process, from {@code pidfd_open}; of a thread with {@code
     *     PIDFD_THREAD} (Linux 6.9)
     * @return the value, or null if it has none
     * @throws BpfException if it is no descriptor of a process (errno EBADF), or the kernel refuses
     */
    public V get(int fd) {
        return values.get(fd);
    }

    /**
     * Gives a process a value, in place of the one it has.
     *
     * @param fd descriptor of the process, from {@code pidfd_open}; of a thread with {@code
     *     PIDFD_THREAD} (Linux 6.9)
     * @param value the value
     * @throws BpfException if it is no descriptor of a process (errno EBADF), the value cannot be
     *     written as bytes, or the kernel refuses
     */
    public void put(int fd, V value) {
        values.put(fd, value);
    }

    /**
     * Gives a process a value unless it has one.
     *
     * @param fd descriptor of the process, from {@code pidfd_open}; of a thread with {@code
     *     PIDFD_THREAD} (Linux 6.9)
     * @param value the value
     * @return false if it has one
     * @throws BpfException if it is no descriptor of a process (errno EBADF), the value cannot be
     *     written as bytes, or the kernel refuses
     */
    public boolean putIfAbsent(int fd, V value) {
        return values.putIfAbsent(fd, value);
    }

    /**
     * Replaces the value of a process if it has one.
     *
     * @param fd descriptor of the process, from {@code pidfd_open}; of a thread with {@code
     *     PIDFD_THREAD} (Linux 6.9)
     * @param value the value
     * @return false if it has none
     * @throws BpfException if it is no descriptor of a process (errno EBADF), the value cannot be
     *     written as bytes, or the kernel refuses
     */
    public boolean replace(int fd, V value) {
        return values.replace(fd, value);
    }

    /**
     * Removes the value of a process.
     *
     * @param fd descriptor of the process, from {@code pidfd_open}; of a thread with {@code
     *     PIDFD_THREAD} (Linux 6.9)
     * @return false if it had none
     * @throws BpfException if it is no descriptor of a process (errno EBADF), or the kernel refuses
     */
    public boolean remove(int fd) {
        return values.remove(fd);
    }

    /**
     * Reads the value of a process.
     *
     * @param pid its process id, see {@link ProcessHandle#pid}
     * @return the value, or null if it has none
     * @throws BpfException if there is no such process (errno ESRCH), or the kernel refuses
     */
    public V get(long pid) {
        return OpenedProcess.with(values.map(), pid, fd -> values.get(fd));
    }

    /**
     * Gives a process a value, in place of the one it has.
     *
     * @param pid its process id, see {@link ProcessHandle#pid}
     * @param value the value
     * @throws BpfException if there is no such process (errno ESRCH), the value cannot be written
     *     as bytes, or the kernel refuses
     */
    public void put(long pid, V value) {
        OpenedProcess.use(values.map(), pid, fd -> values.put(fd, value));
    }

    /**
     * Gives a process a value unless it has one.
     *
     * @param pid its process id, see {@link ProcessHandle#pid}
     * @param value the value
     * @return false if it has one
     * @throws BpfException if there is no such process (errno ESRCH), the value cannot be written
     *     as bytes, or the kernel refuses
     */
    public boolean putIfAbsent(long pid, V value) {
        return OpenedProcess.with(values.map(), pid, fd -> values.putIfAbsent(fd, value));
    }

    /**
     * Replaces the value of a process if it has one.
     *
     * @param pid its process id, see {@link ProcessHandle#pid}
     * @param value the value
     * @return false if it has none
     * @throws BpfException if there is no such process (errno ESRCH), the value cannot be written
     *     as bytes, or the kernel refuses
     */
    public boolean replace(long pid, V value) {
        return OpenedProcess.with(values.map(), pid, fd -> values.replace(fd, value));
    }

    /**
     * Removes the value of a process.
     *
     * @param pid its process id, see {@link ProcessHandle#pid}
     * @return false if it had none
     * @throws BpfException if there is no such process (errno ESRCH), or the kernel refuses
     */
    public boolean remove(long pid) {
        return OpenedProcess.with(values.map(), pid, fd -> values.remove(fd));
    }

    /** Names the map, its type and sizes. */
    @Override
    public String toString() {
        return values.toString();
    }
}
