// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j;

import io.ebpf4j.asm.Instructions;
import io.ebpf4j.asm.Reference;
import io.ebpf4j.map.MapHandle;
import io.ebpf4j.program.Program;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.spec.MapSpec;

import java.util.Map;

/**
 * Has programs keep the object's read-only data, which tools read what an object says about itself
 * from (Linux 5.10, BPF_PROG_BIND_MAP).
 */
final class ReadOnlyData {
    private static final String SECTION = ".rodata";

    private ReadOnlyData() {}

    /** Binds what the program does not refer to; older kernels do without. */
    static void bind(
            CollectionSpec spec, Map<String, MapHandle> maps, Program program, Instructions code) {
        for (MapSpec map : spec.maps().values()) {
            MapHandle handle = maps.get(map.name());
            if (handle != null
                    && map.internal()
                    && map.name().startsWith(SECTION)
                    && !refers(code, map.name())) {
                program.kernel().bpf().progBindMap(program.fd(), handle.descriptor().fd());
            }
        }
    }

    private static boolean refers(Instructions code, String map) {
        for (Reference r : code.references()) {
            if (r instanceof Reference.MapValue value && value.map().equals(map)) {
                return true;
            }
        }
        return false;
    }
}
