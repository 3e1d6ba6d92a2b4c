// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.error;

/** Thrown when bytes are not the ELF object, BTF or map definition they should be. */
public final class ObjectFormatException extends BpfException {
    private static final long serialVersionUID = 1L;

    private final long offset;

    /**
     * Creates an exception that names the place in the file.
     *
     * @param offset offset in bytes from the start of the file, or -1 when no single place is to
     *     blame
     * @param message what was found, what was expected, and in which section
     */
    public ObjectFormatException(long offset, String message) {
        super(
                offset < 0
                        ? message
                        : message + " (at file offset 0x" + Long.toHexString(offset) + ")");
        this.offset = offset;
    }

    /**
     * Creates an exception without a place.
     *
     * @param message what was found, what was expected, and in which section
     */
    public ObjectFormatException(String message) {
        this(-1, message);
    }

    /**
     * Returns where the bad bytes are.
     *
     * @return offset in bytes from the start of the file, or -1 when no single place is to blame
     */
    public long offset() {
        return offset;
    }
}
