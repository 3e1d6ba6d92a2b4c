// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.elf;

/**
 * One relocation: a place in a section that depends on a symbol.
 *
 * @param offset where, in bytes from the start of the section that changes; in executables and
 *     shared objects a virtual address
 * @param symbol what it depends on; index 0, undefined and without a name, when it depends on none
 * @param type how, a number of the machine's own, such as R_BPF_64_64 (1) or R_BPF_64_32 (10)
 * @param addend what to add, of a SHT_RELA entry; 0 for SHT_REL, where the changed place holds it
 */
public record ElfRelocation(long offset, ElfSymbol symbol, int type, long addend) {}
