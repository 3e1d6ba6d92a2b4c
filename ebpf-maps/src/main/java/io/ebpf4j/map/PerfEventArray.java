// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;

/**
 * The slots of a perf event array ({@code BPF_MAP_TYPE_PERF_EVENT_ARRAY}, Linux 4.3): the event of
 * each CPU that programs write to or read.
 *
 * <p>An event leaves the array when it is closed, and when the descriptor of the map by which it
 * was put in is, unless the map has {@link io.ebpf4j.spec.MapSpec#PRESERVE_ELEMS} (Linux 5.10).
 * What is in a slot cannot be read. Safe for use by several threads; it ends with its map.
 */
public final class PerfEventArray {
    private final BpfMap<Integer, Integer> slots;

    private PerfEventArray(BpfMap<Integer, Integer> slots) {
        this.slots = slots;
    }

    /**
     * Opens the slots of a perf event array.
     *
     * @param map a map of type PERF_EVENT_ARRAY
     * @return the view; it ends with the map
     * @throws io.ebpf4j.error.UnsupportedException if the map is of another type
     */
    public static PerfEventArray of(MapHandle map) {
        return new PerfEventArray(Engine.slots(View.PERF_EVENTS, map, Engine.INT));
    }

    /**
     * Puts an event into a slot, in place of what is there.
     *
     * @param index the slot, which programs choose by the CPU's number with {@code
     *     BPF_F_CURRENT_CPU}
     * @param fd the event's descriptor, which may be closed only when the event is to end
     * @throws IllegalArgumentException if the descriptor is negative
     * @throws BpfException if there is no such slot, it is no perf event or one that programs
     *     cannot use (errno EINVAL), or the kernel refuses
     */
    public void set(int index, int fd) {
        slots.put(index, Engine.descriptor(fd));
    }

    /**
     * Empties a slot.
     *
     * @param index the slot
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
