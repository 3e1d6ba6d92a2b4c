// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Every way to attach a program, and the links that result.
 *
 * <p>Each attach type lives with its options and its fallbacks for older kernels; symbols and
 * offsets are resolved here. Loading is done elsewhere.
 */
package io.ebpf4j.link;
