// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.kernel;

import io.ebpf4j.error.BpfException;

/** Knows where distributions put the version their kernel is built from. */
final class VersionSource {
    private VersionSource() {}

    static KernelVersion read(KernelFiles files) {
        return of(
                files.text("/proc/version_signature"),
                files.text("/proc/sys/kernel/version"),
                files.text("/proc/sys/kernel/osrelease"));
    }

    /**
     * Picks the version.
     *
     * @param signature such as {@code Ubuntu 5.15.0-91.101-generic 5.15.131}; empty on other
     *     distributions
     * @param build such as {@code #1 SMP PREEMPT_DYNAMIC Debian 6.12.43-1 (2025-08-27)}
     * @param release such as {@code 6.12.43+deb12-amd64}
     */
    static KernelVersion of(String signature, String build, String release) {
        int last = signature.lastIndexOf(' ');
        KernelVersion version = last < 0 ? null : parse(signature.substring(last + 1));
        if (version == null) {
            int debian = build.indexOf("Debian ");
            version = debian < 0 ? null : parse(build.substring(debian + "Debian ".length()));
        }
        if (version == null) {
            version = parse(release);
        }
        if (version == null) {
            throw new BpfException(
                    "no kernel version in /proc/sys/kernel/osrelease, which holds \""
                            + release
                            + "\"");
        }
        return version;
    }

    private static KernelVersion parse(String text) {
        try {
            return KernelVersion.parse(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
