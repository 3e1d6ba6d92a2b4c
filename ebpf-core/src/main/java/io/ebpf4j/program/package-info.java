// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Programs in the kernel: load, verifier log, info, test run and pin.
 *
 * <p>A program here is loaded; what it was made from is a spec, and attaching it is the business of
 * {@code io.ebpf4j.link}.
 */
package io.ebpf4j.program;
