// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.map.MapHandle;
import io.ebpf4j.program.Program;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.spec.MapSpec;
import io.ebpf4j.spec.MapType;
import io.ebpf4j.spec.ProgramSpec;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.Failure;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;

/**
 * Fills the slots that maps of maps and program arrays are declared with. A slot's key is its
 * number, and what it holds is told by descriptor, each 4 bytes.
 */
final class Slots {

    private Slots() {}

    /** Says whether a type holds programs rather than maps. */
    static boolean ofPrograms(MapSpec map) {
        return map.type() == MapType.PROG_ARRAY;
    }

    /** Refuses slots that cannot be filled, before the kernel is asked for anything. */
    static void check(CollectionSpec spec) {
        for (MapSpec map : spec.maps().values()) {
            if (!map.autocreate()) {
                continue;
            }
            for (Map.Entry<Integer, String> slot : map.slots().entrySet()) {
                String wrong =
                        ofPrograms(map)
                                ? wrongProgram(spec.programs().get(slot.getValue()))
                                : wrongMap(map, spec.maps().get(slot.getValue()));
                if (wrong != null) {
                    throw new BpfException(
                            spec.source()
                                    + ": map \""
                                    + map.name()
                                    + "\": slot "
                                    + slot.getKey()
                                    + " is to hold \""
                                    + slot.getValue()
                                    + "\", but "
                                    + wrong
                                    + "; change it with spec.map(\""
                                    + map.name()
                                    + "\").slots()");
                }
            }
        }
    }

    private static String wrongProgram(ProgramSpec program) {
        if (program == null) {
            return "there is no such program";
        }
        return program.autoload() ? null : "that program is left out of the load";
    }

    private static String wrongMap(MapSpec map, MapSpec inner) {
        if (!takesMaps(map)) {
            return "a map of type " + map.type() + " holds neither maps nor programs";
        }
        if (map.keySize() != Integer.BYTES) {
            return "the map's keys have " + map.keySize() + " bytes, and a slot's number has 4";
        }
        if (inner == null) {
            return "there is no such map";
        }
        if (!inner.autocreate()) {
            return "that map is left out of the load";
        }
        return takesMaps(inner) ? "that map holds maps itself, and maps nest one level deep" : null;
    }

    private static boolean takesMaps(MapSpec map) {
        return map.type() == MapType.ARRAY_OF_MAPS || map.type() == MapType.HASH_OF_MAPS;
    }

    /** Fills a map of maps. */
    static void fillMaps(MapHandle outer, MapSpec spec, Map<String, MapHandle> maps) {
        for (Map.Entry<Integer, String> slot : spec.slots().entrySet()) {
            int fd = maps.get(slot.getValue()).descriptor().fd();
            fill(outer, slot.getKey(), fd, "map \"" + slot.getValue() + "\"");
        }
    }

    /** Fills a program array with those of its programs that were loaded. */
    static void fillPrograms(MapHandle array, MapSpec spec, Map<String, Program> programs) {
        for (Map.Entry<Integer, String> slot : spec.slots().entrySet()) {
            Program program = programs.get(slot.getValue());
            if (program != null) {
                String held = "program \"" + slot.getValue() + "\"";
                fill(array, slot.getKey(), program.fd(), held);
            }
        }
    }

    private static void fill(MapHandle map, int slot, int fd, String held) {
        long result;
        int target = map.descriptor().acquire();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment key = arena.allocate(ValueLayout.JAVA_INT);
            MemorySegment value = arena.allocate(ValueLayout.JAVA_INT);
            key.set(ValueLayout.JAVA_INT, 0, slot);
            value.set(ValueLayout.JAVA_INT, 0, fd);
            result = map.kernel().bpf().mapUpdate(target, key.address(), value.address(), 0);
        } finally {
            map.descriptor().release();
        }
        if (result < 0) {
            throw Failure.of(
                    BpfCommand.MAP_UPDATE_ELEM,
                    (int) -result,
                    "cannot put "
                            + held
                            + " into slot "
                            + slot
                            + " of map \""
                            + map.name()
                            + "\""
                            + reason(map, (int) -result));
        }
    }

    private static String reason(MapHandle map, int errno) {
        if (errno == Errno.E2BIG) {
            return ", which has " + Integer.toUnsignedString(map.maxEntries()) + " entries";
        }
        if (errno == Errno.EINVAL) {
            return map.type() == MapType.PROG_ARRAY
                    ? " (programs of one array are of one type, and use the array alike)"
                    : " (it must be of the same type, sizes and flags as the declared inner map)";
        }
        return "";
    }
}
