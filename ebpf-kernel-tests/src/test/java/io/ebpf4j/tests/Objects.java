// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import io.ebpf4j.spec.CollectionSpec;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The objects beside these tests, compiled from {@code src/test/bpf}. */
final class Objects {

    private Objects() {}

    static byte[] bytes(String name) {
        try (InputStream in = Objects.class.getResourceAsStream("/" + name + ".bpf.o")) {
            if (in == null) {
                throw new IllegalArgumentException(
                        "no " + name + ".bpf.o; run .ci/objects and build the tests");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static CollectionSpec spec(String name) {
        return CollectionSpec.parse(name, bytes(name));
    }
}
