// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.relocation;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.btf.CoreRelocation;
import io.ebpf4j.error.RelocationException;

import java.util.ArrayList;
import java.util.List;

/**
 * Looks in a target type for what a local {@link Access} names.
 *
 * <p>Members are found by name at every level, through unnamed structs and unions; a member of that
 * name whose type is not compatible ends the search. The rules are those of libbpf, which the
 * kernel shares (tools/lib/bpf/relo_core.c).
 */
final class AccessMatcher {

    /** How many members are looked at before unnamed ones must be taken for a malformed tangle. */
    private static final int MAX_VISITED = 1 << 20;

    private final Access local;
    private final Btf target;
    private final List<Access.Step> steps = new ArrayList<>();
    private long bits;
    private int type;
    private int visited;
    private int depth;
    private BtfType.Member incompatible;

    private AccessMatcher(Access local, Btf target, int root) {
        this.local = local;
        this.target = target;
        this.type = root;
    }

    /** Returns the access in the target, or null when the target has no such thing. */
    static Access match(Access local, CoreRelocation.Kind kind, Btf target, int root) {
        return switch (kind) {
            case TYPE_ID_LOCAL, TYPE_ID_TARGET, TYPE_EXISTS, TYPE_SIZE ->
                    TypeComparison.compatible(local.btf(), local.root(), target, root)
                            ? new Access(target, root, List.of(), 0)
                            : null;
            case TYPE_MATCHES ->
                    TypeComparison.matches(local.btf(), local.root(), target, root)
                            ? new Access(target, root, List.of(), 0)
                            : null;
            case ENUMVAL_EXISTS, ENUMVAL_VALUE -> enumerator(local, target, root);
            default -> new AccessMatcher(local, target, root).field(root);
        };
    }

    /** Says why {@link #match} returns null, in words for people. */
    static String mismatch(Access local, CoreRelocation.Kind kind, Btf target, int root) {
        return switch (kind) {
            case TYPE_ID_LOCAL, TYPE_ID_TARGET, TYPE_EXISTS, TYPE_SIZE, TYPE_MATCHES ->
                    TypeComparison.difference(
                            local.btf(),
                            local.root(),
                            target,
                            root,
                            kind == CoreRelocation.Kind.TYPE_MATCHES);
            case ENUMVAL_EXISTS, ENUMVAL_VALUE ->
                    target.typeName(root) + " has no " + local.last().name();
            default -> {
                AccessMatcher matcher = new AccessMatcher(local, target, root);
                matcher.field(root);
                yield matcher.mismatch();
            }
        };
    }

    private String mismatch() {
        // each step that was taken left one
        Access.Step step = local.steps().get(steps.size());
        String holder = target.typeName(type);
        if (!step.named()) {
            return holder + " has no element " + step.index();
        }
        if (incompatible == null) {
            return holder + " has no member " + step.name();
        }
        return "member "
                + step.name()
                + " of "
                + holder
                + " is "
                + target.typeName(incompatible.type())
                + ", which cannot stand for "
                + local.btf().typeName(memberType(step));
    }

    private static Access enumerator(Access local, Btf target, int root) {
        if (!(target.resolve(root) instanceof BtfType.Enumeration e)) {
            return null;
        }
        String wanted = Btf.essentialName(local.last().name());
        List<BtfType.Enumerator> all = e.enumerators();
        for (int i = 0; i < all.size(); i++) {
            if (Btf.essentialName(all.get(i).name()).equals(wanted)) {
                Access.Step step = new Access.Step(target.resolveId(root), i, all.get(i).name());
                return new Access(target, root, List.of(step), 0);
            }
        }
        return null;
    }

    private Access field(int root) {
        for (int i = 0; i < local.steps().size(); i++) {
            Access.Step step = local.steps().get(i);
            type = target.resolveId(type);
            if (step.named() ? !member(step, type) : !element(step, i)) {
                return null;
            }
        }
        return new Access(target, root, List.copyOf(steps), bits);
    }

    private boolean element(Access.Step step, int position) {
        if (position > 0) {
            if (!(target.type(type) instanceof BtfType.Array array)
                    || (step.index() >= array.count() && !Access.flexible(target, steps, array))) {
                return false;
            }
            type = target.resolveId(array.type());
        }
        checkDepth();
        depth++;
        steps.add(new Access.Step(type, step.index(), ""));
        bits += Access.skippedBits(target, type, step.index());
        return true;
    }

    /** Refuses a path that is longer than an access string may be, as the kernel does. */
    private void checkDepth() {
        if (depth == Access.MAX_INDICES) {
            throw new RelocationException(
                    "the way through the target's type ["
                            + type
                            + "] takes more than "
                            + Access.MAX_INDICES
                            + " steps");
        }
    }

    private boolean member(Access.Step step, int holder) {
        if (!(target.type(holder) instanceof BtfType.Composite composite)) {
            return false;
        }
        List<BtfType.Member> members = composite.members();
        visited += members.size();
        if (visited > MAX_VISITED) {
            throw new RelocationException(
                    "more than " + MAX_VISITED + " members of the target could be " + step.name());
        }
        if (!members.isEmpty()) {
            checkDepth();
        }
        depth++;
        for (int i = 0; i < members.size(); i++) {
            BtfType.Member member = members.get(i);
            if (member.name().isEmpty()) {
                bits += member.bitOffset();
                if (member(step, target.resolveId(member.type()))) {
                    return true;
                }
                bits -= member.bitOffset();
            } else if (member.name().equals(step.name())) {
                if (reach(step, holder, i, member)) {
                    return true;
                }
                break;
            }
        }
        depth--;
        return false;
    }

    private boolean reach(Access.Step step, int holder, int index, BtfType.Member member) {
        if (!TypeComparison.fieldsCompatible(
                local.btf(), memberType(step), target, member.type())) {
            incompatible = member;
            return false;
        }
        steps.add(new Access.Step(holder, index, member.name()));
        bits += member.bitOffset();
        type = member.type();
        return true;
    }

    /** Returns the local type of the member that a step names. */
    private int memberType(Access.Step step) {
        BtfType.Composite holder = (BtfType.Composite) local.btf().type(step.type());
        return holder.members().get(step.index()).type();
    }
}
