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

    /**
     * How many pointers, arrays and results the kernel follows from one type, and how deep members
     * and parameters are nested, before it gives up.
     */
    private static final int MAX_DEPTH = 32;

    /** How many pairs are compared before types must be taken for a malformed tangle. */
    private static final int MAX_COMPARISONS = 1 << 20;

    /** Stands for the type of what the target lacks. */
    private static final int NONE = -1;

    private final Btf local;
    private final Btf target;
    private int comparisons;
    private String member = "";
    private int localType;
    private int targetType;

    private TypeComparison(Btf local, Btf target) {
        this.local = local;
        this.target = target;
    }

    /** Tells whether a field of one type may stand for a field of the other. */
    static boolean fieldsCompatible(Btf local, int localType, Btf target, int targetType) {
        return new TypeComparison(local, target).fields(localType, targetType);
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

    /** Says what keeps two types from being {@link #compatible}, or from having one shape. */
    static String difference(
            Btf local, int localType, Btf target, int targetType, boolean ofShapes) {
        TypeComparison c = new TypeComparison(local, target);
        boolean same =
                ofShapes
                        ? c.shapes(localType, targetType, false, 0)
                        : c.types(localType, targetType, 0);
        if (same) {
            return "";
        }
        return c.difference();
    }

    private String difference() {
        String where = member.isEmpty() ? "" : "member " + member + ": ";
        if (targetType == NONE) {
            return where + "there is none";
        }
        String here = local.typeName(localType);
        String there = target.typeName(targetType);
        return where
                + (here.equals(there) ? there + " differs" : there + " cannot stand for " + here);
    }

    /** Remembers where the types differ. */
    private boolean differ(int here, int there) {
        localType = here;
        targetType = there;
        return false;
    }

    private void checkEffort(int depth) {
        if (depth >= MAX_DEPTH) {
            throw new RelocationException(
                    "types are nested more than " + MAX_DEPTH + " levels deep");
        }
        if (++comparisons > MAX_COMPARISONS) {
            throw new RelocationException(
                    "the comparison meets more than " + MAX_COMPARISONS + " pairs of types");
        }
    }

    private boolean fields(int localId, int targetId) {
        int here = localId;
        int there = targetId;
        while (true) {
            checkEffort(0);
            BtfType l = local.resolve(here);
            BtfType t = target.resolve(there);
            if (l instanceof BtfType.Composite && t instanceof BtfType.Composite) {
                return true;
            }
            if (!sameKind(l, t)) {
                return false;
            }
            if (!(l instanceof BtfType.Array array)) {
                return fields(l, t);
            }
            here = array.type();
            there = ((BtfType.Array) t).type();
        }
    }

    private static boolean fields(BtfType l, BtfType t) {
        if (l instanceof BtfType.Int i) {
            return i.bitOffset() == 0 && ((BtfType.Int) t).bitOffset() == 0;
        }
        if (l instanceof BtfType.Fwd || l instanceof BtfType.Enumeration) {
            return namesAgreeOrMissing(l, t);
        }
        return l instanceof BtfType.Ptr || l instanceof BtfType.Float;
    }

    private boolean types(int localId, int targetId, int level) {
        int here = localId;
        int there = targetId;
        for (int depth = 0; ; depth++) {
            checkEffort(depth);
            BtfType l = local.resolve(here);
            BtfType t = target.resolve(there);
            if (!sameKind(l, t)) {
                return differ(here, there);
            }
            // a switch over patterns would spin a class for the first comparison of a process
            if (l instanceof BtfType.Ptr p) {
                here = p.type();
                there = ((BtfType.Ptr) t).type();
            } else if (l instanceof BtfType.Array a) {
                here = a.type();
                there = ((BtfType.Array) t).type();
            } else if (l instanceof BtfType.FuncProto f) {
                List<BtfType.Parameter> theirs = ((BtfType.FuncProto) t).parameters();
                if (f.parameters().size() != theirs.size()) {
                    return differ(here, there);
                }
                for (int i = 0; i < theirs.size(); i++) {
                    checkEffort(level);
                    if (!types(f.parameters().get(i).type(), theirs.get(i).type(), level + 1)) {
                        return false;
                    }
                }
                here = f.returnType();
                there = ((BtfType.FuncProto) t).returnType();
            } else {
                return alike(l, t) || differ(here, there);
            }
        }
    }

    private static boolean alike(BtfType l, BtfType t) {
        if (l instanceof BtfType.Int i) {
            return i.bitOffset() == 0 && ((BtfType.Int) t).bitOffset() == 0;
        }
        return l instanceof BtfType.Composite
                || l instanceof BtfType.Enumeration
                || l instanceof BtfType.Fwd
                || l instanceof BtfType.Void;
    }

    private boolean shapes(int localId, int targetId, boolean pointed, int level) {
        boolean behindPointer = pointed;
        int here = localId;
        int there = targetId;
        checkEffort(level);
        for (int depth = 0; ; depth++) {
            checkEffort(depth);
            differ(here, there);
            BtfType l = local.resolve(here);
            BtfType t = target.resolve(there);
            if (!Btf.essentialName(l.name()).equals(Btf.essentialName(t.name()))) {
                return differ(here, there);
            }
            if (behindPointer && (forwardOf(l, t) || forwardOf(t, l))) {
                return true;
            }
            if (!sameKind(l, t)) {
                return differ(here, there);
            }
            if (l instanceof BtfType.Ptr p) {
                behindPointer = true;
                here = p.type();
                there = ((BtfType.Ptr) t).type();
            } else if (l instanceof BtfType.Array a && a.count() == ((BtfType.Array) t).count()) {
                here = a.type();
                there = ((BtfType.Array) t).type();
            } else if (l instanceof BtfType.FuncProto f) {
                if (!parameters(f, (BtfType.FuncProto) t, behindPointer, level)) {
                    return false;
                }
                here = f.returnType();
                there = ((BtfType.FuncProto) t).returnType();
            } else if (l instanceof BtfType.Composite c) {
                return behindPointer
                        || members(c.members(), ((BtfType.Composite) t).members(), level);
            } else {
                return sameLeaf(l, t) || differ(here, there);
            }
        }
    }

    private static boolean sameLeaf(BtfType l, BtfType t) {
        if (l instanceof BtfType.Int i) {
            return i.size() == ((BtfType.Int) t).size() && i.signed() == ((BtfType.Int) t).signed();
        }
        if (l instanceof BtfType.Enumeration e) {
            return enumerations(e, (BtfType.Enumeration) t);
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

    private boolean parameters(
            BtfType.FuncProto l, BtfType.FuncProto t, boolean behindPointer, int level) {
        List<BtfType.Parameter> theirs = t.parameters();
        boolean same = l.parameters().size() == theirs.size();
        for (int i = 0; same && i < theirs.size(); i++) {
            int parameter = l.parameters().get(i).type();
            same = shapes(parameter, theirs.get(i).type(), behindPointer, level + 1);
        }
        return same;
    }

    private boolean members(List<BtfType.Member> wanted, List<BtfType.Member> members, int level) {
        boolean enough = wanted.size() <= members.size();
        for (BtfType.Member one : wanted) {
            if (enough ? !hasMember(members, one, level) : !hasName(members, one)) {
                member = member.isEmpty() ? one.name() : one.name() + "." + member;
                return false;
            }
        }
        return enough;
    }

    private boolean hasMember(List<BtfType.Member> members, BtfType.Member wanted, int level) {
        String name = Btf.essentialName(wanted.name());
        differ(wanted.type(), NONE);
        for (BtfType.Member m : members) {
            if (Btf.essentialName(m.name()).equals(name)) {
                member = "";
                if (shapes(wanted.type(), m.type(), false, level + 1)) {
                    member = "";
                    return true;
                }
            }
        }
        return false;
    }

    private boolean hasName(List<BtfType.Member> members, BtfType.Member wanted) {
        String name = Btf.essentialName(wanted.name());
        for (BtfType.Member m : members) {
            if (Btf.essentialName(m.name()).equals(name)) {
                return true;
            }
        }
        member = "";
        return differ(wanted.type(), NONE);
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
