// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;

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
        if (isBlacklisted(function)) {
            return ": the function is on the kernel's blacklist for probes (NOKPROBE_SYMBOL)";
        }
        if (count > 1) {
            return ": the kernel has " + count + " functions of that name";
        }
        return isTraceable(function) ? "" : ": the function is compiled without tracing (notrace)";
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
    private boolean isBlacklisted(String function) {
        String list = files.readOrNull(BLACKLIST);
        return list != null && (list + "\n").contains("\t" + function + "\n");
    }

    private boolean isTraceable(String function) {
        Tracefs tracefs = Tracefs.findOrNull(files);
        String list =
                tracefs == null
                        ? null
                        : files.readOrNull(tracefs.absolute("available_filter_functions"));
        if (list == null || list.isEmpty()) {
            return true;
        }
        String lines = "\n" + list + "\n";
        return lines.contains("\n" + function + "\n") || lines.contains("\n" + function + " [");
    }
}
