// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

/**
 * What is known of the running kernel: version, BTF, symbols, configuration and features.
 *
 * <p>Everything cached about a kernel hangs on one {@code Kernel} object. Feature probes live here,
 * each with the version that should have the feature.
 */
package io.ebpf4j.kernel;
