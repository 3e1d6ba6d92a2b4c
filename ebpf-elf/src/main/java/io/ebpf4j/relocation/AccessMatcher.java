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
            boolean found = step.named() ? member(step, type, 0) : element(step, i);
            if (!found) {
                return null;
            }
        }
        return new Access(target, root, List.copyOf(steps), bits);
    }

    private boolean element(Access.Step step, int depth) {
        if (depth > 0) {
            if (!(target.type(type) instanceof BtfType.Array array)
                    || (step.index() >= array.count() && !Access.flexible(target, steps, array))) {
                return false;
            }
            type = target.resolveId(array.type());
        }
        steps.add(new Access.Step(type, step.index(), ""));
        bits += Access.skippedBits(target, type, step.index());
        return true;
    }

    private boolean member(Access.Step step, int holder, int depth) {
        if (depth == Access.MAX_INDICES) {
            throw new RelocationException(
                    "unnamed members of the target's type ["
                            + holder
                            + "] are nested more than "
                            + Access.MAX_INDICES
                            + " levels deep");
        }
        if (!(target.type(holder) instanceof BtfType.Composite composite)) {
            return false;
        }
        List<BtfType.Member> members = composite.members();
        visited += members.size();
        if (visited > MAX_VISITED) {
            throw new RelocationException(
                    "more than " + MAX_VISITED + " members of the target could be " + step.name());
        }
        for (int i = 0; i < members.size(); i++) {
            BtfType.Member member = members.get(i);
            if (member.name().isEmpty()) {
                bits += member.bitOffset();
                if (member(step, target.resolveId(member.type()), depth + 1)) {
                    return true;
                }
                bits -= member.bitOffset();
            } else if (member.name().equals(step.name())) {
                return reach(step, holder, i, member);
            }
        }
        return false;
    }

    private boolean reach(Access.Step step, int holder, int index, BtfType.Member member) {
        BtfType.Composite localHolder = (BtfType.Composite) local.btf().type(step.type());
        int localType = localHolder.members().get(step.index()).type();
        if (!TypeComparison.fieldsCompatible(local.btf(), localType, target, member.type())) {
            return false;
        }
        steps.add(new Access.Step(holder, index, member.name()));
        bits += member.bitOffset();
        type = member.type();
        return true;
    }
}
