// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Compile once, run everywhere: adjusts instructions to the types of the kernel they will run on.
 *
 * <p>The engine is given a target's BTF; it never looks for one.
 */
package io.ebpf4j.relocation;
