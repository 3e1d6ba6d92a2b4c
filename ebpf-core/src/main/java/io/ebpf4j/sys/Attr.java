// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * One thread's {@code union bpf_attr}: zeroed, filled and issued within one method, so that no two
 * uses ever overlap.
 *
 * <p>Access is by {@link ByteBuffer}, since var handles cost more to link than a short run ever
 * saves.
 */
final class Attr {
    private static final ThreadLocal<Attr> LOCAL =
            new ThreadLocal<>() {
                @Override
                protected Attr initialValue() {
                    return new Attr();
                }
            };

    private final MemorySegment memory = Arena.ofAuto().allocate(AttrLayout.ATTR_BYTES, Long.BYTES);
    private final MemorySegment element = memory.asSlice(0, AttrLayout.MapElement.BYTES);
    private final ByteBuffer bytes = memory.asByteBuffer().order(ByteOrder.nativeOrder());
    private int size;

    private Attr() {}

    /**
     * Returns this thread's attribute, zero to its end, for a command that takes {@code size}
     * bytes.
     */
    static Attr begin(int size) {
        Attr attr = LOCAL.get();
        for (int i = 0; i < AttrLayout.ATTR_BYTES; i += Long.BYTES) {
            attr.bytes.putLong(i, 0);
        }
        attr.size = size;
        return attr;
    }

    /**
     * Returns this thread's attribute filled for a command on one map element; allocates nothing.
     */
    static MemorySegment element(int fd, long key, long value, long flags) {
        Attr attr = LOCAL.get();
        attr.bytes
                .putLong(0, 0)
                .putInt(AttrLayout.offset(AttrLayout.MapElement.MAP_FD), fd)
                .putLong(AttrLayout.offset(AttrLayout.MapElement.KEY), key)
                .putLong(AttrLayout.offset(AttrLayout.MapElement.VALUE), value)
                .putLong(AttrLayout.offset(AttrLayout.MapElement.FLAGS), flags);
        return attr.element;
    }

    Attr set(int field, long value) {
        int offset = AttrLayout.offset(field);
        if (AttrLayout.width(field) == Long.BYTES) {
            bytes.putLong(offset, value);
        } else {
            bytes.putInt(offset, (int) value);
        }
        return this;
    }

    Attr set(int field, MemorySegment memory) {
        return set(field, memory.address());
    }

    /** Writes a name into a char array, cut so that a NUL stays behind it. */
    Attr text(int field, String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        bytes.put(
                AttrLayout.offset(field),
                encoded,
                0,
                Math.min(encoded.length, AttrLayout.width(field) - 1));
        return this;
    }

    /** Reads what the kernel wrote back, unsigned. */
    int get(int field) {
        return bytes.getInt(AttrLayout.offset(field));
    }

    /** Reads eight bytes that the kernel wrote back. */
    long getLong(int field) {
        return bytes.getLong(AttrLayout.offset(field));
    }

    long issue(SystemCalls calls, BpfCommand command) {
        return calls.bpf(command.number(), memory.asSlice(0, size));
    }

    long issueWithCommon(SystemCalls calls, BpfCommand command, long common, int commonSize) {
        return calls.bpf(command.number(), memory.asSlice(0, size), common, commonSize);
    }
}
