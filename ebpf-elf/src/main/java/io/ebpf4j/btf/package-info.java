// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

/**
 * The BPF Type Format: types, their reader, writer, index and C printer, and {@code .BTF.ext}.
 *
 * <p>Types live here whether they come from an object or from a kernel; finding the kernel's own is
 * the business of {@code io.ebpf4j.kernel}.
 */
package io.ebpf4j.btf;
