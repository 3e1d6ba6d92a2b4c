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
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Member;
import java.lang.reflect.RecordComponent;
import java.util.List;

/** Builds the trees of method handles that decode, fill and encode a record. */
final class RecordHandles {
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
    private static final MethodType WRITER =
            MethodType.methodType(void.class, Object.class, MemorySegment.class, long.class);

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

    /**
     * Returns a handle of type {@code (Object, MemorySegment, long)void} for a class's instance.
     */
    MethodHandle filler() {
        try {
            return filler(root, 0).asType(WRITER);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns a handle of type {@code (Object, MemorySegment, long)void}. */
    MethodHandle encoder() {
        try {
            MethodHandle handle = encoder(root, 0);
            if (root.padded()) {
                MethodHandle zero = LeafHandles.zero(root.least());
                handle =
                        MethodHandles.foldArguments(
                                handle, MethodHandles.dropArguments(zero, 0, root.javaType()));
            }
            return handle.asType(WRITER);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns a handle of type {@code (Object)Object} that reads a component of the record. */
    MethodHandle reader(Shape.Field f) {
        try {
            return accessor(f).asType(MethodType.methodType(Object.class, Object.class));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static MethodHandle decoder(Shape.Structure s, long at)
            throws ReflectiveOperationException {
        return s.javaType().isRecord() ? recordDecoder(s, at) : classDecoder(s, at);
    }

    /**
     * {@code (segment, base) -> new R(c0(segment, base), c1(segment, base), …)}, from the last
     * component to the first.
     */
    private static MethodHandle recordDecoder(Shape.Structure s, long at)
            throws ReflectiveOperationException {
        MethodHandle handle = LOOKUP.unreflectConstructor(constructor(s));
        List<Shape.Field> fields = s.fields();
        handle =
                MethodHandles.dropArguments(handle, fields.size(), MemorySegment.class, long.class);
        for (int i = fields.size() - 1; i >= 0; i--) {
            handle = MethodHandles.foldArguments(handle, i, getter(fields.get(i), at));
        }
        return handle;
    }

    /** {@code (segment, base) -> { S s = new S(); fill(s, segment, base); return s; }}. */
    private static MethodHandle classDecoder(Shape.Structure s, long at)
            throws ReflectiveOperationException {
        MethodHandle made =
                MethodHandles.dropArguments(
                        LOOKUP.unreflectConstructor(constructor(s)),
                        0,
                        MemorySegment.class,
                        long.class);
        MethodHandle same =
                MethodHandles.dropArguments(
                        MethodHandles.identity(s.javaType()), 1, MemorySegment.class, long.class);
        return MethodHandles.foldArguments(MethodHandles.foldArguments(same, filler(s, at)), made);
    }

    private static MethodHandle getter(Shape.Field f, long at) throws ReflectiveOperationException {
        MethodHandle get =
                f.shape() instanceof Shape.Structure s
                        ? decoder(s, at + f.offset())
                        : LeafHandles.getter(f.shape(), at + f.offset(), f.slot().name());
        return MethodHandles.explicitCastArguments(
                get, get.type().changeReturnType(f.slot().type()));
    }

    /**
     * {@code (s, segment, base) -> { s.f0 = get(segment, base); fill(s.f1, segment, base); … }}.
     */
    private static MethodHandle filler(Shape.Structure s, long at)
            throws ReflectiveOperationException {
        MethodHandle handle = null;
        for (Shape.Field f : s.fields()) {
            MethodHandle put;
            if (f.shape() instanceof Shape.Structure inner) {
                put = MethodHandles.filterArguments(filler(inner, at + f.offset()), 0, accessor(f));
            } else if (f.slot().type().isArray()) {
                put = LeafHandles.filler(f.shape(), at + f.offset(), f.slot().name());
                put = put.asType(put.type().changeParameterType(0, f.slot().type()));
                put = MethodHandles.filterArguments(put, 0, accessor(f));
            } else {
                put = MethodHandles.collectArguments(setter(f), 1, getter(f, at));
            }
            handle = handle == null ? put : MethodHandles.foldArguments(put, handle);
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
            MethodHandle put =
                    f.shape() instanceof Shape.Structure inner
                            ? encoder(inner, at + f.offset())
                            : LeafHandles.putter(f.shape(), at + f.offset(), f.slot().name());
            put = put.asType(put.type().changeParameterType(0, f.slot().type()));
            put = MethodHandles.filterArguments(put, 0, accessor(f));
            handle = handle == null ? put : MethodHandles.foldArguments(put, handle);
        }
        return handle;
    }

    private static void checkAccess(Shape shape) {
        try {
            if (shape instanceof Shape.Structure s) {
                constructor(s);
                for (Shape.Field f : s.fields()) {
                    accessor(f);
                    checkAccess(f.shape());
                }
            } else if (shape instanceof Shape.Sequence q) {
                checkAccess(q.element());
            } else if (shape instanceof Shape.Rest r) {
                checkAccess(r.element());
            } else if (shape instanceof Shape.Variant v) {
                v.cases().forEach(c -> checkAccess(c.structure()));
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Constructor<?> constructor(Shape.Structure s) throws NoSuchMethodException {
        Class<?> type = s.javaType();
        Class<?>[] parameters =
                type.isRecord()
                        ? s.fields().stream().map(f -> f.slot().type()).toArray(Class<?>[]::new)
                        : new Class<?>[0];
        return accessible(type.getDeclaredConstructor(parameters));
    }

    private static MethodHandle accessor(Shape.Field f) throws IllegalAccessException {
        return f.slot().source() instanceof RecordComponent c
                ? LOOKUP.unreflect(accessible(c.getAccessor()))
                : LOOKUP.unreflectGetter(accessible((Field) f.slot().source()));
    }

    private static MethodHandle setter(Shape.Field f) throws IllegalAccessException {
        return LOOKUP.unreflectSetter(accessible((Field) f.slot().source()));
    }

    /**
     * Makes a member of a record or class accessible.
     *
     * @throws BpfException if its module does not allow it, saying how it would
     */
    static <A extends AccessibleObject & Member> A accessible(A member) {
        Class<?> owner = member.getDeclaringClass();
        try {
            member.setAccessible(true);
            return member;
        } catch (InaccessibleObjectException e) {
            String module =
                    Codec.class.getModule().isNamed()
                            ? Codec.class.getModule().getName()
                            : "io.ebpf4j.maps";
            throw new BpfException(
                    (owner.isRecord() ? "record " : "class ")
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
