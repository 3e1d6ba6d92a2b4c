// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.examples;

import io.ebpf4j.map.Codec;
import io.ebpf4j.map.MapHandle;
import io.ebpf4j.map.MapInfo;
import io.ebpf4j.spec.MapSpec;

/** The cells of a map's row: as its object declares it, or as it is in the kernel. */
final class MapCells {

    private MapCells() {}

    /** Describes a map as it is declared. */
    static Object[] declared(String object, String when, MapSpec m) {
        boolean pinned = m.pinning() != MapSpec.Pinning.NONE;
        return new Object[] {
            object,
            label(m),
            when,
            LoadOutcome.lower(m.type()),
            m.keySize(),
            m.valueSize(),
            Integer.toUnsignedString(m.maxEntries()),
            "0x" + Integer.toHexString(m.flags()),
            "0x" + Long.toHexString(m.mapExtra()),
            Math.max(m.numaNode(), 0),
            m.keyTypeId(),
            m.valueTypeId(),
            m.autocreate() ? 1 : 0,
            m.internal() ? 1 : 0,
            pinned ? "/sys/fs/bpf/" + m.name() : "-",
            m.internal() ? NormalText.digest(m.contents()) : "-",
            m.inner().map(MapCells::inner).orElse("-")
        };
    }

    /** Describes a map as it was created. */
    static Object[] created(String object, String when, MapSpec m, MapHandle handle) {
        MapInfo info = handle.info();
        boolean typed = info.btfId() != 0;
        return new Object[] {
            object,
            label(m),
            when,
            LoadOutcome.lower(info.type()),
            info.keySize(),
            info.valueSize(),
            Integer.toUnsignedString(info.maxEntries()),
            "0x" + Integer.toHexString(handle.flags()),
            "0x" + Long.toHexString(info.mapExtra()),
            Math.max(m.numaNode(), 0),
            typed ? m.keyTypeId() : 0,
            typed ? m.valueTypeId() : 0,
            1,
            m.internal() ? 1 : 0,
            "-",
            m.internal() && (handle.flags() & MapSpec.MMAPABLE) != 0 ? contents(handle) : "-",
            "-"
        };
    }

    /** Names a map as libbpf does, which cuts the names of some sections to what a kernel takes. */
    static String label(MapSpec m) {
        return m.internal() && m.name().startsWith(".bss.") ? m.kernelName() : m.name();
    }

    private static String contents(MapHandle map) {
        byte[] value =
                map.open(Codec.bytes(map.keySize()), Codec.bytes(map.valueSize()))
                        .get(new byte[map.keySize()]);
        return NormalText.digest(value);
    }

    private static String inner(MapSpec m) {
        return LoadOutcome.lower(m.type())
                + ","
                + m.keySize()
                + ","
                + m.valueSize()
                + ","
                + Integer.toUnsignedString(m.maxEntries())
                + ",0x"
                + Integer.toHexString(m.flags());
    }
}
