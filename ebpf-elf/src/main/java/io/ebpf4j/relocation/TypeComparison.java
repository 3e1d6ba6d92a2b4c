// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.relocation;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.error.RelocationException;

import java.util.List;

/**
 * The three ways in which CO-RE compares a local type with a target's, each laxer or stricter about
 * other things.
 */
public final class TypeComparison {

    /** How deep the kernel's own comparison goes before it gives up. */
    private static final int MAX_DEPTH = 32;

    /** How many pairs are compared before types must be taken for a malformed tangle. */
    private static final int MAX_COMPARISONS = 1 << 20;

    private final Btf local;
    private final Btf target;
    private int comparisons;

    private TypeComparison(Btf local, Btf target) {
        this.local = local;
        this.target = target;
    }

    /** Tells whether a field of one type may stand for a field of the other. */
    static boolean fieldsCompatible(Btf local, int localType, Btf target, int targetType) {
        return new TypeComparison(local, target).fields(localType, targetType, 0);
    }

    /**
     * Tells whether two types of one name have the same kind and signature, without a look at
     * members.
     *
     * @param local the types of an object
     * @param localType id of one of them
     * @param target the types of a kernel
     * @param targetType id of one of them
     * @return true if one may stand for the other: pointers to, arrays of, and functions of types
     *     that may
     * @throws RelocationException if the types are nested more than 32 levels deep
     */
    public static boolean compatible(Btf local, int localType, Btf target, int targetType) {
        return new TypeComparison(local, target).types(localType, targetType, 0);
    }

    /** Tells whether the target has at least the local type's shape. */
    static boolean matches(Btf local, int localType, Btf target, int targetType) {
        return new TypeComparison(local, target).shapes(localType, targetType, false, 0);
    }

    private void checkEffort(int depth) {
        if (depth > MAX_DEPTH) {
            throw new RelocationException(
                    "types are nested more than " + MAX_DEPTH + " levels deep");
        }
        if (++comparisons > MAX_COMPARISONS) {
            throw new RelocationException(
                    "the comparison meets more than " + MAX_COMPARISONS + " pairs of types");
        }
    }

    private boolean fields(int localType, int targetType, int depth) {
        checkEffort(depth);
        BtfType l = local.resolve(localType);
        BtfType t = target.resolve(targetType);
        if (l instanceof BtfType.Composite && t instanceof BtfType.Composite) {
            return true;
        }
        if (!sameKind(l, t)) {
            return false;
        }
        if (l instanceof BtfType.Int i) {
            return i.bitOffset() == 0 && ((BtfType.Int) t).bitOffset() == 0;
        }
        if (l instanceof BtfType.Array a) {
            return fields(a.type(), ((BtfType.Array) t).type(), depth + 1);
        }
        if (l instanceof BtfType.Fwd || l instanceof BtfType.Enumeration) {
            return namesAgreeOrMissing(l, t);
        }
        return l instanceof BtfType.Ptr || l instanceof BtfType.Float;
    }

    private boolean types(int localType, int targetType, int depth) {
        checkEffort(depth);
        BtfType l = local.resolve(localType);
        BtfType t = target.resolve(targetType);
        if (!sameKind(l, t)) {
            return false;
        }
        // a switch over patterns would spin a class for the first comparison of a process
        if (l instanceof BtfType.Int i) {
            return i.bitOffset() == 0 && ((BtfType.Int) t).bitOffset() == 0;
        }
        if (l instanceof BtfType.Ptr p) {
            return types(p.type(), ((BtfType.Ptr) t).type(), depth + 1);
        }
        if (l instanceof BtfType.Array a) {
            return types(a.type(), ((BtfType.Array) t).type(), depth + 1);
        }
        if (l instanceof BtfType.FuncProto f) {
            return signatures(f, (BtfType.FuncProto) t, depth);
        }
        return l instanceof BtfType.Composite
                || l instanceof BtfType.Enumeration
                || l instanceof BtfType.Fwd
                || l instanceof BtfType.Void;
    }

    private boolean signatures(BtfType.FuncProto l, BtfType.FuncProto t, int depth) {
        if (l.parameters().size() != t.parameters().size()) {
            return false;
        }
        for (int i = 0; i < l.parameters().size(); i++) {
            if (!types(l.parameters().get(i).type(), t.parameters().get(i).type(), depth + 1)) {
                return false;
            }
        }
        return types(l.returnType(), t.returnType(), depth + 1);
    }

