// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.util.List;

/** Builds the trees of method handles that decode and encode a record. */
final class RecordHandles {
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

    private final Shape.Structure root;

    /**
     * Checks that the record and those in it are accessible.
     *
     * @throws BpfException if not, naming what to open
     */
    RecordHandles(Shape.Structure root) {
        this.root = root;
        checkAccess(root);
    }

    /** Returns a handle of type {@code (MemorySegment, long)Object}. */
    MethodHandle decoder() {
        try {
            return decoder(root, 0)
                    .asType(MethodType.methodType(Object.class, MemorySegment.class, long.class));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns a handle of type {@code (Object, MemorySegment, long)void}. */
    MethodHandle encoder() {
        try {
            MethodHandle handle = encoder(root, 0);
            if (root.padded()) {
                MethodHandle zero =
                        MethodHandles.insertArguments(
                                leaf(
                                        "zero",
                                        void.class,
                                        long.class,
                                        int.class,
                                        MemorySegment.class,
                                        long.class),
                                0,
                                0L,
                                root.size());
                handle =
                        MethodHandles.foldArguments(
                                handle, MethodHandles.dropArguments(zero, 0, root.javaType()));
            }
            return handle.asType(
                    MethodType.methodType(
                            void.class, Object.class, MemorySegment.class, long.class));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * {@code (segment, base) -> new R(c0(segment, base), c1(segment, base), …)}, from the last
     * component to the first.
     */
    private static MethodHandle decoder(Shape.Structure s, long at)
            throws ReflectiveOperationException {
        MethodHandle handle = LOOKUP.unreflectConstructor(constructor(s));
        List<Shape.Field> fields = s.fields();
        handle =
                MethodHandles.dropArguments(handle, fields.size(), MemorySegment.class, long.class);
        for (int i = fields.size() - 1; i >= 0; i--) {
            Shape.Field f = fields.get(i);
            MethodHandle get = getter(f.shape(), at + f.offset(), f.component().getName());
            get =
                    MethodHandles.explicitCastArguments(
                            get, get.type().changeReturnType(f.component().getType()));
            handle = MethodHandles.foldArguments(handle, i, get);
        }
        return handle;
    }

    /**
     * {@code (record, segment, base) -> { put(record.c0(), segment, base); put(record.c1(), …); …
     * }}.
     */
    private static MethodHandle encoder(Shape.Structure s, long at)
            throws ReflectiveOperationException {
        MethodHandle handle = null;
        for (Shape.Field f : s.fields()) {
            MethodHandle accessor = LOOKUP.unreflect(accessor(f));
            MethodHandle put = putter(f.shape(), at + f.offset(), f.component().getName());
            put = put.asType(put.type().changeParameterType(0, f.component().getType()));
            put = MethodHandles.filterArguments(put, 0, accessor);
            handle = handle == null ? put : MethodHandles.foldArguments(put, handle);
        }
        return handle;
    }

    private static MethodHandle getter(Shape shape, long at, String name)
            throws ReflectiveOperationException {
        if (shape instanceof Shape.Structure s) {
            return decoder(s, at);
        }
        if (shape instanceof Shape.Integral i && i.narrow()) {
            MethodHandle get =
                    leaf(
                            "getNarrow",
                            long.class,
                            long.class,
                            int.class,
                            boolean.class,
                            MemorySegment.class,
                            long.class);
            get = MethodHandles.insertArguments(get, 0, at, i.size(), i.unsigned());
            return MethodHandles.explicitCastArguments(
                    get, get.type().changeReturnType(i.javaType()));
        }
        if (shape instanceof Shape.Network n) {
            MethodHandle get =
                    leaf(
                            "getNetwork",
                            long.class,
                            long.class,
                            int.class,
                            boolean.class,
                            MemorySegment.class,
                            long.class);
            Shape.Integral i = n.number();
            get = MethodHandles.insertArguments(get, 0, at, i.size(), i.unsigned());
            return MethodHandles.explicitCastArguments(
                    get, get.type().changeReturnType(i.javaType()));
        }
        if (shape instanceof Shape.Bits b && b.constant() == null) {
            MethodHandle get =
                    leaf(
                            "getBits",
                            long.class,
                            long.class,
                            int.class,
                            int.class,
                            boolean.class,
                            MemorySegment.class,
                            long.class);
            get = MethodHandles.insertArguments(get, 0, at, b.shift(), b.bits(), b.signed());
            return MethodHandles.explicitCastArguments(
                    get, get.type().changeReturnType(b.javaType()));
        }
        if (shape instanceof Shape.Integral || shape instanceof Shape.Floating) {
            Class<?> type = shape.javaType();
            MethodHandle get =
                    leaf(primitive("get", type), type, long.class, MemorySegment.class, long.class);
            return MethodHandles.insertArguments(get, 0, at);
        }
        MethodHandle get =
                leaf(
                        "decode",
                        Object.class,
                        Codec.class,
                        long.class,
                        MemorySegment.class,
                        long.class);
        return MethodHandles.insertArguments(get, 0, Codecs.of(shape, name), at);
    }

    private static MethodHandle putter(Shape shape, long at, String name)
            throws ReflectiveOperationException {
        if (shape instanceof Shape.Structure s) {
            return encoder(s, at);
        }
        if (shape instanceof Shape.Integral i && i.narrow()) {
            MethodHandle put =
                    leaf(
                            "putNarrow",
                            void.class,
                            long.class,
                            int.class,
                            boolean.class,
                            String.class,
                            long.class,
                            MemorySegment.class,
                            long.class);
            put = MethodHandles.insertArguments(put, 0, at, i.size(), i.unsigned(), name);
            return put.asType(put.type().changeParameterType(0, i.javaType()));
        }
        if (shape instanceof Shape.Network n) {
            MethodHandle put =
                    leaf(
                            "putNetwork",
                            void.class,
                            long.class,
                            int.class,
                            boolean.class,
                            String.class,
                            long.class,
                            MemorySegment.class,
                            long.class);
            Shape.Integral i = n.number();
            // at full width the sign bit is a bit as any other
            boolean unsigned = i.narrow() ? i.unsigned() : i.javaType() == char.class;
            put = MethodHandles.insertArguments(put, 0, at, i.size(), unsigned, name);
            return put.asType(put.type().changeParameterType(0, i.javaType()));
        }
        if (shape instanceof Shape.Bits b && b.constant() == null) {
            MethodHandle put =
                    leaf(
                            "putBits",
                            void.class,
                            long.class,
                            int.class,
                            int.class,
                            boolean.class,
                            String.class,
                            long.class,
                            MemorySegment.class,
                            long.class);
            put = MethodHandles.insertArguments(put, 0, at, b.shift(), b.bits(), b.signed(), name);
            return MethodHandles.explicitCastArguments(
                    put, put.type().changeParameterType(0, b.javaType()));
        }
        if (shape instanceof Shape.Integral || shape instanceof Shape.Floating) {
            Class<?> type = shape.javaType();
            MethodHandle put =
                    leaf(
                            primitive("put", type),
                            void.class,
                            long.class,
                            type,
                            MemorySegment.class,
                            long.class);
            return MethodHandles.insertArguments(put, 0, at);
        }
        MethodHandle put =
                leaf(
                        "encode",
                        void.class,
                        Codec.class,
                        long.class,
                        Object.class,
                        MemorySegment.class,
                        long.class);
        return MethodHandles.insertArguments(put, 0, Codecs.of(shape, name), at);
    }

    private static String primitive(String prefix, Class<?> type) {
        String name = type.getName();
        return prefix + Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }

    private static MethodHandle leaf(String name, Class<?> returnType, Class<?>... parameters)
            throws ReflectiveOperationException {
        return LOOKUP.findStatic(Leaves.class, name, MethodType.methodType(returnType, parameters));
    }

    private static void checkAccess(Shape.Structure s) {
        try {
            constructor(s);
            for (Shape.Field f : s.fields()) {
                accessor(f);
                Shape inner = f.shape() instanceof Shape.Sequence q ? q.element() : f.shape();
                if (inner instanceof Shape.Structure nested) {
                    checkAccess(nested);
                }
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Constructor<?> constructor(Shape.Structure s) throws NoSuchMethodException {
        Class<?>[] parameters = new Class<?>[s.fields().size()];
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] = s.fields().get(i).component().getType();
        }
        return accessible(s.javaType().getDeclaredConstructor(parameters), s.javaType());
    }

    private static Method accessor(Shape.Field f) {
        return accessible(f.component().getAccessor(), f.component().getDeclaringRecord());
    }

    private static <A extends AccessibleObject> A accessible(A member, Class<?> owner) {
        try {
            member.setAccessible(true);
            return member;
        } catch (InaccessibleObjectException e) {
            String module =
                    Codec.class.getModule().isNamed()
                            ? Codec.class.getModule().getName()
                            : "io.ebpf4j.maps";
            throw new BpfException(
                    "record "
                            + owner.getName()
                            + " is not accessible; make it public in an exported package, or add"
                            + " \"opens "
                            + owner.getPackageName()
                            + " to "
                            + module
                            + ";\" to the module descriptor of "
                            + owner.getModule().getName(),
                    e);
        }
    }
}
