// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.spec.MapSpec;
import io.ebpf4j.spec.MapType;
import io.ebpf4j.sys.MapCreate;

/** Compares a map that is there with the one that a spec would create. */
final class MapDifferences {
    private final StringBuilder found = new StringBuilder();

    private MapDifferences() {}

    /**
     * Refuses a map that is not what the spec's would be.
     *
     * @param what the map that is there
     */
    static void check(MapSpec spec, MapCreate expected, MapInfo there, String what) {
        MapDifferences differences = new MapDifferences();
        differences.compareTypes(spec.type(), there);
        differences.compareSizes(expected, there);
        if (flags(spec.type(), there.flags()) != flags(spec.type(), expected.flags())) {
            differences.add("flags", hex(there.flags()), hex(expected.flags()));
        }
        if (there.mapExtra() != expected.mapExtra()) {
            differences.add("map_extra", hex(there.mapExtra()), hex(expected.mapExtra()));
        }
        if (!differences.found.isEmpty()) {
            throw new BpfException(
                    what
                            + " cannot be taken for map \""
                            + spec.name()
                            + "\", which is declared otherwise:"
                            + differences.found
                            + "\nremove the old map, or declare the new one like it");
        }
    }

    private void compareTypes(MapType declared, MapInfo there) {
        if (there.typeNumber() != declared.number()) {
            boolean known = there.type() != MapType.UNSPEC;
            add(
                    "type",
                    known ? there.type().toString() : "number " + there.typeNumber(),
                    declared.toString());
        }
    }

    private void compareSizes(MapCreate expected, MapInfo there) {
        compare("key size", there.keySize(), expected.keySize());
        compare("value size", there.valueSize(), expected.valueSize());
        compare("max entries", there.maxEntries(), expected.maxEntries());
    }

    private void compare(String property, int there, int declared) {
        if (there != declared) {
            add(property, Integer.toUnsignedString(there), Integer.toUnsignedString(declared));
        }
    }

    private void add(String property, String there, String declared) {
        found.append("\n  ")
                .append(property)
                .append(": ")
                .append(there)
                .append(" there, ")
                .append(declared)
                .append(" declared");
    }

    /**
     * The kernel makes device maps read-only for programs (kernel/bpf/devmap.c, dev_map_init_map).
     */
    private static int flags(MapType type, int flags) {
        return type == MapType.DEVMAP || type == MapType.DEVMAP_HASH
                ? flags & ~MapSpec.READ_ONLY_PROGRAM
                : flags;
    }

    private static String hex(long bits) {
        return "0x" + Long.toHexString(bits);
    }

    private static String hex(int bits) {
        return "0x" + Integer.toHexString(bits);
    }
}
