// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

/**
 * BPF instructions: model, decoder, encoder, assembler and disassembler.
 *
 * <p>Code here knows the instruction set and symbolic references, and neither objects nor kernels.
 */
package io.ebpf4j.asm;
