// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

/**
 * The ids of the XDP programs of a network interface, 0 where there is none.
 *
 * @param genericId of the program in the network stack
 * @param nativeId of the program in the driver
 * @param offloadedId of the program on the network card
 */
public record XdpPrograms(int genericId, int nativeId, int offloadedId) {}
