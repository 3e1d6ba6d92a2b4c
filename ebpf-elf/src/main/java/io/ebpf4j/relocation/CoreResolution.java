// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.relocation;

import io.ebpf4j.btf.CoreRelocation;

/**
 * What became of one CO-RE relocation.
 *
 * @param relocation the relocation, its slot counted from the function's start
 * @param description what was asked for, in C-like words, such as {@code [12] struct
 *     task_struct::pid}
 * @param candidates number of types of that name in the target
 * @param matched whether any of them has what was asked for
 * @param poisoned whether the instruction was replaced by one that the verifier rejects when it is
 *     reachable
 * @param value the number written into the instruction; 0 when poisoned
 */
public record CoreResolution(
        CoreRelocation relocation,
        String description,
        int candidates,
        boolean matched,
        boolean poisoned,
        long value) {}