    private boolean shapes(int localType, int targetType, boolean behindPointer, int depth) {
        checkEffort(depth);
        BtfType l = local.resolve(localType);
        BtfType t = target.resolve(targetType);
        if (!Btf.essentialName(l.name()).equals(Btf.essentialName(t.name()))) {
            return false;
        }
        if (behindPointer && l.getClass() != t.getClass() && (forwardOf(l, t) || forwardOf(t, l))) {
            return true;
        }
        if (!sameKind(l, t)) {
            return false;
        }
        if (l instanceof BtfType.Composite c) {
            return behindPointer || members(c, (BtfType.Composite) t, depth);
        }
        if (l instanceof BtfType.Int i) {
            return i.size() == ((BtfType.Int) t).size() && i.signed() == ((BtfType.Int) t).signed();
        }
        if (l instanceof BtfType.Ptr p) {
            return shapes(p.type(), ((BtfType.Ptr) t).type(), true, depth + 1);
        }
        if (l instanceof BtfType.Array a) {
            BtfType.Array other = (BtfType.Array) t;
            return a.count() == other.count()
                    && shapes(a.type(), other.type(), behindPointer, depth + 1);
        }
        if (l instanceof BtfType.Enumeration e) {
            return enumerations(e, (BtfType.Enumeration) t);
        }
        if (l instanceof BtfType.FuncProto f) {
            return prototypes(f, (BtfType.FuncProto) t, behindPointer, depth);
        }
        return l instanceof BtfType.Void
                || l instanceof BtfType.Fwd f && f.union() == ((BtfType.Fwd) t).union();
    }

    private static boolean forwardOf(BtfType forward, BtfType definition) {
        return forward instanceof BtfType.Fwd f
                && (f.union()
                        ? definition instanceof BtfType.Union
                        : definition instanceof BtfType.Struct);
    }

    private static boolean enumerations(BtfType.Enumeration l, BtfType.Enumeration t) {
        if (l.size() != t.size() || l.enumerators().size() > t.enumerators().size()) {
            return false;
        }
        for (BtfType.Enumerator wanted : l.enumerators()) {
            if (!hasEnumerator(t, Btf.essentialName(wanted.name()))) {
                return false;
            }
        }
        return true;
    }

    private static boolean hasEnumerator(BtfType.Enumeration e, String essentialName) {
        for (BtfType.Enumerator one : e.enumerators()) {
            if (Btf.essentialName(one.name()).equals(essentialName)) {
                return true;
            }
        }
        return false;
    }

    private boolean members(BtfType.Composite l, BtfType.Composite t, int depth) {
        if (l.members().size() > t.members().size()) {
            return false;
        }
        for (BtfType.Member wanted : l.members()) {
            if (!hasMember(t.members(), wanted, depth)) {
                return false;
            }
        }
        return true;
    }

    private boolean hasMember(List<BtfType.Member> members, BtfType.Member wanted, int depth) {
        String name = Btf.essentialName(wanted.name());
        for (BtfType.Member m : members) {
            if (Btf.essentialName(m.name()).equals(name)
                    && shapes(wanted.type(), m.type(), false, depth + 1)) {
                return true;
            }
        }
        return false;
    }

    private boolean prototypes(
            BtfType.FuncProto l, BtfType.FuncProto t, boolean behindPointer, int depth) {
        if (l.parameters().size() != t.parameters().size()) {
            return false;
        }
        for (int i = 0; i < l.parameters().size(); i++) {
            if (!shapes(
                    l.parameters().get(i).type(),
                    t.parameters().get(i).type(),
                    behindPointer,
                    depth + 1)) {
                return false;
            }
        }
        return shapes(l.returnType(), t.returnType(), behindPointer, depth + 1);
    }

    private static boolean sameKind(BtfType l, BtfType t) {
        return l.getClass() == t.getClass()
                || l instanceof BtfType.Enumeration && t instanceof BtfType.Enumeration;
    }

    private static boolean namesAgreeOrMissing(BtfType l, BtfType t) {
        return l.name().isEmpty()
                || t.name().isEmpty()
                || Btf.essentialName(l.name()).equals(Btf.essentialName(t.name()));
    }
}
