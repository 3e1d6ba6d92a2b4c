// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** Binds the methods of {@link Leaves} to the place of one component of a record. */
final class LeafHandles {
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

    private LeafHandles() {}

    /**
     * Returns a handle of type {@code (MemorySegment, long)T} that reads a component.
     *
     * @param at bytes from the start of the record
     */
    static MethodHandle getter(Shape shape, long at, String name)
            throws ReflectiveOperationException {
        if (shape instanceof Shape.Integral i && i.narrow()) {
            MethodHandle get = find("getNarrow", long.class, int.class, boolean.class);
            return cast(bind(get, at, i.size(), i.unsigned()), i.javaType());
        }
        if (shape instanceof Shape.Network n) {
            Shape.Integral i = n.number();
            MethodHandle get = find("getNetwork", long.class, int.class, boolean.class);
            return cast(bind(get, at, i.size(), i.unsigned()), i.javaType());
        }
        if (shape instanceof Shape.Bits b && b.constant() == null) {
            MethodHandle get = find("getBits", long.class, int.class, int.class, boolean.class);
            return cast(bind(get, at, b.shift(), b.bits(), b.signed()), b.javaType());
        }
        if (shape instanceof Shape.Integral || shape instanceof Shape.Floating) {
            Class<?> type = shape.javaType();
            return bind(find(primitive("get", type), type), at);
        }
        return bind(find("decode", Object.class, Codec.class), at, Codecs.of(shape, name));
    }

    /**
     * Returns a handle of type {@code (T, MemorySegment, long)void} that writes a component.
     *
     * @param at bytes from the start of the record
     */
    static MethodHandle putter(Shape shape, long at, String name)
            throws ReflectiveOperationException {
        if (shape instanceof Shape.Integral i && i.narrow()) {
            MethodHandle put = findPut("putNarrow", int.class, boolean.class, String.class);
            put = bind(put, at, i.size(), i.unsigned(), name);
            return put.asType(put.type().changeParameterType(0, i.javaType()));
        }
        if (shape instanceof Shape.Network n) {
            NumberCodecs.Numeral number = NumberCodecs.Numeral.of(n);
            MethodHandle put = findPut("putNetwork", int.class, boolean.class, String.class);
            put = bind(put, at, number.size(), number.unsigned(), name);
            return put.asType(put.type().changeParameterType(0, n.javaType()));
        }
        if (shape instanceof Shape.Bits b && b.constant() == null) {
            MethodHandle put =
                    findPut("putBits", int.class, int.class, boolean.class, String.class);
            put = bind(put, at, b.shift(), b.bits(), b.signed(), name);
            return MethodHandles.explicitCastArguments(
                    put, put.type().changeParameterType(0, b.javaType()));
        }
        if (shape instanceof Shape.Integral || shape instanceof Shape.Floating) {
            Class<?> type = shape.javaType();
            return bind(find(primitive("put", type), void.class, type), at);
        }
        MethodHandle put = find("encode", void.class, Codec.class, Object.class);
        return bind(put, at, Codecs.of(shape, name));
    }

    /** Returns a handle of type {@code (Object, MemorySegment, long)void} that fills an array. */
    static MethodHandle filler(Shape array, long at, String name)
            throws ReflectiveOperationException {
        MethodHandle fill = find("fill", void.class, Codecs.Filling.class, Object.class);
        return bind(fill, at, Codecs.of(array, name));
    }

    /**
     * Returns a handle of type {@code (MemorySegment, long)void} that clears the start of a record.
     */
    static MethodHandle zero(int size) throws ReflectiveOperationException {
        return bind(find("zero", void.class, int.class), 0L, size);
    }

    private static MethodHandle bind(MethodHandle handle, Object... first) {
        return MethodHandles.insertArguments(handle, 0, first);
    }

    private static MethodHandle cast(MethodHandle get, Class<?> type) {
        return MethodHandles.explicitCastArguments(get, get.type().changeReturnType(type));
    }

    /** Finds a method that takes a number as a long. */
    private static MethodHandle findPut(String name, Class<?>... parameters)
            throws ReflectiveOperationException {
        MethodType type = MethodType.methodType(void.class, parameters);
        return find(name, void.class, type.appendParameterTypes(long.class).parameterArray());
    }

    private static MethodHandle find(String name, Class<?> returnType, Class<?>... parameters)
            throws ReflectiveOperationException {
        MethodType type =
                MethodType.methodType(returnType, long.class)
                        .appendParameterTypes(parameters)
                        .appendParameterTypes(MemorySegment.class, long.class);
        return LOOKUP.findStatic(Leaves.class, name, type);
    }

    private static String primitive(String prefix, Class<?> type) {
        String name = type.getName();
        return prefix + Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }
}
