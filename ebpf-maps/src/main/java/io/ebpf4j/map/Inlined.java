// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;

/**
 * A method handle that is a constant to the JIT compiler, which therefore inlines the whole tree
 * below it.
 */
abstract class Inlined {

    Object decode(MemorySegment segment, long offset) {
        throw new UnsupportedOperationException();
    }

    void encode(Object value, MemorySegment segment, long offset) {
        throw new UnsupportedOperationException();
    }

    static Inlined decoder(MethodHandle handle) {
        return define("Inlined$Decoder.class", handle);
    }

    static Inlined encoder(MethodHandle handle) {
        return define("Inlined$Encoder.class", handle);
    }

    private static Inlined define(String template, MethodHandle handle) {
        try (InputStream in = Inlined.class.getResourceAsStream(template)) {
            MethodHandles.Lookup hidden =
                    MethodHandles.lookup()
                            .defineHiddenClassWithClassData(in.readAllBytes(), handle, true);
            return (Inlined) hidden.lookupClass().getDeclaredConstructor().newInstance();
        } catch (IOException | ReflectiveOperationException e) {
            throw new IllegalStateException("cannot define " + template, e);
        }
    }

    /**
     * Returns the handle that {@link #define} passes; called by the static initialisers of hidden
     * classes.
     */
    static MethodHandle constant(MethodHandles.Lookup lookup) {
        try {
            return MethodHandles.classData(lookup, "_", MethodHandle.class);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Returns what a handle threw, which is unchecked since constructors and accessors of records
     * declare nothing.
     */
    static RuntimeException unchecked(Throwable thrown) {
        if (thrown instanceof RuntimeException e) {
            return e;
        }
        if (thrown instanceof Error e) {
            throw e;
        }
        return new IllegalStateException(thrown);
    }

    /** The template of decoders: never initialised itself, copied into hidden classes. */
    static final class Decoder extends Inlined {
        private static final MethodHandle HANDLE = constant(MethodHandles.lookup());

        @Override
        Object decode(MemorySegment segment, long offset) {
            try {
                return (Object) HANDLE.invokeExact(segment, offset);
            } catch (Throwable t) {
                throw unchecked(t);
            }
        }
    }

    /** The template of encoders: never initialised itself, copied into hidden classes. */
    static final class Encoder extends Inlined {
        private static final MethodHandle HANDLE = constant(MethodHandles.lookup());

        @Override
        void encode(Object value, MemorySegment segment, long offset) {
            try {
                HANDLE.invokeExact(value, segment, offset);
            } catch (Throwable t) {
                throw unchecked(t);
            }
        }
    }
}
