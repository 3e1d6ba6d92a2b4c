// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.spec;

/**
 * A name that an object leaves to its loader: a kernel configuration value, a kernel symbol or a
 * kernel function.
 *
 * @param name the name in C
 * @param kind what it stands for
 * @param weak whether the object copes without it
 * @param typeId id of its BTF_KIND_VAR or BTF_KIND_FUNC in the object's BTF
 * @param offset where its value lies in the map {@code .kconfig}, in bytes; -1 for other kinds
 * @param size bytes of its value in the map {@code .kconfig}; 0 for other kinds
 */
public record ExternSpec(String name, Kind kind, boolean weak, int typeId, int offset, int size) {

    /** What an extern stands for. */
    public enum Kind {
        /**
         * {@code extern ... __kconfig}: a value of the kernel's configuration, or a virtual one
         * such as the version.
         */
        KCONFIG,
        /** {@code extern struct T x __ksym}: a variable in the kernel's BTF. */
        KSYM_TYPED,
        /** {@code extern void x __ksym}: an address in /proc/kallsyms. */
        KSYM_UNTYPED,
        /** {@code extern int f(...) __ksym}: a kernel function. */
        KFUNC
    }
}
