// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The dynamic loader's cache of libraries, {@code /etc/ld.so.cache} (glibc,
 * sysdeps/generic/dl-cache.h).
 *
 * <pre>
 * glibc-ld.so.cache1.1 | u32 count | u32 string bytes | u8 flags, 3 spare | u32 extension | 3 x u32 spare | entries...
 * entry: i32 flags | u32 soname | u32 path | u32 OS version | u64 hwcap     (string offsets from the magic)
 * </pre>
 *
 * <p>Caches written for compatibility with libc5 begin with a table of the older format, which is
 * skipped.
 */
final class LdCache {
    private static final byte[] MAGIC =
            "glibc-ld.so.cache1.1".getBytes(StandardCharsets.ISO_8859_1);
    private static final int COUNT = 20;
    private static final int ENTRIES = 48;
    private static final int ENTRY_SIZE = 24;
    private static final int ENTRY_SONAME = 4;
    private static final int ENTRY_PATH = 8;

    private final ByteBuffer table;

    private LdCache(ByteBuffer table) {
        this.table = table;
    }

    /** Reads the cache, or returns null when there is none or its format is unknown. */
    static LdCache readOrNull(Path path) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(path);
        } catch (IOException e) {
            return null;
        }
        int start = indexOf(bytes, MAGIC);
        if (start < 0 || bytes.length - start < ENTRIES) {
            return null;
        }
        return new LdCache(
                ByteBuffer.wrap(bytes, start, bytes.length - start)
                        .slice()
                        .order(ByteOrder.nativeOrder()));
    }

    /**
     * Returns the paths of a library, best first: by its soname, or all versions of {@code
     * name.so}.
     */
    List<String> find(String name, boolean exact) {
        List<String> paths = new ArrayList<>();
        int count = table.getInt(COUNT);
        for (int i = 0; i < count; i++) {
            int entry = ENTRIES + i * ENTRY_SIZE;
            if (entry < 0 || entry + ENTRY_SIZE > table.limit()) {
                break;
            }
            String soname = string(table.getInt(entry + ENTRY_SONAME));
            if (soname.equals(name) || !exact && soname.startsWith(name + ".so")) {
                paths.add(string(table.getInt(entry + ENTRY_PATH)));
            }
        }
        return paths;
    }

    private String string(int offset) {
        if (offset < 0) {
            return "";
        }
        StringBuilder s = new StringBuilder();
        for (int i = offset; i < table.limit() && table.get(i) != 0; i++) {
            s.append((char) (table.get(i) & 0xff));
        }
        return s.toString();
    }

    private static int indexOf(byte[] bytes, byte[] wanted) {
        for (int i = 0; i + wanted.length <= bytes.length; i++) {
            int j = 0;
            while (j < wanted.length && bytes[i + j] == wanted[j]) {
                j++;
            }
            if (j == wanted.length) {
                return i;
            }
        }
        return -1;
    }
}
