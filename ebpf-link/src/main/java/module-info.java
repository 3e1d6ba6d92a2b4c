// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

/** Attaches programs. */
module io.ebpf4j.link {
    requires transitive io.ebpf4j.core;
    requires org.slf4j;

    exports io.ebpf4j.link;
}
