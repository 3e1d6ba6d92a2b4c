// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import java.io.File;
import java.io.IOException;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What this process holds open: its descriptors, and its mappings of kernel objects.
 *
 * <p>Descriptors are compared by what they refer to, never by number. BPF objects carry the
 * kernel's id (read from {@code /proc/self/fdinfo}), so one that is closed and another that leaks
 * do not cancel out; perf events, epoll and event descriptors have no identity and are counted.
 * Pipes and sockets carry their inode. Of plain files all count but those that the JVM opens when
 * it likes: archives it loads classes from, its image of modules, and the random devices.
 *
 * <p>A mapped ring buffer or global-data map holds its map although no descriptor shows it, hence
 * the mappings.
 *
 * @param counts how often each thing is held
 */
record Held(Map<String, Integer> counts) {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final Path DETAILS = Path.of("/proc/self/fdinfo");
    private static final Set<String> IDS = Set.of("prog_id", "map_id", "link_id", "btf_id");

    static {
        openWhatTheJvmKeeps();
    }

    /** The first channel that is closed has the JVM open a socket that it closes others with. */
    private static void openWhatTheJvmKeeps() {
        try {
            DatagramChannel.open().close();
        } catch (IOException e) {
            throw new IllegalStateException("no socket", e);
        }
    }

    /**
     * Looks now.
     *
     * @return what is held
     */
    static Held now() {
        Map<String, Integer> counts = new TreeMap<>();
        String[] numbers = DESCRIPTORS.toFile().list();
        for (String number : numbers == null ? new String[0] : numbers) {
            try {
                String target = Files.readSymbolicLink(DESCRIPTORS.resolve(number)).toString();
                if (!isOfTheJvm(target)) {
                    counts.merge(target + identity(target, number), 1, Integer::sum);
                }
            } catch (IOException e) {
                // closed since it was listed, as the listing's own descriptor always is
            }
        }
        addMappings(counts);
        return new Held(counts);
    }

    /**
     * Tells what is held now that was not held before.
     *
     * @param before the earlier look
     * @return one line for each thing, empty if there is none
     */
    static List<String> since(Held before) {
        List<String> more = new ArrayList<>();
        for (Map.Entry<String, Integer> e : now().counts.entrySet()) {
            int extra = e.getValue() - before.counts.getOrDefault(e.getKey(), 0);
            if (extra > 0) {
                more.add("open " + e.getKey() + (extra > 1 ? " (" + extra + " more)" : ""));
            }
        }
        return more;
    }

    private static boolean isOfTheJvm(String target) {
        return target.endsWith(".jar")
                || target.endsWith(File.separator + "lib" + File.separator + "modules")
                || target.equals("/dev/random")
                || target.equals("/dev/urandom");
    }

    private static String identity(String target, String number) throws IOException {
        if (!target.startsWith("anon_inode:")) {
            return "";
        }
        StringBuilder ids = new StringBuilder();
        for (String line : Files.readAllLines(DETAILS.resolve(number))) {
            int colon = line.indexOf(':');
            if (colon > 0 && IDS.contains(line.substring(0, colon))) {
                ids.append(' ')
                        .append(line, 0, colon)
                        .append('=')
                        .append(line.substring(colon + 1).strip());
            }
        }
        return ids.toString();
    }

    private static void addMappings(Map<String, Integer> counts) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
                int object = line.indexOf("anon_inode:");
                if (object >= 0) {
                    counts.merge("mapping of " + line.substring(object), 1, Integer::sum);
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("/proc/self/maps", e);
        }
    }
}
