// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.examples;

import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.spec.MapSpec;
import io.ebpf4j.spec.MapType;

import java.util.EnumSet;
import java.util.Set;

/** Gives maps the size that a program would give them before it loads its object. */
final class EmptyMaps {
    private static final int STACK_DEPTH = 127;

    /** Those that have no number of entries, or that the loader gives one. */
    private static final Set<MapType> SIZELESS =
            EnumSet.of(
                    MapType.SK_STORAGE,
                    MapType.TASK_STORAGE,
                    MapType.INODE_STORAGE,
                    MapType.CGROUP_STORAGE,
                    MapType.PERCPU_CGROUP_STORAGE,
                    MapType.CGRP_STORAGE,
                    MapType.STRUCT_OPS,
                    MapType.PERF_EVENT_ARRAY);

    private EmptyMaps() {}

    /** Changes the spec; returns whether there was something to change. */
    static boolean fill(CollectionSpec spec) {
        boolean changed = false;
        for (MapSpec map : spec.maps().values()) {
            if (map.type() == MapType.STACK_TRACE && map.valueSize() == 0) {
                map.valueSize(STACK_DEPTH * Long.BYTES);
                changed = true;
            }
            if (map.maxEntries() == 0 && !SIZELESS.contains(map.type())) {
                map.maxEntries(1);
                changed = true;
            }
        }
        return changed;
    }
}
