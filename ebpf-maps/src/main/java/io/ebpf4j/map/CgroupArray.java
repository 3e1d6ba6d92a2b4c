// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;

import java.nio.file.Path;

/**
 * Cgroups that programs compare with ({@code BPF_MAP_TYPE_CGROUP_ARRAY}, Linux 4.8), by {@code
 * bpf_skb_under_cgroup} and {@code bpf_current_task_under_cgroup}.
 *
 * <p>They are of version 2. What is in a slot cannot be read. Safe for use by several threads; it
 * ends with its map.
 */
public final class CgroupArray {
    private final BpfMap<Integer, Integer> slots;

    private CgroupArray(BpfMap<Integer, Integer> slots) {
        this.slots = slots;
    }

    /**
     * Opens a cgroup array.
     *
     * @param map a map of type CGROUP_ARRAY
     * @return the view; it ends with the map
     * @throws io.ebpf4j.error.UnsupportedException if the map is of another type
     */
    public static CgroupArray of(MapHandle map) {
        return new CgroupArray(Engine.slots(View.CGROUPS, map, Engine.INT));
    }

    /**
     * Puts a cgroup into a slot, in place of what is there.
     *
     * @param index 0 to {@link #size} - 1
     * @param cgroup its directory
     * @throws BpfException if there is no such slot or directory, it is no cgroup of version 2
     *     (errno EBADF), or the kernel refuses
     */
    public void set(int index, Path cgroup) {
        OpenedPath.use(slots.handle(), cgroup, fd -> set(index, fd));
    }

    /**
     * Puts a cgroup into a slot, in place of what is there.
     *
     * @param index 0 to {@link #size} - 1
     * @param fd descriptor of its directory, which may be closed afterwards
     * @throws IllegalArgumentException if the descriptor is negative
     * @throws BpfException if there is no such slot, it is no cgroup of version 2 (errno EBADF), or
     *     the kernel refuses
     */
    public void set(int index, int fd) {
        slots.put(index, Engine.descriptor(fd));
    }

    /**
     * Empties a slot.
     *
     * @param index 0 to {@link #size} - 1
     * @return false if it was empty
     * @throws BpfException if there is no such slot, or the kernel refuses
     */
    public boolean remove(int index) {
        return slots.delete(index);
    }

    /**
     * Returns how many slots there are.
     *
     * @return the number of slots, filled or not
     */
    public int size() {
        return slots.handle().maxEntries();
    }

    /** Names the map, its type and sizes. */
    @Override
    public String toString() {
        return slots.toString();
    }
}
