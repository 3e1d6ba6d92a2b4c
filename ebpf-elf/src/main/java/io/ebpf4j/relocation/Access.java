// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.relocation;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.btf.CoreRelocation;
import io.ebpf4j.error.RelocationException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A path from a root type to a field or enumerator, in one BTF: what a CO-RE relocation is about.
 *
 * @param btf where all ids belong
 * @param root id of the root type
 * @param steps the named and indexed steps; the first is the index of the pretended array of roots
 * @param bitOffset offset in bits of the field from the start of the root
 */
record Access(Btf btf, int root, List<Step> steps, long bitOffset) {

    /** The most indices that an access string may have (the kernel's BPF_CORE_SPEC_MAX_LEN). */
    static final int MAX_INDICES = 64;

    /** The most bytes that an index may skip, so that no sum of 64 of them, in bits, overflows. */
    private static final long MAX_SKIPPED_BYTES = 1L << 50;

    /**
     * One step of an access.
     *
     * @param type id of the type in which the step is taken; of the element reached for an index
     * @param index member number, element index or enumerator number
     * @param name the member's or enumerator's name; empty for an index
     */
    record Step(int type, int index, String name) {
        boolean named() {
            return !name.isEmpty();
        }
    }

    Step last() {
        return steps.get(steps.size() - 1);
    }

    /** Parses a relocation's access string against the types of its own object. */
    static Access parse(Btf btf, CoreRelocation relocation) {
        int[] indices = indices(relocation.access());
        return switch (relocation.kind()) {
            case TYPE_ID_LOCAL, TYPE_ID_TARGET, TYPE_EXISTS, TYPE_SIZE, TYPE_MATCHES ->
                    ofType(btf, relocation, indices);
            case ENUMVAL_EXISTS, ENUMVAL_VALUE -> ofEnumerator(btf, relocation, indices);
            default -> ofField(btf, relocation.type(), indices);
        };
    }

    private static Access ofType(Btf btf, CoreRelocation relocation, int[] indices) {
        if (indices.length != 1 || indices[0] != 0) {
            throw new RelocationException(
                    relocation.kind()
                            + " takes the access string \"0\", not \""
                            + relocation.access()
                            + "\"");
        }
        return new Access(btf, relocation.type(), List.of(), 0);
    }

    private static Access ofEnumerator(Btf btf, CoreRelocation relocation, int[] indices) {
        if (!(btf.resolve(relocation.type()) instanceof BtfType.Enumeration e)
                || indices.length != 1
                || indices[0] >= e.enumerators().size()) {
            throw new RelocationException(
                    relocation.kind()
                            + " needs one enumerator of an enum, not \""
                            + relocation.access()
                            + "\"");
        }
        String name = e.enumerators().get(indices[0]).name();
        Step step = new Step(btf.resolveId(relocation.type()), indices[0], name);
        return new Access(btf, relocation.type(), List.of(step), 0);
    }

    private static Access ofField(Btf btf, int root, int[] indices) {
        int type = btf.resolveId(root);
        List<Step> steps = new ArrayList<>(indices.length);
        steps.add(new Step(type, indices[0], ""));
        long bits = skippedBits(btf, type, indices[0]);
        for (int i = 1; i < indices.length; i++) {
            int index = indices[i];
            BtfType whole = btf.type(type);
            // a switch over patterns would spin a class for the first relocation of a process
            if (whole instanceof BtfType.Composite c && index < c.members().size()) {
                BtfType.Member member = c.members().get(index);
                bits += member.bitOffset();
                // an unnamed member only adds its offset: the target may nest its fields
                // differently
                if (!member.name().isEmpty()) {
                    steps.add(new Step(type, index, member.name()));
                }
                type = btf.resolveId(member.type());
            } else if (whole instanceof BtfType.Array array
                    && (index < array.count() || flexible(btf, steps, array))) {
                type = btf.resolveId(array.type());
                steps.add(new Step(type, index, ""));
                bits += skippedBits(btf, type, index);
            } else {
                throw new RelocationException(
                        "index " + index + " leads nowhere in type [" + type + "] " + whole.name());
            }
        }
        return new Access(btf, root, List.copyOf(steps), bits);
    }

    /** Returns how many bits lie before an element of an array of a type. */
    static long skippedBits(Btf btf, int type, int index) {
        long size = btf.sizeOf(type);
        if (index != 0 && size > MAX_SKIPPED_BYTES / index) {
            throw new RelocationException(
                    "element " + index + " of type [" + type + "], " + size + " bytes, is too far");
        }
        return index * size * 8;
    }

    /**
     * Tells whether an array without a count is the last member of its struct, so that any index is
     * in it.
     */
    static boolean flexible(Btf btf, List<Step> steps, BtfType.Array array) {
        Step holder = steps.get(steps.size() - 1);
        return array.count() == 0
                && holder.named()
                && btf.type(holder.type()) instanceof BtfType.Composite c
                && holder.index() == c.members().size() - 1;
    }

    private static int[] indices(String text) {
        int[] indices = new int[MAX_INDICES];
        int count = 0;
        long value = -1;
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : ':';
            if (c >= '0' && c <= '9') {
                value = Math.max(value, 0) * 10 + c - '0';
            }
            boolean bad =
                    c != ':'
                            ? c < '0' || c > '9' || value > Integer.MAX_VALUE
                            : value < 0 || count == MAX_INDICES;
            if (bad) {
                throw new RelocationException(
                        "access string \""
                                + text
                                + "\" is not 1 to "
                                + MAX_INDICES
                                + " decimal numbers joined by colons");
            }
            if (c == ':') {
                indices[count++] = (int) value;
                value = -1;
            }
        }
        return Arrays.copyOf(indices, count);
    }

    /** Writes the access as C does, such as {@code struct task_struct::mm.pgd}. */
    String text() {
        StringBuilder s = new StringBuilder(btf.typeName(root));
        String separator = "::";
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            if (step.named()) {
                s.append(separator).append(step.name());
                separator = ".";
            } else if (i > 0 || step.index() != 0) {
                s.append('[').append(step.index()).append(']');
            }
        }
        return s.toString();
    }

    /** Writes the access as C does, with the root's id before it. */
    @Override
    public String toString() {
        return "[" + root + "] " + text();
    }
}
