// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the functions of the kernel and its modules that a pattern stands for and that can be
 * traced.
 *
 * <p>tracefs lists what can be traced: in {@code available_filter_functions_addrs} (Linux 6.5) with
 * addresses, in {@code available_filter_functions} without, which then come from {@code
 * /proc/kallsyms}. Where several functions have a name and not all of them can be traced, the
 * second list does not tell which can, and they are left out. A function with several names is in
 * both lists under one of them. Without any list all functions count. The blacklist for probes is
 * always taken away.
 */
final class FunctionSearch {
    private static final String KALLSYMS = "/proc/kallsyms";
    private static final String BLACKLIST = "/sys/kernel/debug/kprobes/blacklist";
    private static final String TRACED = "available_filter_functions";

    /** What tracefs calls places that were a function's before the linker took another. */
    private static final String INVALID = "__ftrace_invalid_address__";

    /** What clang's link-time optimisation appends, with a hash, to functions it made global. */
    private static final String PROMOTED = ".llvm.";

    /** Bytes within which a function calls the tracer: markers for indirect jumps may precede. */
    private static final int PROLOGUE = 32;

    /**
     * A function.
     *
     * @param name its name
     * @param address where it begins or, if that will do, where it calls the tracer; 0 when
     *     kernel.kptr_restrict hides it
     */
    record Found(String name, long address) {}

    private final HostFiles files;

    FunctionSearch(HostFiles files) {
        this.files = files;
    }

    /**
     * Finds functions.
     *
     * @param pattern what their names have to match, with or without clang's {@code .llvm.HASH}
     * @param exact whether an address has to be where the function begins; it takes another list
     */
    List<Found> find(Glob pattern, boolean exact) {
        Set<String> blacklist = blacklist();
        List<Found> traced = traced(pattern, blacklist);
        if (traced == null) {
            return kallsyms(pattern, blacklist);
        }
        boolean placed = !traced.isEmpty() && traced.get(0).address != 0;
        if (traced.isEmpty() || placed && !exact) {
            return traced;
        }
        List<Found> all = kallsyms(pattern, blacklist);
        return placed ? beginnings(traced, all) : sameOften(traced, all);
    }

    /** Finds where the functions of given names begin; those that are not there are left out. */
    Map<String, Long> addresses(Set<String> names) {
        Map<String, Long> addresses = new HashMap<>();
        eachLine(
                KALLSYMS,
                (line, start, end) -> {
                    Found found = symbol(line, start, end, null);
                    if (found != null && names.contains(found.name)) {
                        addresses.putIfAbsent(found.name, found.address);
                    }
                });
        return addresses;
    }

    private interface Line {
        void read(byte[] bytes, int start, int end);
    }

