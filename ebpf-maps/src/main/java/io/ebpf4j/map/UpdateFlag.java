// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

/**
 * What {@link BpfMap#put(Object, Object, UpdateFlag)} does with an element that is there, or is
 * not.
 */
public enum UpdateFlag {
    /** Creates the element or replaces its value ({@code BPF_ANY}). */
    ANY(0),
    /** Creates the element; fails if it is there ({@code BPF_NOEXIST}). */
    NOEXIST(1),
    /** Replaces the value; fails if the element is not there ({@code BPF_EXIST}). */
    EXIST(2);

    private final long number;

    UpdateFlag(long number) {
        this.number = number;
    }

    /** Returns the kernel's number. */
    long number() {
        return number;
    }
}
