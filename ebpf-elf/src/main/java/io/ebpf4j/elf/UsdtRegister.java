// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.elf;

/**
 * A register that a static probe's argument is in.
 *
 * @param name the name as the probe's note writes it, such as {@code %edi}
 * @param offset where {@code struct pt_regs}, the context of the program, keeps it: bytes to the
 *     lowest byte of a little-endian machine's register, to the highest of a big-endian one's
 */
public record UsdtRegister(String name, int offset) {}
