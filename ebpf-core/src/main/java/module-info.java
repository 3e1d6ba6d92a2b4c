// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

/** Talks to the kernel: system calls, file descriptors, feature probes and programs. */
@SuppressWarnings("module") // the siblings named below are compiled after this one
module io.ebpf4j.core {
    requires transitive io.ebpf4j.elf;
    requires org.slf4j;

    exports io.ebpf4j.kernel;
    exports io.ebpf4j.program;
    exports io.ebpf4j.sys to
            io.ebpf4j,
            io.ebpf4j.link,
            io.ebpf4j.maps;
}
