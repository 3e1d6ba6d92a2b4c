// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.kernel;

import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.SystemCalls;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The symbols of the running kernel and its modules (/proc/kallsyms).
 *
 * <p>The kernel makes the file's 10 MB anew for every reader, so names are asked for together and
 * one pass looks for all; what was asked for once is remembered. Safe for use by several threads.
 */
public final class Kallsyms {
    private static final String FILE = "/proc/kallsyms";
    private static final int CHUNK = 1 << 18;

    /** What clang's link-time optimisation appends, with a hash, to static data it made global. */
    private static final String PROMOTED = ".llvm.";

    private final SystemCalls calls;
    private final Map<String, Symbol> known = new HashMap<>();
    private final Set<String> absent = new HashSet<>();

    Kallsyms(SystemCalls calls) {
        this.calls = calls;
    }

    /**
     * A symbol.
     *
     * @param name its name
     * @param address where it is; 0 for all when kernel.kptr_restrict hides addresses
     * @param type its letter in {@code nm}, such as {@code T} for text, lower case when local
     * @param module the module it is in, or empty
     * @param ambiguous whether the name stands for several addresses; this is the first
     */
    public record Symbol(String name, long address, char type, String module, boolean ambiguous) {}

    /**
     * Finds symbols.
     *
     * @param names exact names; local data is found without the suffix {@code .llvm.HASH} too
     * @return those that exist, by name; none at all when the file cannot be read
     */
    public synchronized Map<String, Symbol> find(Collection<String> names) {
        Set<String> wanted = new HashSet<>();
        for (String name : names) {
            if (!known.containsKey(name) && !absent.contains(name)) {
                wanted.add(name);
            }
        }
        if (!wanted.isEmpty() && scan(wanted)) {
            wanted.removeAll(known.keySet());
            absent.addAll(wanted);
        }
        Map<String, Symbol> found = new HashMap<>();
        for (String name : names) {
            Symbol symbol = known.get(name);
            if (symbol != null) {
                found.put(name, symbol);
            }
        }
        return found;
    }

    private boolean scan(Set<String> wanted) {
        long fd = calls.open(FILE, 0, 0);
        if (fd < 0) {
            return false;
        }
        try (Arena arena = Arena.ofConfined()) {
            return scan((int) fd, arena.allocate(CHUNK), wanted);
        } finally {
            calls.close((int) fd);
        }
    }

    private boolean scan(int fd, MemorySegment memory, Set<String> wanted) {
        byte[] chunk = new byte[2 * CHUNK];
        int kept = 0;
        while (true) {
            long count = calls.read(fd, memory);
            if (count == -Errno.EINTR) {
                continue;
            }
            if (count <= 0) {
                return count == 0;
            }
            memory.asByteBuffer().get(chunk, kept, (int) count);
            int end = kept + (int) count;
            int used = lines(chunk, end, wanted);
            kept = end - used;
            System.arraycopy(chunk, used, chunk, 0, kept);
        }
    }

    /**
     * Reads whole lines such as {@code ffffffff81000000 t name\t[module]}; returns where the rest
     * begins.
     */
    private int lines(byte[] chunk, int end, Set<String> wanted) {
        int start = 0;
        for (int i = 0; i < end; i++) {
            if (chunk[i] == '\n') {
                line(chunk, start, i, wanted);
                start = i + 1;
            }
        }
        return start;
    }

    private void line(byte[] chunk, int start, int end, Set<String> wanted) {
        int space = start;
        long address = 0;
        while (space < end && chunk[space] != ' ') {
            address = address << 4 | Character.digit(chunk[space++], 16);
        }
        int name = space + 3;
        int stop = name;
        while (stop < end && chunk[stop] != '\t' && chunk[stop] != ' ') {
            stop++;
        }
        if (name >= end) {
            return;
        }
        String text = new String(chunk, name, stop - name, StandardCharsets.ISO_8859_1);
        char type = (char) chunk[space + 1];
        int promoted = type == 'd' ? text.indexOf(PROMOTED) : -1;
        if (promoted > 0 && !wanted.contains(text)) {
            text = text.substring(0, promoted);
        }
        if (wanted.contains(text)) {
            Symbol before = known.get(text);
            if (before == null) {
                String module =
                        stop + 2 < end
                                ? new String(
                                        chunk,
                                        stop + 2,
                                        end - stop - 3,
                                        StandardCharsets.ISO_8859_1)
                                : "";
                known.put(text, new Symbol(text, address, type, module, false));
            } else if (before.address() != address) {
                known.put(
                        text,
                        new Symbol(text, before.address(), before.type(), before.module(), true));
            }
        }
    }
}
