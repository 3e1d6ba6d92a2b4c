// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.spec.MapType;

import java.util.EnumMap;
import java.util.Map;

/** Which view of a map is right for which types. */
@SuppressWarnings("ImmutableEnumChecker") // the types are read once, below, and never handed out
enum View {
    /** {@link BpfMap}. */
    ELEMENTS(
            "keys and values",
            "MapHandle.open or openPerCpu",
            MapType.HASH,
            MapType.LRU_HASH,
            MapType.PERCPU_HASH,
            MapType.LRU_PERCPU_HASH,
            MapType.RHASH,
            MapType.LPM_TRIE,
            MapType.ARRAY,
            MapType.PERCPU_ARRAY,
            MapType.CGROUP_STORAGE,
            MapType.PERCPU_CGROUP_STORAGE),
    /** {@link BpfQueue}. */
    QUEUE("values in line", "BpfQueue.of", MapType.QUEUE, MapType.STACK),
    /** {@link BloomFilter}. */
    BLOOM_FILTER("a set to ask", "BloomFilter.of", MapType.BLOOM_FILTER),
    /** {@link ProgramArray}. */
    PROGRAMS("programs to call", "ProgramArray.of", MapType.PROG_ARRAY),
    /** {@link MapOfMaps}. */
    MAPS("maps", "MapOfMaps.of", MapType.ARRAY_OF_MAPS, MapType.HASH_OF_MAPS),
    /** {@link PerfEventArray}. */
    PERF_EVENTS(
            "perf events",
            "PerfBuffer.of, or PerfEventArray.of for its slots",
            MapType.PERF_EVENT_ARRAY),
    /** {@link CgroupArray}. */
    CGROUPS("cgroups", "CgroupArray.of", MapType.CGROUP_ARRAY),
    /** {@link StackTraceMap}. */
    STACK_TRACES("stack traces", "StackTraceMap.of", MapType.STACK_TRACE),
    /** {@link DeviceMap}. */
    DEVICES("network devices", "DeviceMap.of", MapType.DEVMAP, MapType.DEVMAP_HASH),
    /** {@link CpuMap}. */
    CPUS("queues of CPUs", "CpuMap.of", MapType.CPUMAP),
    /** {@link XskMap}. */
    XSK_SOCKETS("AF_XDP sockets", "XskMap.of", MapType.XSKMAP),
    /** {@link SocketMap}. */
    SOCKETS(
            "sockets",
            "SocketMap.of",
            MapType.SOCKMAP,
            MapType.SOCKHASH,
            MapType.REUSEPORT_SOCKARRAY),
    /** {@link SocketStorage}. */
    SOCKET_STORAGE("values of sockets", "SocketStorage.of", MapType.SK_STORAGE),
    /** {@link TaskStorage}. */
    TASK_STORAGE("values of tasks", "TaskStorage.of", MapType.TASK_STORAGE),
    /** {@link InodeStorage}. */
    INODE_STORAGE("values of files", "InodeStorage.of", MapType.INODE_STORAGE),
    /** {@link CgroupStorage}. */
    CGROUP_STORAGE("values of cgroups", "CgroupStorage.of", MapType.CGRP_STORAGE),
    /** {@link StructOpsMap}. */
    STRUCT_OPS("a structure of functions", "StructOpsMap.of", MapType.STRUCT_OPS),
    /** {@link RingBuffer}. */
    RING_BUFFER("records", "RingBuffer.of", MapType.RINGBUF),
    /** A ring buffer that programs read. */
    USER_RING_BUFFER("records for programs", "UserRingBuffer.of", MapType.USER_RINGBUF),
    /** {@link MapHandle#arena}. */
    ARENA("memory", "MapHandle.arena", MapType.ARENA),
    /** {@link InstructionArray}. */
    INSTRUCTIONS("instructions", "InstructionArray.of", MapType.INSN_ARRAY);

    private static final Map<MapType, View> BY_TYPE = new EnumMap<>(MapType.class);

    static {
        for (View view : values()) {
            for (MapType type : view.types) {
                BY_TYPE.put(type, view);
            }
        }
    }

    private final String holds;
    private final String call;
    private final MapType[] types;

    View(String holds, String call, MapType... types) {
        this.holds = holds;
        this.call = call;
        this.types = types;
    }

    /** Returns the view that is right for a type, or null for a type that has none. */
    static View of(MapType type) {
        return BY_TYPE.get(type);
    }

    /** Returns the call that opens the view. */
    String call() {
        return call;
    }

    /**
     * Refuses a map that another view is right for.
     *
     * @throws UnsupportedException naming the call that opens the right one
     */
    void check(MapShape map) {
        View right = BY_TYPE.get(map.type());
        if (right == this) {
            return;
        }
        String what = "map " + map.name() + " of type " + map.type();
        throw right == null
                ? new UnsupportedException(
                        what + " cannot be opened", "", "update this library: it does not know it")
                : new UnsupportedException(
                        what + " has no " + holds + " but " + right.holds,
                        "",
                        "open it by " + right.call);
    }
}
