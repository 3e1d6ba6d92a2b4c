// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.btf.BtfBuilder;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.program.BtfObject;
import io.ebpf4j.spec.MapSpec;
import io.ebpf4j.spec.MapType;
import io.ebpf4j.sys.MapCreate;

import java.nio.ByteOrder;
import java.util.EnumSet;
import java.util.Set;

/**
 * Types for maps that the kernel does not create without (kernel/bpf/bpf_local_storage.c,
 * bpf_local_storage_map_alloc_check), where a spec has none: an int as key, bytes as value.
 */
final class StorageTypes {
    private static final Set<MapType> STORAGES =
            EnumSet.of(
                    MapType.SK_STORAGE,
                    MapType.INODE_STORAGE,
                    MapType.TASK_STORAGE,
                    MapType.CGRP_STORAGE);

    private static final int INT = 1;
    private static final int BYTES = 3;

    private StorageTypes() {}

    /** Says whether the kernel wants types for a map. */
    static boolean required(MapSpec spec) {
        return STORAGES.contains(spec.type());
    }

    /** Loads the types, whose ids are those of the constants above. */
    static BtfObject load(Kernel kernel, MapSpec spec) {
        BtfBuilder types = new BtfBuilder();
        int integer =
                types.add(
                        new BtfType.Int("int", Integer.BYTES, BtfType.Int.SIGNED, 0, Integer.SIZE));
        int octet = types.add(new BtfType.Int("unsigned char", 1, 0, 0, Byte.SIZE));
        types.add(new BtfType.Array(octet, integer, spec.valueSize()));
        return BtfObject.load(kernel, types.encode(ByteOrder.nativeOrder()));
    }

    /** Returns a request with the types. */
    static MapCreate name(MapCreate request, BtfObject types) {
        return request.withBtf(types.descriptor().fd(), INT, BYTES);
    }
}
