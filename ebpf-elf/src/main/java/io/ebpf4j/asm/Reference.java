// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.asm;

import java.util.ArrayList;
import java.util.List;

/**
 * A name in place of a number: what an instruction refers to before the load knows the descriptor,
 * offset or id.
 *
 * <p>References come from ELF relocations or from {@code Assembler} and are resolved, in this
 * order, by the linker (functions), the map room (descriptors) and the extern resolver.
 */
public sealed interface Reference {

    /**
     * Returns which instruction refers.
     *
     * @return index of the instruction's first 8-byte slot in its {@link Instructions}
     */
    int slot();

    /**
     * Returns the same reference from another place.
     *
     * @param slot index of the 8-byte slot
     * @return a reference with that slot and all else equal
     */
    Reference at(int slot);

    /**
     * A {@code lddw} that loads a map's descriptor (BPF_PSEUDO_MAP_FD).
     *
     * @param slot index of the 8-byte slot
     * @param map the map's name
     */
    record MapDescriptor(int slot, String map) implements Reference {
        @Override
        public MapDescriptor at(int slot) {
            return new MapDescriptor(slot, map);
        }
    }

    /**
     * A {@code lddw} that loads the address of a byte in a map's first value (BPF_PSEUDO_MAP_VALUE,
     * Linux 5.2).
     *
     * @param slot index of the 8-byte slot
     * @param map the map's name
     * @param offset offset in bytes from the start of the value
     */
    record MapValue(int slot, String map, int offset) implements Reference {
        @Override
        public MapValue at(int slot) {
            return new MapValue(slot, map, offset);
        }
    }

    /**
     * A call of another function of the object (BPF_PSEUDO_CALL, Linux 4.16).
     *
     * @param slot index of the 8-byte slot
     * @param function key of the function in the object's functions
     */
    record Call(int slot, String function) implements Reference {
        @Override
        public Call at(int slot) {
            return new Call(slot, function);
        }
    }

    /**
     * A {@code lddw} that loads the address of a function, for callbacks (BPF_PSEUDO_FUNC, Linux
     * 5.13).
     *
     * @param slot index of the 8-byte slot
     * @param function key of the function in the object's functions
     */
    record FunctionAddress(int slot, String function) implements Reference {
        @Override
        public FunctionAddress at(int slot) {
            return new FunctionAddress(slot, function);
        }
    }

    /**
     * A call or {@code lddw} of something the kernel has: a kfunc, a kernel symbol or a kconfig
     * value.
     *
     * @param slot index of the 8-byte slot
     * @param name name of the extern symbol
     */
    record Extern(int slot, String name) implements Reference {
        @Override
        public Extern at(int slot) {
            return new Extern(slot, name);
        }
    }

    /**
     * A {@code lddw} that loads the address of a table of instructions, one of which {@code gotox}
     * jumps to (Linux 6.19).
     *
     * @param slot index of the 8-byte slot
     * @param targets indices of the instructions' slots, in the table's order
     */
    record JumpTable(int slot, List<Integer> targets) implements Reference {
        /**
         * Copies the targets.
         *
         * @param slot index of the 8-byte slot
         * @param targets indices of the instructions' slots, in the table's order
         */
        public JumpTable {
            targets = List.copyOf(targets);
        }

        @Override
        public JumpTable at(int slot) {
            return new JumpTable(slot, targets);
        }

        /**
         * Returns the same reference in a sequence in which all instructions come later.
         *
         * @param slots by how many slots the targets move
         * @return a reference from the same slot
         */
        public JumpTable moved(int slots) {
            List<Integer> moved = new ArrayList<>(targets.size());
            for (int target : targets) {
                moved.add(target + slots);
            }
            return new JumpTable(slot, moved);
        }
    }
}
