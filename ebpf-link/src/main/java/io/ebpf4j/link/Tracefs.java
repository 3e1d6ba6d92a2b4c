// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.PermissionDeniedException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.sys.Errno;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The tracing file system: where it is mounted, and the ids of the events in it. */
final class Tracefs {
    private static final String MOUNT_POINT = "/sys/kernel/tracing";
    private static final String DEBUGFS_MOUNT_POINT = "/sys/kernel/debug";

    private final HostFiles files;
    private final String root;

    private Tracefs(HostFiles files, String root) {
        this.files = files;
        this.root = root;
    }

    /**
     * Finds the mount.
     *
     * @throws UnsupportedException if it is not mounted; names the command that mounts it
     */
    static Tracefs find(HostFiles files) {
        Tracefs found = findOrNull(files);
        if (found == null) {
            throw new UnsupportedException(
                    "tracefs is not mounted, and event ids are read from it",
                    "",
                    "mount it as root: mount -t tracefs nodev " + MOUNT_POINT);
        }
        return found;
    }

    static Tracefs findOrNull(HostFiles files) {
        String mounts = files.readOrNull("/proc/self/mountinfo");
        String mounted = mounts == null ? null : MountTable.find(mounts, "tracefs");
        if (mounted != null) {
            return new Tracefs(files, mounted);
        }
        // Since 4.1 debugfs mounts tracefs below itself at the first access; before that the files
        // are its own.
        String debugfs = mounts == null ? null : MountTable.find(mounts, "debugfs");
        String[] places = {debugfs == null ? DEBUGFS_MOUNT_POINT : debugfs, DEBUGFS_MOUNT_POINT};
        for (String place : places) {
            if (files.exists(place + "/tracing/events")) {
                return new Tracefs(files, place + "/tracing");
            }
        }
        return files.exists(MOUNT_POINT + "/events") ? new Tracefs(files, MOUNT_POINT) : null;
    }

    HostFiles files() {
        return files;
    }

    /** Returns an absolute path inside the mount, as the kernel sees it. */
    String absolute(String relative) {
        return root + "/" + relative;
    }

    Path path(String relative) {
        return files.path(absolute(relative));
    }

    /**
     * Returns the id that {@code perf_event_open} wants in {@code config}.
     *
     * @throws BpfException if there is no such category or name; names the nearest
     * @throws PermissionDeniedException if tracefs is not readable
     */
    int eventId(String category, String name) {
        requireFileName("category", category);
        requireFileName("name", name);
        String id = absolute("events/" + category + "/" + name + "/id");
        try {
            return Integer.parseInt(files.read(id));
        } catch (NoSuchFileException e) {
            throw noSuchEvent(category, name);
        } catch (AccessDeniedException e) {
            throw denied(id);
        } catch (IOException | NumberFormatException e) {
            throw new BpfException(
                    "cannot read the id of tracepoint " + category + "/" + name + " from " + id, e);
        }
    }

    static PermissionDeniedException denied(String path) {
        return new PermissionDeniedException(
                "cannot open " + path,
                "access to tracefs",
                "run as root, or let a group read it: mount -o remount,gid=GROUP,mode=750 "
                        + MOUNT_POINT,
                "open",
                Errno.EACCES);
    }

    private static void requireFileName(String what, String text) {
        if (text.isEmpty()
                || text.equals(".")
                || text.equals("..")
                || text.indexOf('/') >= 0
                || text.indexOf(0) >= 0) {
            throw new BpfException(
                    "\""
                            + text
                            + "\" is no tracepoint "
                            + what
                            + "; a tracepoint is named by a category and a name, such as syscalls"
                            + " and sys_enter_openat");
        }
    }

    private BpfException noSuchEvent(String category, String name) {
        List<String> names = directories("events/" + category);
        if (!names.isEmpty()) {
            return new BpfException(
                    "there is no tracepoint "
                            + name
                            + " in category "
                            + category
                            + Suggestions.sentence(name, names));
        }
        List<String> categories = directories("events");
        String elsewhere = "";
        for (String other : categories) {
            if (Files.isDirectory(path("events/" + other + "/" + name))) {
                elsewhere = "; there is " + other + "/" + name;
            }
        }
        return new BpfException(
                "there is no tracepoint category "
                        + category
                        + " (for "
                        + category
                        + "/"
                        + name
                        + ")"
                        + (elsewhere.isEmpty()
                                ? Suggestions.sentence(category, categories)
                                : elsewhere));
    }

    private List<String> directories(String relative) {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path(relative))) {
            for (Path entry : entries) {
                if (Files.isDirectory(entry)) {
                    names.add(entry.getFileName().toString());
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // The names only improve a message.
            return names;
        }
        return names;
    }
}
