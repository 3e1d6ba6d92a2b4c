// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

/**
 * The system calls of this library, file descriptors and errno; for the sibling modules only.
 *
 * <p>Every restricted call and every method handle lives here, behind {@code SystemCalls}, which
 * tests replace with a script. Nothing else in the library issues a system call.
 */
package io.ebpf4j.sys;
