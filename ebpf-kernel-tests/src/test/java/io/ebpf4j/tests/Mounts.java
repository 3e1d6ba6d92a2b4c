// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * The file systems that tests need mounted, at their usual places.
 *
 * <p>A JVM has threads by the time its code runs and so cannot leave for a mount namespace of its
 * own. What is missing is therefore mounted for the machine, as its boot would have done, once, and
 * said so in one line.
 */
@SuppressWarnings("ImmutableEnumChecker") // that a mount was tried is kept beside it
enum Mounts {
    /** Tracepoint ids, kprobe and uprobe events. */
    TRACEFS("tracefs", Path.of("/sys/kernel/tracing"), "events"),
    /** Pinned objects. */
    BPFFS("bpf", Path.of("/sys/fs/bpf"), "");

    private final String type;
    private final Path place;
    private final String content;
    private String state;

    Mounts(String type, Path place, String content) {
        this.type = type;
        this.place = place;
        this.content = content;
    }

    /**
     * Gives the usual place.
     *
     * @return the folder, mounted or not
     */
    Path place() {
        return place;
    }

    /**
     * Tells whether the file system is mounted, without mounting it.
     *
     * @return whether it can be read now
     */
    boolean isMounted() {
        try {
            return Files.readString(Path.of("/proc/self/mounts"))
                            .contains(" " + place + " " + type + " ")
                    && Files.isReadable(place.resolve(content));
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Mounts the file system unless it is.
     *
     * @return what is missing, or the empty string
     */
    synchronized String ensure() {
        if (state == null) {
            state = isMounted() ? "" : mount();
        }
        return state;
    }

    private String mount() {
        try {
            Process mount =
                    new ProcessBuilder("mount", "-t", type, type, place.toString())
                            .redirectErrorStream(true)
                            .start();
            mount.getOutputStream().close();
            String said =
                    new String(mount.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                            .strip();
            if (!mount.waitFor(10, TimeUnit.SECONDS) || mount.exitValue() != 0 || !isMounted()) {
                return type + " missing (" + said.lines().findFirst().orElse("mount failed") + ")";
            }
            System.out.println("kernel tests: mounted " + type + " at " + place);
            return "";
        } catch (IOException e) {
            return type + " missing (" + e.getMessage() + ")";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return type + " missing (interrupted)";
        }
    }
}