    private boolean eachLine(String path, Line reader) {
        byte[] bytes;
        try {
            bytes = files.readBytes(path);
        } catch (IOException e) {
            return false;
        }
        int start = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                reader.read(bytes, start, i);
                start = i + 1;
            }
        }
        return bytes.length > 0;
    }

    /** Returns what can be traced, or null when no list can be read. */
    private List<Found> traced(Glob pattern, Set<String> blacklist) {
        Tracefs tracefs = Tracefs.findOrNull(files);
        if (tracefs == null) {
            return null;
        }
        List<Found> traced = new ArrayList<>();
        // A line reads "NAME" with " [MODULE]" behind it, and the address before it in one list.
        boolean read =
                eachLine(
                        tracefs.absolute(TRACED + "_addrs"),
                        (line, start, end) -> {
                            int name = after(line, start, end);
                            add(traced, pattern, blacklist, line, start, name, end);
                        });
        read =
                read
                        || eachLine(
                                tracefs.absolute(TRACED),
                                (line, start, end) ->
                                        add(traced, pattern, blacklist, line, start, start, end));
        return read ? traced : null;
    }

    private static void add(
            List<Found> to,
            Glob pattern,
            Set<String> blacklist,
            byte[] line,
            int start,
            int name,
            int end) {
        String match = match(pattern, line, name, end);
        if (match != null && !match.startsWith(INVALID) && !blacklist.contains(match)) {
            to.add(new Found(match, name == start ? 0 : hexadecimal(line, start, name - 1)));
        }
    }

    private List<Found> kallsyms(Glob pattern, Set<String> blacklist) {
        List<Found> all = new ArrayList<>();
        eachLine(
                KALLSYMS,
                (line, start, end) -> {
                    Found found = symbol(line, start, end, pattern);
                    if (found != null && !blacklist.contains(found.name)) {
                        all.add(found);
                    }
                });
        return all;
    }

    // A line reads "ADDRESS TYPE NAME" with "\t[MODULE]" behind; text symbols have the types t, T,
    // w and W. What was made at run time stands in brackets that name no module.
    private static Found symbol(byte[] line, int start, int end, Glob pattern) {
        int type = after(line, start, end);
        int name = type + 2;
        if (name >= end || "tTwW".indexOf(line[type]) < 0) {
            return null;
        }
        String match = match(pattern, line, name, end);
        boolean made =
                match != null
                        && (endsWith(line, name, end, "[bpf]")
                                || endsWith(line, name, end, "[__builtin__ftrace]")
                                || endsWith(line, name, end, "[__builtin__kprobes]"));
        return match == null || made ? null : new Found(match, hexadecimal(line, start, type - 1));
    }

    /** Returns the name that begins at {@code from} if it matches, or null. */
    private static String match(Glob pattern, byte[] line, int from, int end) {
        int stop = from;
        while (stop < end && line[stop] != ' ' && line[stop] != '\t') {
            stop++;
        }
        if (stop == from) {
            return null;
        }
        boolean matches = pattern == null || pattern.matches(line, from, stop);
        if (!matches) {
            int promoted = indexOf(line, from, stop, PROMOTED);
            matches = promoted > from && pattern.matches(line, from, promoted);
        }
        return matches ? new String(line, from, stop - from, StandardCharsets.UTF_8) : null;
    }

    /** Replaces where functions call the tracer by where they begin. */
    private static List<Found> beginnings(List<Found> traced, List<Found> all) {
        Map<String, List<Found>> byName = byName(traced);
        List<Found> found = new ArrayList<>();
        for (Found function : all) {
            for (Found call : byName.getOrDefault(function.name, List.of())) {
                long distance = call.address - function.address;
                if (distance >= 0 && distance <= PROLOGUE) {
                    found.add(function);
                    break;
                }
            }
        }
        return found;
    }

    /** Takes the functions of names that as many functions have as can be traced. */
    private static List<Found> sameOften(List<Found> traced, List<Found> all) {
        Map<String, List<Found>> byName = byName(traced);
        List<Found> found = new ArrayList<>();
        byName(all)
                .forEach(
                        (name, functions) -> {
                            if (byName.getOrDefault(name, List.of()).size() >= functions.size()) {
                                found.addAll(functions);
                            }
                        });
        return found;
    }

    private static Map<String, List<Found>> byName(List<Found> functions) {
        Map<String, List<Found>> byName = new LinkedHashMap<>();
        for (Found function : functions) {
            byName.computeIfAbsent(function.name, name -> new ArrayList<>(1)).add(function);
        }
        return byName;
    }

    // A line reads "0xSTART-0xEND\tNAME".
    private Set<String> blacklist() {
        Set<String> names = new HashSet<>();
        eachLine(
                BLACKLIST,
                (line, start, end) -> {
                    int name = indexOf(line, start, end, "\t") + 1;
                    if (name > 0) {
                        names.add(new String(line, name, end - name, StandardCharsets.UTF_8));
                    }
                });
        return names;
    }

    /** Returns where the word after the first one begins, or {@code end}. */
    private static int after(byte[] line, int start, int end) {
        int space = start;
        while (space < end && line[space] != ' ') {
            space++;
        }
        return Math.min(space + 1, end);
    }

    private static long hexadecimal(byte[] line, int start, int end) {
        long value = 0;
        for (int i = start; i < end; i++) {
            value = value << 4 | Character.digit(line[i], 16);
        }
        return value;
    }

    private static int indexOf(byte[] line, int start, int end, String text) {
        for (int i = start; i <= end - text.length(); i++) {
            int same = 0;
            while (same < text.length() && line[i + same] == text.charAt(same)) {
                same++;
            }
            if (same == text.length()) {
                return i;
            }
        }
        return -1;
    }

    private static boolean endsWith(byte[] line, int start, int end, String text) {
        int from = end - text.length();
        return from >= start && indexOf(line, from, end, text) == from;
    }
}
