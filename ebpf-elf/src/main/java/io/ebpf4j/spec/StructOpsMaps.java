// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.spec;

import io.ebpf4j.asm.Instructions;
import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.elf.ElfRelocation;
import io.ebpf4j.elf.ElfSection;
import io.ebpf4j.error.ObjectFormatException;

import java.util.ArrayList;
import java.util.List;

/**
 * The sections with structures for the kernel: each variable becomes a struct_ops map, and what its
 * relocations put into members becomes the map's functions.
 */
final class StructOpsMaps {

    private static final String PLAIN = ".struct_ops";
    private static final String LINKED = ".struct_ops.link";

    private final ObjectFile file;
    private final Btf btf;
    private final List<Place> places = new ArrayList<>();

    /** A map, and where its structure lies. */
    private record Place(MapSpec map, BtfType.Struct type, ElfSection section, int offset) {}

    StructOpsMaps(ObjectFile file, ObjectTypes types) {
        this.file = file;
        this.btf = types == null ? null : types.btf();
        for (ElfSection section : file.structOps()) {
            int id = types == null ? 0 : types.section(section.name());
            if (id == 0) {
                throw file.bad(
                        section, 0, "needs BTF that describes the structures; compile with -g");
            }
            byte[] bytes = section.bytes();
            for (BtfType.Section place : ((BtfType.DataSec) btf.type(id)).variables()) {
                add(section, bytes, place);
            }
        }
    }

    /** Says whether a section holds structures; a question mark turns their creation off. */
    static boolean isSection(String name) {
        String plain = name.startsWith("?") ? name.substring(1) : name;
        return plain.equals(PLAIN) || plain.equals(LINKED);
    }

    /** Returns the maps in the order of the sections. */
    List<MapSpec> maps() {
        List<MapSpec> maps = new ArrayList<>();
        for (Place place : places) {
            maps.add(place.map());
        }
        return maps;
    }

    private void add(ElfSection section, byte[] bytes, BtfType.Section variable) {
        String name = btf.type(variable.type()).name();
        int typeId = btf.resolveId(((BtfType.Var) btf.type(variable.type())).type());
        if (!(btf.type(typeId) instanceof BtfType.Struct type)) {
            throw file.bad(section, variable.offset(), "variable " + name + " is no struct");
        }
        if (type.name().isEmpty()) {
            throw file.unsupported(
                    "section " + section.name() + ": the struct of variable " + name,
                    "give it the name that it has in the kernel");
        }
        int offset = variable.offset();
        if (offset < 0 || type.size() < 0 || offset > bytes.length - type.size()) {
            throw file.bad(section, offset, "variable " + name + " leaves the section");
        }
        MapSpec map = MapSpec.of(name, MapType.STRUCT_OPS, Integer.BYTES, type.size(), 1);
        map.types(0, typeId)
                .flags(section.name().endsWith(LINKED) ? MapSpec.LINK : 0)
                .autocreate(!section.name().startsWith("?"));
        byte[] contents = new byte[type.size()];
        System.arraycopy(bytes, offset, contents, 0, contents.length);
        map.contents(contents);
        places.add(new Place(map, type, section, offset));
    }

    /** Fills in the functions from the sections' relocations. */
    void fill(Functions functions) {
        for (ElfSection section : file.structOps()) {
            for (ElfRelocation relocation : file.elf().relocations(section)) {
                fill(section, relocation, functions);
            }
        }
    }

    private void fill(ElfSection section, ElfRelocation relocation, Functions functions) {
        Place place = placeOf(section, relocation.offset());
        if (place == null) {
            throw bad(section, relocation, "is in no variable");
        }
        int at = (int) relocation.offset() - place.offset();
        BtfType.Member member = pointerAt(place.type(), at);
        if (member == null) {
            throw bad(
                    section,
                    relocation,
                    "is at offset "
                            + at
                            + " of struct "
                            + place.type().name()
                            + ", where no pointer to a function begins");
        }
        place.map().declareFunction(member.name(), program(section, relocation, functions));
    }

    private Place placeOf(ElfSection section, long offset) {
        for (Place place : places) {
            if (place.section() == section
                    && offset >= place.offset()
                    && offset - place.offset() < place.type().size()) {
                return place;
            }
        }
        return null;
    }

    private BtfType.Member pointerAt(BtfType.Struct type, int offset) {
        for (BtfType.Member member : type.members()) {
            if (member.bitOffset() == (long) offset * Byte.SIZE
                    && btf.resolve(member.type()) instanceof BtfType.Ptr pointer
                    && btf.resolve(pointer.type()) instanceof BtfType.FuncProto) {
                return member;
            }
        }
        return null;
    }

    private String program(ElfSection section, ElfRelocation relocation, Functions functions) {
        long value = relocation.symbol().value();
        ElfSection code =
                relocation.symbol().inSection()
                        ? file.elf().sections().get(relocation.symbol().sectionIndex())
                        : null;
        Functions.Function function =
                code == null || value != (int) value || value % Instructions.SLOT_BYTES != 0
                        ? null
                        : functions.at(code, (int) value / Instructions.SLOT_BYTES);
        if (function == null || code == file.text()) {
            throw bad(section, relocation, "leads to no program");
        }
        String name = code.name().startsWith("?") ? code.name().substring(1) : code.name();
        SectionDefinition definition = SectionDefinition.lookup(name).orElse(null);
        if (definition == null || definition.type() != ProgramType.STRUCT_OPS) {
            throw bad(
                    section,
                    relocation,
                    "leads to program "
                            + function.name()
                            + " of section "
                            + code.name()
                            + "; write SEC(\"struct_ops\")");
        }
        return function.name();
    }

    private ObjectFormatException bad(
            ElfSection section, ElfRelocation relocation, String message) {
        return file.bad(
                section,
                relocation.offset(),
                "relocation against " + relocation.symbol().name() + " " + message);
    }
}
