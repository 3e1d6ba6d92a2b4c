// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.btf;

import io.ebpf4j.error.ObjectFormatException;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * A part of some BTF that stands by itself: chosen types, all that they refer to, and the
 * declaration tags on any of these. Types keep their order and get new ids. A kernel takes it
 * faster than the whole.
 */
public final class BtfSubset {
    private final Btf source;
    private final int[] ids;
    private final Map<Integer, Integer> strings = new HashMap<>();
    private final ByteArrayOutputStream text = new ByteArrayOutputStream();
    private final Btf btf;

    private int[] pending = new int[64];
    private int pendingCount;

    private BtfSubset(Btf source, int[] types, int[] strings) {
        this.source = source;
        this.ids = new int[source.typeCount()];
        string(0);
        for (int offset : strings) {
            string(offset);
        }
        for (int id : types) {
            mark(id);
        }
        markReachable();
        markDeclTags();
        byte[] encoded = encode(number());
        this.btf = Btf.parse(BtfBuilder.blob(source.order(), encoded, text.toByteArray()));
    }

    /**
     * Cuts out types and strings.
     *
     * @param source the whole
     * @param types ids of the types that are wanted
     * @param strings offsets of strings that are wanted beside those of the types, such as those of
     *     line infos
     * @return the part, in the byte order of the whole
     * @throws ObjectFormatException if an id or offset, given or met on the way, is outside the
     *     source, or a type that is reached has a kind this library does not know
     */
    public static BtfSubset of(Btf source, int[] types, int[] strings) {
        return new BtfSubset(source, types, strings);
    }

    /**
     * Returns the part.
     *
     * @return BTF without a base
     */
    public Btf btf() {
        return btf;
    }

    /**
     * Translates a type id.
     *
     * @param sourceId id in the source
     * @return id of the same type in the part; 0 for 0
     * @throws IllegalArgumentException if the type is not in the part
     */
    public int type(int sourceId) {
        int id = sourceId < 0 || sourceId >= ids.length ? 0 : ids[sourceId];
        if (id == 0 && sourceId != 0) {
            throw new IllegalArgumentException("BTF type [" + sourceId + "] is not in the subset");
        }
        return id;
    }

    /**
     * Translates a function info.
     *
     * @param info the function in the source
     * @return the same function in the part
     * @throws IllegalArgumentException if its type is not in the part
     */
    public FuncInfo map(FuncInfo info) {
        return new FuncInfo(info.slot(), type(info.type()));
    }

    /**
     * Translates a line info.
     *
     * @param info a line whose strings are in the source
     * @return the same line with the part's strings
     * @throws IllegalArgumentException if one of its strings is not in the part
     */
    public LineInfo map(LineInfo info) {
        return new LineInfo(
                info.slot(),
                mapString(info.fileOffset()),
                mapString(info.lineOffset()),
                info.lineColumn());
    }

    private int mapString(int offset) {
        Integer mapped = strings.get(offset);
        if (mapped == null) {
            throw new IllegalArgumentException(
                    "the BTF string at " + offset + " is not in the subset");
        }
        return mapped;
    }

    private void mark(int id) {
        if (id == 0) {
            return;
        }
        if (source.kind(id) == null) {
            throw new ObjectFormatException(
                    "BTF type [" + id + "] has an unknown kind and cannot be copied");
        }
        if (ids[id] == 0) {
            ids[id] = -1;
            if (pendingCount == pending.length) {
                pending = Arrays.copyOf(pending, pendingCount * 2);
            }
            pending[pendingCount++] = id;
        }
    }

    private void markReachable() {
        while (pendingCount > 0) {
            int id = pending[--pendingCount];
            Kind kind = source.kind(id);
            if (kind.is(Kind.REFERS)) {
                mark(source.word(id, 8));
            }
            if (kind.is(Kind.INFO_TYPES)) {
                mark(source.word(id, 12));
                mark(source.word(id, 16));
            }
            int field = kind.elementTypeOffset();
            for (int i = field < 0 ? 0 : vlen(id); i > 0; i--) {
                mark(
                        source.word(
                                id,
                                Kind.PREFIX + kind.infoSize + (i - 1) * kind.elementSize + field));
            }
        }
    }

    private int vlen(int id) {
        return Kind.vlen(source.word(id, 4));
    }

    // A tag refers to nothing but what it is on, so it cannot reach further types.
    private void markDeclTags() {
        for (int id = 1; id < ids.length; id++) {
            if (source.kind(id) == Kind.DECL_TAG) {
                int target = source.word(id, 8);
                if (target > 0 && target < ids.length && ids[target] != 0) {
                    ids[id] = -1;
                }
            }
        }
    }

    /** Gives new ids and returns the bytes that the types take. */
    private int number() {
        int next = 1;
        long size = 0;
        for (int id = 1; id < ids.length; id++) {
            if (ids[id] != 0) {
                ids[id] = next++;
                size += Kind.size(source.kind(id).number, vlen(id));
            }
        }
        return Math.toIntExact(size);
    }

    private byte[] encode(int size) {
        ByteBuffer out = ByteBuffer.allocate(size).order(source.order());
        for (int id = 1; id < ids.length; id++) {
            if (ids[id] != 0) {
                encode(out, id, source.kind(id));
            }
        }
        return out.array();
    }

    private void encode(ByteBuffer out, int id, Kind kind) {
        int third = source.word(id, 8);
        out.putInt(string(source.word(id, 0)));
        out.putInt(source.word(id, 4));
        out.putInt(kind.is(Kind.REFERS) ? ids[third] : third);
        for (int i = 0; i < kind.infoSize; i += 4) {
            int word = source.word(id, Kind.PREFIX + i);
            out.putInt(kind.is(Kind.INFO_TYPES) && i < 8 ? ids[word] : word);
        }
        int elements = kind.elementSize == 0 ? 0 : vlen(id) * kind.elementSize;
        for (int i = 0; i < elements; i += 4) {
            int word = source.word(id, Kind.PREFIX + kind.infoSize + i);
            int field = i % kind.elementSize;
            if (field == kind.elementTypeOffset()) {
                word = ids[word];
            } else if (field == 0 && kind.is(Kind.ELEMENT_NAME)) {
                word = string(word);
            }
            out.putInt(word);
        }
    }

    private int string(int offset) {
        Integer known = strings.get(offset);
        if (known != null) {
            return known;
        }
        int added = text.size();
        text.writeBytes(source.string(offset).getBytes(StandardCharsets.UTF_8));
        text.write(0);
        strings.put(offset, added);
        return added;
    }
}
