// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.kernel;

import io.ebpf4j.btf.BtfBuilder;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.spec.MapType;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Capability;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.MapCreate;
import io.ebpf4j.sys.NativeText;

import java.lang.foreign.Arena;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/** Asks which maps the kernel takes, by creating the smallest of each type. */
final class MapProbes {
    static final int F_NO_PREALLOC = 1;
    static final int F_MMAPABLE = 1 << 10;

    /** A power of two that is a multiple of every page size. */
    private static final int RING_BYTES = 1 << 16;

    /** {@code struct bpf_cgroup_storage_key}: an inode and an attach type, padded. */
    private static final int CGROUP_KEY_BYTES = 16;

    /** {@code struct bpf_insn_array_value}. */
    private static final int INSN_ARRAY_VALUE_BYTES = 16;

    private static final long CAPABILITIES = Capability.BPF | Capability.NET_ADMIN;

    private static final Map<MapType, Shape> SHAPES = shapes();

    private final Kernel kernel;

    MapProbes(Kernel kernel) {
        this.kernel = kernel;
    }

    /** What the kernel must be given for a map of some type. */
    private sealed interface Shape {}

    private record Plain(int keySize, int valueSize, int maxEntries, int flags) implements Shape {}

    /** Local storage: sizes are as usual, but types must say so. */
    private record Typed() implements Shape {}

    /** A map of maps is created like one of the maps that it will hold. */
    private record Nested() implements Shape {}

    /**
     * A map of struct_ops names a kernel's type. Type 1 is an integer, which is refused with
     * ENOTSUPP.
     */
    private record Named() implements Shape {}

    private static Map<MapType, Shape> shapes() {
        Map<MapType, Shape> shapes = new HashMap<>();
        shapes.put(MapType.STACK_TRACE, new Plain(4, 8, 1, 0));
        shapes.put(MapType.LPM_TRIE, new Plain(8, 8, 1, F_NO_PREALLOC));
        shapes.put(MapType.ARRAY_OF_MAPS, new Nested());
        shapes.put(MapType.HASH_OF_MAPS, new Nested());
        shapes.put(MapType.CGROUP_STORAGE, new Plain(CGROUP_KEY_BYTES, 8, 0, 0));
        shapes.put(MapType.PERCPU_CGROUP_STORAGE, new Plain(CGROUP_KEY_BYTES, 8, 0, 0));
        shapes.put(MapType.QUEUE, new Plain(0, 4, 1, 0));
        shapes.put(MapType.STACK, new Plain(0, 4, 1, 0));
        shapes.put(MapType.BLOOM_FILTER, new Plain(0, 4, 1, 0));
        shapes.put(MapType.SK_STORAGE, new Typed());
        shapes.put(MapType.INODE_STORAGE, new Typed());
        shapes.put(MapType.TASK_STORAGE, new Typed());
        shapes.put(MapType.CGRP_STORAGE, new Typed());
        shapes.put(MapType.STRUCT_OPS, new Named());
        shapes.put(MapType.RINGBUF, new Plain(0, 0, RING_BYTES, 0));
        shapes.put(MapType.USER_RINGBUF, new Plain(0, 0, RING_BYTES, 0));
        shapes.put(MapType.ARENA, new Plain(0, 0, 1, F_MMAPABLE));
        shapes.put(MapType.INSN_ARRAY, new Plain(4, INSN_ARRAY_VALUE_BYTES, 1, 0));
        shapes.put(MapType.RHASH, new Plain(4, 4, 1, F_NO_PREALLOC));
        return shapes;
    }

    Outcome type(MapType type) {
        return switch (SHAPES.getOrDefault(type, new Plain(4, 4, 1, 0))) {
            case Plain(int key, int value, int entries, int flags) ->
                    create(MapCreate.of(type.number(), key, value, entries, flags, ""));
            case Typed() -> typed(type);
            case Nested() -> nested(type);
            case Named() -> structOps(0);
        };
    }

    /**
     * Asks for maps of struct_ops.
     *
     * @param flags {@code BPF_F_LINK} to ask for those that are attached by a link
     */
    Outcome structOps(int flags) {
        long map =
                open(
                        new MapCreate(
                                MapType.STRUCT_OPS.number(),
                                4,
                                4,
                                1,
                                flags,
                                0,
                                0,
                                "",
                                0,
                                0,
                                0,
                                1,
                                0,
                                0));
        return map == -Errno.ENOTSUPP ? Outcome.YES : closed(map);
    }

    /** Creates a map and lets go of it. */
    Outcome create(MapCreate request) {
        return closed(open(request));
    }

    /**
     * Creates a map; returns its descriptor, which is the caller's to close, or a negated errno.
     */
    long open(MapCreate request) {
        long map = kernel.bpf().mapCreate(request);
        return map == -Errno.EPERM && kernel.raiseMemoryLimit()
                ? kernel.bpf().mapCreate(request)
                : map;
    }

    Outcome closed(long map) {
        close(map);
        return Outcome.of(kernel, BpfCommand.MAP_CREATE, map, CAPABILITIES);
    }

    private void close(long fd) {
        if (fd >= 0) {
            kernel.calls().close((int) fd);
        }
    }

    private Outcome nested(MapType type) {
        long inner = open(MapCreate.of(MapType.ARRAY.number(), 4, 4, 1, 0, ""));
        if (inner < 0) {
            return closed(inner);
        }
        try {
            return create(
                    new MapCreate(type.number(), 4, 4, 1, 0, (int) inner, 0, "", 0, 0, 0, 0, 0, 0));
        } finally {
            close(inner);
        }
    }

    private Outcome typed(MapType type) {
        BtfBuilder types = new BtfBuilder();
        int integer = types.add(new BtfType.Int("int", 4, BtfType.Int.SIGNED, 0, 32));
        long btf;
        try (Arena arena = Arena.ofConfined()) {
            byte[] bytes = types.encode(ByteOrder.nativeOrder());
            btf = kernel.bpf().btfLoad(NativeText.bytes(arena, bytes), null);
        }
        if (btf < 0) {
            return Outcome.of(kernel, BpfCommand.BTF_LOAD, btf, CAPABILITIES);
        }
        try {
            return create(
                    new MapCreate(
                            type.number(),
                            4,
                            4,
                            0,
                            F_NO_PREALLOC,
                            0,
                            0,
                            "",
                            (int) btf,
                            integer,
                            integer,
                            0,
                            0,
                            0));
        } finally {
            close(btf);
        }
    }
}
