// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Where a process has places of a file in its memory, by {@code /proc/PID/maps}. */
final class LoadAddresses {
    /** A part of a file that is mapped to be executed. */
    private record Mapping(long start, long length, long fileOffset) {}

    private final List<Mapping> mappings = new ArrayList<>();

    /** Reads what the process has mapped of a file; nothing if there is no such process. */
    LoadAddresses(HostFiles files, int pid, String path) {
        String maps = files.readOrNull("/proc/" + pid + "/maps");
        String root = "/proc/" + pid + "/root";
        String inside = path.startsWith(root + "/") ? path.substring(root.length()) : path;
        String known = "";
        boolean ours = false;
        for (String line : maps == null ? new String[0] : maps.split("\n", -1)) {
            int slash = line.indexOf('/');
            if (slash < 0) {
                continue;
            }
            String mapped = line.substring(slash);
            if (!mapped.equals(known)) {
                known = mapped;
                ours = mapped.equals(inside) || isSame(files, root + mapped, path);
            }
            if (ours) {
                add(line.substring(0, slash).split(" +", -1));
            }
        }
    }

    private static boolean isSame(HostFiles files, String one, String other) {
        Path path = files.path(one);
        try {
            return Files.exists(path) && Files.isSameFile(path, files.path(other));
        } catch (IOException e) {
            return false;
        }
    }

    // 7f2a5c000000-7f2a5c021000 r-xp 00001000 08:01 1234
    private void add(String[] fields) {
        int dash = fields[0].indexOf('-');
        if (fields.length < 3 || dash < 0 || fields[1].indexOf('x') < 0) {
            return;
        }
        long start = Long.parseUnsignedLong(fields[0], 0, dash, 16);
        long end = Long.parseUnsignedLong(fields[0], dash + 1, fields[0].length(), 16);
        mappings.add(new Mapping(start, end - start, Long.parseUnsignedLong(fields[2], 16)));
    }

    /** Returns the addresses of a place of the file; several when it is loaded more than once. */
    List<Long> of(long fileOffset) {
        List<Long> addresses = new ArrayList<>();
        for (Mapping mapping : mappings) {
            long distance = fileOffset - mapping.fileOffset;
            if (distance >= 0 && distance < mapping.length) {
                addresses.add(mapping.start + distance);
            }
        }
        return addresses;
    }
}
