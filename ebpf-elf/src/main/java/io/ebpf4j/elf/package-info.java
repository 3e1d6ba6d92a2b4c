// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

/**
 * ELF64 files of either byte order: header, sections, symbols, relocations and program headers.
 *
 * <p>Here live the bounds-checked readers of the container format and nothing that knows what a
 * section means to BPF.
 */
package io.ebpf4j.elf;
