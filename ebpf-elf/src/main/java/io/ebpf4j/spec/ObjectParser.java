// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.spec;

/** Turns the bytes of an object into a {@link CollectionSpec}. */
final class ObjectParser {

    private final String name;
    private final byte[] object;

    ObjectParser(String name, byte[] object) {
        this.name = name;
        this.object = object;
    }

    @SuppressWarnings("DoNotCallSuggester") // until it parses
    CollectionSpec parse() {
        throw new io.ebpf4j.error.UnsupportedException(
                "parsing of " + name + ", " + object.length + " bytes,", "", "");
    }
}
