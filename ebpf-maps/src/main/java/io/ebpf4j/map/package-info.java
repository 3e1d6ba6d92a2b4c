// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Maps as Java sees them: typed views, codecs, memory-mapped variables and ring buffers.
 *
 * <p>A codec's layout is checked against BTF here, once, when a typed map is opened.
 */
package io.ebpf4j.map;
