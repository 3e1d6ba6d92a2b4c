// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.spec;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfExt;
import io.ebpf4j.btf.CoreRelocation;
import io.ebpf4j.btf.FuncInfo;
import io.ebpf4j.btf.LineInfo;
import io.ebpf4j.elf.ElfSection;
import io.ebpf4j.error.ObjectFormatException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Hands each function its part of the section {@code .BTF.ext}. */
final class FunctionInfo {

    /** Says where a record points, and moves it. */
    private abstract static class Located<T> implements Comparator<T> {
        abstract int slot(T record);

        abstract T at(T record, int slot);

        @Override
        public int compare(T a, T b) {
            return Integer.compare(slot(a), slot(b));
        }
    }

    private static final Located<FuncInfo> FUNCTION =
            new Located<>() {
                @Override
                int slot(FuncInfo info) {
                    return info.slot();
                }

                @Override
                FuncInfo at(FuncInfo info, int slot) {
                    return info.at(slot);
                }
            };

    private static final Located<LineInfo> LINE =
            new Located<>() {
                @Override
                int slot(LineInfo info) {
                    return info.slot();
                }

                @Override
                LineInfo at(LineInfo info, int slot) {
                    return info.at(slot);
                }
            };

    private static final Located<CoreRelocation> RELOCATION =
            new Located<>() {
                @Override
                int slot(CoreRelocation relocation) {
                    return relocation.slot();
                }

                @Override
                CoreRelocation at(CoreRelocation relocation, int slot) {
                    return relocation.at(slot);
                }
            };

    private final Map<String, List<FuncInfo>> functions;
    private final Map<String, List<LineInfo>> lines;
    private final Map<String, List<CoreRelocation>> relocations;

    private FunctionInfo(
            Map<String, List<FuncInfo>> functions,
            Map<String, List<LineInfo>> lines,
            Map<String, List<CoreRelocation>> relocations) {
        this.functions = sort(functions, FUNCTION);
        this.lines = sort(lines, LINE);
        this.relocations = sort(relocations, RELOCATION);
    }

    static FunctionInfo parse(ObjectFile file, Btf btf) {
        ElfSection section = file.section(".BTF.ext");
        if (btf == null || section == null) {
            return new FunctionInfo(Map.of(), Map.of(), Map.of());
        }
        if (section.type() != ElfSection.SHT_PROGBITS) {
            throw file.bad(section, 0, "has type " + section.type() + ", expected 1 (PROGBITS)");
        }
        try {
            BtfExt ext = BtfExt.parse(section.bytes(), btf);
            return new FunctionInfo(ext.funcInfo(), ext.lineInfo(), ext.coreRelocations());
        } catch (ObjectFormatException e) {
            ObjectFormatException located = file.bad(section, 0, e.getMessage());
            located.initCause(e);
            throw located;
        }
    }

    FunctionSpec complete(Functions.Function function, List<Integer> contexts) {
        String section = function.section().name();
        int first = function.slot();
        int end = first + function.instructions().slotCount();
        return new FunctionSpec(
                function.name(),
                section,
                first,
                ObjectFile.linkage(function.symbol()),
                function.instructions(),
                part(functions.get(section), first, end, FUNCTION),
                part(lines.get(section), first, end, LINE),
                part(relocations.get(section), first, end, RELOCATION),
                contexts);
    }

    private static <T> Map<String, List<T>> sort(Map<String, List<T>> tables, Located<T> kind) {
        Map<String, List<T>> sorted = new HashMap<>();
        for (Map.Entry<String, List<T>> table : tables.entrySet()) {
            List<T> records = new ArrayList<>(table.getValue());
            records.sort(kind);
            sorted.put(table.getKey(), records);
        }
        return sorted;
    }

    private static <T> List<T> part(List<T> records, int first, int end, Located<T> kind) {
        if (records == null) {
            return List.of();
        }
        List<T> part = new ArrayList<>();
        for (int i = lowerBound(records, first, kind); i < records.size(); i++) {
            T record = records.get(i);
            int slot = kind.slot(record);
            if (slot >= end) {
                break;
            }
            part.add(kind.at(record, slot - first));
        }
        return Collections.unmodifiableList(part);
    }

    private static <T> int lowerBound(List<T> records, int slot, Located<T> kind) {
        int low = 0;
        int high = records.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (kind.slot(records.get(middle)) < slot) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
