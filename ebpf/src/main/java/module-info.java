// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

/** Loads BPF objects: the front door of ebpf4j. */
module io.ebpf4j {
    requires transitive io.ebpf4j.elf;
    requires transitive io.ebpf4j.core;
    requires transitive io.ebpf4j.maps;
    requires transitive io.ebpf4j.link;
    requires org.slf4j;

    exports io.ebpf4j;
}
