// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.btf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** BTF put together word by word, for what no compiler writes. */
final class RawBtf {
    private final ByteOrder order;
    private final ByteArrayOutputStream types = new ByteArrayOutputStream();
    private final ByteArrayOutputStream strings = new ByteArrayOutputStream();
    private byte[] layout = {};
    private int headerLength = 24;

    RawBtf(ByteOrder order) {
        this.order = order;
        strings.write(0);
    }

    RawBtf() {
        this(ByteOrder.LITTLE_ENDIAN);
    }

    int string(String string) {
        int offset = strings.size();
        strings.writeBytes(string.getBytes(StandardCharsets.UTF_8));
        strings.write(0);
        return offset;
    }

    /** Adds a type in the info word of Linux 7.1: 24 bits of vlen, 7 bits of kind. */
    RawBtf type(int name, int kind, int vlen, int third, int... rest) {
        return words(name, kind << 24 | vlen, third).words(rest);
    }

    RawBtf words(int... words) {
        ByteBuffer buffer = ByteBuffer.allocate(words.length * 4).order(order);
        for (int word : words) {
            buffer.putInt(word);
        }
        types.writeBytes(buffer.array());
        return this;
    }

    RawBtf header(int length) {
        headerLength = length;
        return this;
    }

    /**
     * Sets the layout section: size of the fixed part and of an element, for each kind from 0 on.
     */
    RawBtf layout(int[]... sizes) {
        ByteBuffer buffer = ByteBuffer.allocate(sizes.length * 4).order(order);
        for (int[] size : sizes) {
            buffer.put((byte) size[0]).put((byte) size[1]).putShort((short) 0);
        }
        layout = buffer.array();
        return this;
    }

    byte[] bytes() {
        int typeLength = types.size();
        ByteBuffer out =
                ByteBuffer.allocate(headerLength + typeLength + layout.length + strings.size())
                        .order(order);
        out.putShort((short) 0xeb9f).put((byte) 1).put((byte) 0).putInt(headerLength);
        out.putInt(0).putInt(typeLength).putInt(typeLength + layout.length).putInt(strings.size());
        if (headerLength >= 32) {
            out.putInt(typeLength).putInt(layout.length);
        }
        while (out.position() < headerLength) {
            out.put((byte) 0xaa);
        }
        return out.put(types.toByteArray()).put(layout).put(strings.toByteArray()).array();
    }

    Btf parse() {
        return Btf.parse(bytes());
    }
}
