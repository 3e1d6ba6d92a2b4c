// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.btf;

import io.ebpf4j.error.ObjectFormatException;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * BPF Type Format: the types of an object file, of the kernel or of a kernel module
 * (Documentation/bpf/btf.rst).
 *
 * <p>Parsing reads each type's first words once, to learn where types begin and to index their
 * names; a type becomes an object only when it is asked for. Bytes are not copied and must not
 * change while the instance is in use. Instances are immutable and may be used from any thread.
 *
 * <p>Ids run from 0, which is {@code void}, to {@link #typeCount()} - 1. Split BTF ({@link
 * #parseSplit}) continues the ids and string offsets of its base, and answers for the base's types,
 * too.
 *
 * <p>Type references are checked when they are followed, so every method that takes an id throws
 * {@link ObjectFormatException} when the id, whether given or met on the way, names no type.
 */
public final class Btf {
    /**
     * The kernel's own limit on how deep typedefs, modifiers and arrays nest (MAX_RESOLVE_DEPTH,
     * kernel/bpf/btf.c).
     */
    private static final int MAX_DEPTH = 32;

    private static final int POINTER_SIZE = 8;

    /** How many decoded types are kept, a power of two. */
    private static final int DECODED = 256;

    private static final BtfType VOID = new BtfType.Void();

    private final ByteBuffer bytes;
    private final Btf base;
    private final Strings strings;
    private final TypeTable types;
    private final int firstId;

    /** Types that were asked for lately, each where its id says; the others of that place go. */
    private final Decoded[] decoded = new Decoded[DECODED];

    /** Final fields let threads find each other's without a barrier. */
    private record Decoded(int id, BtfType type) {}

    private Btf(ByteBuffer bytes, Btf base) {
        this.bytes = bytes;
        this.base = base;
        Header header = Header.parse(bytes);
        if (base != null && base.order() != bytes.order()) {
            throw new ObjectFormatException(
                    "split BTF is " + bytes.order() + ", its base is " + base.order());
        }
        this.strings = new Strings(bytes, header, base == null ? null : base.strings);
        this.firstId = base == null ? 1 : base.typeCount();
        this.types =
                new TypeTable(bytes, header, strings, firstId, base == null ? null : base.types);
    }

    /**
     * Parses BTF of either byte order.
     *
     * @param bytes the blob, such as the contents of an ELF section {@code .BTF}; not copied
     * @return the types
     * @throws ObjectFormatException if the bytes are not BTF, are cut off, or hold a kind that
     *     neither this library nor the header's layout section (Linux 7.1) knows
     */
    public static Btf parse(byte[] bytes) {
        return new Btf(ByteBuffer.wrap(bytes), null);
    }

    /**
     * Parses BTF of either byte order.
     *
     * @param bytes the blob, from the buffer's position to its limit, such as a mapping of {@code
     *     /sys/kernel/btf/vmlinux}; not copied
     * @return the types
     * @throws ObjectFormatException as {@link #parse(byte[])}
     */
    public static Btf parse(ByteBuffer bytes) {
        return new Btf(bytes.slice(), null);
    }

    /**
     * Parses split BTF, such as that of a kernel module.
     *
     * @param bytes the blob; not copied
     * @param base what its ids and string offsets continue
     * @return the types, those of the base included
     * @throws ObjectFormatException as {@link #parse(byte[])}, or if the byte order is not that of
     *     the base
     */
    public static Btf parseSplit(byte[] bytes, Btf base) {
        return new Btf(ByteBuffer.wrap(bytes), base);
    }

    /**
     * Returns the byte order of the blob.
     *
     * @return the order
     */
    public ByteOrder order() {
        return bytes.order();
    }

    /**
     * Returns the number of types, {@code void} and a base's types included.
     *
     * @return one more than the highest id
     */
    public int typeCount() {
        return firstId + types.count();
    }

    /**
     * Returns the lowest id that is not the base's.
     *
     * @return 1 without a base, else the base's {@link #typeCount}
     */
    public int firstId() {
        return firstId;
    }

    /**
     * Decodes a type, unless that was done lately.
     *
     * @param id the type's id
     * @return an immutable record
     * @throws ObjectFormatException if there is no such type, or it refers outside the string
     *     section, or a size, count or offset in it is 2^31 or more
     */
    public BtfType type(int id) {
        if (id == 0) {
            return VOID;
        }
        Btf owner = owner(id);
        int place = id & DECODED - 1;
        Decoded known = owner.decoded[place];
        if (known == null || known.id != id) {
            BtfType type = TypeDecoder.decode(owner.types.words(id), owner.strings, id);
            known = new Decoded(id, type);
            owner.decoded[place] = known;
        }
        return known.type;
    }

    /**
     * Decodes the type that an id means once typedefs, modifiers and type tags are passed.
     *
     * @param id the type's id
     * @return a record that is not a {@link BtfType.Alias}
     * @throws ObjectFormatException as {@link #type}, or if more than 32 of them follow each other
     */
    public BtfType resolve(int id) {
        return type(resolveId(id));
    }

    /**
     * Passes typedefs, modifiers and type tags.
     *
     * @param id a type's id
     * @return the id of the first type that is not a {@link BtfType.Alias}
     * @throws ObjectFormatException if an id names no type, or more than 32 aliases follow each
     *     other
     */
    public int resolveId(int id) {
        int current = id;
        for (int depth = 0; depth <= MAX_DEPTH; depth++) {
            Kind kind = kind(current);
            if (kind == null || !kind.is(Kind.ALIAS)) {
                return current;
            }
            current = word(current, 8);
        }
        throw tooDeep(id);
    }

    /**
     * Returns the size of a type's values.
     *
     * @param id a type's id
     * @return bytes; 8 for pointers, the variable's size for a {@link BtfType.Var}
     * @throws ObjectFormatException if the type has no size ({@code void}, functions, forward
     *     declarations), the size is 2^63 or more, or the type contains itself
     */
    public long sizeOf(int id) {
        long count = 1;
        int current = id;
        for (int depth = 0; depth <= MAX_DEPTH; depth++) {
            current = resolveId(current);
            Kind kind = kind(current);
            if (kind == Kind.ARRAY) {
                count = multiply(id, count, Integer.toUnsignedLong(word(current, 20)));
                current = word(current, 12);
            } else if (kind == Kind.VAR) {
                current = word(current, 8);
            } else {
                return multiply(id, count, plainSize(id, current, kind));
            }
        }
        throw tooDeep(id);
    }

    private long plainSize(int asked, int id, Kind kind) {
        if (kind == Kind.PTR) {
            return POINTER_SIZE;
        }
        if (kind == null || kind == Kind.VOID || kind == Kind.FWD || kind.is(Kind.REFERS)) {
            throw new ObjectFormatException(
                    "BTF type ["
                            + asked
                            + "] has no size, because ["
                            + id
                            + "] "
                            + type(id)
                            + " has none");
        }
        return Integer.toUnsignedLong(word(id, 8));
    }

    private static long multiply(int id, long count, long size) {
        if (Math.multiplyHigh(count, size) != 0 || count * size < 0) {
            throw new ObjectFormatException(
                    "BTF type [" + id + "] is an array of 2^63 bytes or more");
        }
        return count * size;
    }

    /**
     * Returns a string, as {@link LineInfo} refers to it.
     *
     * @param offset its offset in the string section
     * @return the string
     * @throws ObjectFormatException if the offset is outside the string section
     */
    public String string(int offset) {
        return strings.get(offset);
    }

    /**
     * Writes a type's name as C does, for messages.
     *
     * @param id the type's id
     * @return such as {@code struct event}, {@code __u32}, {@code char[16]} or {@code struct page
     *     *}; without qualifiers and tags
     */
    public String typeName(int id) {
        return TypeText.of(this, id);
    }

    /**
     * Finds a type by its name, with its flavour if it has one. The base's types are searched
     * first.
     *
     * @param name the name; tags cannot be found by their text
     * @param kind the record, or a family such as {@link BtfType.Composite}, that it has to be
     * @return the lowest id, or -1 when there is none
     */
    public int find(String name, Class<? extends BtfType> kind) {
        if (base != null) {
            int found = base.find(name, kind);
            if (found >= 0) {
                return found;
            }
        }
        return types.find(name, Families.kinds(kind));
    }

    /**
     * Finds types by their {@linkplain #essentialName essential name}; types of the base are left
     * out.
     *
     * @param essentialName the name without flavour
     * @param kind the record, or a family such as {@link BtfType.Enumeration}, that they have to be
     * @return ids, ascending; empty when there are none
     */
    public int[] candidates(String essentialName, Class<? extends BtfType> kind) {
        return types.candidates(essentialName, Families.kinds(kind));
    }

    /**
     * Cuts the flavour from a name: what follows, and includes, the last {@code ___} that has a
     * character other than an underscore on both sides. {@code task_struct___old} is {@code
     * task_struct}; {@code ___x}, {@code x___} and {@code a____b} stay as they are.
     *
     * @param name a name
     * @return the name without flavour
     */
    public static String essentialName(String name) {
        return name.substring(0, Strings.essentialLength(name));
    }

    /**
     * Copies the blob.
     *
     * @return the bytes that were parsed
     */
    public byte[] encode() {
        byte[] copy = new byte[bytes.limit()];
        bytes.get(0, copy);
        return copy;
    }

    Strings strings() {
        return strings;
    }

    Btf base() {
        return base;
    }

    /** Returns the kind of a type, or null when it is unknown. */
    Kind kind(int id) {
        return id == 0 ? Kind.VOID : Kind.of(Kind.ofInfo(word(id, 4)));
    }

    /** Returns a word of a type; the id must not be 0, and the word must be inside the type. */
    int word(int id, int offset) {
        Btf owner = owner(id);
        return owner.bytes.getInt(owner.types.position(id) + offset);
    }

    /** Copies the bytes of a type of a known kind, which must not be the base's. */
    void copyTo(TypeEncoder encoder, int id) {
        int position = types.position(id);
        int info = bytes.getInt(position + 4);
        encoder.copy(bytes, position, (int) Kind.size(Kind.ofInfo(info), Kind.vlen(info)));
    }

    private Btf owner(int id) {
        if (id <= 0 || id >= typeCount()) {
            throw new ObjectFormatException(
                    "BTF type id "
                            + Integer.toUnsignedString(id)
                            + " names no type; ids end at "
                            + (typeCount() - 1));
        }
        Btf owner = this;
        while (id < owner.firstId) {
            owner = owner.base;
        }
        return owner;
    }

    private static ObjectFormatException tooDeep(int id) {
        return new ObjectFormatException(
                "BTF type ["
                        + id
                        + "] refers to itself, or nests deeper than "
                        + MAX_DEPTH
                        + " types");
    }
}
