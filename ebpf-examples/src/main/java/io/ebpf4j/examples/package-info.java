// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

/** Small real tools, one file of Java and one {@code .bpf.c} each. */
package io.ebpf4j.examples;
