// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.btf;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** A string section that is being written; each string that is added to it is kept once. */
final class StringPool {
    private final Map<String, Integer> offsets = new HashMap<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final int first;

    /**
     * Creates a pool that begins with {@code existing} bytes, the first of which has the offset
     * {@code first}.
     */
    StringPool(int first, byte[] existing) {
        this.first = first;
        bytes.writeBytes(existing);
        offsets.put("", 0);
    }

    int add(String string) {
        Integer known = offsets.get(string);
        if (known != null) {
            return known;
        }
        if (string.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    "a BTF string cannot hold a zero byte: \"" + string + "\"");
        }
        int offset = first + bytes.size();
        bytes.writeBytes(string.getBytes(StandardCharsets.UTF_8));
        bytes.write(0);
        offsets.put(string, offset);
        return offset;
    }

    byte[] toByteArray() {
        return bytes.toByteArray();
    }
}
