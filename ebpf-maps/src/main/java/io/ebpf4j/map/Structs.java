// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;

/** Reads what {@link Struct} classes are made of. */
final class Structs {
    private Structs() {}

    /** Says whether a class is one whose instances are filled again and again. */
    static boolean is(Class<?> type) {
        return type.isAnnotationPresent(Struct.class);
    }

    /** Returns the fields that are in memory, in no order. */
    static List<Slot> fields(Class<?> type) {
        Object made = make(type);
        List<Slot> slots = new ArrayList<>();
        for (Field f : type.getDeclaredFields()) {
            if ((f.getModifiers() & (Modifier.STATIC | Modifier.TRANSIENT)) == 0) {
                check(f);
                slots.add(new Slot(f.getName(), f.getType(), f, 0, length(f, made)));
            }
        }
        return slots;
    }

    /** Returns the fields in the order that the annotation gives. */
    static List<Slot> ordered(Class<?> type, String where) {
        List<Slot> fields = fields(type);
        String[] order = type.getAnnotation(Struct.class).value();
        List<Slot> slots = new ArrayList<>();
        for (String name : order) {
            for (Slot s : fields) {
                if (s.name().equals(name) && !slots.contains(s)) {
                    slots.add(s);
                }
            }
        }
        if (slots.size() != fields.size() || order.length != fields.size()) {
            throw new BpfException(
                    where
                            + ": without BTF, @Struct of "
                            + type.getName()
                            + " must name each of its fields once, in the order of the C struct");
        }
        return slots;
    }

    /** Makes an instance. */
    static Object make(Class<?> type) {
        try {
            return RecordHandles.accessible(type.getDeclaredConstructor()).newInstance();
        } catch (NoSuchMethodException e) {
            throw new BpfException(
                    type.getName() + " is a @Struct class without a constructor of no arguments",
                    e);
        } catch (InvocationTargetException e) {
            throw new BpfException(
                    "the constructor of " + type.getName() + " failed", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new BpfException(type.getName() + " cannot be made", e);
        }
    }

    private static void check(Field f) {
        Class<?> type = f.getType();
        boolean parts = (type.isArray() && type.getComponentType().isPrimitive()) || is(type);
        if (f.isAnnotationPresent(FlexibleArray.class)) {
            throw new BpfException(
                    "field "
                            + f.getName()
                            + " of "
                            + f.getDeclaringClass().getName()
                            + ": only a record can end with a @FlexibleArray");
        }
        boolean isFinal = Modifier.isFinal(f.getModifiers());
        String problem =
                parts
                        ? isFinal ? "" : "make it final; it is filled, not replaced"
                        : !type.isPrimitive() && !type.isEnum()
                                ? "a @Struct class has numbers, booleans, enums, arrays of"
                                        + " primitives and other @Struct classes; text is a byte[]"
                                : isFinal ? "it cannot be final" : "";
        if (!problem.isEmpty()) {
            throw new BpfException(
                    "field "
                            + f.getName()
                            + " of "
                            + f.getDeclaringClass().getName()
                            + ", of type "
                            + type.getTypeName()
                            + ": "
                            + problem);
        }
    }

    private static int length(Field f, Object made) {
        if (!f.getType().isArray()) {
            return Shapes.UNKNOWN;
        }
        try {
            Object array = RecordHandles.accessible(f).get(made);
            return Array.getLength(array);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
