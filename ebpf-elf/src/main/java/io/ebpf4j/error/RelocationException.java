// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.error;

/** Thrown when an instruction's reference or CO-RE relocation cannot be resolved. */
public final class RelocationException extends BpfException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message the function and instruction, what it refers to, and why that cannot be
     *     resolved
     */
    public RelocationException(String message) {
        super(message);
    }
}
