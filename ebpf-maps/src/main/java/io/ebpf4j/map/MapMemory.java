// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.spec.MapSpec;
import io.ebpf4j.spec.MapType;
import io.ebpf4j.sys.FileDescriptor;
import io.ebpf4j.sys.SystemCalls;

import java.lang.foreign.MemorySegment;

/**
 * What of a map is mapped into memory, and where its global data is in it: the values of an array,
 * or an arena. It owns the map's descriptor, by which it is mapped when that is asked for.
 */
final class MapMemory implements AutoCloseable {
    private final SystemCalls calls;
    private final FileDescriptor map;
    private final MapShape shape;
    private final ArenaGlobals globals;
    private final long address;
    private MappedValue mapped;

    /**
     * Takes over a map's descriptor; nothing is mapped yet.
     *
     * @param globals where an arena's global variables are; null for none that are known
     * @param address where an arena must be, or 0
     */
    MapMemory(
            SystemCalls calls,
            FileDescriptor map,
            MapShape shape,
            ArenaGlobals globals,
            long address) {
        this.calls = calls;
        this.map = map;
        this.shape = shape;
        this.globals = globals;
        this.address = address;
    }

    FileDescriptor map() {
        return map;
    }

    /** Maps a new arena, as the kernel wants before a program uses it, and fills in its data. */
    void fill(MapSpec spec) {
        if (globals != null) {
            globals.copy(spec, value().segment());
        }
    }

    /** Uses what another handle has of the same arena: it can be mapped once in a process. */
    void share(MapMemory other) {
        if (other == null || shape.type() != MapType.ARENA) {
            return;
        }
        MappedValue value = other.again();
        synchronized (this) {
            mapped = value;
        }
    }

    private synchronized MappedValue again() {
        return mapped == null ? null : mapped.again();
    }

    /** Returns the first value, or an arena, mapped on first use; null if it cannot be mapped. */
    MappedValue value() {
        boolean arena = shape.type() == MapType.ARENA;
        boolean array = shape.type() == MapType.ARRAY && (shape.flags() & MapSpec.MMAPABLE) != 0;
        if (!arena && !array) {
            return null;
        }
        synchronized (this) {
            if (mapped == null) {
                mapped =
                        arena
                                ? MappedValue.mapArena(calls, map, shape, address)
                                : MappedValue.map(calls, map, shape);
            }
            return mapped;
        }
    }

    /** Returns the values of an array. */
    MemorySegment values() {
        MappedValue values = shape.type() == MapType.ARRAY ? value() : null;
        if (values == null) {
            throw new UnsupportedException(
                    shape + " cannot be mapped into memory",
                    "5.5",
                    "declare it as BPF_MAP_TYPE_ARRAY with the flag BPF_F_MMAPABLE");
        }
        return values.segment();
    }

    /** Returns where the global data begins, in bytes from the start of the value or arena. */
    long dataOffset() {
        return globals == null ? 0 : globals.offset();
    }

    /** Returns how much global data there is, in bytes. */
    int dataSize() {
        return globals == null ? shape.valueSize() : globals.size();
    }

    /** Gives back what is mapped, and the descriptor. */
    @Override
    public void close() {
        try {
            synchronized (this) {
                if (mapped != null) {
                    mapped.close();
                }
            }
        } finally {
            map.close();
        }
    }
}
