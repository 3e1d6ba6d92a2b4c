// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.spec.MapType;

import java.util.EnumMap;
import java.util.Map;

/**
 * What can be done from user space with the elements of a type of map (its {@code struct
 * bpf_map_ops} in the kernel).
 *
 * @param delete whether elements can be removed
 * @param lookupAndDelete the first kernel that reads and removes at once; empty for none
 * @param array whether the keys are 0 to the size of the map, all always there
 * @param perCpu whether an element has a value for each possible CPU
 */
record Operations(boolean delete, String lookupAndDelete, boolean array, boolean perCpu) {
    private static final Map<MapType, Operations> TABLE = new EnumMap<>(MapType.class);

    static {
        Operations hash = new Operations(true, "5.14", false, false);
        Operations perCpuHash = new Operations(true, "5.14", false, true);
        TABLE.put(MapType.HASH, hash);
        TABLE.put(MapType.LRU_HASH, hash);
        TABLE.put(MapType.PERCPU_HASH, perCpuHash);
        TABLE.put(MapType.LRU_PERCPU_HASH, perCpuHash);
        TABLE.put(MapType.LPM_TRIE, new Operations(true, "", false, false));
        TABLE.put(MapType.ARRAY, new Operations(false, "", true, false));
        TABLE.put(MapType.PERCPU_ARRAY, new Operations(false, "", true, true));
    }

    /** Returns what can be done with a map. */
    static Operations of(MapShape map) {
        Operations operations = TABLE.get(map.type());
        if (operations == null) {
            String instead =
                    map.type() == MapType.RINGBUF
                            ? "open it as a ring buffer"
                            : "its elements cannot be typed yet";
            throw new UnsupportedException(
                    "map "
                            + map.name()
                            + " of type "
                            + map.type()
                            + " has no keys and values to read and write",
                    "",
                    instead);
        }
        return operations;
    }
}
