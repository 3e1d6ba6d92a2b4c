// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;

/**
 * Where instructions of a program went when it was loaded ({@code BPF_MAP_TYPE_INSN_ARRAY}, Linux
 * 6.19): into the translated program, and into machine code.
 *
 * <p>The offsets of the program as it is given to the kernel are written first, then the map is
 * {@linkplain MapHandle#freeze frozen}, then the program is loaded with the map among its maps.
 * Safe for use by several threads; it ends with its map.
 */
public final class InstructionArray {
    private static final int DELETED = -1;

    private final BpfMap<Integer, Place> places;

    private InstructionArray(BpfMap<Integer, Place> places) {
        this.places = places;
    }

    /**
     * An instruction's places ({@code struct bpf_insn_array_value}).
     *
     * @param original its index in the program that was given to the kernel
     * @param translated its index in the program after the verifier; -1 if the verifier removed it;
     *     0 before the load
     * @param jitted bytes from the start of the machine code; 0 before the load
     * @param reserved 0
     */
    public record Place(int original, int translated, int jitted, int reserved) {

        /**
         * Says whether the verifier has removed the instruction.
         *
         * @return true if it is no longer in the program
         */
        public boolean removed() {
            return translated == DELETED;
        }
    }

    /**
     * Opens an array of instructions.
     *
     * @param map a map of type INSN_ARRAY
     * @return the view; it ends with the map
     * @throws io.ebpf4j.error.UnsupportedException if the map is of another type
     */
    public static InstructionArray of(MapHandle map) {
        return new InstructionArray(Engine.slots(View.INSTRUCTIONS, map, Codec.of(Place.class)));
    }

    /**
     * Names an instruction to follow.
     *
     * @param index 0 to {@link #size} - 1
     * @param original its index in the program that will be given to the kernel
     * @throws BpfException if there is no such slot, the map is frozen (errno EPERM) or in use
     *     (EBUSY), or the kernel refuses
     */
    public void set(int index, int original) {
        places.put(index, new Place(original, 0, 0, 0));
    }

    /**
     * Reads where an instruction is.
     *
     * @param index 0 to {@link #size} - 1
     * @return its places, or null if there is no such slot
     * @throws BpfException if the kernel refuses
     */
    public Place get(int index) {
        return places.get(index);
    }

    /**
     * Returns how many slots there are.
     *
     * @return the number of slots
     */
    public int size() {
        return places.handle().maxEntries();
    }

    /** Names the map, its type and sizes. */
    @Override
    public String toString() {
        return places.toString();
    }
}
