// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/**
 * What kind of object a descriptor stands for. BPF_OBJ_GET opens any pin, and
 * BPF_OBJ_GET_INFO_BY_FD fills any struct, so this is to be asked before either is believed.
 */
public enum ObjectKind {
    /** A program. */
    PROGRAM("prog_type:", "program"),
    /** A map. */
    MAP("map_type:", "map"),
    /** A link. */
    LINK("link_type:", "link"),
    /** Type information. */
    BTF("btf_id:", "BTF object"),
    /** Anything else, or a file that cannot be read. */
    UNKNOWN("", "file of another kind");

    private static final int FDINFO_BYTES = 4096;

    private final String key;
    private final String text;

    ObjectKind(String key, String text) {
        this.key = key;
        this.text = text;
    }

    /**
     * Returns the kind in words.
     *
     * @return such as {@code program}
     */
    public String text() {
        return text;
    }

    /**
     * Reads {@code /proc/self/fdinfo}, whose lines differ by kind.
     *
     * @param calls the system calls
     * @param fd the descriptor
     * @return its kind
     */
    public static ObjectKind of(SystemCalls calls, int fd) {
        long file = calls.open("/proc/self/fdinfo/" + fd, 0, 0);
        if (file < 0) {
            return UNKNOWN;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(FDINFO_BYTES);
            long count = calls.read((int) file, buffer);
            byte[] bytes = new byte[(int) Math.max(count, 0)];
            buffer.asByteBuffer().get(bytes);
            return of(new String(bytes, StandardCharsets.UTF_8));
        } finally {
            calls.close((int) file);
        }
    }

    static ObjectKind of(String fdinfo) {
        for (ObjectKind kind : values()) {
            if (kind != UNKNOWN
                    && (fdinfo.startsWith(kind.key) || fdinfo.contains("\n" + kind.key))) {
                return kind;
            }
        }
        return UNKNOWN;
    }
}
