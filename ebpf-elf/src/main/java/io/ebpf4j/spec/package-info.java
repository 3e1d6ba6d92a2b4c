// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

/**
 * What an object asks for, as plain editable values: programs, maps and variables.
 *
 * <p>Specs are parsed deterministically and hold no kernel resource; the section-name table and the
 * linker of subprograms live beside them.
 */
package io.ebpf4j.spec;
