// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.examples;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.error.VerifierException;

import java.util.Locale;

/**
 * How far a load came.
 *
 * @param stage {@code open} (the file), {@code prepare} (maps, externs, CO-RE), {@code load},
 *     {@code verify} (the kernel refused a program), or {@code ok}
 * @param rc 0, or a negative error number
 * @param reason why, in one line
 */
record LoadOutcome(String stage, int rc, String reason) {
    static final LoadOutcome OK = new LoadOutcome("ok", 0, "");

    private static final int EINVAL = 22;
    private static final int EOPNOTSUPP = 95;

    static LoadOutcome of(String stage, RuntimeException e) {
        int errno = 0;
        String reason = String.valueOf(e.getMessage());
        if (e instanceof VerifierException v) {
            reason = v.reason();
        }
        if (e instanceof BpfException b) {
            errno = b.errno();
        } else {
            reason = "a mistake of this tool: " + e;
        }
        if (errno == 0) {
            errno = e instanceof UnsupportedException ? EOPNOTSUPP : EINVAL;
        }
        return new LoadOutcome(stage, -errno, reason.strip().replaceAll("\\s+", " "));
    }

    /** Says that loading a prepared program failed: in the kernel, or before it was asked. */
    static LoadOutcome ofProgram(RuntimeException e) {
        boolean asked = e instanceof BpfException b && b.command().equals("BPF_PROG_LOAD");
        return of(asked ? "verify" : "load", e);
    }

    boolean ok() {
        return rc == 0;
    }

    /** Writes a kernel's number as libbpf calls it: the name in lower case. */
    static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
