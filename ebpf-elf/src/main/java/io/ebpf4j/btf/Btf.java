// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.btf;

/** The types of one object or kernel. */
public interface Btf {

    /**
     * Returns a type.
     *
     * @param id the type's id
     * @return the type
     */
    BtfType type(int id);
}
