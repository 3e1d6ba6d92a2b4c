// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j;

import io.ebpf4j.asm.Instructions;
import io.ebpf4j.asm.Reference;
import io.ebpf4j.error.RelocationException;
import io.ebpf4j.map.MapHandle;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.spec.ExternSpec;
import io.ebpf4j.spec.MapSpec;
import io.ebpf4j.spec.ProgramSpec;

import java.util.Map;

/** Puts the descriptors of one load's maps, and what its externs are, into linked programs. */
final class Placement {
    private static final int PSEUDO_MAP_FD = 1;
    private static final int PSEUDO_MAP_VALUE = 2;

    private final CollectionSpec spec;
    private final Map<String, MapHandle> maps;
    private final Externs externs;
    private final JumpTables tables;

    Placement(
            CollectionSpec spec, Map<String, MapHandle> maps, Externs externs, JumpTables tables) {
        this.spec = spec;
        this.maps = maps;
        this.externs = externs;
        this.tables = tables;
    }

    /** Completes a program's instructions, in place. */
    void place(Loader.Linked linked) {
        Instructions code = linked.program().instructions();
        for (Reference r : code.references()) {
            place(linked.spec(), code, r);
        }
        tables.place(linked.spec(), code);
    }

    private void place(ProgramSpec p, Instructions code, Reference reference) {
        int slot = reference.slot();
        // a switch over patterns would spin a class for the first program of a process
        if (reference instanceof Reference.MapDescriptor map) {
            if (isThere(map.map())) {
                code.setSrc(slot, PSEUDO_MAP_FD);
                code.setImm(slot, descriptor(p, map.map()));
            } else {
                MissingMaps.place(spec, code, slot, map.map());
            }
        } else if (reference instanceof Reference.MapValue value) {
            placeValue(p, code, slot, value.map(), value.offset());
        } else if (reference instanceof Reference.Extern e) {
            ExternSpec extern = externs.place(code, e);
            if (extern.kind() == ExternSpec.Kind.KCONFIG) {
                placeValue(p, code, slot, Kconfig.MAP, extern.offset());
            }
        } else if (!(reference instanceof Reference.JumpTable)) {
            throw new IllegalStateException(where(p) + "not linked: " + reference);
        }
    }

    private void placeValue(ProgramSpec p, Instructions code, int slot, String map, int offset) {
        if (!isThere(map)) {
            MissingMaps.place(spec, code, slot, map);
            return;
        }
        code.setSrc(slot, PSEUDO_MAP_VALUE);
        code.setImm(slot, descriptor(p, map));
        // unsigned, for it may be far into an arena
        code.setImm(slot + 1, (int) (offset + maps.get(map).dataOffset()));
    }

    private boolean isThere(String map) {
        MapSpec known = spec.maps().get(map);
        return known == null || known.autocreate();
    }

    private int descriptor(ProgramSpec p, String map) {
        MapHandle handle = maps.get(map);
        if (handle == null) {
            throw new RelocationException(
                    where(p) + "there is no map \"" + map + "\", only " + maps.keySet());
        }
        return handle.descriptor().fd();
    }

    private String where(ProgramSpec p) {
        return spec.source() + ": program \"" + p.name() + "\": ";
    }
}
