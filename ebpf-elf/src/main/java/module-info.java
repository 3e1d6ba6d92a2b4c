// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

/** Reads, edits and relocates BPF objects without touching a kernel. */
module io.ebpf4j.elf {}
