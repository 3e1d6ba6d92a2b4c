// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.spec;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.error.BpfException;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A global variable of an object, whose first value can be changed before the object is loaded.
 *
 * <p>The value lives in {@link MapSpec#contents} of the section's map. Instances are not safe for
 * use by several threads.
 */
public final class VariableSpec {

    private final String name;
    private final MapSpec map;
    private final int offset;
    private final int size;
    private final int typeId;
    private final FunctionSpec.Linkage linkage;
    private final Btf btf;
    private final ByteOrder order;

    VariableSpec(
            String name,
            MapSpec map,
            int offset,
            int size,
            int typeId,
            FunctionSpec.Linkage linkage,
            Btf btf,
            ByteOrder order) {
        this.name = name;
        this.map = map;
        this.offset = offset;
        this.size = size;
        this.typeId = typeId;
        this.linkage = linkage;
        this.btf = btf;
        this.order = order;
    }

    VariableSpec in(MapSpec other) {
        return new VariableSpec(name, other, offset, size, typeId, linkage, btf, order);
    }

    /**
     * Returns the variable's name.
     *
     * @return the name in C
     */
    public String name() {
        return name;
    }

    /**
     * Returns the map that holds the variable.
     *
     * @return the section's name, such as {@code .data}, or an arena's
     */
    public String map() {
        return map.name();
    }

    /**
     * Returns where the variable lies.
     *
     * @return bytes from the start of the map's value, or of an arena's global variables
     */
    public int offset() {
        return offset;
    }

    /**
     * Returns the variable's size.
     *
     * @return bytes
     */
    public int size() {
        return size;
    }

    /**
     * Returns the variable's type.
     *
     * @return an id in the object's BTF, or 0 when the object has no BTF
     */
    public int typeId() {
        return typeId;
    }

    /**
     * Returns the symbol's binding and visibility.
     *
     * @return global, weak or hidden; static variables have no spec
     */
    public FunctionSpec.Linkage linkage() {
        return linkage;
    }

    /**
     * Returns the first value.
     *
     * @return a copy of {@link #size} bytes in the object's byte order
     */
    public byte[] bytes() {
        return map.zeroed()
                ? new byte[size]
                : Arrays.copyOfRange(map.contents(), offset, offset + size);
    }

    /**
     * Changes the first value.
     *
     * @param value exactly {@link #size} bytes in the object's byte order
     * @throws BpfException if the size differs
     */
    public void set(byte[] value) {
        if (value.length != size) {
            throw new BpfException(this + " takes " + size + " bytes, not " + value.length);
        }
        System.arraycopy(value, 0, map.contents(), offset, size);
    }

    /**
     * Changes the first value of an integer, an enum or a pointer.
     *
     * @param value the value; for unsigned 64-bit variables its bits
     * @throws BpfException if the variable is none of these, or the value does not fit
     */
    public void set(long value) {
        checkRange(value);
        byte[] contents = map.contents();
        boolean little = order == ByteOrder.LITTLE_ENDIAN;
        for (int i = 0; i < size; i++) {
            contents[little ? offset + i : offset + size - 1 - i] = (byte) (value >> 8 * i);
        }
    }

    /**
     * Changes the first value of a {@code bool}, or of an integer to 1 or 0.
     *
     * @param value the value
     * @throws BpfException if the variable is neither
     */
    public void set(boolean value) {
        set(value ? 1L : 0L);
    }

    /**
     * Changes the first value of an array of characters.
     *
     * @param value the text, which is stored as UTF-8 and followed by zeros up to the array's end,
     *     by one at least
     * @throws BpfException if the variable is no array of characters, or the text does not fit
     */
    public void set(String value) {
        boolean characters =
                typeId == 0
                        || btf.resolve(typeId) instanceof BtfType.Array array
                                && btf.resolve(array.type()) instanceof BtfType.Int element
                                && element.size() == 1;
        if (!characters) {
            throw new BpfException(this + " is no array of characters");
        }
        byte[] text = value.getBytes(StandardCharsets.UTF_8);
        if (text.length >= size) {
            throw new BpfException(
                    this
                            + " holds "
                            + (size - 1)
                            + " characters and a zero, but the text takes "
                            + text.length
                            + " bytes");
        }
        System.arraycopy(Arrays.copyOf(text, size), 0, map.contents(), offset, size);
    }

    private void checkRange(long value) {
        long[] range = range();
        if (value < range[0] || value > range[1]) {
            throw new BpfException(
                    this + " takes " + range[0] + " to " + range[1] + ", not " + value);
        }
    }

    private long[] range() {
        BtfType type = typeId == 0 ? null : btf.resolve(typeId);
        if (type instanceof BtfType.Int integer && integer.size() == size && size <= Long.BYTES) {
            return (integer.encoding() & BtfType.Int.BOOL) != 0
                    ? new long[] {0, 1}
                    : range(integer.signed());
        }
        boolean scalar =
                type == null && (size == 1 || size == 2 || size == 4 || size == 8)
                        || type instanceof BtfType.Enumeration enumeration
                                && enumeration.size() == size
                        || type instanceof BtfType.Ptr && size == Long.BYTES;
        if (!scalar) {
            throw new BpfException(this + " is no integer; use the method that takes bytes");
        }
        return new long[] {range(true)[0], range(false)[1]};
    }

    private long[] range(boolean signed) {
        int bits = size * Byte.SIZE;
        if (bits == Long.SIZE) {
            return new long[] {Long.MIN_VALUE, Long.MAX_VALUE};
        }
        return signed
                ? new long[] {-1L << (bits - 1), (1L << (bits - 1)) - 1}
                : new long[] {0, (1L << bits) - 1};
    }

    /** Names the variable, its section and its size. */
    @Override
    public String toString() {
        return "variable " + name + " (" + map.name() + "+" + offset + ", " + size + " bytes)";
    }
}
