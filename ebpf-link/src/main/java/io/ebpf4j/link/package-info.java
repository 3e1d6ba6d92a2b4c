// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Attaching programs: one class per hook with its options, the {@code Link} that results, and the
 * resolution of names (tracepoints, kernel functions, symbols of executables and libraries) that
 * attaching needs.
 *
 * <p>Nothing here loads a program or knows about maps.
 */
package io.ebpf4j.link;
