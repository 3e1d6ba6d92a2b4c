// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.spec;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.elf.ElfSymbol;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the names that an object leaves to its loader: undefined symbols that BTF declares in
 * {@code .kconfig} or {@code .ksyms}.
 */
final class Externs {

    private static final String TRISTATE = "libbpf_tristate";

    /** An extern while the layout of {@code .kconfig} is open. */
    private record Draft(
            String name, ExternSpec.Kind kind, boolean weak, int typeId, int size, int alignment)
            implements Comparable<Draft> {

        /** Configuration values go first, the strictest alignment before others, then by size. */
        @Override
        public int compareTo(Draft other) {
            int order = Integer.compare(group(), other.group());
            if (order == 0) {
                order = Integer.compare(other.alignment, alignment);
            }
            if (order == 0) {
                order = Integer.compare(size, other.size);
            }
            return order == 0 ? name.compareTo(other.name) : order;
        }

        private int group() {
            return kind == ExternSpec.Kind.KCONFIG ? 0 : 1;
        }
    }

    private final ObjectFile file;
    private final Btf btf;
    private final Map<String, Integer> kconfig;
    private final Map<String, Integer> ksyms;

    private Externs(ObjectFile file, Btf btf, int kconfig, int ksyms) {
        this.file = file;
        this.btf = btf;
        this.kconfig = members(kconfig);
        this.ksyms = members(ksyms);
    }

    /**
     * Collects the externs, those of the kernel's configuration first, in the order of their
     * offsets.
     *
     * @param kconfig id of the BTF_KIND_DATASEC {@code .kconfig}, or 0
     * @param ksyms id of the BTF_KIND_DATASEC {@code .ksyms}, or 0
     */
    static List<ExternSpec> collect(ObjectFile file, Btf btf, int kconfig, int ksyms) {
        Externs externs = new Externs(file, btf, kconfig, ksyms);
        List<Draft> drafts = new ArrayList<>();
        for (ElfSymbol symbol : file.symbols()) {
            if (isExtern(symbol)) {
                drafts.add(externs.draft(symbol));
            }
        }
        Collections.sort(drafts);
        return externs.layOut(drafts);
    }

    static boolean isExtern(ElfSymbol symbol) {
        return symbol.isUndefined()
                && ObjectFile.isGlobal(symbol)
                && symbol.type() == ElfSymbol.Type.NOTYPE
                && !symbol.name().isEmpty();
    }

    private Map<String, Integer> members(int section) {
        Map<String, Integer> members = new HashMap<>();
        if (section > 0 && btf.type(section) instanceof BtfType.DataSec types) {
            for (BtfType.Section member : types.variables()) {
                members.putIfAbsent(btf.type(member.type()).name(), member.type());
            }
        }
        return members;
    }

    private Draft draft(ElfSymbol symbol) {
        String name = symbol.name();
        boolean weak = symbol.binding() == ElfSymbol.Binding.WEAK;
        if (kconfig.containsKey(name)) {
            return configuration(name, weak, kconfig.get(name));
        }
        if (!ksyms.containsKey(name)) {
            throw file.bad(
                    "extern "
                            + name
                            + " is in neither .kconfig nor .ksyms; declare it with __kconfig or"
                            + " __ksym, or link the object that defines it");
        }
        int id = ksyms.get(name);
        BtfType type = btf.type(id);
        if (type instanceof BtfType.Func function && function.linkage() == BtfType.Func.EXTERN) {
            return new Draft(name, ExternSpec.Kind.KFUNC, weak, id, 0, 0);
        }
        if (type instanceof BtfType.Var variable && variable.linkage() == BtfType.Var.EXTERN) {
            return new Draft(name, symbolKind(variable), weak, id, 0, 0);
        }
        throw file.bad("extern " + name + " is declared as " + type);
    }

    private ExternSpec.Kind symbolKind(BtfType.Var variable) {
        return btf.resolve(variable.type()) instanceof BtfType.Void
                ? ExternSpec.Kind.KSYM_UNTYPED
                : ExternSpec.Kind.KSYM_TYPED;
    }

    private Draft configuration(String name, boolean weak, int id) {
        if (!(btf.type(id) instanceof BtfType.Var variable)
                || variable.linkage() != BtfType.Var.EXTERN) {
            throw file.bad("extern " + name + " in .kconfig is declared as " + btf.type(id));
        }
        int alignment = alignment(btf.resolve(variable.type()));
        long size = alignment == 0 ? 0 : btf.sizeOf(variable.type());
        if (size <= 0 || size > Integer.MAX_VALUE) {
            throw file.unsupported(
                    "extern " + name + " in .kconfig has type " + btf.resolve(variable.type()),
                    "use bool, char, an integer, enum libbpf_tristate or an array of char");
        }
        return new Draft(name, ExternSpec.Kind.KCONFIG, weak, id, (int) size, alignment);
    }

    /** Returns the alignment of a type that configuration values may have, or 0. */
    private int alignment(BtfType type) {
        if (type instanceof BtfType.Int integer) {
            return isPowerOfTwo(integer.size()) && !isWideBool(integer) ? integer.size() : 0;
        }
        if (type instanceof BtfType.Enum tristate) {
            boolean known = tristate.name().equals(TRISTATE) && tristate.size() == Integer.BYTES;
            return known ? Integer.BYTES : 0;
        }
        if (type instanceof BtfType.Enum64 tristate) {
            return tristate.name().equals(TRISTATE) ? Long.BYTES : 0;
        }
        return type instanceof BtfType.Array array && isCharacter(btf.resolve(array.type()))
                ? 1
                : 0;
    }

    private static boolean isCharacter(BtfType type) {
        return type instanceof BtfType.Int integer
                && integer.size() == 1
                && (integer.encoding() & BtfType.Int.BOOL) == 0;
    }

    private static boolean isPowerOfTwo(int size) {
        return size > 0 && size <= Long.BYTES && (size & (size - 1)) == 0;
    }

    private static boolean isWideBool(BtfType.Int integer) {
        return (integer.encoding() & BtfType.Int.BOOL) != 0 && integer.size() != 1;
    }

    private List<ExternSpec> layOut(List<Draft> drafts) {
        List<ExternSpec> externs = new ArrayList<>();
        long end = 0;
        for (Draft draft : drafts) {
            long offset = -1;
            if (draft.kind() == ExternSpec.Kind.KCONFIG) {
                offset = (end + draft.alignment() - 1) & -draft.alignment();
                end = offset + draft.size();
            }
            if (end > Integer.MAX_VALUE) {
                throw file.bad("values in .kconfig take more than 2^31 bytes");
            }
            externs.add(
                    new ExternSpec(
                            draft.name(),
                            draft.kind(),
                            draft.weak(),
                            draft.typeId(),
                            (int) offset,
                            draft.size()));
        }
        return externs;
    }
}
