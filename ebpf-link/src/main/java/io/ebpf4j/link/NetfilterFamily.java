// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

/** Whose packets netfilter shows a program ({@code NFPROTO_*}). */
public enum NetfilterFamily {
    /** IPv4. */
    IPV4(2),
    /** IPv6. */
    IPV6(10);

    private final int number;

    NetfilterFamily(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    /** Returns the family with a number of the kernel's, or null. */
    static NetfilterFamily ofNumber(int number) {
        for (NetfilterFamily family : values()) {
            if (family.number == number) {
                return family;
            }
        }
        return null;
    }
}
