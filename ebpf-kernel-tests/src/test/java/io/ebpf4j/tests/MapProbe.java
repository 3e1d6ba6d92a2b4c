// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.map.MapHandle;
import io.ebpf4j.spec.MapType;
import io.ebpf4j.sys.BatchCall;
import io.ebpf4j.sys.Bpf;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.Map;

/** Tries each operation on a map, below the views, which ask only for what they expect. */
final class MapProbe {
    private static final int ROOM = 1 << 12;
    private static final long F_CPU = 8;
    private static final long F_ALL_CPUS = 16;

    private final Bpf bpf;
    private final int map;
    private final long key;
    private final long value;
    private final long room;
    private final MapHandle handle;
    private final Map<String, Boolean> outcomes = new LinkedHashMap<>();

    private MapProbe(Kernel kernel, MapHandle handle, Samples.Sample sample, Arena arena) {
        this.bpf = kernel.bpf();
        this.handle = handle;
        this.map = handle.descriptor().fd();
        this.key = copy(arena, sample.key());
        this.value = copy(arena, sample.value());
        this.room = arena.allocate(ROOM, Long.BYTES).address();
    }

    /** What is tried. */
    interface Probe {
        Map<String, Boolean> all();
    }

    static Probe of(Kernel kernel, Samples.Sample sample) {
        return () -> {
            try (Arena arena = Arena.ofConfined();
                    MapHandle handle = sample.create(kernel)) {
                return new MapProbe(kernel, handle, sample, arena).tryAll();
            }
        };
    }

    private static long copy(Arena arena, byte[] bytes) {
        if (bytes == null) {
            return 0;
        }
        MemorySegment memory = arena.allocate(Math.max(ROOM, bytes.length), Long.BYTES);
        MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return memory.address();
    }

    private Map<String, Boolean> tryAll() {
        outcomes.put("create", true);
        note("update", update());
        note("lookup", bpf.mapLookup(map, key, value == 0 ? room : lookupRoom(), 0));
        note("nextKey", bpf.mapNextKey(map, 0, room));
        note("lookupCpu", bpf.mapLookup(map, key, room, F_CPU));
        note("updateCpu", bpf.mapUpdate(map, key, value, F_CPU));
        note("updateAllCpus", bpf.mapUpdate(map, key, value, F_ALL_CPUS));
        note("lookupBatch", batch(BpfCommand.MAP_LOOKUP_BATCH));
        note("lookupAndDelete", bpf.mapLookupAndDelete(map, key, room, 0));
        update();
        note("lookupAndDeleteBatch", batch(BpfCommand.MAP_LOOKUP_AND_DELETE_BATCH));
        note("updateBatch", batch(BpfCommand.MAP_UPDATE_BATCH));
        note("deleteBatch", batch(BpfCommand.MAP_DELETE_BATCH));
        update();
        note("delete", bpf.mapDelete(map, key));
        return outcomes;
    }

    /** A filter is asked for a value; all others hand one out. */
    private long lookupRoom() {
        return handle.type() == MapType.BLOOM_FILTER ? value : room;
    }

    private long update() {
        return bpf.mapUpdate(map, key, value, 0);
    }

    private long batch(BpfCommand command) {
        boolean reads =
                command == BpfCommand.MAP_LOOKUP_BATCH
                        || command == BpfCommand.MAP_LOOKUP_AND_DELETE_BATCH;
        long keys = reads ? room + 64 : key;
        long values = reads ? room + ROOM / 4 : value;
        return bpf.mapBatch(
                        command,
                        new BatchCall(map, 0, reads ? room : 0, keys, values, reads ? 4 : 1, 0))
                .result();
    }

    /** What is not there can be asked for. */
    private void note(String operation, long result) {
        outcomes.put(operation, result >= 0 || result == -Errno.ENOENT);
    }
}
