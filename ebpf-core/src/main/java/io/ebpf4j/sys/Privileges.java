// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.sys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What this process may do, as far as it decides about bpf(): read when a call was refused, never
 * before.
 *
 * @param effective {@code CapEff} of /proc/self/status; all bits when it cannot be read
 * @param initialNamespace false in a user namespace of a container, where capabilities do not count
 *     for bpf()
 * @param unprivilegedDisabled the sysctl kernel.unprivileged_bpf_disabled, or -1
 * @param lockdown {@code integrity}, {@code confidentiality} or {@code none}; empty when it cannot
 *     be read
 */
public record Privileges(
        long effective, boolean initialNamespace, int unprivilegedDisabled, String lockdown) {

    private static final Path LOCKDOWN = Path.of("/sys/kernel/security/lockdown");

    static Privileges read() {
        return new Privileges(
                effective(text(Path.of("/proc/self/status"))),
                initialNamespace(text(Path.of("/proc/self/uid_map"))),
                number(text(Path.of("/proc/sys/kernel/unprivileged_bpf_disabled"))),
                lockdown(text(LOCKDOWN)));
    }

    boolean has(long capabilities) {
        return Capability.missing(capabilities, effective) == 0;
    }

    /** Finds the mask after {@code CapEff:}. */
    static long effective(String status) {
        int at = status.indexOf("CapEff:");
        if (at < 0) {
            return -1;
        }
        int end = status.indexOf('\n', at);
        String mask = status.substring(at + "CapEff:".length(), end < 0 ? status.length() : end);
        try {
            return Long.parseUnsignedLong(mask.trim(), 16);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /**
     * Says whether a user namespace is the initial one, which maps all of the 32-bit ids onto
     * themselves.
     *
     * @param uidMap what /proc/self/uid_map says; empty when it cannot be read
     * @return false for another namespace
     */
    public static boolean initialNamespace(String uidMap) {
        return uidMap.isBlank() || uidMap.strip().endsWith("4294967295");
    }

    /** Finds the word in brackets, as in {@code none [integrity] confidentiality}. */
    static String lockdown(String modes) {
        int open = modes.indexOf('[');
        int close = modes.indexOf(']', open + 1);
        return open < 0 || close < 0 ? "" : modes.substring(open + 1, close);
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text.trim());
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException | SecurityException e) {
            return "";
        }
    }
}
