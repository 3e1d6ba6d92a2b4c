// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.spec;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.elf.ElfSection;
import io.ebpf4j.elf.ElfSymbol;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The sections with global data: each becomes an array map of one value, and its global symbols
 * become variables.
 */
final class DataSections {

    private static final int KERNEL_NAME_LENGTH = 15;

    /** What is kept free for a section's name, however short it is. */
    private static final int SECTION_NAME_LENGTH = 7;

    private final ObjectFile file;
    private final String objectName;
    private final ObjectTypes types;
    private final List<MapSpec> maps = new ArrayList<>();
    private final Map<Integer, MapSpec> bySection = new HashMap<>();
    private final Map<String, VariableSpec> variables = new LinkedHashMap<>();

    /**
     * Reads the sections.
     *
     * @param maps the maps that the object defines, one of which may be an arena with variables
     */
    DataSections(ObjectFile file, String objectName, ObjectTypes types, List<MapSpec> maps) {
        this.file = file;
        this.objectName = objectName;
        this.types = types;
        for (ElfSection section : file.data()) {
            add(section);
        }
        addKconfig();
        addArena(maps);
        collectVariables();
    }

    /** Returns the maps in the order of the sections; {@code .kconfig} is the last. */
    List<MapSpec> maps() {
        return maps;
    }

    /** Returns the map of a section, or null. */
    MapSpec map(int sectionIndex) {
        return bySection.get(sectionIndex);
    }

    Map<String, VariableSpec> variables() {
        return variables;
    }

    private void add(ElfSection section) {
        boolean readOnly = section.name().startsWith(".rodata");
        MapSpec map = add(section.name(), (int) section.size(), readOnly);
        if (section.hasBytes()) {
            map.contents(section.bytes());
        }
        bySection.put(section.index(), map);
    }

    /** Finds the arena that holds global variables; there can be one, with or without them. */
    private void addArena(List<MapSpec> defined) {
        MapSpec arena = null;
        for (MapSpec map : defined) {
            if (map.type() == MapType.ARENA && arena != null) {
                throw file.unsupported(
                        "section .maps: " + map.name() + " is an arena beside " + arena.name(),
                        "use one arena");
            }
            arena = map.type() == MapType.ARENA ? map : arena;
        }
        ElfSection section = file.arena();
        if (section != null && arena == null) {
            throw file.bad(
                    section, 0, "holds variables of an arena, but section .maps defines none");
        }
        if (section != null) {
            arena.contents(section.bytes());
            bySection.put(section.index(), arena);
        }
    }

    private void addKconfig() {
        int size = 0;
        for (ExternSpec extern : types == null ? List.<ExternSpec>of() : types.externs()) {
            if (extern.kind() == ExternSpec.Kind.KCONFIG) {
                size = extern.offset() + extern.size();
            }
        }
        if (size > 0) {
            add(ObjectTypes.KCONFIG, size, true);
        }
    }

    private MapSpec add(String name, int size, boolean readOnly) {
        int typeId = types == null ? 0 : types.section(name);
        MapSpec map = MapSpec.internal(name, kernelName(name), size);
        map.flags(
                (readOnly ? MapSpec.READ_ONLY_PROGRAM : 0)
                        | (isMappable(typeId) ? MapSpec.MMAPABLE : 0));
        map.types(0, typeId).frozen(readOnly);
        maps.add(map);
        return map;
    }

    /** Returns whether a section has a variable that users may see. */
    private boolean isMappable(int section) {
        if (section == 0) {
            return false;
        }
        Btf btf = types.btf();
        for (BtfType.Section place : ((BtfType.DataSec) btf.type(section)).variables()) {
            if (btf.type(place.type()) instanceof BtfType.Var variable
                    && variable.linkage() != BtfType.Var.STATIC) {
                return true;
            }
        }
        return false;
    }

    /** Names a map as libbpf does, so that tools which look for its names find ours. */
    private String kernelName(String section) {
        if (section.indexOf('.', 1) > 0) {
            return section;
        }
        int rest = KERNEL_NAME_LENGTH - Math.max(SECTION_NAME_LENGTH, section.length());
        int prefix = Math.max(0, Math.min(rest, objectName.length()));
        return objectName.substring(0, prefix).concat(section);
    }

    private void collectVariables() {
        List<ElfSymbol> symbols = new ArrayList<>();
        for (ElfSymbol symbol : file.symbols()) {
            if (symbol.type() == ElfSymbol.Type.OBJECT
                    && ObjectFile.isGlobal(symbol)
                    && bySection.containsKey(symbol.sectionIndex())) {
                symbols.add(symbol);
            }
        }
        symbols.sort(ObjectFile.BY_PLACE);
        for (ElfSymbol symbol : symbols) {
            addVariable(symbol);
        }
    }

    private void addVariable(ElfSymbol symbol) {
        MapSpec map = bySection.get(symbol.sectionIndex());
        long offset = symbol.value();
        long size = symbol.size();
        int room = map.dataSize();
        if (offset < 0 || size < 0 || size > room || offset > room - size) {
            throw file.bad(
                    file.elf().sections().get(symbol.sectionIndex()),
                    0,
                    "variable "
                            + symbol.name()
                            + " of "
                            + Long.toUnsignedString(size)
                            + " bytes at "
                            + Long.toUnsignedString(offset)
                            + " leaves the section");
        }
        VariableSpec variable =
                new VariableSpec(
                        symbol.name(),
                        map,
                        (int) offset,
                        (int) size,
                        types == null ? 0 : types.variableType(symbol.name()),
                        ObjectFile.linkage(symbol),
                        types == null ? null : types.btf(),
                        file.elf().order());
        if (variables.put(symbol.name(), variable) != null) {
            throw file.bad("two global variables are called " + symbol.name());
        }
    }
}
