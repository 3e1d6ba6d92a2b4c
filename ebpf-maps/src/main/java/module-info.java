// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

/** Typed maps, ring buffers and global variables. */
module io.ebpf4j.maps {
    requires transitive io.ebpf4j.core;

    exports io.ebpf4j.map;
}
