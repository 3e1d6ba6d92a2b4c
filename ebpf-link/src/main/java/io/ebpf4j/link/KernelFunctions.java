// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.Set;

/**
 * What the kernel says about its functions, read only to explain why a probe was refused: {@code
 * /proc/kallsyms}, the probe blacklist of debugfs, and tracefs' {@code available_filter_functions}.
 */
final class KernelFunctions {
    private static final String KALLSYMS = "/proc/kallsyms";
    private static final String BLACKLIST = "/sys/kernel/debug/kprobes/blacklist";

    private final HostFiles files;

    KernelFunctions(HostFiles files) {
        this.files = files;
    }

    /** Says whether the kernel has kprobes at all: the function that registers one is there. */
    boolean hasKprobes() {
        return count("register_kprobe") != 0;
    }

    /** Returns how many functions have that name, or -1 when the list is not readable. */
    int count(String function) {
        int[] count = {0};
        return eachFunction(name -> count[0] += name.equals(function) ? 1 : 0) ? count[0] : -1;
    }

    /** Says why a probe on that function was refused; empty when nothing is known. */
    String explain(String function) {
        int count = count(function);
        if (count < 0) {
            return "";
        }
        if (count == 0) {
            Suggestions suggestions = new Suggestions(function);
            eachFunction(suggestions::offer);
            return ": the kernel has no such function" + suggestions.sentence();
        }
        if (blacklist().contains(function)) {
            return ": the function is on the kernel's blacklist for probes (NOKPROBE_SYMBOL)";
        }
        if (count > 1) {
            return ": the kernel has " + count + " functions of that name";
        }
        Set<String> traceable = traceable();
        return traceable.isEmpty() || traceable.contains(function)
                ? ""
                : ": the function is compiled without tracing (notrace)";
    }

    /** Returns the first function that is not there or cannot be probed, or null. */
    String suspect(Iterable<String> functions) {
        Set<String> there = new HashSet<>();
        if (!eachFunction(there::add)) {
            return null;
        }
        for (String function : functions) {
            if (!there.contains(function)) {
                return function;
            }
        }
        Set<String> blacklist = blacklist();
        Set<String> traceable = traceable();
        for (String function : functions) {
            if (blacklist.contains(function)
                    || !traceable.isEmpty() && !traceable.contains(function)) {
                return function;
            }
        }
        return null;
    }

    private interface Names {
        void offer(String name);
    }

    // A line reads "ADDRESS TYPE NAME" with "\t[MODULE]" behind; text symbols have the types t, T,
    // w and W.
    private boolean eachFunction(Names names) {
        try (BufferedReader lines =
                Files.newBufferedReader(files.path(KALLSYMS), StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                int type = line.indexOf(' ') + 1;
                if (type > 0
                        && line.length() > type + 2
                        && "tTwW".indexOf(line.charAt(type)) >= 0) {
                    int end = line.indexOf('\t', type);
                    names.offer(line.substring(type + 2, end < 0 ? line.length() : end));
                }
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    // A line reads "0xSTART-0xEND\tNAME".
    private Set<String> blacklist() {
        Set<String> names = new HashSet<>();
        for (String line : lines(BLACKLIST)) {
            names.add(line.substring(line.indexOf('\t') + 1));
        }
        return names;
    }

    /** Returns the functions that can be traced; empty when that is not known. */
    private Set<String> traceable() {
        Set<String> names = new HashSet<>();
        Tracefs tracefs = Tracefs.findOrNull(files);
        if (tracefs != null) {
            for (String line : lines(tracefs.absolute("available_filter_functions"))) {
                int end = line.indexOf(' ');
                names.add(end < 0 ? line : line.substring(0, end));
            }
        }
        return names;
    }

    private String[] lines(String path) {
        String text = files.readOrNull(path);
        return text == null || text.isEmpty() ? new String[0] : text.split("\n", -1);
    }
}
