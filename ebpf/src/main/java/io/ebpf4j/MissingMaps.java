// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j;

import io.ebpf4j.asm.Instruction;
import io.ebpf4j.asm.Instructions;
import io.ebpf4j.error.VerifierException;
import io.ebpf4j.spec.CollectionSpec;

import java.util.List;

/**
 * References to maps that are left out of a load: each becomes a call of an unknown helper, which
 * the verifier lets pass where it is never reached.
 */
final class MissingMaps {

    /** The helper that a reference becomes, plus the map's index in the object; as libbpf's. */
    private static final int MISSING_MAP = 2_001_000_000;

    private MissingMaps() {}

    static void place(CollectionSpec spec, Instructions code, int slot, String map) {
        int index = List.copyOf(spec.maps().keySet()).indexOf(map);
        Instruction call = new Instruction(Instruction.CALL, 0, 0, 0, MISSING_MAP + index);
        code.set(slot, call);
        code.set(slot + 1, call);
    }

    /** Names the map that is missing, where the rejected instruction refers to one. */
    static VerifierException explain(CollectionSpec spec, VerifierException e, Instructions code) {
        int slot = e.instruction();
        if (slot < 0 || slot >= code.slotCount() || code.opcode(slot) != Instruction.CALL) {
            return e;
        }
        int index = code.imm(slot) - MISSING_MAP;
        if (code.src(slot) != 0 || index < 0 || index >= spec.maps().size()) {
            return e;
        }
        String map = List.copyOf(spec.maps().keySet()).get(index);
        return Poisoned.because(
                e,
                "it uses map " + map + ", which is left out",
                "create the map with autocreate(true), or leave the program out with"
                        + " autoload(false)");
    }
}
