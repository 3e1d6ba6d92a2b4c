// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;

/**
 * The files as a process sees them: those of this system, or, of a process with another root or
 * mount namespace, those below {@code /proc/PID/root}.
 *
 * @param files the files of this system
 * @param root what comes before a path of the process, or the empty string
 */
record ProcessFiles(HostFiles files, String root) {
    private static final int MOST_LINKS = 40;

    /**
     * Returns the files of a process, or of this system for a pid of 0 or less, and where the
     * process does not exist or cannot be asked.
     */
    static ProcessFiles of(HostFiles files, int pid) {
        String process = "/proc/" + pid;
        return new ProcessFiles(
                files, pid > 0 && isElsewhere(files, process) ? process + "/root" : "");
    }

    private static boolean isElsewhere(HostFiles files, String process) {
        try {
            Path theirs = Files.readSymbolicLink(files.path(process + "/ns/mnt"));
            Path ours = Files.readSymbolicLink(files.path("/proc/self/ns/mnt"));
            return !theirs.equals(ours)
                    || !Files.isSameFile(files.path(process + "/root"), files.path("/"));
        } catch (IOException e) {
            return false;
        }
    }

    boolean elsewhere() {
        return !root.isEmpty();
    }

    /**
     * Returns where an absolute path of the process leads in this system. Symbolic links there are
     * followed here, since the kernel would follow an absolute one to our root.
     */
    String resolve(String path) {
        if (root.isEmpty()) {
            return path;
        }
        Deque<String> ahead = new ArrayDeque<>(parts(path));
        List<String> behind = new ArrayList<>();
        int links = 0;
        while (!ahead.isEmpty()) {
            String part = ahead.pop();
            if (part.equals("..")) {
                if (!behind.isEmpty()) {
                    behind.removeLast();
                }
                continue;
            }
            behind.add(part);
            String target = links < MOST_LINKS ? link(join(behind)) : null;
            if (target != null) {
                links++;
                behind.removeLast();
                if (target.startsWith("/")) {
                    behind.clear();
                }
                parts(target).reversed().forEach(ahead::push);
            }
        }
        return join(behind);
    }

    private static List<String> parts(String path) {
        List<String> parts = new ArrayList<>();
        for (String part : path.split("/", -1)) {
            if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        return parts;
    }

    private String join(List<String> parts) {
        return root + "/" + String.join("/", parts);
    }

    private String link(String path) {
        Path file = files.path(path);
        try {
            return Files.isSymbolicLink(file)
                    ? Objects.toString(Files.readSymbolicLink(file))
                    : null;
        } catch (IOException e) {
            return null;
        }
    }
}
