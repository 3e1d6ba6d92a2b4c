// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.error;

/** Thrown when the running kernel, or this library, cannot do what was asked for. */
public final class UnsupportedException extends BpfException {
    private static final long serialVersionUID = 1L;

    private final String minimumKernel;

    /**
     * Creates the exception.
     *
     * @param what what is not supported
     * @param minimumKernel the first kernel that has it, such as {@code 5.15}; empty when no kernel
     *     version helps
     * @param instead what to do instead; may be empty
     */
    public UnsupportedException(String what, String minimumKernel, String instead) {
        this(what, minimumKernel, instead, "", 0);
    }

    /**
     * Creates the exception for a failed system call.
     *
     * @param what what is not supported
     * @param minimumKernel the first kernel that has it, such as {@code 5.15}; empty when no kernel
     *     version helps
     * @param instead what to do instead; may be empty
     * @param command the call that failed, as the kernel's headers name it
     * @param errno the positive error number
     */
    public UnsupportedException(
            String what, String minimumKernel, String instead, String command, int errno) {
        super(
                what
                        + (minimumKernel.isEmpty()
                                ? ""
                                : " (needs Linux " + minimumKernel + " or newer)")
                        + (instead.isEmpty() ? "" : "; " + instead),
                command,
                errno);
        this.minimumKernel = minimumKernel;
    }

    /**
     * Returns the first kernel version that supports what was asked for.
     *
     * @return such as {@code 5.15}, or the empty string when no kernel version helps
     */
    public String minimumKernel() {
        return minimumKernel;
    }
}
