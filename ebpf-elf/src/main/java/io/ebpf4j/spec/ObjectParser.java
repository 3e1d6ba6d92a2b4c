// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.spec;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.elf.ElfSection;
import io.ebpf4j.elf.ElfSymbol;
import io.ebpf4j.error.ObjectFormatException;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Turns the bytes of an object into a {@link CollectionSpec}, concern by concern. */
final class ObjectParser {

    private static final int VERSION_BYTES = 4;

    private final String label;
    private final String name;
    private final byte[] object;

    /**
     * Prepares to parse.
     *
     * @param label what error messages call the object
     * @param name the collection's name
     * @param object the bytes
     */
    ObjectParser(String label, String name, byte[] object) {
        this.label = label;
        this.name = name;
        this.object = object;
    }

    CollectionSpec parse() {
        try {
            return parse(new ObjectFile(label, object));
        } catch (ObjectFormatException e) {
            if (e.getMessage().startsWith(label)) {
                throw e;
            }
            // BTF is lazily decoded and does not know which file it came from.
            ObjectFormatException named =
                    new ObjectFormatException(label + ": section .BTF: " + e.getMessage());
            named.initCause(e);
            throw named;
        }
    }

    private CollectionSpec parse(ObjectFile file) {
        checkVersion(file);
        Functions functions = new Functions(file);
        ObjectTypes types = ObjectTypes.parse(file, functions);
        Btf btf = types == null ? null : types.btf();

        MapDefinitions definitions = new MapDefinitions(file, types);
        DataSections data = new DataSections(file, name, types, definitions.maps());
        StructOpsMaps structOps = new StructOpsMaps(file, types);
        Map<String, MapSpec> maps = new LinkedHashMap<>();
        addAll(file, maps, definitions.maps());
        addAll(file, maps, data.maps());
        addAll(file, maps, structOps.maps());
        definitions.fillSlots(functions);
        structOps.fill(functions);

        Map<String, ExternSpec> externs = externs(file, types);
        new References(file, functions, definitions, data, externs).collect();
        FunctionInfo info = FunctionInfo.parse(file, btf);

        FunctionTags tags = types == null ? new FunctionTags() : types.tags();
        Map<String, ProgramSpec> programs = new LinkedHashMap<>();
        Map<String, FunctionSpec> subprograms = new LinkedHashMap<>();
        for (Functions.Function function : functions.all()) {
            FunctionSpec spec = info.complete(function, tags.contexts(function.name()));
            if (function.section() == file.text()) {
                subprograms.put(spec.name(), spec);
            } else {
                String callback = tags.exceptionCallback(spec.name());
                programs.put(
                        spec.name(),
                        new ProgramSpec(spec, spec.section()).exceptionCallback(callback));
            }
        }
        return new CollectionSpec(
                label,
                name,
                file.elf().order(),
                license(file),
                btf,
                programs,
                maps,
                data.variables(),
                subprograms,
                externs);
    }

    private static Map<String, ExternSpec> externs(ObjectFile file, ObjectTypes types) {
        Map<String, ExternSpec> externs = new LinkedHashMap<>();
        if (types != null) {
            for (ExternSpec extern : types.externs()) {
                externs.put(extern.name(), extern);
            }
            return externs;
        }
        for (ElfSymbol symbol : file.symbols()) {
            if (Externs.isExtern(symbol)) {
                throw file.bad("extern " + symbol.name() + " needs BTF; compile with clang -g");
            }
        }
        return externs;
    }

    private static void addAll(
            ObjectFile file, Map<String, MapSpec> maps, Iterable<MapSpec> added) {
        for (MapSpec map : added) {
            if (maps.put(map.name(), map) != null) {
                throw file.bad("two maps are called " + map.name());
            }
        }
    }

    private static void checkVersion(ObjectFile file) {
        ElfSection version = file.section("version");
        if (version != null && version.size() != VERSION_BYTES) {
            throw file.bad(version, 0, "has " + version.size() + " bytes, expected 4");
        }
    }

    private static String license(ObjectFile file) {
        ElfSection section = file.section("license");
        if (section == null || !section.hasBytes()) {
            return "";
        }
        byte[] bytes = section.bytes();
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }
}
