// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.golang;

/**
 * A function of a Go program.
 *
 * @param name its name as the linker has it, such as {@code main.handle} or {@code
 *     net/http.(*Client).Do}; in the table of functions, which a stripped file has alone, type
 *     arguments are abbreviated: {@code main.Map[...]}
 * @param address its virtual address, before a load bias
 * @param size bytes, perhaps with those that fill up to the next function
 */
public record GoFunction(String name, long address, long size) {}
