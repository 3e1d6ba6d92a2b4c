// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.spec;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.elf.ElfSection;
import io.ebpf4j.elf.ElfSymbol;
import io.ebpf4j.error.ObjectFormatException;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An object's BTF with what clang leaves to loaders filled in: section sizes, offsets of global
 * variables, and static linkage for what is hidden.
 */
final class ObjectTypes {

    static final String KCONFIG = ".kconfig";
    static final String KSYMS = ".ksyms";

    private final ObjectFile file;
    private final Btf draft;
    private final BtfPatch patch;
    private final Map<String, Integer> sections = new LinkedHashMap<>();
    private final Map<String, Integer> variableTypes = new HashMap<>();
    private final FunctionTags tags = new FunctionTags();
    private List<ExternSpec> externs = List.of();
    private Btf btf;

    private ObjectTypes(ObjectFile file, Btf draft, BtfPatch patch) {
        this.file = file;
        this.draft = draft;
        this.patch = patch;
    }

    /** Parses and completes the object's BTF; returns null when there is none. */
    static ObjectTypes parse(ObjectFile file, Functions functions) {
        ElfSection section = file.section(".BTF");
        if (section == null) {
            return null;
        }
        if (section.type() != ElfSection.SHT_PROGBITS) {
            throw file.bad(section, 0, "has type " + section.type() + ", expected 1 (PROGBITS)");
        }
        byte[] bytes = section.bytes();
        Btf draft;
        try {
            draft = Btf.parse(bytes);
        } catch (ObjectFormatException e) {
            ObjectFormatException located = file.bad(section, 0, e.getMessage());
            located.initCause(e);
            throw located;
        }
        if (draft.order() != file.elf().order()) {
            throw file.bad(section, 0, "is " + draft.order() + ", but the file is not");
        }
        BtfPatch patch = new BtfPatch(bytes.clone(), draft.order(), draft.typeCount());
        ObjectTypes types = new ObjectTypes(file, draft, patch);
        types.complete(functions);
        return types;
    }

    Btf btf() {
        return btf;
    }

    /** Returns the id of the BTF_KIND_DATASEC of a name, or 0. */
    int section(String name) {
        return sections.getOrDefault(name, 0);
    }

    /** Returns the type id of a global variable, or 0. */
    int variableType(String name) {
        return variableTypes.getOrDefault(name, 0);
    }

    /**
     * Returns what the object leaves to its loader, in the order of {@link CollectionSpec#externs}.
     */
    List<ExternSpec> externs() {
        return externs;
    }

    FunctionTags tags() {
        return tags;
    }

    private void complete(Functions functions) {
        if (patch.reached() < draft.typeCount()) {
            throw file.unsupported(
                    "section .BTF: type "
                            + patch.reached()
                            + " has a kind this library does not know",
                    "");
        }
        for (int id = 1; id < patch.reached(); id++) {
            if (patch.kind(id) == BtfPatch.KIND_DATASEC) {
                sections.putIfAbsent(draft.type(id).name(), id);
            }
        }
        externs = Externs.collect(file, draft, section(KCONFIG), section(KSYMS));
        for (Map.Entry<String, Integer> section : sections.entrySet()) {
            BtfType.DataSec types = (BtfType.DataSec) draft.type(section.getValue());
            if (section.getKey().equals(KCONFIG)) {
                completeKconfig(section.getValue(), types);
            } else if (!section.getKey().equals(KSYMS)) {
                completeSection(section.getValue(), types);
            }
        }
        hideFunctions(functions);
        btf = Btf.parse(patch.bytes());
        for (int id = 1; id < patch.reached(); id++) {
            if (patch.kind(id) == BtfPatch.KIND_DECL_TAG) {
                tags.add(file, btf, (BtfType.DeclTag) btf.type(id));
            }
        }
    }

    private void completeSection(int id, BtfType.DataSec section) {
        List<BtfType.Section> variables = section.variables();
        int[] offsets = new int[variables.size()];
        for (int i = 0; i < offsets.length; i++) {
            BtfType.Section place = variables.get(i);
            offsets[i] = place.offset();
            if (!(draft.type(place.type()) instanceof BtfType.Var variable)) {
                throw bad(section, "holds type [" + place.type() + "], which is no variable");
            }
            if (variable.linkage() == BtfType.Var.GLOBAL) {
                ElfSymbol symbol = symbol(section, variable);
                offsets[i] = section.size() == 0 ? (int) symbol.value() : place.offset();
                completeVariable(place.type(), variable, symbol);
            }
        }
        patch.setSection(id, section.size() == 0 ? sizeOf(section) : section.size(), offsets);
    }

    private void completeVariable(int id, BtfType.Var variable, ElfSymbol symbol) {
        variableTypes.put(variable.name(), variable.type());
        if (ObjectFile.linkage(symbol) == FunctionSpec.Linkage.HIDDEN) {
            patch.setVariableLinkage(id, BtfType.Var.STATIC);
        }
    }

    private ElfSymbol symbol(BtfType.DataSec section, BtfType.Var variable) {
        ElfSymbol symbol = file.globalObject(variable.name());
        if (symbol == null) {
            throw bad(
                    section,
                    "holds variable " + variable.name() + ", for which there is no symbol");
        }
        if (symbol.value() < 0 || symbol.value() > Integer.MAX_VALUE) {
            throw bad(
                    section,
                    "holds variable "
                            + variable.name()
                            + " at 0x"
                            + Long.toHexString(symbol.value()));
        }
        return symbol;
    }

    private int sizeOf(BtfType.DataSec section) {
        ElfSection bytes = file.section(section.name());
        if (bytes == null || bytes.size() <= 0 || bytes.size() > Integer.MAX_VALUE) {
            throw bad(section, "is a section that the file does not have, or that is empty");
        }
        return (int) bytes.size();
    }

    private void completeKconfig(int id, BtfType.DataSec section) {
        Map<Integer, ExternSpec> byType = new HashMap<>();
        int size = 0;
        for (ExternSpec extern : externs) {
            if (extern.kind() == ExternSpec.Kind.KCONFIG) {
                byType.put(extern.typeId(), extern);
                size = Math.max(size, extern.offset() + extern.size());
            }
        }
        List<BtfType.Section> places = section.variables();
        int[] offsets = new int[places.size()];
        for (int i = 0; i < offsets.length; i++) {
            BtfType.Section place = places.get(i);
            ExternSpec extern = byType.get(place.type());
            if (extern == null) {
                throw bad(section, "holds type [" + place.type() + "], which no symbol refers to");
            }
            patch.setVariableLinkage(place.type(), BtfType.Var.GLOBAL);
            offsets[i] = extern.offset();
        }
        patch.setSection(id, size, offsets);
    }

    private void hideFunctions(Functions functions) {
        for (Functions.Function function : functions.all()) {
            if (function.section() == file.text()
                    && ObjectFile.linkage(function.symbol()) == FunctionSpec.Linkage.HIDDEN) {
                int id = draft.find(function.name(), BtfType.Func.class);
                if (id > 0) {
                    patch.setFunctionLinkage(id, BtfType.Func.STATIC);
                }
            }
        }
    }

    private ObjectFormatException bad(BtfType.DataSec section, String message) {
        return file.bad("section .BTF: DATASEC " + section.name() + " " + message);
    }
}
