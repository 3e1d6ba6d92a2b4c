// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.error;

/**
 * The root of everything this library throws about objects, kernels and their limits.
 *
 * <p>When a system call failed, {@link #errno()} is its positive error number and {@link
 * #command()} names the call the way the kernel's headers do ({@code BPF_MAP_CREATE}, {@code
 * perf_event_open}).
 */
public class BpfException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String command;
    private final int errno;

    /**
     * Creates an exception that no system call caused.
     *
     * @param message what went wrong, where, and what to do
     */
    public BpfException(String message) {
        this(message, "", 0);
    }

    /**
     * Creates an exception that another one caused.
     *
     * @param message what went wrong, where, and what to do
     * @param cause the cause
     */
    public BpfException(String message, Throwable cause) {
        super(message, cause);
        this.command = "";
        this.errno = 0;
    }

    /**
     * Creates an exception for a failed system call.
     *
     * @param message what went wrong, where, and what to do
     * @param command the call, as the kernel's headers name it
     * @param errno the positive error number
     */
    public BpfException(String message, String command, int errno) {
        super(message);
        this.command = command;
        this.errno = errno;
    }

    /**
     * Returns the error number of the failed system call.
     *
     * @return the positive error number, or 0 when no system call failed
     */
    public int errno() {
        return errno;
    }

    /**
     * Returns the system call that failed.
     *
     * @return for example {@code BPF_PROG_LOAD}, or the empty string when no system call failed
     */
    public String command() {
        return command;
    }
}
