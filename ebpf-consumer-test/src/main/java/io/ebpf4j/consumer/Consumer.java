// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.consumer;

import io.ebpf4j.Collection;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.spec.CollectionSpec;

import java.io.PrintStream;
import java.nio.file.Path;

/** Does what needs no privileges, and says what it sees of the library. */
public final class Consumer {

    private static final PrintStream OUT = System.out;

    private Consumer() {}

    /**
     * Parses an object, asks the kernel for its version, and looks for the library's internals.
     *
     * @param arguments the path of an object
     */
    public static void main(String[] arguments) {
        CollectionSpec spec = CollectionSpec.parse(Path.of(arguments[0]));
        OUT.println("programs " + spec.programs().keySet());
        OUT.println("unknown " + unknown(spec));
        OUT.println("kernel " + Kernel.shared().version());
        OUT.println("module " + Collection.class.getModule().getName());
        OUT.println("internals " + internals());
    }

    private static String unknown(CollectionSpec spec) {
        try {
            return spec.program("absent").name();
        } catch (BpfException e) {
            return e.getClass().getSimpleName();
        }
    }

    /** A user who goes round the compiler meets the run time's check. */
    private static String internals() {
        try {
            Class<?> internal = Class.forName("io.ebpf4j.sys.NativeSystemCalls");
            return internal.getMethod("instance").invoke(null).getClass().getSimpleName();
        } catch (ReflectiveOperationException e) {
            return e.getClass().getSimpleName();
        }
    }
}
