// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.error;

/**
 * Thrown when the kernel refuses a call for lack of a capability, or because of a sysctl or
 * lockdown.
 */
public final class PermissionDeniedException extends BpfException {
    private static final long serialVersionUID = 1L;

    private final String missing;
    private final String remedy;

    /**
     * Creates the exception.
     *
     * @param what what was refused
     * @param missing the missing capability, or the sysctl or lockdown in the way, such as {@code
     *     CAP_BPF}
     * @param remedy a command or step that grants it
     * @param command the call that failed, as the kernel's headers name it
     * @param errno the positive error number, EPERM or EACCES
     */
    public PermissionDeniedException(
            String what, String missing, String remedy, String command, int errno) {
        super(what + ": missing " + missing + "; " + remedy, command, errno);
        this.missing = missing;
        this.remedy = remedy;
    }

    /**
     * Returns what is missing.
     *
     * @return such as {@code CAP_BPF and CAP_PERFMON}
     */
    public String missing() {
        return missing;
    }

    /**
     * Returns how to get it.
     *
     * @return a command or a step
     */
    public String remedy() {
        return remedy;
    }
}
