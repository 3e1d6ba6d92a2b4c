// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.kernel.Feature;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.kernel.Support;
import io.ebpf4j.spec.MapSpec;
import io.ebpf4j.spec.MapType;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Where an arena has its global variables: on its last pages, so that offset 0, which a program may
 * take for a null pointer, stays free; or on its first where instructions cannot refer that far.
 *
 * @param offset bytes from the start of the arena
 * @param size bytes
 */
record ArenaGlobals(long offset, int size) {

    /** Returns the place in an arena of this spec; null for other maps. */
    static ArenaGlobals of(Kernel kernel, MapSpec spec) {
        if (spec.type() != MapType.ARENA) {
            return null;
        }
        int size = spec.dataSize();
        long room = Memory.pageSize() * Integer.toUnsignedLong(spec.maxEntries());
        long taken = Memory.pages(size);
        if (taken > room) {
            throw new BpfException(
                    "arena "
                            + spec.name()
                            + " of "
                            + room
                            + " bytes has no room for its global variables, which take "
                            + taken
                            + "; raise its max_entries, which are pages");
        }
        boolean far = size > 0 && kernel.supports(Feature.FULL_RANGE_OFFSET) == Support.YES;
        return new ArenaGlobals(far ? room - taken : 0, size);
    }

    /** Gives the variables their first values. */
    void copy(MapSpec spec, MemorySegment arena) {
        if (size > 0) {
            MemorySegment.copy(spec.contents(), 0, arena, ValueLayout.JAVA_BYTE, offset, size);
        }
    }
}
