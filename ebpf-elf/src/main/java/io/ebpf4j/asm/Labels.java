// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.asm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The places of a function that have names, and the jumps to them. */
final class Labels {
    private final Map<String, Integer> slots = new HashMap<>();
    private final List<Jump> jumps = new ArrayList<>();

    /**
     * A jump to a label, or a call of one; {@code wide} when the distance goes into the immediate.
     */
    private record Jump(int slot, String label, boolean wide) {}

    /**
     * Names a place.
     *
     * @throws IllegalArgumentException if there is such a label already
     */
    void put(String label, int slot) {
        Integer before = slots.putIfAbsent(label, slot);
        if (before != null) {
            throw new IllegalArgumentException(
                    "label \"" + label + "\" is at slot " + before + " already");
        }
    }

    /** Takes note of a jump. */
    void refer(int slot, String label, boolean wide) {
        jumps.add(new Jump(slot, label, wide));
    }

    /**
     * Writes the distances into the jumps.
     *
     * @throws IllegalStateException if a label is missing, or too far away
     */
    void resolve(Instructions built) {
        for (Jump jump : jumps) {
            int distance = slot(jump) - jump.slot() - 1;
            if (jump.wide()) {
                built.setImm(jump.slot(), distance);
            } else if (distance == (short) distance) {
                built.setOffset(jump.slot(), distance);
            } else {
                throw new IllegalStateException(
                        "label \""
                                + jump.label()
                                + "\" is "
                                + distance
                                + " slots away from slot "
                                + jump.slot()
                                + ", but a jump holds 16 signed bits; go there by jumpLong");
            }
        }
    }

    private int slot(Jump jump) {
        Integer slot = slots.get(jump.label());
        if (slot == null) {
            throw new IllegalStateException(
                    "label \"" + jump.label() + "\", used at slot " + jump.slot() + ", is missing");
        }
        return slot;
    }
}
