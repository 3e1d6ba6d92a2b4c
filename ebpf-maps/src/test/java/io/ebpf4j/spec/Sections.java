// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.spec;

/** Makes the specs of sections of global data, which otherwise come from objects only. */
public final class Sections {
    private Sections() {}

    /** Returns the spec of a section with these bytes. */
    public static MapSpec of(String name, int flags, int... bytes) {
        MapSpec spec = MapSpec.internal(name, "test" + name, bytes.length).flags(flags);
        for (int i = 0; i < bytes.length; i++) {
            spec.contents()[i] = (byte) bytes[i];
        }
        return spec;
    }
}
