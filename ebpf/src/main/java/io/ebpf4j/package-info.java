// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

/**
 * The front door: loads an object and hands out its programs, maps, variables and links.
 *
 * <p>Only what walks a spec through the other modules lives here; anything a lower module could
 * hold is there.
 */
package io.ebpf4j;
