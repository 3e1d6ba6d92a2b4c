// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.error;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

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
     * Explains why a file cannot be read, in words rather than by the name of a Java class.
     *
     * @param what what could not be done and with which file, such as {@code cannot read a.bpf.o}
     * @param cause what Java's file system threw
     * @return the exception to throw
     */
    public static BpfException unreadable(String what, IOException cause) {
        String why = cause.getMessage();
        if (cause instanceof NoSuchFileException) {
            why = "no such file";
        } else if (cause instanceof AccessDeniedException) {
            why = "permission denied";
        } else if (cause instanceof FileSystemException e && e.getReason() != null) {
            why = e.getReason();
        }
        return new BpfException(what + ": " + (why == null ? cause.toString() : why), cause);
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
