// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

/**
 * The family of errors every module throws, all under {@code BpfException}.
 *
 * <p>An error lives here when a caller may want to catch it by type. It says what was wrong, where,
 * and what to do about it. Nothing here depends on another package.
 */
package io.ebpf4j.error;
