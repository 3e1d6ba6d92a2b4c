// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

/** Measures the library beside what else does the same; not published. */
package io.ebpf4j.bench;
