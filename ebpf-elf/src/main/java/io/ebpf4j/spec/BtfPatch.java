// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.spec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The bytes of an object's BTF, in which what a compiler cannot know is filled in (struct btf_type,
 * btf_var and btf_var_secinfo of include/uapi/linux/btf.h).
 *
 * <pre>
 *   type:      name u32, info u32 (kind in bits 24 to 30, count or linkage in bits 0 to 23), size or type u32
 *   VAR:       linkage u32 follows
 *   DATASEC:   for each variable: type u32, offset u32, size u32
 * </pre>
 *
 * <p>Ids, names and positions stay as they are, and so do the string offsets in line records.
 */
final class BtfPatch {

    static final int KIND_FUNC = 12;
    static final int KIND_VAR = 14;
    static final int KIND_DATASEC = 15;
    static final int KIND_DECL_TAG = 17;

    static final int SECTION_ENTRY = 12;

    private static final int TYPE = 12;
    private static final int COUNT_MASK = 0xff_ffff;
    private static final int KIND_SHIFT = 24;
    private static final int KIND_MASK = 0x7f;

    /** Bytes behind the first twelve of each kind: {fixed, for each of the count}. */
    private static final int[][] EXTRA = {
        {0, 0}, {4, 0}, {0, 0}, {12, 0}, {0, 12}, {0, 12}, {0, 8}, {0, 0}, {0, 0}, {0, 0},
        {0, 0}, {0, 0}, {0, 0}, {0, 8}, {4, 0}, {0, 12}, {0, 0}, {4, 0}, {0, 0}, {0, 12}
    };

    private final byte[] bytes;
    private final ByteBuffer buffer;
    private final int[] positions;

    /**
     * Finds where types begin.
     *
     * @param bytes BTF that has been parsed before, which becomes this patch's own
     * @param order its byte order
     * @param typeCount how many types it has, void included
     */
    BtfPatch(byte[] bytes, ByteOrder order, int typeCount) {
        this.bytes = bytes;
        this.buffer = ByteBuffer.wrap(bytes).order(order);
        int[] found = new int[typeCount];
        int at = buffer.getInt(4) + buffer.getInt(8);
        int id = 1;
        while (id < typeCount && kindAt(at) < EXTRA.length) {
            found[id] = at;
            int[] extra = EXTRA[kindAt(at)];
            at += TYPE + extra[0] + extra[1] * (buffer.getInt(at + 4) & COUNT_MASK);
            id++;
        }
        this.positions = Arrays.copyOf(found, id);
    }

    byte[] bytes() {
        return bytes;
    }

    /** Returns one more than the last id that could be reached; an unknown kind ends the walk. */
    int reached() {
        return positions.length;
    }

    int kind(int id) {
        return kindAt(positions[id]);
    }

    /** Gives the variables of a section their offsets, and sorts them by these. */
    void setSection(int id, int size, int[] offsets) {
        int at = positions[id] + TYPE;
        buffer.putInt(positions[id] + 8, size);
        long[] byOffset = new long[offsets.length];
        boolean sorted = true;
        for (int i = 0; i < offsets.length; i++) {
            buffer.putInt(at + i * SECTION_ENTRY + 4, offsets[i]);
            byOffset[i] = (long) offsets[i] << Integer.SIZE | i;
            sorted &= i == 0 || byOffset[i - 1] < byOffset[i];
        }
        if (sorted) {
            // the first call of Arrays.sort spins a class
            return;
        }
        Arrays.sort(byOffset);
        byte[] old = Arrays.copyOfRange(bytes, at, at + offsets.length * SECTION_ENTRY);
        for (int i = 0; i < byOffset.length; i++) {
            int from = (int) byOffset[i] * SECTION_ENTRY;
            System.arraycopy(old, from, bytes, at + i * SECTION_ENTRY, SECTION_ENTRY);
        }
    }

    void setVariableLinkage(int id, int linkage) {
        buffer.putInt(positions[id] + TYPE, linkage);
    }

    void setFunctionLinkage(int id, int linkage) {
        int info = buffer.getInt(positions[id] + 4);
        buffer.putInt(positions[id] + 4, info & ~COUNT_MASK | linkage);
    }

    private int kindAt(int at) {
        return buffer.getInt(at + 4) >>> KIND_SHIFT & KIND_MASK;
    }
}
