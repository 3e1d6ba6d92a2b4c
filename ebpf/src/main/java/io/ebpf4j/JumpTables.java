// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j;

import io.ebpf4j.asm.Instructions;
import io.ebpf4j.asm.Reference;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.map.MapHandle;
import io.ebpf4j.spec.MapSpec;
import io.ebpf4j.spec.MapType;
import io.ebpf4j.spec.ProgramSpec;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Failure;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The tables that indirect jumps of one load's programs go by: one frozen map of instructions for
 * each table of each program (Linux 6.19). Loaded programs keep theirs.
 */
final class JumpTables implements AutoCloseable {
    private static final String NAME = ".jumptables";
    private static final int PSEUDO_MAP_VALUE = 2;

    /** The size of struct bpf_insn_array_value, which begins with the instruction's index. */
    private static final int VALUE_BYTES = 16;

    private final Kernel kernel;
    private final List<MapHandle> maps = new ArrayList<>();

    JumpTables(Kernel kernel) {
        this.kernel = kernel;
    }

    /** Creates the tables of a program, and puts their descriptors into its instructions. */
    void place(ProgramSpec program, Instructions code) {
        Map<List<Integer>, MapHandle> tables = new HashMap<>();
        for (Reference reference : code.references()) {
            if (reference instanceof Reference.JumpTable table) {
                MapHandle map = tables.get(table.targets());
                if (map == null) {
                    map = create(program, table.targets());
                    tables.put(table.targets(), map);
                }
                code.setSrc(table.slot(), PSEUDO_MAP_VALUE);
                code.setOffset(table.slot(), 0);
                code.setImm(table.slot(), map.descriptor().fd());
            }
        }
    }

    private MapHandle create(ProgramSpec program, List<Integer> targets) {
        MapSpec spec =
                MapSpec.of(NAME, MapType.INSN_ARRAY, Integer.BYTES, VALUE_BYTES, targets.size());
        MapHandle map = MapHandle.create(kernel, spec, null, null);
        maps.add(map);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment key = arena.allocate(ValueLayout.JAVA_INT);
            MemorySegment value = arena.allocate(VALUE_BYTES, Integer.BYTES);
            for (int i = 0; i < targets.size(); i++) {
                key.set(ValueLayout.JAVA_INT, 0, i);
                value.set(ValueLayout.JAVA_INT, 0, targets.get(i));
                int fd = map.descriptor().fd();
                long result = kernel.bpf().mapUpdate(fd, key.address(), value.address(), 0);
                if (result < 0) {
                    throw Failure.of(
                            BpfCommand.MAP_UPDATE_ELEM,
                            (int) -result,
                            "cannot fill a jump table of program \"" + program.name() + "\"");
                }
            }
        }
        map.freeze();
        return map;
    }

    /** Closes all; loaded programs keep what they jump by. */
    @Override
    public void close() {
        Closing.all(maps);
    }
}
