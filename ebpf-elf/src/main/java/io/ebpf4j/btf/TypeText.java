// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.btf;

/** Writes the names of types as C does. */
final class TypeText {
    private static final int MOST_NESTED = 32;

    private TypeText() {}

    static String of(Btf btf, int id) {
        return of(btf, id, 0);
    }

    private static String of(Btf btf, int id, int depth) {
        BtfType type = btf.type(id);
        if (depth > MOST_NESTED) {
            return "...";
        }
        if (type instanceof BtfType.Alias a && !(type instanceof BtfType.Typedef)) {
            return of(btf, a.type(), depth + 1);
        }
        if (type instanceof BtfType.Ptr p) {
            return of(btf, p.type(), depth + 1) + " *";
        }
        if (type instanceof BtfType.Array a) {
            return of(btf, a.type(), depth + 1) + "[" + Integer.toUnsignedString(a.count()) + "]";
        }
        if (type instanceof BtfType.FuncProto f) {
            return of(btf, f.returnType(), depth + 1) + " ()";
        }
        String tag = type.name().isEmpty() ? "{...}" : type.name();
        return type instanceof BtfType.Void ? "void" : keyword(type) + tag;
    }

    private static String keyword(BtfType type) {
        if (type instanceof BtfType.Enumeration) {
            return "enum ";
        }
        if (type instanceof BtfType.Union || type instanceof BtfType.Fwd f && f.union()) {
            return "union ";
        }
        return type instanceof BtfType.Struct || type instanceof BtfType.Fwd ? "struct " : "";
    }
}
