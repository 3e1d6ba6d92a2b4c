// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

/** Reads, edits and relocates BPF objects without touching a kernel. */
module io.ebpf4j.elf {
    exports io.ebpf4j.asm;
    exports io.ebpf4j.btf;
    exports io.ebpf4j.elf;
    exports io.ebpf4j.error;
    exports io.ebpf4j.golang;
    exports io.ebpf4j.relocation;
    exports io.ebpf4j.spec;
}
