// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.btf;

import io.ebpf4j.error.ObjectFormatException;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Writes BTF: from nothing, as split BTF over a base, or as an edited copy.
 *
 * <p>Types get consecutive ids in the order they are added; a type may refer to ids that are added
 * later. The header has the 24 bytes that every kernel since 4.18 reads. Not for use by several
 * threads at once.
 */
public final class BtfBuilder {
    private static final byte[] EMPTY_STRING = {0};

    private final Btf base;
    private final Btf source;
    private final int firstId;
    private final StringPool strings;

    /** By id minus first id; null stands for the source's bytes. */
    private final List<BtfType> types;

    private BtfBuilder(Btf base, Btf source, StringPool strings, List<BtfType> types) {
        this.base = base;
        this.source = source;
        this.firstId = base == null ? 1 : base.typeCount();
        this.strings = strings;
        this.types = types;
    }

    /** Creates a builder whose first type has the id 1. */
    public BtfBuilder() {
        this(null, null, new StringPool(0, EMPTY_STRING), new ArrayList<>());
    }

    /**
     * Creates a builder of split BTF.
     *
     * @param base what ids and string offsets continue
     * @return a builder whose first type has the id {@code base.typeCount()}
     */
    public static BtfBuilder split(Btf base) {
        return new BtfBuilder(
                base, null, new StringPool(base.strings().end(), new byte[0]), new ArrayList<>());
    }

    /**
     * Creates a builder that holds a copy of all types and strings; ids and string offsets stay
     * what they are. Types that are not {@linkplain #set replaced} cost a copy of their bytes only.
     * A layout section (Linux 7.1) is left out.
     *
     * @param source what to edit
     * @return a builder
     * @throws ObjectFormatException if the source holds a kind this library does not know
     */
    public static BtfBuilder edit(Btf source) {
        List<BtfType> types = new ArrayList<>();
        for (int id = source.firstId(); id < source.typeCount(); id++) {
            if (source.kind(id) == null) {
                throw new ObjectFormatException(
                        "BTF type [" + id + "] has an unknown kind and cannot be copied");
            }
            types.add(null);
        }
        Strings existing = source.strings();
        return new BtfBuilder(
                source.base(),
                source,
                new StringPool(existing.first(), existing.toByteArray()),
                types);
    }

    /**
     * Adds a type.
     *
     * @param type any record but {@link BtfType.Void} and {@link BtfType.Unknown}
     * @return its id
     */
    public int add(BtfType type) {
        types.add(Objects.requireNonNull(type, "type"));
        return typeCount() - 1;
    }

    /**
     * Replaces a type.
     *
     * @param id id of a type that was added, or copied from the edited BTF
     * @param type what it becomes
     * @throws IndexOutOfBoundsException if there is no such type, or it is the base's
     */
    public void set(int id, BtfType type) {
        types.set(id - firstId, Objects.requireNonNull(type, "type"));
    }

    /**
     * Returns a type as it was added, replaced or copied.
     *
     * @param id its id
     * @return the record
     * @throws IndexOutOfBoundsException if there is no such type, or it is the base's
     * @throws ObjectFormatException if the edited BTF's bytes are bad
     */
    public BtfType type(int id) {
        BtfType type = types.get(id - firstId);
        return type == null ? source.type(id) : type;
    }

    /**
     * Returns the number of types, {@code void} and a base's types included.
     *
     * @return the id that the next type gets
     */
    public int typeCount() {
        return firstId + types.size();
    }

    /**
     * Adds a string, as line infos need it.
     *
     * @param string the text, without a zero character
     * @return its offset; that of the equal string when there is one
     */
    public int addString(String string) {
        return strings.add(string);
    }

    /**
     * Writes and parses the types.
     *
     * @param order the byte order
     * @return BTF with the types
     * @throws IllegalArgumentException as {@link #encode}
     * @throws ObjectFormatException as {@link #encode}, or if the base has the other byte order
     */
    public Btf build(ByteOrder order) {
        byte[] bytes = encode(order);
        return base == null ? Btf.parse(bytes) : Btf.parseSplit(bytes, base);
    }

    /**
     * Writes the types.
     *
     * @param order the byte order
     * @return a BTF blob
     * @throws IllegalArgumentException if a record cannot be written: its kind is {@link
     *     BtfType.Void} or {@link BtfType.Unknown}, or a value does not fit its bits
     * @throws ObjectFormatException if bytes of the edited BTF are bad
     */
    public byte[] encode(ByteOrder order) {
        TypeEncoder encoder = new TypeEncoder(strings, order);
        boolean copies = source != null && source.order() == order;
        for (int i = 0; i < types.size(); i++) {
            BtfType type = types.get(i);
            if (type != null) {
                encoder.encode(type);
            } else if (copies) {
                source.copyTo(encoder, firstId + i);
            } else {
                encoder.encode(source.type(firstId + i));
            }
        }
        return blob(order, encoder.toByteArray(), strings.toByteArray());
    }

    static byte[] blob(ByteOrder order, byte[] types, byte[] strings) {
        return ByteBuffer.allocate(Header.LENGTH + types.length + strings.length)
                .order(order)
                .putShort((short) Header.MAGIC)
                .put((byte) Header.VERSION)
                .put((byte) 0)
                .putInt(Header.LENGTH)
                .putInt(0)
                .putInt(types.length)
                .putInt(types.length)
                .putInt(strings.length)
                .put(types)
                .put(strings)
                .array();
    }
}
