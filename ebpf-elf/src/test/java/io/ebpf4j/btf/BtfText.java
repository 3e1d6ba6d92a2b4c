// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.btf;

import java.util.Locale;

/**
 * Prints types the way {@code bpftool btf dump} does, so that its output can serve as the expected
 * one.
 */
final class BtfText {
    private static final String[] LINKAGE = {"static", "global", "extern"};

    private final Btf btf;
    private final StringBuilder text = new StringBuilder();

    private BtfText(Btf btf) {
        this.btf = btf;
    }

    static String of(Btf btf) {
        BtfText printer = new BtfText(btf);
        for (int id = btf.firstId(); id < btf.typeCount(); id++) {
            printer.print(id);
        }
        return printer.text.toString();
    }

    private void print(int id) {
        BtfType type = btf.type(id);
        String kind = type instanceof BtfType.FuncProto ? "FUNC_PROTO" : kind(type);
        line("[%d] %s '%s'%s".formatted(id, kind, name(type.name()), head(type)));
        switch (type) {
            case BtfType.Composite composite -> composite.members().forEach(this::member);
            case BtfType.Enumeration enumeration ->
                    enumeration.enumerators().forEach(e -> enumerator(enumeration, e));
            case BtfType.FuncProto prototype ->
                    prototype
                            .parameters()
                            .forEach(
                                    p ->
                                            line(
                                                    "\t'%s' type_id=%d"
                                                            .formatted(name(p.name()), p.type())));
            case BtfType.DataSec section -> section.variables().forEach(this::variable);
            default -> {}
        }
    }

    private static String kind(BtfType type) {
        return switch (type) {
            case BtfType.DeclTag tag -> "DECL_TAG";
            case BtfType.TypeTag tag -> "TYPE_TAG";
            default -> type.getClass().getSimpleName().toUpperCase(Locale.ROOT);
        };
    }

    private static String name(String name) {
        return name.isEmpty() ? "(anon)" : name;
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    private static String head(BtfType type) {
        return switch (type) {
            case BtfType.Int t ->
                    " size=%d bits_offset=%d nr_bits=%d encoding=%s"
                            .formatted(t.size(), t.bitOffset(), t.bits(), encoding(t.encoding()));
            case BtfType.Ptr t -> " type_id=" + t.type();
            case BtfType.TypeTag t -> " type_id=" + t.type();
            case BtfType.Alias t -> " type_id=" + t.type();
            case BtfType.Array t ->
                    " type_id=%d index_type_id=%d nr_elems=%d"
                            .formatted(t.type(), t.indexType(), t.count());
            case BtfType.Composite t -> " size=%d vlen=%d".formatted(t.size(), t.members().size());
            case BtfType.Enumeration t ->
                    " encoding=%s size=%d vlen=%d"
                            .formatted(
                                    t.signed() ? "SIGNED" : "UNSIGNED",
                                    t.size(),
                                    t.enumerators().size());
            case BtfType.Fwd t -> " fwd_kind=" + (t.union() ? "union" : "struct");
            case BtfType.Func t ->
                    " type_id=%d linkage=%s".formatted(t.type(), LINKAGE[t.linkage()]);
            case BtfType.FuncProto t ->
                    " ret_type_id=%d vlen=%d".formatted(t.returnType(), t.parameters().size());
            case BtfType.Var t ->
                    " type_id=%d, linkage=%s".formatted(t.type(), LINKAGE[t.linkage()]);
            case BtfType.DataSec t -> " size=%d vlen=%d".formatted(t.size(), t.variables().size());
            case BtfType.Float t -> " size=" + t.size();
            case BtfType.DeclTag t ->
                    " type_id=%d component_idx=%d".formatted(t.type(), t.component());
            case BtfType.Void t -> "";
            case BtfType.Unknown t -> " number=" + t.kind();
        };
    }

    private static String encoding(int bits) {
        return switch (bits) {
            case 0 -> "(none)";
            case BtfType.Int.SIGNED -> "SIGNED";
            case BtfType.Int.CHAR -> "CHAR";
            case BtfType.Int.BOOL -> "BOOL";
            default -> "UNKN";
        };
    }

    private void member(BtfType.Member member) {
        String bitfield =
                member.bitfieldBits() == 0 ? "" : " bitfield_size=" + member.bitfieldBits();
        line(
                "\t'%s' type_id=%d bits_offset=%d%s"
                        .formatted(
                                name(member.name()), member.type(), member.bitOffset(), bitfield));
    }

    private void enumerator(BtfType.Enumeration type, BtfType.Enumerator enumerator) {
        boolean wide = type instanceof BtfType.Enum64;
        long value = enumerator.value();
        String number;
        if (type.signed()) {
            number = Long.toString(value);
        } else {
            number = wide ? Long.toUnsignedString(value) : Integer.toUnsignedString((int) value);
        }
        line(
                "\t'%s' val=%s%s"
                        .formatted(
                                name(enumerator.name()),
                                number,
                                wide ? type.signed() ? "LL" : "ULL" : ""));
    }

    private void variable(BtfType.Section section) {
        BtfType type = btf.type(section.type());
        line(
                "\ttype_id=%d offset=%d size=%d (%s '%s')"
                        .formatted(
                                section.type(),
                                section.offset(),
                                section.size(),
                                kind(type),
                                type.name()));
    }
}
