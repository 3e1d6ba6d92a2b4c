// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Reads what Go's linker writes into executables: the version, the table of functions, and where
 * the machine code of a function begins its work and returns.
 *
 * <p>Nothing here attaches: whoever puts probes at these places belongs to {@code io.ebpf4j.link}.
 */
package io.ebpf4j.golang;
