// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Reads ELF64 files: sections, symbols, relocations, program headers and static probes (USDT), and
 * nothing of what BPF puts into them.
 *
 * <p>Whatever knows section names or map definitions belongs to {@code io.ebpf4j.spec}.
 */
package io.ebpf4j.elf;
