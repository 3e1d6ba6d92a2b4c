// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.spec;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.elf.ElfRelocation;
import io.ebpf4j.elf.ElfSection;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The maps that an object defines in its section {@code .maps}, each a variable whose type says
 * what the map is.
 */
final class MapDefinitions {

    private static final int POINTER_BYTES = 8;

    /** Where a map's definition lies, and where in it the initial slots begin. */
    private record Place(MapSpec map, int offset, int size, int values) {}

    private final ObjectFile file;
    private final NavigableMap<Integer, Place> places = new TreeMap<>();

    MapDefinitions(ObjectFile file, ObjectTypes types) {
        this.file = file;
        if (file.maps() != null && file.maps().size() != 0) {
            int section = types == null ? 0 : types.section(".maps");
            if (section == 0) {
                throw file.bad(
                        file.maps(), 0, "needs BTF that describes the maps; compile with clang -g");
            }
            read(types.btf(), (BtfType.DataSec) types.btf().type(section));
        }
    }

    /** Returns the maps in the order of the section. */
    List<MapSpec> maps() {
        List<MapSpec> maps = new ArrayList<>();
        for (Place place : places.values()) {
            maps.add(place.map());
        }
        return maps;
    }

    /** Returns the map whose definition begins at an offset of the section, or null. */
    MapSpec at(long offset) {
        Place place = offset == (int) offset ? places.get((int) offset) : null;
        return place == null ? null : place.map();
    }

    /** Fills the slots of program arrays and maps of maps from the section's relocations. */
    void fillSlots(Functions functions) {
        if (file.maps() == null) {
            return;
        }
        for (ElfRelocation relocation : file.elf().relocations(file.maps())) {
            fillSlot(relocation, functions);
        }
    }

    private void read(Btf btf, BtfType.DataSec section) {
        for (BtfType.Section place : section.variables()) {
            BtfType.Var variable = (BtfType.Var) btf.type(place.type());
            String name = variable.name();
            if (variable.linkage() != BtfType.Var.GLOBAL) {
                throw file.unsupported(
                        "section .maps: map " + name + " is static or hidden",
                        "make it global, and do not compile with -fvisibility=hidden");
            }
            if (!(btf.resolve(variable.type()) instanceof BtfType.Struct definition)) {
                throw file.bad(file.maps(), place.offset(), "map " + name + " is no struct");
            }
            if (place.offset() > file.maps().size() - place.size()
                    || definition.size() > place.size()) {
                throw file.bad(file.maps(), place.offset(), "map " + name + " leaves the section");
            }
            MapDefinition read = new MapDefinition(file, btf, name, true);
            MapSpec map = read.read(definition);
            Place before =
                    places.put(
                            place.offset(),
                            new Place(map, place.offset(), place.size(), read.values()));
            if (before != null) {
                throw file.bad(
                        file.maps(),
                        place.offset(),
                        "maps " + before.map().name() + " and " + name + " are in one place");
            }
        }
    }

    private void fillSlot(ElfRelocation relocation, Functions functions) {
        ElfSection section = file.maps();
        long at = relocation.offset();
        Place place =
                at == (int) at && places.floorEntry((int) at) != null
                        ? places.floorEntry((int) at).getValue()
                        : null;
        if (place == null || at + POINTER_BYTES > (long) place.offset() + place.size()) {
            throw file.bad(
                    section,
                    at,
                    "relocation against " + relocation.symbol().name() + " is in no map");
        }
        long slot = at - place.offset() - place.values();
        if (place.values() < 0 || slot < 0 || slot % POINTER_BYTES != 0) {
            throw file.bad(
                    section,
                    at,
                    "relocation against "
                            + relocation.symbol().name()
                            + " is not in the values of map "
                            + place.map().name());
        }
        place.map()
                .slots()
                .put((int) (slot / POINTER_BYTES), target(place.map(), relocation, functions));
    }

    private String target(MapSpec map, ElfRelocation relocation, Functions functions) {
        int index = relocation.symbol().sectionIndex();
        long value = relocation.symbol().value();
        if (map.type() == MapType.PROG_ARRAY) {
            ElfSection section =
                    relocation.symbol().inSection() ? file.elf().sections().get(index) : null;
            Functions.Function program =
                    section == null || section == file.text() || value != (int) value
                            ? null
                            : functions.at(section, (int) value / POINTER_BYTES);
            if (program != null && (long) program.slot() * POINTER_BYTES == value) {
                return program.name();
            }
        } else if (index == file.maps().index() && at(value) != null) {
            if (map.type() == MapType.HASH_OF_MAPS && map.keySize() != Integer.BYTES) {
                throw file.unsupported(
                        "section .maps: map "
                                + map.name()
                                + " has initial maps, but keys of "
                                + map.keySize()
                                + " bytes",
                        "use keys of 4 bytes, or fill it after the load");
            }
            return at(value).name();
        }
        throw file.bad(
                file.maps(),
                relocation.offset(),
                "a slot of map "
                        + map.name()
                        + " holds "
                        + relocation.symbol().name()
                        + ", which is no "
                        + (map.type() == MapType.PROG_ARRAY ? "entry program" : "map"));
    }
}
