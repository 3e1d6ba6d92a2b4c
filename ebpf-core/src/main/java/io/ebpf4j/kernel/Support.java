// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.kernel;

/** What a probe found out. */
public enum Support {
    /** The kernel has it. */
    YES,
    /** The kernel does not have it. */
    NO,
    /** The probe could not tell, for want of permission or memory; it is asked again next time. */
    UNKNOWN
}
