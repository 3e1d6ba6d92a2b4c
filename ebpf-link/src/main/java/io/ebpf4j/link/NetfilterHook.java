// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

/** Where netfilter shows a program the packets ({@code enum nf_inet_hooks}, in its order). */
public enum NetfilterHook {
    /** Those that arrived, before it is known where they go. */
    PREROUTING,
    /** Those that are for this machine. */
    LOCAL_IN,
    /** Those that are passed on. */
    FORWARD,
    /** Those that this machine sends. */
    LOCAL_OUT,
    /** Those that are about to leave. */
    POSTROUTING;

    private static final NetfilterHook[] VALUES = values();

    @SuppressWarnings("EnumOrdinal") // declared in the kernel's order
    int number() {
        return ordinal();
    }

    /** Returns the hook with a number of the kernel's, or null. */
    static NetfilterHook ofNumber(int number) {
        return number >= 0 && number < VALUES.length ? VALUES[number] : null;
    }
}
