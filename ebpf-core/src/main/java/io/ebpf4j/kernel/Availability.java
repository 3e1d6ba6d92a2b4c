// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.kernel;

/**
 * What is known about one feature of a kernel: what the running kernel says, and what the kernel's
 * history says.
 *
 * @param support what a probe found out
 * @param since the first kernel that should have it, such as {@code 5.8}; empty when it is not
 *     known, or no kernel is known to have it
 * @param commit the kernel commit that introduced it, 12 hexadecimal digits; empty when not known
 * @param reason what the kernel answered, unless that was a plain yes: an error number, a sentence
 *     of the verifier's, or the permission that is missing; else empty
 */
public record Availability(Support support, String since, String commit, String reason) {

    /**
     * Returns whether the running kernel surely has it.
     *
     * @return true for {@link Support#YES}; false for no and for unknown
     */
    public boolean isAvailable() {
        return support == Support.YES;
    }
}
