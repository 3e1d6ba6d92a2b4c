// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.relocation;

import io.ebpf4j.btf.Btf;

import java.util.List;

/** The types that CO-RE relocations are resolved against: a kernel's, or any BTF's. */
public interface TargetTypes {

    /**
     * Returns the types that are searched first.
     *
     * @return vmlinux BTF, or the BTF a user gave
     */
    Btf vmlinux();

    /**
     * Returns the types that are searched when {@link #vmlinux} has no candidate.
     *
     * @return split BTF of the loaded modules; a broken one is left out. Computed on the first call
     */
    List<Btf> modules();

    /**
     * Names these types for people.
     *
     * @param types {@link #vmlinux} or one of {@link #modules}
     * @return {@code vmlinux}, or the module's name
     */
    default String name(Btf types) {
        return types.firstId() == 1 ? "vmlinux" : "a module";
    }
}
