// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.program.Program;

/**
 * The programs that others call by {@code bpf_tail_call} ({@code BPF_MAP_TYPE_PROG_ARRAY}, Linux
 * 4.2).
 *
 * <p>All programs of an array are of the same type and built alike, which the first program in it,
 * or that uses it, decides. The kernel empties an array when the last descriptor of it is closed
 * and it is not pinned, even while programs use it. Safe for use by several threads; it ends with
 * its map.
 */
public final class ProgramArray {
    private final BpfMap<Integer, Integer> slots;

    private ProgramArray(BpfMap<Integer, Integer> slots) {
        this.slots = slots;
    }

    /**
     * Opens a program array.
     *
     * @param map a map of type PROG_ARRAY
     * @return the view; it ends with the map
     * @throws io.ebpf4j.error.UnsupportedException if the map is of another type
     */
    public static ProgramArray of(MapHandle map) {
        return new ProgramArray(Engine.slots(View.PROGRAMS, map, Engine.INT));
    }

    /**
     * Puts a program into a slot, in place of what is there. The array keeps the program loaded.
     *
     * @param index 0 to {@link #size} - 1
     * @param program the program
     * @throws BpfException if there is no such slot, the program is of another type than those of
     *     the array (errno EINVAL), or the kernel refuses
     * @throws IllegalStateException if program or map are closed
     */
    public void set(int index, Program program) {
        int fd = program.descriptor().acquire();
        try {
            slots.put(index, fd);
        } finally {
            program.descriptor().release();
        }
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
     * Returns which program is in a slot (Linux 4.16).
     *
     * @param index 0 to {@link #size} - 1
     * @return its id, see {@link Program#fromId}; 0 if the slot is empty
     * @throws BpfException if the kernel refuses
     */
    public int id(int index) {
        Integer id = slots.get(index);
        return id == null ? 0 : id;
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
