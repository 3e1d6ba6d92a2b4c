// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.Failure;
import io.ebpf4j.sys.NativeText;
import io.ebpf4j.sys.SystemCalls;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A kprobe or uprobe written to tracefs as an event of its own, for kernels without the probe PMUs
 * (before 4.17, commits e12f03d7031a and 33ea4b24277b). Closing it removes the event.
 *
 * <p>Events outlive their process, so the group's name says whose they are: {@code
 * ebpf4j_NAMESPACE_PID}, with the inode of the process's pid namespace. Each new event first
 * removes those of processes of the same namespace that are gone; the kernel keeps one that a
 * pinned link still uses.
 */
final class ProbeEvent implements AutoCloseable {
    /** Where the kernel takes such events. */
    enum Kind {
        KPROBE("kprobe_events", "CONFIG_KPROBE_EVENTS"),
        UPROBE("uprobe_events", "CONFIG_UPROBE_EVENTS");

        private final String file;
        private final String option;

        Kind(String file, String option) {
            this.file = file;
            this.option = option;
        }
    }

    private static final String PREFIX = "ebpf4j_";
    private static final int WRITE_APPEND = 0x1 | 0x400;
    private static final int LONGEST_LABEL = 40;
    private static final int ATTEMPTS = 64;

    private final SystemCalls calls;
    private final Tracefs tracefs;
    private final Kind kind;
    private final String group;
    private final String name;
    private final int id;
    private final AtomicBoolean closed = new AtomicBoolean();

    private ProbeEvent(SystemCalls calls, Tracefs tracefs, Kind kind, String group, String name) {
        this.calls = calls;
        this.tracefs = tracefs;
        this.kind = kind;
        this.group = group;
        this.name = name;
        try {
            this.id = tracefs.eventId(group, name);
        } catch (RuntimeException e) {
            write(calls, tracefs, kind, "-:" + group + "/" + name);
            throw e;
        }
    }

    /**
     * Creates the event.
     *
     * @param label what its name should remind of
     * @param place where it is: {@code function+0xoffset}, or {@code path:0xoffset(0xcounter)}
     * @throws UnsupportedException if the kernel takes no such events
     * @throws BpfException if it refuses this one; {@link BpfException#errno} says why
     */
    static ProbeEvent create(
            SystemCalls calls,
            Tracefs tracefs,
            Kind kind,
            boolean returning,
            String label,
            String place) {
        if (!Files.exists(tracefs.path(kind.file))) {
            throw new UnsupportedException(
                    "probes by tracefs: there is no " + tracefs.absolute(kind.file),
                    "",
                    "use a kernel built with " + kind.option);
        }
        String namespace = namespace(tracefs.files());
        removeStale(calls, tracefs, kind, PREFIX + namespace + "_");
        String group = PREFIX + namespace + "_" + ProcessHandle.current().pid();
        String stem = (returning ? "r_" : "p_") + identifier(label) + "_";
        for (int i = 0; i < ATTEMPTS; i++) {
            String name = stem + Long.toHexString(System.nanoTime());
            // Kernels before 4.17 take a second event of the same name without a word.
            if (Files.exists(tracefs.path("events/" + group + "/" + name))) {
                continue;
            }
            long result =
                    write(
                            calls,
                            tracefs,
                            kind,
                            (returning ? "r:" : "p:") + group + "/" + name + " " + place);
            if (result >= 0) {
                return new ProbeEvent(calls, tracefs, kind, group, name);
            }
            if (result != -Errno.EEXIST) {
                throw refused(tracefs, kind, (int) -result, place);
            }
        }
        throw refused(tracefs, kind, Errno.EEXIST, place);
    }

    int id() {
        return id;
    }

    /** Removes the event, once. A failure is logged: there is nothing left to undo. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            long result = write(calls, tracefs, kind, "-:" + group + "/" + name);
            if (result < 0 && result != -Errno.ENOENT) {
                Logger log = LoggerFactory.getLogger(ProbeEvent.class);
                log.warn(
                        "cannot remove the event {}/{} from {}: {}",
                        group,
                        name,
                        tracefs.absolute(kind.file),
                        Errno.describe((int) -result));
            }
        }
    }

    private static BpfException refused(Tracefs tracefs, Kind kind, int errno, String place) {
        String file = tracefs.absolute(kind.file);
        return errno == Errno.EACCES || errno == Errno.EPERM
                ? Tracefs.denied(file)
                : Failure.of("write", errno, "cannot add a probe at " + place + " to " + file);
    }

    private static long write(SystemCalls calls, Tracefs tracefs, Kind kind, String line) {
        long fd = calls.open(tracefs.path(kind.file).toString(), WRITE_APPEND, 0);
        if (fd < 0) {
            return fd;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = NativeText.string(arena, line + "\n");
            return calls.write((int) fd, text.asSlice(0, text.byteSize() - 1));
        } finally {
            calls.close((int) fd);
        }
    }

    // A line reads "p:GROUP/NAME place" or "r4:GROUP/NAME place".
    private static void removeStale(SystemCalls calls, Tracefs tracefs, Kind kind, String prefix) {
        String list = tracefs.files().readOrNull(tracefs.absolute(kind.file));
        int at = list == null ? -1 : list.indexOf(":" + prefix);
        while (at >= 0) {
            int pid = at + 1 + prefix.length();
            int slash = list.indexOf('/', pid);
            int end = list.indexOf(' ', pid);
            if (slash > pid
                    && end > slash
                    && !tracefs.files().exists("/proc/" + list.substring(pid, slash))) {
                write(calls, tracefs, kind, "-" + list.substring(at, end));
            }
            at = list.indexOf(":" + prefix, pid);
        }
    }

    // The link reads "pid:[4026531836]".
    private static String namespace(HostFiles files) {
        try {
            Path link = Files.readSymbolicLink(files.path("/proc/self/ns/pid"));
            return identifier(link.toString().substring("pid:".length())).replace("_", "");
        } catch (IOException e) {
            return "0";
        }
    }

    private static String identifier(String text) {
        StringBuilder s = new StringBuilder();
        for (int i = 0; i < text.length() && s.length() < LONGEST_LABEL; i++) {
            char c = text.charAt(i);
            boolean allowed = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
            s.append(allowed ? c : '_');
        }
        return s.toString();
    }
}
